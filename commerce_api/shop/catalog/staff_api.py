"""Products and rebuilds for staff programs. Every change is audited in the transaction in which it happens."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field
from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import NotFound
from commerce_api.foundation.publishing import service as publishing
from commerce_api.foundation.web.access import Audit, account_of, requires
from commerce_api.foundation.web.openapi import Operation, Operations, api
from commerce_api.foundation.web.parsing import RowId, Schema
from commerce_api.shop.catalog import page_keys, queries, service, waking
from commerce_api.shop.catalog.errors import (
    BadDiscount,
    BadPrice,
    BadSchedule,
    BadStock,
    BadTransition,
    ProductIncomplete,
    ProductUnknown,
    SkuUnknown,
)
from commerce_api.shop.catalog.schemas import Slug
from commerce_api.shop.catalog.statuses import ProductStatus

STAFF = ("staff_catalogue", "owner")
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

Moment = Annotated[AwareDatetime, Field(lt=LATEST)]
"""With its offset: a bare 10:00 would be another hour on every server. Far dates do not survive a change of zone."""


class StaffSkuOut(Schema):
    """A SKU with its counts: `stock` can still be sold (null: made to order), `reserved` is held by open orders."""

    sku: str
    colour: str
    size: str
    fit: str
    stock: int | None
    reserved: int
    active: bool


class StaffProductOut(Schema):
    """A product of any status; `price` is before the discount."""

    slug: str
    status: ProductStatus
    publish_at: datetime | None
    category: str
    kind: str
    price: int
    discount_percent: int
    points: int
    names: dict[str, str]
    updated_at: datetime
    skus: list[StaffSkuOut]

    @classmethod
    async def read(cls, slug: str) -> "StaffProductOut":
        """The product as it stands. Raises ProductUnknown."""
        return cls.model_validate(await queries.for_staff(slug))


class ProductPatch(Schema):
    """What to change; what is left out stays. `stock` sets counts by SKU, null for made to order."""

    price: Annotated[int, Field(gt=0)] | None = None
    discount_percent: Annotated[int, Field(ge=0, le=90)] | None = None
    status: ProductStatus | None = None
    publish_at: Moment | None = None
    stock: Annotated[dict[str, Annotated[int, Field(ge=0)] | None], Field(max_length=100)] = {}


class RebuildIn(Schema):
    """`all` pages, the page `keys` named, or those of one `product`."""

    scope: Literal["all", "keys", "product"]
    keys: Annotated[list[Annotated[str, Field(min_length=1, max_length=96)]], Field(max_length=1000)] = []
    product: Slug | None = None


class RebuildAccepted(Schema):
    """The request's id."""

    id: int


class RebuildOut(Schema):
    """What became of a request: queued, done or failed."""

    id: int
    state: str
    pages: int
    milliseconds: int
    errors: list[str]


@api("GET", "/api/v1/staff/products/{slug}", summary="A product of any status", errors=(ProductUnknown,), tag="staff")
@requires(*STAFF)
async def show_product_to_staff(request: Request, slug: Slug) -> StaffProductOut:
    """With the counts of its SKUs."""
    return await StaffProductOut.read(slug)


async def _change(slug: str, patch: ProductPatch) -> dict[str, Any]:
    now = await queries.for_staff(slug)
    changes: dict[str, Any] = {}
    if patch.price is not None or patch.discount_percent is not None:
        changes |= await service.change_price(slug, patch.price, patch.discount_percent)
    if patch.status is not None or patch.publish_at is not None:
        changes |= await service.set_status(slug, patch.status or now["status"], patch.publish_at)
    own = {sku["sku"] for sku in now["skus"]}
    for code in sorted(patch.stock):
        if code not in own:
            raise SkuUnknown(sku=code)
    if patch.stock:
        stocks = await service.set_stocks(patch.stock)
        changes |= {f"stock {code}": stocks[code] for code in sorted(stocks)}
    return changes


def _patch(audit: Audit) -> Operation:
    @api(
        "PATCH",
        "/api/v1/staff/products/{slug}",
        summary="Change price, discount, status or stock; its pages follow",
        errors=(
            ProductUnknown, BadPrice, BadDiscount, BadTransition, BadSchedule, ProductIncomplete, SkuUnknown, BadStock,
        ),
        tag="staff",
    )  # fmt: skip
    @requires(*STAFF)
    async def change_product(request: Request, slug: Slug, body: ProductPatch) -> StaffProductOut:
        """All of it or nothing."""
        account = account_of(request)

        async def work() -> StaffProductOut:
            changes = await _change(slug, body)
            if changes:
                await audit(account.id, "product.edit", slug, {name: list(pair) for name, pair in changes.items()})
            return await StaffProductOut.read(slug)

        return await transact(work)

    return change_product


def _rebuild(audit: Audit) -> Operation:
    @api(
        "POST",
        "/api/v1/staff/rebuild",
        summary="Ask for a rebuild of pages",
        status=202,
        errors=(ProductUnknown,),
        tag="staff",
    )
    @requires(*STAFF)
    async def ask_for_rebuild(request: Request, body: RebuildIn) -> RebuildAccepted:
        """The site pulls the request; ask for its outcome by the id."""
        account = account_of(request)

        async def work() -> int:
            keys = body.keys if body.scope == "keys" else []
            if body.scope == "product":
                product = await queries.for_staff(body.product or "")
                keys = list(page_keys.of_product(product["slug"], product["category"]))
            id_ = await publishing.request_rebuild(body.scope, keys, f"account:{account.id}")
            await audit(account.id, "site.rebuild", body.product or body.scope, {"keys": keys})
            await waking.announce()
            return id_

        return RebuildAccepted(id=await transact(work))

    return ask_for_rebuild


@api("GET", "/api/v1/staff/rebuild/{number}", summary="What became of a rebuild", errors=(NotFound,), tag="staff")
@requires(*STAFF)
async def show_rebuild(request: Request, number: RowId) -> RebuildOut:
    """Queued until the site has taken it up and published."""
    row = await publishing.rebuild_request(number)
    if row is None:
        raise NotFound(id=number)
    return RebuildOut(
        id=row.id, state=row.state.value, pages=row.pages, milliseconds=row.milliseconds, errors=list(row.errors)
    )


def operations(audit: Audit) -> Operations:
    """The calls for staff; `audit` writes down who did what."""
    return (show_product_to_staff, _patch(audit), _rebuild(audit), show_rebuild)
