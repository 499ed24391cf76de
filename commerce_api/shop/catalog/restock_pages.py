"""A wish to hear of a sold-out size without scripts: the form posts, and a page says what happened."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.error_texts import error_sentence, error_title, field_errors
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import own_path, see_other
from commerce_api.foundation.web.rendering import render_message
from commerce_api.shop.catalog import restock
from commerce_api.shop.catalog.restock_schemas import RestockForm


@page("POST", "/restock/")
async def ask_restock(request: Request) -> Response:
    """Keeps the wish and leads to a page that says so; what is wrong is said with a way back to the form."""
    lang = language(request)
    values = await read_form(request)
    back = own_path(values.get("next"), urls.catalog(lang))
    try:
        form = validated(RestockForm, values)
        await transact(lambda: restock.ask(form.sku, form.contact, lang))
    except ShopError as refused:
        return _refused(request, refused, back)
    flash(request, "restock.noted")
    return see_other(f"{urls.restock(lang)}?{urlencode({'next': back})}")


@page("GET", "/restock/")
async def show_restock(request: Request) -> Response:
    """What became of the wish, once; afterwards only where to go."""
    lang = language(request)
    t = texts(lang)
    said = " ".join(take_flashes(request)) or t("restock.nothing_new")
    return _message(request, t("restock.title"), said, own_path(request.query_params.get("next"), urls.catalog(lang)))


def _refused(request: Request, refused: ShopError, back: str) -> Response:
    if refused.status >= 500:
        raise refused
    lang = language(request)
    sentence = error_sentence(refused, lang)
    if isinstance(refused, Invalid):
        # The form has one visible field, so its complaint is the sentence.
        sentence = next(iter(field_errors(refused, lang).values()), sentence)
    return _message(request, error_title(refused.status, lang), sentence, back, refused.status)


def _message(request: Request, title: str, body: str, back: str, status: int = 200) -> Response:
    lang = language(request)
    t = texts(lang)
    actions = [(t("restock.back"), back)]
    if back != urls.catalog(lang):
        actions.append((t("message.to_catalog"), urls.catalog(lang)))
    return render_message(request, title=title, body=body, actions=actions, status=status)


PAGES: Pages = (ask_restock, show_restock)
