"""Pages of an account: whoever is not signed in is led to the door and back."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.errors import SignInNeeded
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.access import ROLES, signed_in
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.redirects import see_other

P = ParamSpec("P")
Shown = Callable[Concatenate[Request, P], Awaitable[Response]]


def members(handler: Shown[P]) -> Shown[P]:
    """Lets only people who are signed in see a page. A visitor who only looks is sent to the door; a form that comes
    without a session raises SignInNeeded, because it cannot be sent again by itself."""

    @wraps(handler)
    async def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        if not signed_in(request):
            if request.method not in {"GET", "HEAD"}:
                raise SignInNeeded()
            return see_other(urls.sign_in(language(request), request.scope["path"]))
        return await handler(request, *args, **kwargs)

    setattr(guarded, ROLES, frozenset())
    return guarded
