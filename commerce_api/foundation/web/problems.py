"""Errors as answers: problem documents (RFC 9457) for programs, pages of the theme for people.

Whatever is not a ShopError becomes 500 with an incident code: the same code stands in the answer and beside the
traceback in the log, and the outside learns nothing else.
"""

import html
from collections.abc import Mapping
from typing import Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.errors import Forbidden, Invalid, NotFound, ShopError, SignInNeeded, Unavailable
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.ids import readable_code
from commerce_api.foundation.web import headers, paths
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.cookies import pending
from commerce_api.foundation.web.error_texts import error_sentence, error_title, field_sentence, words
from commerce_api.foundation.web.errors import Malformed, MethodNotAllowed, SiteNotBuilt, TooLarge
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.rendering import render_message

PROBLEM_JSON: Final = "application/problem+json"
RESERVED: Final = frozenset({"type", "title", "status", "code", "detail", "fields"})

log = telemetry.logger(__name__)


def from_starlette(error: HTTPException) -> ShopError:
    """What the router or Starlette itself refused, as one of our errors."""
    if error.status_code == 405:
        return MethodNotAllowed((error.headers or {}).get("Allow", ""))
    known: dict[int, type[ShopError]] = {
        401: SignInNeeded,
        403: Forbidden,
        404: NotFound,
        413: TooLarge,
    }
    if error.status_code in known:
        return known[error.status_code]()
    return Unavailable() if error.status_code >= 500 else Malformed(reason="request")


def incident(error: Exception, scope: Mapping[str, Any]) -> ShopError:
    """An error that nobody foresaw: logged once under a code of its own, which is all that the answer tells. The route
    is named by its pattern, never by the path that was asked for."""
    code = readable_code(8)
    metrics.INCIDENTS.add()
    route = getattr(scope.get("route"), "path", "other")
    log.error("incident", incident=code, method=scope["method"], route=route, exc_info=error)
    return ShopError(incident=code)


def document(error: ShopError, lang: str) -> dict[str, Any]:
    """The problem document of an error."""
    details = {name: value for name, value in error.details.items() if name not in RESERVED}
    problem: dict[str, Any] = {
        "type": f"{paths.DOCS}#{error.code}",
        "title": error_title(error.status, lang),
        "status": error.status,
        "code": error.code,
        "detail": error_sentence(error, lang),
        **details,
    }
    if isinstance(error, Invalid):
        problem["fields"] = {
            name: {"code": word.rsplit(".", 1)[-1], "detail": field_sentence(word, lang, error.details, name=name)}
            for name, word in error.fields.items()
        }
    return problem


def problem_response(error: ShopError, lang: str, extra: Mapping[str, str] | None = None) -> Response:
    """The problem document as a response that nobody keeps."""
    return Response(
        orjson.dumps(document(error, lang), default=str),
        status_code=error.status,
        media_type=PROBLEM_JSON,
        headers={"cache-control": headers.PRIVATE, "content-language": lang, **error.headers, **(extra or {})},
    )


def plain_page(title: str, body: str, lang: str, *, status: int, refresh: int | None = None) -> HTMLResponse:
    """A page without styles and scripts, for when there is no theme to render with."""
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return HTMLResponse(
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{again}'
        f'<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">'
        f"<title>{html.escape(title)}</title></head><body><h1>{html.escape(title)}</h1>"
        f"<p>{html.escape(body)}</p></body></html>",
        status_code=status,
        headers={"cache-control": headers.PRIVATE},
    )


def page_response(request: Request, error: ShopError) -> Response:
    """The error as a page; a plain one when the theme cannot be rendered."""
    lang = language(request)
    title, body = error_title(error.status, lang), error_sentence(error, lang)
    try:
        actions = [(words("message.to_home", lang, "TwoComms"), urls.home(lang))]
        return render_message(request, title=title, body=body, actions=actions, status=error.status)
    except SiteNotBuilt as missing:
        hint = " (make rebuild)" if settings_of(request).env != "production" else ""
        refresh = missing.retry_after if isinstance(error, SiteNotBuilt) else None
        return plain_page(title, body + hint, lang, status=error.status, refresh=refresh)
    except Exception:
        # The page that reports an error must not fail with another one: what breaks here is logged and said plainly.
        log.exception("error page could not be rendered", code=error.code)
        return plain_page(title, body, lang, status=error.status)


def answer(request: Request, error: Exception) -> Response:
    """The response for anything that was raised while a request was answered.

    Cookies noted so far are dropped: what they stand for was rolled back with the transaction.
    """
    pending(request.scope["state"]).clear()
    if isinstance(error, HTTPException):
        error = from_starlette(error)
    if not isinstance(error, ShopError):
        error = incident(error, request.scope)
    elif error.status >= 500:
        log.warning("refused", code=error.code, cause=type(error.__cause__).__name__)
    if paths.is_json(request.scope["path"]):
        extra = {"www-authenticate": "Bearer"} if error.status == 401 else None
        return problem_response(error, language(request), extra)
    response = page_response(request, error)
    response.headers.update(error.headers)
    return response
