"""The cart for people, with scripts or without: forms post, answer 303, and the cart page says what happened."""

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.error_texts import error_sentence, error_title
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import own_path, see_other
from commerce_api.foundation.web.rendering import render, render_message
from commerce_api.shop.cart import service
from commerce_api.shop.cart.browser import cart_token, keep_cart, mend_badge
from commerce_api.shop.cart.document import cart_of
from commerce_api.shop.cart.queries import pieces_of
from commerce_api.shop.cart.schemas import AddForm, CartOut, ChangeForm


@page("GET", "/cart/")
async def show_cart(request: Request) -> Response:
    """The cart as it stands; looking changes nothing."""
    view = await cart_of(cart_token(request), settings_of(request).shop, language(request))
    mend_badge(request, view.pieces)
    document = CartOut.of(view)
    notices = [*take_flashes(request), *(notice.text for notice in view.notices)]
    return render(request, "cart.html", kind="cart", title="cart.title", context={"cart": document, "notices": notices})


@page("POST", "/cart/add")
async def add_to_cart(request: Request) -> Response:
    """The form of a product page without scripts: the cart answers, or a page that says why not and leads back."""
    lang = language(request)
    values = await read_form(request)
    back = own_path(values.get("next"), urls.catalog(lang))
    if "sku" not in values:
        return _refused(request, Invalid({"sku": "missing"}), back, texts(lang)("product.choose_size"))

    async def work() -> tuple[service.Added, int]:
        added = await service.add(cart_token(request), form.sku, form.quantity, lang)
        return added, await pieces_of(added.token)

    try:
        form = validated(AddForm, values)
        added, pieces = await transact(work)
    except ShopError as refused:
        return _refused(request, refused, back)
    keep_cart(request, added.token, pieces)
    flash(request, "notice.added", name=added.name)
    return see_other(urls.cart(lang))


@page("POST", "/cart/change")
async def change_cart(request: Request) -> Response:
    """The form of a line: another number, or away. A quantity of 0 takes it out too."""
    lang = language(request)
    token = cart_token(request)

    async def work() -> tuple[str | None, int]:
        if form.remove is not None or form.quantity == 0:
            return await service.remove(token, form.line), await pieces_of(token)
        if form.quantity is None:
            raise Invalid({"quantity": "missing"})
        await service.change(token, form.line, form.quantity)
        return None, await pieces_of(token)

    try:
        form = validated(ChangeForm, await read_form(request))
        removed, pieces = await transact(work)
    except ShopError as refused:
        return _refused(request, refused, urls.cart(lang))
    if token:
        keep_cart(request, token, pieces)
    if removed is not None:
        flash(request, "cart.removed", name=removed)
    return see_other(urls.cart(lang))


def _refused(request: Request, refused: ShopError, back: str, words: str | None = None) -> Response:
    """What the cart would not do, with a way back to where the form was."""
    if refused.status >= 500:
        raise refused
    lang = language(request)
    t = texts(lang)
    return render_message(
        request,
        title=error_title(refused.status, lang),
        body=words or error_sentence(refused, lang),
        actions=[(t("message.again"), back), (t("message.to_cart"), urls.cart(lang))],
        status=refused.status,
    )


PAGES: Pages = (show_cart, add_to_cart, change_cart)
