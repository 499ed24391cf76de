"""The desk in the office: a form for a new order, and one for changing an order that has not left yet."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import route
from starlette_admin.flash import flash

from commerce_api.foundation.errors import Invalid, NotFound, ShopError
from commerce_api.foundation.kit import ids, urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE
from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.error_texts import field_errors
from commerce_api.foundation.web.idempotency import IdempotencyKey
from commerce_api.foundation.web.parsing import Schema, row_id, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.staff_views import LANGUAGE, ServiceView, StaffPage, refusal, word
from commerce_api.shop.catalog.queries import choices, offers
from commerce_api.shop.checkout.desk import Dictated
from commerce_api.shop.checkout.desk_api import edit_noted, place_noted
from commerce_api.shop.checkout.desk_schemas import Language, Promo
from commerce_api.shop.checkout.places import meant
from commerce_api.shop.checkout.schemas import Branch, City, Comment, Email, Name, Phone
from commerce_api.shop.orders.api import STAFF
from commerce_api.shop.orders.draft import Contact, Delivery
from commerce_api.shop.orders.editing import Edit, Edited
from commerce_api.shop.orders.errors import OrderChanged, OrderUnknown
from commerce_api.shop.orders.queries import OrderView, order_by_id, order_by_number
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.shipping import DeliveryKind

SOURCE: Final = "office"
FREE_ROWS: Final = 5
"""Empty rows for what is not in the order yet."""
MOVED: Final = "swap."


class WhoAndWhere(Schema):
    """The part that both forms have."""

    name: Name
    phone: Phone
    email: Email | None = None
    kind: DeliveryKind
    city: City
    branch: Branch
    comment: Comment = ""

    @property
    def contact(self) -> Contact:
        return Contact(self.name, self.phone, self.email)

    @property
    def delivery(self) -> Delivery:
        return Delivery(self.kind, self.city, self.branch)


class NewOrderForm(WhoAndWhere):
    """`key` is new with every form that is shown."""

    key: IdempotencyKey
    payment: PayType
    promo: Promo = ""
    lang: Language = DEFAULT_LANGUAGE


class EditForm(WhoAndWhere):
    version: int


class OrderDesk(StaffPage):
    """Two forms, open to who may move orders. What they do is noted in the audit log."""

    roles = frozenset(STAFF)

    def __init__(self) -> None:
        super().__init__(menu_label=word("desk.title"), icon="fa fa-phone", path="/desk")

    @route("", name="desk")
    async def index(self, request: Request) -> Response:
        """An empty form."""
        return self._new(request, {})

    @route("", methods=["POST"], name="desk_place")
    async def place(self, request: Request) -> Response:
        """Place the order and show it; on a refusal the same form with everything typed."""
        typed = await _typed(request)
        try:
            form = validated(NewOrderForm, {name: typed[name] for name in NewOrderForm.model_fields if name in typed})
            where = await meant(form.delivery)
            said = Dictated(
                lines=_free_lines(typed),
                contact=form.contact,
                delivery=where.delivery,
                point=where.point,
                pay_type=form.payment,
                comment=form.comment,
                promo=form.promo,
                lang=form.lang,
            )
            account = account_of(request)
            answer = await place_noted(said, account.id, form.key, SOURCE, request, ServiceView.audit)
        except ShopError as refused:
            if refused.status >= 500:
                raise
            return self._new(request, typed, refused)
        number, payable = answer.body["number"], format_amount(answer.body["payable"])
        flash(request, word("desk.placed").format(number=number, payable=payable), "success")
        return see_other(_detail((await order_by_number(number)).id))

    @route("/{pk}", name="desk_order")
    async def show(self, request: Request) -> Response:
        """The order as it is, in fields."""
        order = await _order(request)
        return await self._edit(request, order, {})

    @route("/{pk}", methods=["POST"], name="desk_edit")
    async def save(self, request: Request) -> Response:
        """Change the order and show it; on a refusal the same form with everything typed, and the order as it is now
        when somebody else changed it."""
        order, typed = await _order(request), await _typed(request)
        try:
            form = validated(EditForm, {name: typed[name] for name in EditForm.model_fields if name in typed})
            wanted = await _wanted(order, form, typed)
            account = account_of(request)
            edited = await edit_noted(order.number, wanted, account.id, SOURCE, request, ServiceView.audit)
        except ShopError as refused:
            if refused.status >= 500 or isinstance(refused, NotFound):
                raise
            return await self._edit(request, order, {} if isinstance(refused, OrderChanged) else typed, refused)
        flash(request, _said(edited), "success")
        return see_other(_detail(order.id))

    def _new(self, request: Request, typed: Mapping[str, str], refused: ShopError | None = None) -> Response:
        values = {"kind": DeliveryKind.BRANCH.value, "payment": PayType.COD.value, "lang": DEFAULT_LANGUAGE, **typed}
        context: dict[str, Any] = {"order": None, "rows": [], "values": {**values, "key": ids.token()}, "back": ""}
        return self._page(request, word("desk.title"), context, refused)

    async def _edit(
        self, request: Request, order: OrderView, typed: Mapping[str, str], refused: ShopError | None = None
    ) -> Response:
        values = {
            "name": order.name,
            "phone": order.phone,
            "email": order.email or "",
            "kind": order.delivery_kind.value,
            "city": order.city,
            "branch": order.branch,
            "comment": order.comment,
            "version": str(order.version),
            **typed,
        }
        context = {"order": order, "rows": await _rows(order, typed), "values": values, "back": _detail(order.id)}
        return self._page(request, word("desk.edit_title").format(number=order.number), context, refused)

    def _page(self, request: Request, title: str, context: Mapping[str, Any], refused: ShopError | None) -> Response:
        told = {
            "title": title,
            "words": word,
            "amount": format_amount,
            "free": range(FREE_ROWS),
            "refused": refusal(refused) if refused else "",
            "errors": field_errors(refused, LANGUAGE) if isinstance(refused, Invalid) and refused.fields else {},
            "kinds": [kind.value for kind in DeliveryKind],
            "payments": [kind.value for kind in PayType],
            "languages": settings_of(request).shop.languages,
        }
        return self.filled(request, "order_desk.html", {**told, **context}, refused.status if refused else 200)


async def _order(request: Request) -> OrderView:
    """The order that the address names. Raises OrderUnknown."""
    number = row_id(request.path_params["pk"])
    if number is None:
        raise OrderUnknown()
    return await order_by_id(number)


def _detail(pk: int) -> str:
    return f"{urls.admin()}orders/detail?pk={pk}"


async def _typed(request: Request) -> dict[str, str]:
    """What was typed, without blank fields."""
    form: FormData = await request.form()
    return {name: value.strip() for name, value in form.items() if isinstance(value, str) and value.strip()}


def _count(text: str) -> int:
    """A typed number of pieces. Raises Invalid."""
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        raise Invalid({"lines": "errors.order_lines"})
    return int(text)


def _free_lines(typed: Mapping[str, str]) -> dict[str, int]:
    """The SKUs typed into the free rows; one without a number is one piece. Raises Invalid."""
    lines: dict[str, int] = {}
    for row in range(FREE_ROWS):
        sku = typed.get(f"new_sku_{row}", "").upper()
        if not sku:
            continue
        count = _count(typed.get(f"new_quantity_{row}", "1"))
        if sku in lines or not count:
            raise Invalid({"lines": "errors.order_lines"})
        lines[sku] = count
    return lines


async def _wanted(order: OrderView, form: EditForm, typed: Mapping[str, str]) -> Edit:
    """The edit that a form asks for; address and person are touched only where they differ. Raises Invalid."""
    lines: dict[str, int] = {}
    prices: dict[str, int] = {}
    seen: set[str] = set()
    sizes = await _sizes(order)
    for line in order.lines:
        # The rows of one SKU are one row of the form.
        if f"line.{line.sku}" not in typed or line.sku in seen:
            continue
        seen.add(line.sku)
        sku = typed.get(MOVED + line.sku, line.sku)
        if sku != line.sku and sku not in dict(sizes[line.sku]):
            raise Invalid({"lines": "errors.exchange_other"})
        count = _count(typed[f"line.{line.sku}"])
        if count:
            lines[sku] = lines.get(sku, 0) + count
            prices.setdefault(sku, line.unit_price)
    for sku, count in _free_lines(typed).items():
        lines[sku] = lines.get(sku, 0) + count
    same_place = (form.kind, form.city, form.branch) == (order.delivery_kind, order.city, order.branch)
    same_person = form.contact == Contact(order.name, order.phone, order.email)
    return Edit(
        lines=lines,
        prices=prices,
        delivery=None if same_place else form.delivery,
        contact=None if same_person else form.contact,
        comment=form.comment,
        version=form.version,
    )


async def _sizes(order: OrderView) -> dict[str, list[tuple[str, str]]]:
    """For each SKU of an order the others that it can be exchanged for: code and size."""
    found = await offers(line.sku for line in order.lines)
    known = await choices(offer.product for offer in found.values())
    return {
        line.sku: [
            (other.code, f"{other.size} {other.fit}")
            for other in known.get(line.product, [])
            if line.sku in found and other.colour == found[line.sku].colour and other.code != line.sku
        ]
        for line in order.lines
    }


async def _rows(order: OrderView, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row of the form for each SKU of an order."""
    sizes = await _sizes(order)
    rows: dict[str, dict[str, Any]] = {}
    for line in order.lines:
        row = rows.setdefault(
            line.sku,
            {
                "sku": line.sku,
                "name": f"{line.name}, {line.colour}, {line.size}",
                "price": format_amount(line.unit_price),
                "quantity": 0,
                "sizes": sizes[line.sku],
                "moved": typed.get(MOVED + line.sku, ""),
            },
        )
        row["quantity"] += line.quantity
    for sku, row in rows.items():
        row["shown"] = typed.get(f"line.{sku}", "") if typed else row["quantity"]
    return list(rows.values())


def _said(edited: Edited) -> str:
    if not edited.changed:
        return word("desk.unchanged")
    key = "desk.saved_dropped" if edited.dropped else "desk.saved"
    return word(key).format(number=edited.number, payable=format_amount(edited.payable), code=edited.dropped)
