"""A shop in which of everything that can be listed there are so many: rows that a list shows, and what a deed of each
route is done to. Its people are signed in already; `Crowd.names` are the words that paths and bodies are filled with.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.kit.money import hryvnias
from commerce_api.foundation.outbox.models import Delivery, OutboxEvent
from commerce_api.foundation.publishing.models import BuildReceipt, RebuildRequest
from commerce_api.foundation.schedule.models import ScheduledJob
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import Session
from commerce_api.office.admin.models import AuditEntry
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.statuses import DraftStatus
from commerce_api.shop.accounts import bearers, chats, factors, proofs
from commerce_api.shop.accounts.models import AccessToken, Consent, LinkedIdentity, RecoveryCode
from commerce_api.shop.accounts.roles import ProofOf, Role
from commerce_api.shop.cart.models import Cart, CartLine
from commerce_api.shop.cart.tokens import account_token
from commerce_api.shop.catalog.models import (
    Category,
    CategoryText,
    ColorVariant,
    Colour,
    Fit,
    Kind,
    Product,
    ProductImage,
    ProductText,
    RestockRequest,
    Sku,
)
from commerce_api.shop.favourites.models import Favourite
from commerce_api.shop.finding.models import SearchMiss
from commerce_api.shop.ledger.service import post
from commerce_api.shop.loyalty.accounts import SHOP, spendable
from commerce_api.shop.loyalty.models import Reward
from commerce_api.shop.orders.models import Order
from commerce_api.shop.orders.placing import PlacedOrder
from commerce_api.shop.orders.service import change_status
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.status import AttemptStatus, RefundReason
from commerce_api.shop.pricing.payments import PayType
from commerce_api.shop.shipping.choices import city_token
from commerce_api.shop.shipping.directory import find_cities
from commerce_api.shop.shipping.models import Shipment, ShipmentEvent
from commerce_api.shop.shipping.states import Direction, ShipmentState
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf
from tests.commerce_api.shop.customer_area.builders import PASSWORD, somebody
from tests.commerce_api.shop.dispatch.builders import an_order
from tests.commerce_api.shop.orders.builders import STAFF, placed
from tests.commerce_api.shop.settlement.builders import Desk, attempt_for, paid_order
from tests.commerce_api.shop.shipping.builders import Line, mirrored

PRICE: Final = hryvnias(50)
"""Twenty pieces are still below every limit of a way to pay."""
MEMBER: Final = "oksana@example.com"
OWNER: Final = "owner@example.com"
PHONE: Final = "+380671234567"


@dataclass
class Crowd:
    """What was made: words for paths and bodies by name, SKUs on sale, and the session of each person."""

    size: int
    names: dict[str, Any] = field(default_factory=dict)
    skus: list[str] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    guest_cart: str = ""


async def _shelves(crowd: Crowd) -> None:
    for number in range(crowd.size):
        codes = await put_on_shelf(f"kolos-{number}", price=PRICE, stock={"M": 900, "L": 900})
        crowd.skus.append(codes["M"])
        category = await Category.create(slug=f"hoodies-{number}", kind=Kind.HOODIE)
        await CategoryText.create(category=category, lang="uk", name="Худі", lead="", seo_title="", seo_description="")
    words = {"lead": "Колос.", "description_md": "Опис.", "description_html": "<p>Опис.</p>"}
    await ProductText.all().update(**words)
    tees = await Category.get(slug="t-shirts")
    await CategoryText.create(category=tees, lang="uk", name="Футболки", lead="", seo_title="", seo_description="")
    sold_out = (await put_on_shelf("sold-out", price=PRICE, stock={"M": 0}))["M"]
    sku = await Sku.get(code=sold_out)
    product = await Product.get(slug="kolos-0")
    for number in range(crowd.size):
        colour = await Colour.create(slug=f"shade-{number}", hex="#222222", names={"uk": "тінь", "en": "shade"})
        variant = await ColorVariant.create(product=product, colour=colour)
        await ProductImage.create(
            variant=variant, position=0, side="front", path="f.avif", key=f"f-{number}", width=4, height=5, alt={}
        )
        await Sku.create(variant=variant, code=f"TC-SHADE-{number}", size="M", fit=Fit.CLASSIC, stock=50)
        await RestockRequest.create(
            sku=sku, contact=f"w{number}@example.com", lang="uk", once=f"w{number}", created_at=clock.now()
        )
        await SearchMiss.create(day=date(2026, 11, 1), lang="uk", query=f"шапка {number}")
        await promo(f"CODE{number}")
    await promo("DROP10")
    await ProductImage.all().update(alt={"uk": "перед", "en": "front"})
    crowd.names |= {"sku": crowd.skus[0], "other_sku": "TC-KOLOS-0-COAL-L", "sold_out": sold_out, "slug": "kolos-0"}


async def _session(crowd: Crowd, who: str, account_id: int, staff: bool) -> None:
    now = clock.now()
    for number in range(crowd.size + 1):
        token = ids.token()
        crowd.sessions[who] = token
        made = await Session.create(
            digest=ids.digest(token), account_id=account_id, staff=staff, created_at=now, seen_at=now,
            expires_at=now + timedelta(hours=12), user_agent=f"Firefox, {number}",
        )  # fmt: skip
        if not number:
            crowd.names[f"{who}_session"] = made.id


async def _people(crowd: Crowd, settings: Settings) -> None:
    member, owner = await somebody(MEMBER), await somebody(OWNER, Role.OWNER)
    await _session(crowd, "member", member.id, staff=False)
    await _session(crowd, "owner", owner.id, staff=True)
    now = clock.now()
    leaver = await somebody("leaver@example.com")
    await _session(crowd, "leaver", leaver.id, staff=False)
    crowd.names["leaver"] = leaver.id
    fresh = await somebody("fresh@example.com", verified=False)
    crowd.names["verify"] = await transact(lambda: proofs.issue(fresh.id, ProofOf.ADDRESS))
    crowd.names["reset"] = await transact(lambda: proofs.issue(member.id, ProofOf.RESET))
    crowd.names |= {"member": member.id, "owner": owner.id, "password": PASSWORD, "email": MEMBER, "phone": PHONE}
    crowd.names["access_token"] = (await transact(lambda: bearers.make(member.id, "shop-bot")))[0]
    chat = await transact(lambda: chats.invite(member.id))
    await transact(lambda: chats.join(chat, 700_100))
    for number in range(crowd.size):
        if number % 2:  # at most twenty for each account
            await AccessToken.create(account_id=member.id, digest=f"t{number}", name=f"bot {number}", created_at=now)
        way = await LinkedIdentity.create(
            account_id=member.id, provider="google", issuer="https://issuer.test", subject=f"{number}", joined_at=now
        )
        await RecoveryCode.create(account_id=member.id, digest=f"r{number}")
        await Consent.create(account_id=member.id, kind="terms", version="1", at=now)
        await Favourite.create(account_id=member.id, product=f"kolos-{number}", changed=1_000 + number)
        await Reward.create(account_id=member.id, cause=f"bought:{number}", code=f"CODE{number}", points=100, at=now)
        moved = {spendable(member.id): 200, SHOP: -200}
        await transact(partial(post, f"given:{number}", "points_earned", moved))
    crowd.names["way"] = way.id
    # Somebody whose second factor is on the way.
    await transact(lambda: factors.begin(member.id, settings.data_keys))


async def _carts(crowd: Crowd) -> None:
    now, crowd.guest_cart = clock.now(), ids.token()
    tokens = {"member": account_token(crowd.names["member"]), "owner": account_token(crowd.names["owner"])}
    for who, token in {**tokens, "guest": crowd.guest_cart}.items():
        owner = crowd.names.get(who) if who != "guest" else None
        cart = await Cart.create(
            token_digest=ids.digest(token), account_id=owner, promo="DROP10", created_at=now, seen_at=now
        )
        for sku in crowd.skus:
            line = await CartLine.create(cart=cart, sku=sku, name="Kolos", quantity=1, seen_price=PRICE, added_at=now)
        crowd.names[f"{who}_line"] = line.id


def _name(crowd: Crowd, what: str, order: PlacedOrder | Order) -> None:
    crowd.names |= {f"{what}_token": order.token, f"{what}_number": order.number, f"{what}_id": order.id}


async def _orders(crowd: Crowd, desk: Desk) -> None:
    me, everything = crowd.names["member"], dict.fromkeys(crowd.skus, 1)
    for number in range(crowd.size):
        one = await placed({crowd.skus[0]: 1}, account_id=me, phone=f"+38067000{number:04}")
        change = partial(change_status, one.number, OrderStatus.CONFIRMED, STAFF, "test")
        await transact(change)
        await placed({crowd.skus[0]: 1}, email="fresh@example.com")
        gone = await placed({crowd.skus[0]: 1}, account_id=crowd.names["leaver"])
        await Order.filter(id=gone.id).update(status=OrderStatus.DELIVERED)
    _name(crowd, "own", await placed(everything, account_id=me))
    _name(crowd, "guest", await placed(everything, phone=PHONE))
    paying = await placed(everything, pay_type=PayType.ONLINE_FULL)
    await attempt_for(desk, paying)
    _name(crowd, "paying", paying)
    _name(crowd, "unpaid", await placed(everything, pay_type=PayType.ONLINE_FULL))
    told_of = await attempt_for(desk, await placed(everything, pay_type=PayType.ONLINE_FULL))
    desk.there.pay(told_of.invoice_id or "", "pay")
    message = desk.there.messages.waiting[-1]
    crowd.names |= {"notice": message.body, "signature": message.signature}
    told, attempt = await paid_order(desk)
    _name(crowd, "paid", told)
    crowd.names["payment"] = attempt.id
    now = clock.now()
    for number in range(crowd.size):
        await Payment.create(
            order_id=told.id, reference=f"P{number}", provider="bank", amount=100, basket=[],
            status=AttemptStatus.FAILURE, created_at=now, expires_at=now,
        )  # fmt: skip
        refund = await Refund.create(
            order_id=told.id, payment_id=attempt.id, reference=f"R{number}", amount=10, reason=RefundReason.STAFF,
            from_order=True, items=[], actor="staff:1", created_at=now, changed_at=now,
        )  # fmt: skip
    crowd.names["refund"] = refund.id
    await _parcels(crowd)


async def _parcels(crowd: Crowd) -> None:
    now, wanted = clock.now(), dict.fromkeys(crowd.skus, 1)
    _name(crowd, "ready", await an_order(stock={"M": 900}))
    waybilled = await placed(wanted, phone="+380670000001")
    _name(crowd, "waybilled", waybilled)
    for number in range(crowd.size):
        shipment = await Shipment.create(
            order_id=waybilled.id, order_number=waybilled.number, attempt=number + 1, direction=Direction.OUT,
            state=ShipmentState.MADE, slot=f"{waybilled.id}:out" if number + 1 == crowd.size else None, actor="staff:1",
            waybill=f"2040000000{number:04}", ref=f"ref-{number}", created_at=now, updated_at=now,
        )  # fmt: skip
        await ShipmentEvent.create(shipment=shipment, at=now, code="1", text="made", known=True)
    crowd.names["parcel"] = shipment.id


async def _office(crowd: Crowd) -> None:
    now = clock.now()
    rebuild = await RebuildRequest.create(scope="all", keys=[], requested_by="owner", created_at=now, errors=[])
    run = await AiRun.create(wishes={}, actor="owner", created_at=now, budget_tokens=1_000, budget_cost=1_000)
    product = await Product.get(slug="kolos-0")
    for number in range(crowd.size):
        await AuditEntry.create(
            at=now, account_id=crowd.names["owner"], actor=OWNER, action="order.confirm", subject="N", changes={}
        )
        await BuildReceipt.create(
            kind="full", release="r", page_count=1, pages=[], removed=[], reasons=[], errors=[], milliseconds=1,
            created_at=now,
        )  # fmt: skip
        event = await OutboxEvent.create(name="OrderPlaced", payload={}, created_at=now, dispatched_at=now)
        dead = await Delivery.create(event=event, handler="h", state="dead", available_at=now)
        await ScheduledJob.create(name=f"job-{number}", every=60.0, next_at=now)
        await AiRun.create(
            state="done", wishes={}, actor="owner", created_at=now, budget_tokens=1, budget_cost=1, finished_at=now
        )
        draft = await Draft.create(
            run=run, subject="product", subject_id=product.id, slug="kolos-0", lang="en", kin="k",
            input_hash=f"h{number}", prompt_version="1", facts={}, wanted=["lead"], content={"lead": "Soft."},
            status=DraftStatus.DRAFT, created_at=now, written_at=now,
        )  # fmt: skip
    crowd.names |= {"rebuild": rebuild.id, "run": run.id, "draft": draft.id, "dead": dead.id}


async def gather(size: int, settings: Settings, desk: Desk, line: Line) -> Crowd:
    """The open, empty database of `settings` filled with a crowd of this size; it pays at the bank of `desk`, and its
    parcels go by the carrier at the end of `line`."""
    crowd = Crowd(size)
    await mirrored(line)
    await _shelves(crowd)
    await _people(crowd, settings)
    await _carts(crowd)
    await _orders(crowd, desk)
    await _office(crowd)
    city = (await find_cities("Харків"))[0]
    crowd.names |= {
        "basket": ",".join(f"{sku}:1" for sku in crowd.skus),
        "lines": [{"sku": sku, "quantity": 1} for sku in crowd.skus],
        "more": [{"sku": sku, "quantity": 2} for sku in crowd.skus],
        "stock": {f"TC-SHADE-{number}": 70 for number in range(size)},
        "liked": {f"kolos-{number}": 2_000_000_000_000 for number in range(size)},
        "city": city_token(city.ref, city.name, settings.secret_key),
    }
    return crowd
