"""What the shop owes: deliveries that were given up, those that wait, and the calendar."""

import re
from collections.abc import Sequence
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
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.staff_views import LANGUAGE, StaffPage, word
from commerce_api.office.admin import audit

SHOWN: Final = 100
ROW: Final = re.compile(r"[0-9]{1,18}")
"""The number of a delivery, as far as databases count."""


async def _retry(account_id: int, ids: Sequence[int] | None) -> int:
    retried = await relay.retry_dead(list(ids) if ids is not None else None)
    subject = ", ".join(map(str, ids)) if ids else "all"
    await audit.record(account_id, "outbox.retry", subject[:120], {"retried": retried})
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
        ids = [int(chosen)] if isinstance(chosen, str) and ROW.fullmatch(chosen) else None
        if ids is None and chosen != "all":
            return see_other(f"{urls.admin()}owed")
        account = account_of(request)
        retried = await transact(lambda: _retry(account.id, ids))
        flash(request, word("owed.retried").format(count=retried), "success" if retried else "info")
        return see_other(f"{urls.admin()}owed")
