"""Rendering the pages of an account, and the sentences that stand beside their fields."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.web.error_texts import form_errors
from commerce_api.foundation.web.flash import take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.rendering import render
from commerce_api.shop.accounts import totp

SHOP: Final = "TwoComms"
"""What authenticator applications call the shop."""
FIELD_TEXTS: Final[Mapping[tuple[str, str], str]] = {
    ("email", "missing"): "account.errors.email_missing",
    ("email", "malformed"): "errors.email_malformed",
    ("password", "missing"): "account.errors.password_missing",
    ("current", "missing"): "account.errors.password_missing",
    ("code", "missing"): "account.errors.code_missing",
    ("code", "too_short"): "account.errors.code_missing",
    ("phone", "malformed"): "errors.phone_malformed",
}
SECRET: Final = frozenset({"password", "current", "code"})
"""Fields that never come back to the browser."""


def sentences(refused: ShopError, lang: str) -> dict[str, str]:
    """What is wrong, by field; "" for the whole form. Raises `refused` itself when it is no fault of the visitor."""
    if refused.status >= 500:
        raise refused
    return form_errors(refused, lang, FIELD_TEXTS)


def show(
    request: Request,
    template: str,
    name: str,
    *,
    values: Mapping[str, str] | None = None,
    refused: ShopError | None = None,
    said: Sequence[str] = (),
    **context: Any,
) -> Response:
    """A page of the account: `name` is its part of the texts (`account.<name>.title`) and marks the menu; `said` are
    finished sentences above it, with those of the flashes."""
    typed = {field: value for field, value in (values or {}).items() if field not in SECRET}
    return render(
        request,
        template,
        kind="account",
        title=f"account.{name}.title",
        status=refused.status if refused else 200,
        context={
            "part": name,
            "form": typed,
            "errors": sentences(refused, language(request)) if refused else {},
            "notices": [*said, *take_flashes(request)],
            **context,
        },
    )


def authenticator(secret: str, email: str) -> dict[str, Any]:
    """The ways to give a second step to an application, as `macros/authenticator.html` takes them."""
    link = totp.address(secret, email, SHOP)
    return {"secret": secret, "link": link, "drawing": Markup(totp.drawing(link))}  # noqa: S704 - squares of our own
