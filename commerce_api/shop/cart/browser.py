"""What a browser carries of its cart: the secret that opens it, the number of its pieces, the code of a link."""

from typing import Final

from starlette.requests import Request

from commerce_api.foundation.errors import ShopError, TooMany
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import carried
from commerce_api.foundation.web.cookies import clear_cookie, read_cookie, set_cookie, show_scripts
from commerce_api.foundation.web.error_texts import error_sentence
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.parsing import read_query
from commerce_api.foundation.web.rates import Rate, visitor
from commerce_api.shop.cart.document import CartView, explain
from commerce_api.shop.cart.schemas import CartQuery
from commerce_api.shop.cart.tokens import account_token, guest_token, owner_of

CART: Final = "cart"
HEADER: Final = "x-cart-token"
PIECES: Final = "n"
SECONDS: Final = 30 * 24 * 3600
"""A cart survives a month without a visit; every change starts the month anew."""
PROMO_TRIES: Final = Rate("promo", 10)
"""Whoever guesses codes gets this far in a minute (rules.md 4)."""
PROMO_TRIES_FROM: Final = Rate("promo_from", 60)
"""And so far from one address, for a new cart costs nothing; a mobile network has many shoppers behind one."""


def cart_token(request: Request) -> str | None:
    """The secret of the visitor's cart, or None. The one place that knows where it comes from: a program's header, the
    account that is signed in, or the browser's cookie."""
    given = request.headers.get(HEADER)
    account = signed_in(request)
    if given is None and account:
        return account_token(account.id)
    return guest_token(given or read_cookie(request, CART))


def token_header(request: Request, token: str) -> dict[str, str]:
    """The header that gives a program its cart. Browsers get none: scripts of a page never see the secret."""
    return {} if "sec-fetch-site" in request.headers or owner_of(token) else {HEADER: token}


def keep_cart(request: Request, token: str, pieces: int) -> None:
    """Give the browser its cart for another month, and the badge its number; a program carries its own."""
    if HEADER in request.headers:
        return
    if not owner_of(token):
        set_cookie(request, CART, token, max_age=SECONDS)
    _tell_badge(request, pieces)


def guest_cart(request: Request) -> str | None:
    """The secret of the cart that this browser filled before anybody signed in."""
    return guest_token(read_cookie(request, CART))


def give_up_cart(request: Request, pieces: int) -> None:
    """The browser has no cart of its own any more; the badge shows so many `pieces`."""
    clear_cookie(request, CART)
    _tell_badge(request, pieces)


def mend_badge(request: Request, pieces: int) -> None:
    """Tell the badge how many pieces there are, if the browser believes something else."""
    if HEADER not in request.headers and request.cookies.get(PIECES, "0") != str(pieces):
        _tell_badge(request, pieces)


def asked_of(request: Request) -> CartQuery:
    """What the link that was followed carries; nothing, if it cannot be read: the page opens all the same."""
    try:
        return read_query(request, CartQuery)
    except ShopError:
        return CartQuery()


async def promo_by_link(request: Request, typed: str, view: CartView) -> str | None:
    """What is wrong with a code that came by a link, in words; None when it would count. Writes nothing."""
    lang = language(request)
    try:
        # The answer tells which codes there are, so that looking is a try as much as giving one.
        await count_promo_try(request)
    except TooMany as too_many:
        return error_sentence(too_many, lang)
    return await explain(typed, view, lang)


async def count_promo_try(request: Request) -> None:
    """One more try of a code by this cart, whether it was given or only looked at. Raises TooMany."""
    token, limiter = cart_token(request), carried(request).limiter
    if token:
        await limiter.count(PROMO_TRIES_FROM, visitor(request))
        await limiter.count(PROMO_TRIES, token)


def _tell_badge(request: Request, pieces: int) -> None:
    show_scripts(request, PIECES, str(pieces), max_age=SECONDS)
