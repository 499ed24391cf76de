"""The first page of the office: what waits, and what the site last did."""

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import route

from commerce_api.foundation.kit import urls
from commerce_api.foundation.publishing.service import recent_receipts
from commerce_api.foundation.theming import kyiv_moment
from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.staff_views import LANGUAGE, StaffPage, word
from commerce_api.shop.accounts.factors import has_factor
from commerce_api.shop.orders.queries import figures

RECEIPTS = 20


class Dashboard(StaffPage):
    """Figures of the day and the newest receipts of the site."""

    async def _context(self, request: Request) -> dict[str, object]:
        receipts = [
            {
                "when": kyiv_moment(row.created_at, LANGUAGE),
                "kind": word(f"dashboard.kinds.{row.kind}"),
                "page_count": row.page_count,
                "pages": row.pages,
                "milliseconds": row.milliseconds,
                "reasons": row.reasons[:5],
                "errors": row.errors,
            }
            for row in await recent_receipts(RECEIPTS)
        ]
        shown = [(word(f"dashboard.figures.{name}"), value) for name, value in (await figures()).items()]
        account = account_of(request)
        bare = "" if await has_factor(account.id) else urls.account_security(LANGUAGE)
        return {"figures": shown, "receipts": receipts, "words": word, "without_factor": bare}

    @route("")
    async def index(self, request: Request) -> Response:
        """The page itself."""
        return self.filled(request, "dashboard.html", await self._context(request))
