"""Products in the staff office: find one, change its price, discount or status; its pages are rebuilt by themselves."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.exceptions import FormValidationError
from starlette_admin.fields import ComputedField, DateTimeField, EnumField, IntegerField, StringField
from tortoise.expressions import Q, Subquery

from commerce_api.foundation.db.tx import lock_rows
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import money
from commerce_api.foundation.theming import kyiv_moment
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.staff_views import LANGUAGE, MoneyField, ServiceView, refused_form, word
from commerce_api.shop.catalog import service
from commerce_api.shop.catalog.models import Kind, Product, ProductStatus, ProductText


@dataclass
class NameField(ComputedField):
    """What the product is called in the language of the office."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        names: dict[str, str] = {text.lang: text.name for text in obj.texts}
        return names.get(LANGUAGE) or str(obj.slug)


class ProductView(ServiceView):
    """The products. Texts, colours and pictures live in content/catalog; here is what changes by the hour."""

    role: ClassVar[str] = "staff_catalogue"

    def __init__(self) -> None:
        statuses = [(status.value, word(f"products.statuses.{status.value}")) for status in ProductStatus]
        kinds = [(kind.value, word(f"products.kinds.{kind.value}")) for kind in Kind]
        self.fields = [
            NameField("name", label=word("products.name"), read_only=True),
            StringField("slug", label=word("products.slug"), read_only=True),
            EnumField("kind", label=word("products.kind"), choices=kinds, read_only=True),
            EnumField("status", label=word("products.status"), choices=statuses, required=True),
            DateTimeField("publish_at", label=word("products.publish_at"), help_text=word("products.publish_at_help")),
            MoneyField(
                "price",
                label=word("products.price"),
                required=True,
                help_text=word("products.price_help"),
                form_template="fields/form/with_seen.html",
            ),
            IntegerField("discount_percent", label=word("products.discount"), min=0, max=90, required=True),
            IntegerField("points", label=word("products.points"), read_only=True, exclude_from_list=True),
            DateTimeField("updated_at", label=word("products.updated_at"), read_only=True),
        ]
        self.fields_default_sort = [("updated_at", True)]
        self.searchable_fields = ["slug"]
        self.sortable_fields = ["slug", "status", "price", "updated_at"]
        self.row_actions = ["view", "edit"]
        self.actions = []
        super().__init__(
            Product,
            icon="fa fa-shirt",
            key="products",
            display_name=word("products.one"),
            menu_label=word("products.many"),
        )

    def can_edit(self, request: Request) -> bool:
        return self.allowed(request)

    def _prefetch_names(self, request: Request) -> list[str]:
        # The base class fetches only relations that are fields of the list; the name needs one that is not.
        return [*super()._prefetch_names(request), "texts"]

    def get_search_query(self, request: Request, term: str) -> Q:
        """Part of the address, or of the name in any language and letter case."""
        wanted = term.strip().casefold()
        return Q(slug__contains=wanted) | Q(
            id__in=Subquery(ProductText.filter(search__contains=wanted).values("product_id"))
        )

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        """The product; what it says now goes into the form as what the person has seen."""
        product = await super().find_by_pk(request, pk)
        if product is not None and not hasattr(request.state, "seen"):
            request.state.seen = json.dumps(_facts(product))
        return product

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        """Hand what this person changed to the catalogue's services, all in one transaction.

        What they left as it was is not sent back; what a colleague changed meanwhile is told, not overwritten.
        """
        product = await self.find_by_pk(request, pk)
        seen = await _seen(request) or _facts(product)
        request.state.seen = json.dumps(seen)
        wanted = _typed(data)
        meant = {name: value for name, value in wanted.items() if value != seen[name]}
        changes: dict[str, object] = {}

        async def work(_account: Identity) -> None:
            now = _facts((await lock_rows(Product.filter(id=product.id)))[0])
            changes.clear()
            changes.update({name: [now[name], value] for name, value in meant.items() if now[name] != value})
            other = {name: now[name] for name in changes if now[name] != seen[name]}
            if other:
                # From now on they have seen it: pressing the button once more means it.
                request.state.seen = json.dumps(now)
                raise FormValidationError({name: _told(name, value) for name, value in other.items()})
            await _apply(product.slug, changes, ProductStatus(str(data["status"])), data.get("publish_at"))

        if meant:
            try:
                await self.write(request, work, action="product.edit", subject=product.slug, changes=changes)
            except ShopError as error:
                raise refused_form(error, "status") from error
        return await self.find_by_pk(request, pk)


def _plain_moment(moment: datetime | None) -> str | None:
    """To the minute, as forms hold it, whatever the zone."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0).isoformat() if moment else None


def _facts(product: Product) -> dict[str, Any]:
    """What the form changes, in plain values."""
    return {
        "price": product.price,
        "discount_percent": product.discount_percent,
        "status": product.status.value,
        "publish_at": _plain_moment(product.publish_at),
    }


def _typed(data: dict[str, Any]) -> dict[str, Any]:
    """The same as the person wants it. Raises FormValidationError for what cannot be read."""
    price, discount = money.read_amount(data.get("price") or ""), data.get("discount_percent")
    if price is None:
        raise FormValidationError({"price": word("products.price_wrong")})
    if discount is None:
        raise FormValidationError({"discount_percent": word("products.discount_wrong")})
    status = ProductStatus(str(data["status"])).value
    moment = _plain_moment(data.get("publish_at"))
    return {"price": price, "discount_percent": discount, "status": status, "publish_at": moment}


async def _seen(request: Request) -> dict[str, Any] | None:
    """What the form was made of; None for a form that does not say."""
    given = (await request.form()).get("seen")
    try:
        told = json.loads(given) if isinstance(given, str) else None
    except ValueError:
        return None
    return (
        told
        if isinstance(told, dict) and told.keys() == {"price", "discount_percent", "status", "publish_at"}
        else None
    )


def _told(name: str, value: Any) -> str:
    """That a colleague was faster, and what stands there now."""
    if name == "price":
        now = money.format_amount(value)
    elif name == "status":
        now = word(f"products.statuses.{value}")
    elif name == "publish_at":
        now = kyiv_moment(datetime.fromisoformat(value), LANGUAGE) if value else word("products.no_moment")
    else:
        now = f"{value} %"
    return word("products.changed_meanwhile").format(now=now)


async def _apply(slug: str, changes: dict[str, object], status: ProductStatus, publish_at: datetime | None) -> None:
    def new(name: str) -> Any:
        pair: Any = changes.get(name)
        return pair[1] if pair else None

    if {"price", "discount_percent"} & changes.keys():
        await service.change_price(slug, new("price"), new("discount_percent"))
    if {"status", "publish_at"} & changes.keys():
        await service.set_status(slug, status, publish_at=publish_at)
