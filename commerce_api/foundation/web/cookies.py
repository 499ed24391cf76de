"""Cookies by one rule: HttpOnly, SameSite=Lax, the whole site; on https Secure and bound to the host by their name.

Nobody needs the response in hand: a cookie is noted on the request and written when the answer starts. An answer that
is an error writes none, because what the cookie stands for was rolled back.
"""

import re
from typing import Final

from starlette.requests import HTTPConnection

from commerce_api.foundation.web.carried import settings_of

_SAFE: Final = re.compile(r"[A-Za-z0-9._~=-]*")


def cookie_name(name: str, *, secure: bool) -> str:
    """`sid` as it stands in the header: browsers accept `__Host-` only for this host, path / and https."""
    return f"__Host-{name}" if secure else name


def set_cookie(request: HTTPConnection, name: str, value: str, *, max_age: int | None = None) -> None:
    """Gives the browser a cookie; `max_age` in seconds, without it until the browser closes.

    Raises ValueError for a value that would need quoting: tokens and signed texts never do.
    """
    _note(request, name, cookie_name(name, secure=settings_of(request).secure), value, max_age, "HttpOnly")


def show_scripts(request: HTTPConnection, name: str, value: str, *, max_age: int) -> None:
    """Gives scripts of static pages a word that opens nothing, for `max_age` seconds: the one kind of cookie without
    HttpOnly. Raises ValueError as `set_cookie` does."""
    _note(request, name, name, value, max_age)


def _note(request: HTTPConnection, name: str, sent_as: str, value: str, max_age: int | None, *more: str) -> None:
    if not _SAFE.fullmatch(value):
        raise ValueError(f"cookie {name} holds characters that need quoting")
    parts = [f"{sent_as}={value}", "Path=/", *more, "SameSite=Lax"]
    if max_age is not None:
        parts.append(f"Max-Age={max_age}")
    if settings_of(request).secure:
        parts.append("Secure")
    pending(request.scope["state"])[name] = "; ".join(parts)


def clear_cookie(request: HTTPConnection, name: str) -> None:
    """Takes a cookie away from the browser."""
    set_cookie(request, name, "", max_age=0)


def read_cookie(request: HTTPConnection, name: str) -> str | None:
    """What the browser sent."""
    return request.cookies.get(cookie_name(name, secure=settings_of(request).secure))


def pending(state: dict[str, object]) -> dict[str, str]:
    """Cookies noted on a request and not written yet, by name; `state` is the state of its scope."""
    found = state.setdefault("cookies", {})
    assert isinstance(found, dict)  # noqa: S101 - nobody else writes this key
    return found
