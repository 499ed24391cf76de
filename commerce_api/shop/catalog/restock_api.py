"""A wish to hear of a sold-out size, for scripts and programs."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.catalog import restock
from commerce_api.shop.catalog.errors import InStock, SkuUnknown
from commerce_api.shop.catalog.restock_schemas import RestockIn


@api(
    "POST",
    "/api/v1/restock",
    summary="Hear of a sold-out SKU when it is back",
    errors=(SkuUnknown, InStock),
    tag="catalogue",
)
async def ask_restock(request: Request, body: RestockIn) -> None:
    """Answers alike whether the wish is new or known, so that nobody learns who waits for what."""
    contact = body.contact
    languages = settings_of(request).shop.languages
    lang = body.lang if body.lang in languages else languages[0]
    await transact(lambda: restock.ask(body.sku, contact, lang))


OPERATIONS: Operations = (ask_restock,)
