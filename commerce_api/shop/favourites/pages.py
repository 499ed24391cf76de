"""The list of favourites, without scripts: an account's, or a guest's from the browser that keeps it."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, read_query, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.rendering import render
from commerce_api.shop.catalog.feed import read_products
from commerce_api.shop.catalog.queries import called_now
from commerce_api.shop.catalog.views import ProductView
from commerce_api.shop.favourites import service
from commerce_api.shop.favourites.browser import guest_words, keep_words
from commerce_api.shop.favourites.queries import liked_by, liked_in, sold_as
from commerce_api.shop.favourites.schemas import ShownQuery, TurnForm

MOST_SHOWN: Final = 100


@page("GET", "/account/favourites/")
async def show_favourites(request: Request) -> Response:
    """What the account likes. A guest's list comes in their cookie, or as `products` where the script of this very page
    asks."""
    query = read_query(request, ShownQuery)
    account = signed_in(request)
    if account:
        slugs = await liked_by(account.id)
    else:
        slugs = query.products.split(",") if query.products else liked_in(guest_words(request))
    products, renamed = await _products(request, [slug for slug in slugs if slug][:MOST_SHOWN])
    context = {
        "products": products,
        "renamed": renamed,
        "signed_in": account is not None,
        "notices": take_flashes(request),
    }
    return render(request, "account_favourites.html", kind="account", title="account.favourites.title", context=context)


@page("POST", "/account/favourites/")
async def turn_favourite(request: Request) -> Response:
    """Put a product in or take it out, and show the list. What is sold no more can still be taken out."""
    form = validated(TurnForm, await read_form(request))
    on, account = bool(form.on), signed_in(request)
    product = await sold_as(form.product) if on else form.product
    if account:
        await transact(lambda: service.turn(account.id, product, on=on))
    else:
        keep_words(request, await service.turned(guest_words(request), product, on=on))
    flash(request, "account.favourites.put" if on else "account.favourites.taken")
    return see_other(urls.account_page("favourites", language(request)))


async def _products(request: Request, slugs: list[str]) -> tuple[list[ProductView], dict[str, str]]:
    """What is still sold of them, in their order and each once; and the names among them that products have left, to
    those they have."""
    if not slugs:
        return [], {}
    lang, languages = language(request), settings_of(request).shop.languages
    views = {view.slug: view for view in await read_products(slugs, languages)}
    called = await called_now(slug for slug in slugs if slug not in views) if len(views) < len(slugs) else {}
    if called:
        views |= {view.slug: view for view in await read_products(sorted(called.values()), languages)}
    named = dict.fromkeys(called.get(slug, slug) for slug in slugs)
    return [views[slug] for slug in named if slug in views and lang in views[slug].texts], called


PAGES: Pages = (show_favourites, turn_favourite)
