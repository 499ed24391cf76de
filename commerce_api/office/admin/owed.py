"""What the shop owes: deliveries that were given up, those that wait, and the calendar."""

from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import route
from starlette_admin.flash import flash

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.outbox import relay
from commerce_api.foundation.schedule import service as schedule
from commerce_api.foundation.theming import kyiv_moment
from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.parsing import LARGEST, row_id
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.staff_views import LANGUAGE, StaffPage, word
from commerce_api.office.admin import audit

SHOWN: Final = 100


async def _retry(account_id: int, one: int | None) -> int:
    """Give one dead delivery, or all of them, a fresh start; how many there were."""
    retried = await relay.retry_dead([one] if one is not None else None)
    await audit.record(account_id, "outbox.retry", str(one or "all"), {"retried": retried})
    return retried


class OwedDesk(StaffPage):
    """One page, for the owner and for support; a press gives dead deliveries a fresh start."""

    roles = frozenset({"staff_support"})

    def __init__(self) -> None:
        super().__init__(menu_label=word("owed.title"), icon="fa fa-inbox", path="/owed")

    @route("", name="owed")
    async def index(self, request: Request) -> Response:
        """The page itself."""
        rows = await relay.waiting(SHOWN)
        context = {
            "words": word,
            "moment": partial(kyiv_moment, lang=LANGUAGE),
            "dead": [row for row in rows if row.state == "dead"],
            "waiting": [row for row in rows if row.state != "dead"],
            "jobs": await schedule.planned(),
            "led": bool(await schedule.leader()),
        }
        return self.filled(request, "owed.html", context)

    @route("", methods=["POST"], name="owed_retry")
    async def retry(self, request: Request) -> Response:
        """Try one dead delivery again, or all of them; noted in the audit log."""
        chosen = (await request.form()).get("id")
        one = row_id(chosen, LARGEST) if isinstance(chosen, str) else None
        if one is None and chosen != "all":
            return see_other(f"{urls.admin()}owed")
        account = account_of(request)
        retried = await transact(lambda: _retry(account.id, one))
        flash(request, word("owed.retried").format(count=retried), "success" if retried else "info")
        return see_other(f"{urls.admin()}owed")
