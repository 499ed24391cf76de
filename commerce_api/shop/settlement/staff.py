"""What staff do with money in the office: give it back with a reason, send or settle what waits, take what is held."""

from collections.abc import Sequence
from typing import Any

from markupsafe import escape
from starlette.requests import Request
from starlette_admin.actions import row_action
from starlette_admin.flash import flash

from commerce_api.foundation.errors import Invalid
from commerce_api.foundation.kit import ids
from commerce_api.foundation.kit.money import KOPIYKY, read_amount
from commerce_api.foundation.web.access import Identity, account_of
from commerce_api.foundation.web.idempotency import Answer, attempt, once
from commerce_api.foundation.web.staff_views import word
from commerce_api.shop.orders.queries import order_by_id
from commerce_api.shop.orders.status import Actor, Who
from commerce_api.shop.payments.errors import BankSilent, GatewayError
from commerce_api.shop.payments.staff import PaymentList, RefundList
from commerce_api.shop.payments.status import AttemptStatus
from commerce_api.shop.settlement import holding, refunds
from commerce_api.shop.settlement.bank import bank_of, connected

SOURCE = "office"


async def _credit_left(request: Request, payment_id: int) -> int:
    known: dict[int, int] = getattr(request.state, "credits", {})
    return known[payment_id] if payment_id in known else (await refunds.credits_left([payment_id])).get(payment_id, 0)


async def refund_form(request: Request, payment: Any) -> str:
    """How much goes back and why, as a form; all that is left when nothing else is typed. Its key is new with every
    form that is shown, so that a double press gives back once."""
    whole, rest = divmod(await _credit_left(request, payment.id), KOPIYKY)
    amount, reason = escape(word("refunds.amount")), escape(word("refunds.why"))
    return (
        f'<form><input type="hidden" name="key" value="{ids.token()}">'
        f'<label class="form-label" for="refund-amount">{amount}, ₴</label>'
        f'<input class="form-control" id="refund-amount" name="amount" required value="{whole},{rest:02d}">'
        f'<label class="form-label mt-3" for="refund-why">{reason}</label>'
        '<input class="form-control" id="refund-why" name="why" minlength="3" maxlength="200" required></form>'
    )


class PaymentView(PaymentList):
    """Payments, with what can be done about one."""

    def __init__(self) -> None:
        super().__init__()
        self.row_actions = ["view", "refund", "capture"]

    async def find_all(self, request: Request, *arguments: Any, **named: Any) -> Sequence[Any]:
        rows = await super().find_all(request, *arguments, **named)
        # Each row asks twice what can be given back: all rows of the page at once.
        request.state.credits = await refunds.credits_left([row.id for row in rows])
        return rows

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if name == "refund" and not await _credit_left(request, obj.id):
            return False
        if name == "capture" and obj.status is not AttemptStatus.HOLD:
            return False
        return await self.is_row_action_allowed(request, name)

    @row_action(name="refund", text=word("payments.refund"), icon_class="fa fa-rotate-left", form=refund_form)
    async def refund(self, request: Request, pk: Any) -> None:
        """Give the order's money back, all of it or a part; the bank is asked at once."""
        payment, typed = await self.row(request, pk), await request.form()
        why, amount = str(typed.get("why", "")).strip(), read_amount(str(typed.get("amount", "")))
        key, account = str(typed.get("key", "")), account_of(request)
        if not amount:
            raise Invalid({"amount": "errors.refund_amount"})
        if len(why) < 3:
            raise Invalid({"why": "errors.refund_why"})
        if not key:
            raise Invalid({"key": "missing"})

        async def work() -> Answer:
            made = await refunds.order_refund(payment.order_id, amount, why, str(Actor(Who.STAFF, account.id)))
            await type(self).audit(account.id, "order.refund", payment.reference, {"amount": amount})
            return Answer(200, {"refunds": made})

        tried = attempt(key, f"staff:{account.id}", {"refund": payment.reference, "amount": amount, "reason": why})
        answer, bank = await once(tried, work, whole=False), bank_of(request)
        if bank is not None and not answer.again:
            await refunds.send_all(bank.gateway, answer.body["refunds"], SOURCE)
        flash(request, word("payments.refunded"), "success")

    @row_action(
        name="capture",
        text=word("payments.capture"),
        confirmation=word("payments.capture_confirm"),
        icon_class="fa fa-hand-holding-dollar",
    )
    async def capture(self, request: Request, pk: Any) -> None:
        """Take what the bank holds."""
        payment, bank = await self.row(request, pk), connected(bank_of(request))
        order = await order_by_id(payment.order_id)
        changes = {"amount": payment.amount}
        await self.write(request, _nothing, action="payment.capture", subject=payment.reference, changes=changes)
        try:
            await holding.capture(bank, order.id, order.number, SOURCE)
        except GatewayError as error:
            raise BankSilent(retry_after=60) from error
        flash(request, word("payments.captured"), "success")


class RefundView(RefundList):
    """The refund queue, with what can be done about one."""

    def __init__(self) -> None:
        super().__init__()
        self.row_actions = ["view", "send", "by_hand"]

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        if name != "view" and not self.waits(obj):
            return False
        if name == "send" and obj.payment_id is None:
            return False
        return await self.is_row_action_allowed(request, name)

    @row_action(name="send", text=word("refunds.send"), confirmation=word("refunds.send_confirm"))
    async def send(self, request: Request, pk: Any) -> None:
        """Ask the bank to give it back."""
        refund, bank = await self.row(request, pk), connected(bank_of(request))
        changes = {"amount": refund.amount}
        await self.write(request, _nothing, action="refund.send", subject=refund.reference, changes=changes)
        status = await refunds.send(bank.gateway, refund.id, SOURCE)
        flash(request, word(f"refunds.sent.{status.value}"), "success")

    @row_action(name="by_hand", text=word("refunds.by_hand"), confirmation=word("refunds.by_hand_confirm"))
    async def by_hand(self, request: Request, pk: Any) -> None:
        """Say that the money was given back by hand."""
        refund = await self.row(request, pk)

        async def work(_account: Identity) -> None:
            await refunds.by_hand(refund.id, SOURCE)

        changes = {"amount": refund.amount}
        await self.write(request, work, action="refund.by_hand", subject=refund.reference, changes=changes)
        flash(request, word("refunds.sent.done"), "success")


async def _nothing(_account: Identity) -> None:
    """The deed itself is a call of the bank, which no transaction may hold: its note goes before it."""
