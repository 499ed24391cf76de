"""The first page of the office: what waits, and what the site last did."""

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import CustomView, route

from commerce_api.foundation.publishing.service import recent_receipts
from commerce_api.foundation.theming import kyiv_moment
from commerce_api.foundation.web.staff_views import LANGUAGE, word
from commerce_api.shop.orders.queries import figures

RECEIPTS = 20


class Dashboard(CustomView):
    """Figures of the day and the newest receipts of the site."""

    async def _context(self) -> dict[str, object]:
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
        return {"figures": shown, "receipts": receipts, "words": word}

    @route("")
    async def index(self, request: Request) -> Response:
        """The page itself."""
        assert self.templates is not None  # noqa: S101 - set when the view is added
        return self.templates.TemplateResponse(request, "dashboard.html", await self._context())
