"""Orders by the hand of staff: placed over the telephone, edited before they leave, a size exchanged (rules.md 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.events import PaymentDue
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.settings import Settings, ShopSettings
from commerce_api.foundation.web.background import Background
from commerce_api.shop.catalog.errors import OutOfStock
from commerce_api.shop.catalog.queries import Offer, offers
from commerce_api.shop.checkout.errors import PriceChanged
from commerce_api.shop.checkout.places import Place, check_size, price_ask
from commerce_api.shop.checkout.quoting import totals_at
from commerce_api.shop.checkout.service import begin_payment, check_payment
from commerce_api.shop.loyalty.service import follow_edit
from commerce_api.shop.orders.draft import AppliedPromo, Contact, Delivery, DraftLine, OrderDraft
from commerce_api.shop.orders.editing import Edit, Edited, check_lines, edit_order
from commerce_api.shop.orders.placing import PlacedOrder, place
from commerce_api.shop.orders.queries import order_by_id
from commerce_api.shop.orders.relining import refuse_gone
from commerce_api.shop.orders.status import Actor
from commerce_api.shop.pricing.codes import CodeTerms
from commerce_api.shop.pricing.lines import PricedLine, Totals
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.pricing.quote import quote
from commerce_api.shop.promotions.errors import PromoUnknown, refused
from commerce_api.shop.promotions.queries import normal_code, terms_of
from commerce_api.shop.settlement.bank import Bank
from commerce_api.shop.settlement.changes import order_changed
from commerce_api.shop.shipping import quotes
from commerce_api.shop.shipping.carrier import Carrier
from commerce_api.shop.shipping.directory import Point
from commerce_api.shop.shipping.parcels import box_of


@dataclass(frozen=True, slots=True)
class Dictated:
    """An order as a customer tells it: quantity by SKU code; `lang` is the language of the order's page and letters.

    `point` is the branch or locker that was chosen, None for words and doors. `expected_total` is the sum (kopiyky)
    that the customer was told, None when nobody told one.
    """

    lines: dict[str, int]
    contact: Contact
    delivery: Delivery
    pay_type: PayType
    comment: str = ""
    promo: str = ""
    lang: str = DEFAULT_LANGUAGE
    expected_total: int | None = None
    point: Point | None = None

    @property
    def place(self) -> Place:
        """Where it goes."""
        return Place(self.delivery, self.point)


async def place_for(
    said: Dictated, actor: Actor, source: str, settings: Settings, bank: Bank | None = None
) -> PlacedOrder:
    """Place an order for a customer, by the same prices, codes, stock and rules as the customer would at the till.

    What is due now the customer pays on the order's page; the worker asks the bank for its own.

    Runs inside the caller's transaction, which must be rolled back on any error. Raises ProductGone and OutOfStock
    naming the lines, PromoRefused, ParcelTooBig, PaymentNotAllowed, PriceChanged, EmptyOrder, and Invalid for a
    language that the shop does not speak.
    """
    check_lines(said.lines)
    if said.lang not in settings.shop.languages:
        raise Invalid({"lang": "choice"})
    found = await offers(said.lines)
    refuse_gone(found, list(said.lines), said.lang)
    _refuse_short(found, said)
    terms = await terms_of(said.promo) if said.promo else None
    if said.promo and terms is None:
        raise PromoUnknown(normal_code(said.promo))
    reckoned = partial(_reckoned, said, found, terms, settings.shop)
    totals = reckoned(None)
    if totals.refused:
        raise refused(totals.refused)
    if said.point or said.delivery.city_ref:
        totals = await totals_at(said.place, _pieces(said, found), reckoned, said.expected_total)
    kind, cash = said.delivery.kind, said.point is None or said.point.cash
    check_payment(said.pay_type, totals.payable, kind, settings.shop, bank=bank is not None, cash=cash)
    if said.expected_total not in {None, totals.payable}:
        raise PriceChanged(total=totals.payable, expected=said.expected_total)
    draft = OrderDraft(
        lang=said.lang,
        contact=said.contact,
        delivery=said.delivery,
        pay_type=said.pay_type,
        comment=said.comment,
        lines=tuple(DraftLine.of(found[sku], count, said.lang) for sku, count in said.lines.items()),
        totals=totals,
        promo=AppliedPromo(terms, settings.secret_key) if terms and totals.discount else None,
    )
    placed = await place(draft, actor, source)
    if bank is not None:
        begun = await begin_payment(placed, draft, bank)
        if begun is not None:
            await record(PaymentDue(order_id=placed.id, attempt_id=begun))
    return placed


async def ask_carrier(said: Dictated, shop: ShopSettings, carrier: Carrier | None, background: Background) -> None:
    """Have the carrier's price told for an order that is about to be placed, as the till has it told when a place is
    chosen: `place_for` asks nobody. What cannot be placed is not asked about.

    An edge: the carrier may be asked in the `background`, no transaction open.
    """
    if carrier is None or not said.delivery.city_ref or not said.lines:
        return
    found = await offers(said.lines)
    if len(found) < len(said.lines):
        return
    terms = await terms_of(said.promo) if said.promo else None
    totals = _reckoned(said, found, terms, shop, None)
    ask = price_ask(said.place, await box_of(_pieces(said, found)), totals.goods - totals.discount)
    if ask:
        await quotes.told(carrier, ask, background)


async def edit(
    number: str, wanted: Edit, actor: Actor, source: str, shop: ShopSettings, point: Point | None = None
) -> Edited:
    """Edit an order, and let everything that hangs on its sums follow; `point` is the branch or locker of the wanted
    delivery, None for words and doors.

    Runs inside the caller's transaction, which must be rolled back on any error. Raises what `edit_order` raises,
    ParcelTooBig, and PaymentNotAllowed when the order became one that cannot be paid its way.
    """
    edited = await edit_order(number, wanted, actor, source, shop)
    if wanted.delivery and point:
        lines = (await order_by_id(edited.order_id)).lines
        await _check_room(wanted.delivery, point, ((line.product, line.quantity) for line in lines))
    if edited.payable > edited.payable_before or "address" in edited.changed:
        cash = point is None or point.cash
        check_payment(edited.pay_type, edited.payable, edited.delivery_kind, shop, bank=True, cash=cash)
    if "lines" in edited.changed or edited.payable != edited.payable_before:
        await order_changed(edited.order_id)
    if edited.account_id is not None:
        await follow_edit(edited.order_id, edited.account_id, edited.points - edited.points_before, edited.step)
    return edited


async def _check_room(delivery: Delivery, point: Point | None, pieces: Iterable[tuple[str, int]]) -> None:
    """Raises ParcelTooBig when the point does not take the parcel of these goods, given as slug and quantity."""
    if point is not None:
        check_size(Place(delivery, point), await box_of(pieces))


def _reckoned(
    said: Dictated, found: Mapping[str, Offer], terms: CodeTerms | None, shop: ShopSettings, told: int | None
) -> Totals:
    """What is dictated costs; `told` is the carrier's price in kopiyky, None for that of the settings."""
    lines = [
        PricedLine(sku, found[sku].price, count, found[sku].product, found[sku].category)
        for sku, count in said.lines.items()
    ]
    return quote(lines, shop, said.delivery.kind, said.pay_type, terms, clock.now(), told)


def _pieces(said: Dictated, found: Mapping[str, Offer]) -> list[tuple[str, int]]:
    return [(found[sku].product, count) for sku, count in said.lines.items()]


def _refuse_short(found: dict[str, Offer], said: Dictated) -> None:
    short = [found[sku] for sku, count in said.lines.items() if not found[sku].has(count)]
    if short:
        named = [{"sku": offer.code, "name": offer.name(said.lang), "left": offer.available or 0} for offer in short]
        raise OutOfStock(**named[0], lines=named)
