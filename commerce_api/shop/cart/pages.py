"""The cart for people, with scripts or without: forms post, answer 303, and the cart page says what happened."""

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError, TooMany
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.error_texts import error_sentence, error_title, field_errors
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import own_path, see_other
from commerce_api.foundation.web.rendering import render, render_message
from commerce_api.shop.cart import links, service
from commerce_api.shop.cart.browser import asked_of, cart_token, count_promo_try, keep_cart, mend_badge, promo_by_link
from commerce_api.shop.cart.document import CartView, cart_of
from commerce_api.shop.cart.queries import pieces_of
from commerce_api.shop.cart.schemas import AddForm, AddManyForm, CartOut, CartQuery, ChangeForm, PromoForm
from commerce_api.shop.catalog.queries import choices
from commerce_api.shop.pricing.lines import MOST_PIECES
from commerce_api.shop.promotions.errors import PromoRefused
from commerce_api.shop.promotions.queries import normal_code


@page("GET", "/cart/")
async def show_cart(request: Request) -> Response:
    """The cart as it stands, and beside it what a link offers or what was just taken out; looking changes nothing."""
    return await _cart_page(request, asked_of(request))


@page("POST", "/cart/add")
async def add_to_cart(request: Request) -> Response:
    """The form of a product page without scripts: the cart answers, or a page that says why not and leads back."""
    values = await read_form(request)
    if "add" in values:
        return await _add_many(request, values)
    lang = language(request)
    back = own_path(values.get("next"), urls.catalog(lang))
    if "sku" not in values:
        return _refused(request, Invalid({"sku": "missing"}), back, texts(lang)("product.choose_size"))

    async def work() -> tuple[service.Added, int]:
        added = await service.add(cart_token(request), form.sku, form.quantity, lang)
        return added, await pieces_of(added.token)

    try:
        form = validated(AddForm, values)
        added, pieces = await transact(work, whole=True)
    except ShopError as refused:
        return _refused(request, refused, back)
    keep_cart(request, added.token, pieces)
    flash(request, "notice.added", name=added.name)
    return see_other(urls.cart(lang))


@page("POST", "/cart/change")
async def change_cart(request: Request) -> Response:
    """The form of a line: another number, size or colour, or away. A quantity of 0 takes it out too."""
    lang = language(request)
    token = cart_token(request)

    async def work() -> tuple[links.Wanted | None, int]:
        count = None if form.quantity is None else form.quantity + int(form.step or 0)
        if form.remove is not None or count == 0:
            gone = await service.remove(token, form.line)
            return links.Wanted(gone.sku, gone.quantity), await pieces_of(token)
        if count is None and form.sku is None:
            raise Invalid({"quantity": "missing"})
        if count is not None:
            await service.change(token, form.line, min(count, MOST_PIECES))
        if form.sku is not None:
            await service.exchange(token, form.line, form.sku, lang)
        return None, await pieces_of(token)

    try:
        form = validated(ChangeForm, await read_form(request))
        removed, pieces = await transact(work)
    except ShopError as refused:
        return _refused(request, refused, urls.cart(lang))
    if token:
        keep_cart(request, token, pieces)
    return see_other(urls.cart_undo(links.written([removed]), lang) if removed else urls.cart(lang))


@page("POST", "/cart/promo")
async def change_promo(request: Request) -> Response:
    """Give a code or forget it; a refused one comes back with its text and the reason."""
    lang, token = language(request), cart_token(request)
    form = validated(PromoForm, await read_form(request))
    if form.drop is not None:
        await transact(lambda: service.drop_promo(token))
        return see_other(urls.cart(lang))
    try:
        if not form.code:
            raise Invalid({"code": "errors.promo_missing"})
        await count_promo_try(request)
        await transact(lambda: service.give_promo(token, form.code))
    except ShopError as refused:
        if refused.status >= 500:
            raise
        return await _cart_page(request, CartQuery(promo=form.code), refused)
    return see_other(urls.cart(lang))


async def _add_many(request: Request, values: dict[str, str]) -> Response:
    """The button of a cart that came by a link: all of it or nothing, and its code if that applies."""
    lang = language(request)

    async def work() -> tuple[str, int]:
        token, wanted = cart_token(request), links.parse(form.add)
        if wanted:
            token = await service.add_all(token, {one.sku: one.quantity for one in wanted}, lang)
        if token is None:
            raise Invalid({"add": "missing"})
        return token, await pieces_of(token)

    try:
        form = validated(AddManyForm, values)
        token, pieces = await transact(work)
    except ShopError as refused:
        return _refused(request, refused, urls.cart(lang))
    keep_cart(request, token, pieces)
    if form.promo:
        try:
            await count_promo_try(request)
            await transact(lambda: service.give_promo(token, form.promo))
        except (PromoRefused, TooMany):
            # The things are in the cart; the code stays in its field and says what is wrong with it.
            return see_other(urls.cart_promo_kept(normal_code(form.promo), lang))
    return see_other(urls.cart(lang))


async def _cart_page(request: Request, asked: CartQuery, refused: ShopError | None = None) -> Response:
    """The page of the cart; `refused` is what was wrong with the code that is in the field."""
    lang, shop = language(request), settings_of(request).shop
    view = await cart_of(cart_token(request), shop, lang)
    mend_badge(request, view.pieces)
    taken_out = await links.shared_cart(asked.undo, "", shop, lang) if asked.undo else None
    found = await choices(line.product for line in view.lines if not line.gone) if view.lines else {}
    context = {
        "cart": CartOut.of(view),
        "notices": [*take_flashes(request), *(notice.text for notice in view.notices)],
        "choices": {line.id: found.get(line.product, []) for line in view.lines if not line.gone},
        "shared": await links.shared_cart(asked.add, asked.promo, shop, lang) if asked.add else None,
        "undo": taken_out.lines[0] if taken_out else None,
        "promo": asked.promo,
        "promo_error": await _promo_error(request, asked, view, refused),
        "blocked": view.blocked,
    }
    status = refused.status if refused else 200
    return render(request, "cart.html", kind="cart", title="cart.title", status=status, context=context)


async def _promo_error(request: Request, asked: CartQuery, view: CartView, refused: ShopError | None) -> str | None:
    """What is wrong with the code in the field: it was refused just now, or it came by a link and does not apply."""
    lang = language(request)
    if isinstance(refused, Invalid):
        return " ".join(field_errors(refused, lang).values())
    if refused:
        return error_sentence(refused, lang)
    if not asked.promo or not view.lines or asked.add:
        return None
    return await promo_by_link(request, asked.promo, view)


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


PAGES: Pages = (show_cart, add_to_cart, change_cart, change_promo)
