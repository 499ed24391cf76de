"""What is typed in the office, looked at before any list or desk reads it: the library hands texts on as they come."""

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.csrf import SAFE_METHODS
from commerce_api.foundation.web.errors import UnfitText
from commerce_api.foundation.web.parsing import require_fit
from commerce_api.foundation.web.staff_views import refusal


def _repeated(body: bytes, receive: Receive) -> Receive:
    """A body that was read once, for whoever reads it next."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again


async def _form(scope: Scope, body: bytes, receive: Receive) -> FormData:
    # Its own request: what is parsed here must not be closed under the hands of the view.
    return await Request(dict(scope), _repeated(body, receive)).form()


def refuse_unfit_forms(app: ASGIApp) -> ASGIApp:
    """Answers 422 to a form with characters that no text of ours has; buttons of a row, which a script presses, get the
    sentence alone."""

    async def refused(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in SAFE_METHODS:
            await app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        form = await _form(scope, body, receive)
        try:
            require_fit(*({name: value} for name, value in form.multi_items() if isinstance(value, str)))
        except UnfitText as error:
            if not scope["path"].startswith(f"{urls.admin()}_api/"):
                raise
            await JSONResponse({"msg": refusal(error)}, error.status)(scope, receive, send)
            return
        finally:
            await form.close()
        await app(scope, _repeated(body, receive), send)

    return refused
