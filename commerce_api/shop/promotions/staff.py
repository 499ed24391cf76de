"""Promo codes in the staff office: make one or a batch, look who uses them, take a list away, switch one off."""

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.actions import ActionSelection, action, row_action
from starlette_admin.fields import BooleanField, ComputedField, DateTimeField, EnumField, IntegerField, StringField
from starlette_admin.flash import flash

from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit.money import KOPIYKY, format_amount, read_amount
from commerce_api.foundation.web.staff_views import MoneyField, ServiceView, refused_form, word
from commerce_api.shop.pricing.codes import CodeKind
from commerce_api.shop.promotions import making
from commerce_api.shop.promotions.errors import BadPromo
from commerce_api.shop.promotions.models import PromoCode
from commerce_api.shop.promotions.tables import as_csv


def worth(promo: PromoCode) -> str:
    """What a code takes off, for people."""
    return f"{promo.value}\u00a0%" if promo.kind is CodeKind.PERCENT else format_amount(promo.value)


@dataclass
class WorthField(ComputedField):
    """What a code takes off."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        return worth(obj)


class PromoView(ServiceView):
    """The promo codes, newest first. A code that was given out is never changed, only switched off."""

    role: ClassVar[str] = "staff_marketing"

    def __init__(self) -> None:
        kinds = [(kind.value, word(f"promos.kinds.{kind.value}")) for kind in CodeKind]
        self.fields = [
            StringField("code", label=word("promos.code"), help_text=word("promos.code_help")),
            EnumField("kind", label=word("promos.kind"), choices=kinds, required=True),
            WorthField("worth", label=word("promos.worth"), read_only=True, exclude_from_create=True),
            IntegerField(
                "value",
                label=word("promos.value"),
                help_text=word("promos.value_help"),
                exclude_from_list=True,
                exclude_from_detail=True,
            ),
            IntegerField(
                "count",
                label=word("promos.count"),
                help_text=word("promos.count_help"),
                exclude_from_list=True,
                exclude_from_detail=True,
            ),
            StringField("batch", label=word("promos.batch"), help_text=word("promos.batch_help")),
            IntegerField("uses", label=word("promos.uses"), read_only=True, exclude_from_create=True),
            IntegerField("max_uses", label=word("promos.max_uses"), help_text=word("promos.max_uses_help")),
            BooleanField("once_per_customer", label=word("promos.once"), exclude_from_list=True),
            StringField("group_name", label=word("promos.group"), help_text=word("promos.group_help")),
            MoneyField("minimum", label=word("promos.minimum"), exclude_from_list=True),
            DateTimeField("valid_from", label=word("promos.valid_from"), exclude_from_list=True),
            DateTimeField("valid_until", label=word("promos.valid_until")),
            StringField(
                "categories",
                label=word("promos.categories"),
                help_text=word("promos.slugs_help"),
                exclude_from_list=True,
            ),
            StringField(
                "products", label=word("promos.products"), help_text=word("promos.slugs_help"), exclude_from_list=True
            ),
            StringField("note", label=word("promos.note"), exclude_from_list=True),
            BooleanField("active", label=word("promos.active"), read_only=True, exclude_from_create=True),
        ]
        self.fields_default_sort = [("id", True)]
        self.searchable_fields = ["code", "batch", "group_name"]
        self.sortable_fields = ["code", "uses", "valid_until"]
        self.row_actions = ["view", "switch_off", "switch_on"]
        self.actions = ["csv"]
        super().__init__(
            PromoCode,
            icon="fa fa-ticket",
            key="promos",
            display_name=word("promos.one"),
            menu_label=word("promos.many"),
        )

    def can_create(self, request: Request) -> bool:
        return self.allowed(request)

    async def create(self, request: Request, data: dict[str, Any]) -> Any:
        """Make one code, or as many as were asked for."""
        try:
            wanted = _wanted(data)
            count, typed, batch = data.get("count") or 1, data.get("code") or "", data.get("batch") or ""
            work = partial(making.create_some, wanted, count, typed, batch)
            changes = {"kind": wanted.kind.value, "value": wanted.value, "count": count, "batch": batch}
            subject = typed or batch or "1"
            made = await self.write(
                request, lambda _account: work(), action="promo.create", subject=subject, changes=changes
            )
        except ShopError as error:
            raise refused_form(error, "code") from error
        return await PromoCode.get(code=made[-1])

    async def switch(self, request: Request, pk: Any, *, active: bool) -> None:
        """Switch the code of a row on or off."""
        promo = await self.row(request, pk)
        deed = "promo.on" if active else "promo.off"
        await self.write(
            request,
            lambda _account: making.switch(promo.code, active=active),
            action=deed,
            subject=promo.code,
            changes={"active": active},
        )
        flash(
            request, word("promos.switched_on" if active else "promos.switched_off").format(code=promo.code), "success"
        )

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        offered = name == "view" or name == ("switch_off" if obj.active else "switch_on")
        return offered and await self.is_row_action_allowed(request, name)

    @row_action(
        name="switch_off",
        text=word("promos.switch_off"),
        confirmation=word("promos.switch_off_confirm"),
        icon_class="fa fa-ban",
    )
    async def switch_off(self, request: Request, pk: Any) -> None:
        """Nobody can use the code any more; orders placed with it stay."""
        await self.switch(request, pk, active=False)

    @row_action(name="switch_on", text=word("promos.switch_on"), icon_class="fa fa-check")
    async def switch_on(self, request: Request, pk: Any) -> None:
        """The code works again."""
        await self.switch(request, pk, active=True)

    @action(name="csv", text=word("promos.csv"), custom_response=True, icon_class="fa fa-table")
    async def csv(self, request: Request, selection: ActionSelection) -> Response:
        """The selected codes as a table."""
        rows = list(await selection.rows())
        return Response(
            as_csv(rows),
            media_type="text/csv; charset=utf-8",
            headers={"content-disposition": 'attachment; filename="promo-codes.csv"'},
        )


def _wanted(data: dict[str, Any]) -> making.NewPromo:
    """What the form asks for. Raises BadPromo for a minimum that is no amount."""
    kind = CodeKind(str(data["kind"]))
    value = data.get("value") or 0
    minimum = read_amount(data.get("minimum") or "0")
    if minimum is None:
        raise BadPromo({"minimum": "wrong"}, wrong="minimum")
    return making.NewPromo(
        kind=kind,
        value=value if kind is CodeKind.PERCENT else value * KOPIYKY,
        group=data.get("group_name") or "",
        once_per_customer=bool(data.get("once_per_customer")),
        minimum=minimum,
        valid_from=data.get("valid_from"),
        valid_until=data.get("valid_until"),
        max_uses=data.get("max_uses"),
        categories=_listed(data.get("categories")),
        products=_listed(data.get("products")),
        note=data.get("note") or "",
    )


def _listed(typed: object) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", str(typed or "")) if part)
