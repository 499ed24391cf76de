"""Products in the staff office: find one, change its price, discount or status; its pages are rebuilt by themselves."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.exceptions import FormValidationError
from starlette_admin.fields import ComputedField, DateTimeField, EnumField, IntegerField, StringField
from tortoise.expressions import Q, Subquery

from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.staff_views import LANGUAGE, MoneyField, ServiceView, refused_form, word
from commerce_api.shop.catalog import service
from commerce_api.shop.catalog.models import Kind, Product, ProductStatus, ProductText


def typed_amount(text: str | None) -> int | None:
    """Hryvnias as people type them (`890`, `1 290`, `89,50`) in kopiyky; None when that is no amount."""
    plain = re.sub(r"[\s\u00a0₴]", "", text or "").replace(",", ".")
    if not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", plain):
        return None
    whole, _, rest = plain.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or 0)


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
            MoneyField("price", label=word("products.price"), required=True, help_text=word("products.price_help")),
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

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        """Hand the changed facts to the catalogue's services, all in one transaction."""
        product = await self.find_by_pk(request, pk)
        price, discount = typed_amount(data.get("price")), data.get("discount_percent")
        if price is None:
            raise FormValidationError({"price": word("products.price_wrong")})
        if discount is None:
            raise FormValidationError({"discount_percent": word("products.discount_wrong")})
        status, publish_at = ProductStatus(str(data["status"])), data.get("publish_at")
        changes = _changes(product, price, discount, status, publish_at)

        async def work(_account: Identity) -> None:
            if {"price", "discount_percent"} & changes.keys():
                await service.change_price(
                    product.slug,
                    price if "price" in changes else None,
                    discount if "discount_percent" in changes else None,
                )
            if {"status", "publish_at"} & changes.keys():
                await service.set_status(product.slug, status, publish_at=publish_at)

        if changes:
            try:
                await self.write(request, work, action="product.edit", subject=product.slug, changes=changes)
            except ShopError as error:
                raise refused_form(error, "status") from error
        return await self.find_by_pk(request, pk)


def _changes(
    product: Product, price: int, discount: int, status: ProductStatus, publish_at: datetime | None
) -> dict[str, object]:
    """What differs from the stored product, each as [before, after] in plain values."""
    pairs: dict[str, tuple[Any, Any]] = {
        "price": (product.price, price),
        "discount_percent": (product.discount_percent, discount),
        "status": (product.status.value, status.value),
        "publish_at": (product.publish_at and product.publish_at.isoformat(), publish_at and publish_at.isoformat()),
    }
    return {name: list(pair) for name, pair in pairs.items() if pair[0] != pair[1]}
