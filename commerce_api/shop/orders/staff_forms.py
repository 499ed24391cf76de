"""What the office asks before an order moves: why it is cancelled, and which returned goods can be sold again."""

from typing import Any

from markupsafe import escape
from starlette.requests import Request

from commerce_api.foundation.web.staff_views import word
from commerce_api.shop.orders.queries import goods_of
from commerce_api.shop.orders.status import STAFF_CANCEL_REASONS


def reason_form(_request: Request, _order: Any) -> str:
    """The reasons staff may give for a cancellation, as a form."""
    options = "".join(
        f'<option value="{reason.value}">{escape(word(f"orders.reasons.{reason.value}"))}</option>'
        for reason in STAFF_CANCEL_REASONS
    )
    label, note = escape(word("orders.reason")), escape(word("orders.note"))
    return (
        f'<form><label class="form-label" for="cancel-reason">{label}</label>'
        f'<select class="form-select" id="cancel-reason" name="reason" required>{options}</select>'
        f'<label class="form-label mt-3" for="cancel-note">{note}</label>'
        '<input class="form-control" id="cancel-note" name="note" maxlength="120"></form>'
    )


async def restock_form(request: Request, order: Any) -> str:
    """Which of the returned goods can be sold again, as a form: none until somebody has looked at them."""
    known: dict[int, dict[str, str]] = getattr(request.state, "goods", {})
    goods = known[order.id] if order.id in known else (await goods_of([order.id]))[order.id]
    boxes = "".join(
        '<label class="form-check"><input class="form-check-input" type="checkbox" name="restock" '
        f'value="{escape(sku)}"><span class="form-check-label">{escape(name)}</span></label>'
        for sku, name in goods.items()
    )
    return f"<form><p>{escape(word('orders.restock'))}</p>{boxes}</form>"
