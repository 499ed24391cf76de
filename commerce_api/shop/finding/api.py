"""The static search tells what it did not find."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.carried import carried, settings_of
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.catalog import searching
from commerce_api.shop.finding import service
from commerce_api.shop.finding.schemas import MissIn


@api("POST", "/api/v1/search-misses", summary="Count a search that found nothing", tag="catalogue")
async def count_miss(request: Request, body: MissIn) -> None:
    """Answers alike whether it was counted: robots are not, nor is what is found after all."""
    languages = settings_of(request).shop.languages
    if body.lang not in languages or service.is_robot(request.headers.get("user-agent", "")):
        return
    found = await searching.find(body.query, body.lang, languages, carried(request).renderer.shop_words())
    if not found.whole:
        await transact(lambda: service.count_miss(body.query, body.lang))


OPERATIONS: Operations = (count_miss,)
