"""What a browser carries of its cart: the secret that opens it, and the number of pieces for the badge."""

from typing import Final

from starlette.requests import Request

from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.cookies import pending, read_cookie, set_cookie

CART: Final = "cart"
PIECES: Final = "n"
SECONDS: Final = 30 * 24 * 3600
"""A cart survives a month without a visit; every change starts the month anew."""


def cart_token(request: Request) -> str | None:
    """The secret of the visitor's cart, or None. The one place that knows where it comes from."""
    return read_cookie(request, CART)


def keep_cart(request: Request, token: str, pieces: int) -> None:
    """Give the browser its cart for another month, and the badge its number."""
    set_cookie(request, CART, token, max_age=SECONDS)
    _tell_badge(request, pieces)


def mend_badge(request: Request, pieces: int) -> None:
    """Tell the badge how many pieces there are, if the browser believes something else."""
    if request.cookies.get(PIECES, "0") != str(pieces):
        _tell_badge(request, pieces)


def _tell_badge(request: Request, pieces: int) -> None:
    # A script of static pages reads this cookie, so it is the one that is not HttpOnly; it opens nothing.
    parts = [f"{PIECES}={pieces}", "Path=/", "SameSite=Lax", f"Max-Age={SECONDS}"]
    if settings_of(request).secure:
        parts.append("Secure")
    pending(request.scope["state"])[PIECES] = "; ".join(parts)
