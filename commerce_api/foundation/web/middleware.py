"""The layers around every request, each a plain ASGI function; their order stands in application.py."""

import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.errors import SignInNeeded
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import csrf, headers, paths, problems
from commerce_api.foundation.web.access import BearerOf, Identity, RolesOf, no_bearer
from commerce_api.foundation.web.carried import Carried
from commerce_api.foundation.web.cookies import pending
from commerce_api.foundation.web.errors import CrossSite, TooLarge, UnknownHost
from commerce_api.foundation.web.rates import Limiter, network_of, rate_of
from commerce_api.foundation.web.sessions import load_session

Layer = Callable[[ASGIApp], ASGIApp]
MAX_BODY: Final = 64 * 1024
"""Bytes of a request body; uploads will bring a route of their own."""
QUIET: Final = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds by watchers, under whatever host name they know: no log line, no host check."""
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE"})
_KEPT_BY_NOBODY: Final = (b"cache-control", headers.PRIVATE.encode())
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")

log = telemetry.logger("commerce_api.requests")


def _noting(send: Send, note: Callable[[int], None]) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            note(message["status"])
        await send(message)

    return noted


def carry(values: Carried) -> Layer:
    """Gives every request its application's settings and renderer, and an id that the logs and the answer share."""

    def layer(app: ASGIApp) -> ASGIApp:
        async def carried(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            given = Headers(scope=scope).get("x-request-id", "")
            request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
            state = {**scope.get("state", {}), "carried": values, "account": None, "session": None}
            telemetry.begin_context(request_id=request_id)

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
                await send(message)

            await app({**scope, "state": state}, receive, sending)

        return carried

    return layer


def log_requests(app: ASGIApp) -> ASGIApp:
    """One line for each request: method, path without secrets, status, milliseconds. No address, no query."""

    async def logged(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in QUIET:
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        def note(answered: int) -> None:
            nonlocal status
            status = answered

        try:
            await app(scope, receive, _noting(send, note))
        finally:
            spent = time.perf_counter() - began
            note_request(scope, status, spent)
            log.info("request", method=scope["method"], path=scope["path"], status=status, ms=round(spent * 1000, 1))

    return logged


def note_request(scope: Scope, status: int, seconds: float) -> None:
    """Counts the request under the pattern of its route, never under its path: paths are without end."""
    method = scope["method"] if scope["method"] in METHODS else "other"
    route = getattr(scope.get("route"), "path", "other")
    metrics.REQUESTS.observe(seconds, method, route, f"{status // 100}xx" if status else "broken")


def guard_responses(settings: Settings, payment_origins: tuple[str, ...] = ()) -> Layer:
    """Adds the headers of the table; an answer that does not say otherwise is kept by nobody."""

    def layer(app: ASGIApp) -> ASGIApp:
        async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            kind = headers.route_class(scope["path"])
            nonce = ""
            if kind is headers.RouteClass.OFFICE:
                nonce = scope["state"]["csp_nonce"] = secrets.token_urlsafe(16)
            fixed = headers.raw_headers(kind, secure=settings.secure, payment_origins=payment_origins, nonce=nonce)
            own = {name for name, _ in fixed}

            async def guarding(message: Message) -> None:
                if message["type"] == "http.response.start":
                    given = [pair for pair in message.get("headers", ()) if pair[0] not in own]
                    if all(name != b"cache-control" for name, _ in given):
                        given.append(_KEPT_BY_NOBODY)
                    message["headers"] = [*given, *fixed]
                await send(message)

            await app(scope, receive, guarding)

        return guarded

    return layer


def _add_cookies(found: MutableHeaders, cookies: Mapping[str, str]) -> None:
    for value in cookies.values():
        found.append("set-cookie", value)
    found["cache-control"] = headers.PRIVATE


def write_cookies(app: ASGIApp) -> ASGIApp:
    """Writes the cookies noted while the request was answered; an answer with a cookie is kept by nobody."""

    async def written(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def writing(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookies = pending(scope["state"])
                if cookies:
                    _add_cookies(MutableHeaders(scope=message), cookies)
            await send(message)

        await app(scope, receive, writing)

    return written


def answer_errors(app: ASGIApp) -> ASGIApp:
    """Turns whatever is raised further in into an answer."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        started = False

        def note(_status: int) -> None:
            nonlocal started
            started = True

        try:
            await app(scope, receive, _noting(send, note))
        except ClientDisconnect:
            log.info("the client went away", path=scope["path"])
        except Exception as error:
            if started:
                # Half an answer is out: only a broken connection can still say that it is not whole.
                problems.incident(error, scope)
                raise
            await problems.answer(Request(scope, receive), error)(scope, receive, send)

    return answered


def check_host(settings: Settings) -> Layer:
    """Answers only to our own names, so that no link we make ever leads to somebody else's host."""
    known = frozenset(host.lower() for host in settings.hosts)

    def layer(app: ASGIApp) -> ASGIApp:
        async def checked(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and scope["path"] not in QUIET:
                host = Headers(scope=scope).get("host", "").lower()
                if host not in known:
                    raise UnknownHost()
            await app(scope, receive, send)

        return checked

    return layer


def limit_rates(limiter: Limiter) -> Layer:
    """Counts the request for its visitor and refuses the one that is too many, before its body is read.

    The address is the one that the server believes (serve.py): a header that anybody can send decides nothing.
    """

    def layer(app: ASGIApp) -> ASGIApp:
        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and limiter.on:
                rate = rate_of(scope["method"], scope["path"])
                if rate:
                    await limiter.count(rate, network_of((scope.get("client") or ("", 0))[0]))
            await app(scope, receive, send)

        return limited

    return layer


def limit_announced(limit: int) -> Layer:
    """Refuses a body whose announced length is too large before any of it is read.

    Starlette's own middleware behind this one counts what really comes; this one answers in our words.
    """

    def layer(app: ASGIApp) -> ASGIApp:
        async def limited(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http":
                announced = Headers(scope=scope).get("content-length", "0")
                if not announced.isdecimal() or int(announced[:12]) > limit:
                    raise TooLarge(limit=limit)
            await app(scope, receive, send)

        return limited

    return layer


def refuse_foreign_writes(settings: Settings) -> Layer:
    """Lets only our own pages, people's own hands and token bearers change anything (csrf.py)."""
    own = settings.own_origins

    def layer(app: ASGIApp) -> ASGIApp:
        async def refused(scope: Scope, receive: Receive, send: Send) -> None:
            if (
                scope["type"] == "http"
                and csrf.needs_proof(scope["method"], scope["path"])
                and not csrf.comes_from_us(Headers(scope=scope), own)
            ):
                raise CrossSite()
            await app(scope, receive, send)

        return refused

    return layer


def identify(roles_of: RolesOf, bearer_of: BearerOf = no_bearer) -> Layer:
    """Finds the session of the browser and who is signed in by it, or whose token a program carries; only where an
    answer may be personal."""

    def layer(app: ASGIApp) -> ASGIApp:
        async def identified(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and _may_be_personal(scope):
                await _identify(Request(scope, receive), scope["state"], roles_of)
            elif scope["type"] == "http" and paths.within(scope["path"], "/api"):
                await _identify_bearer(Headers(scope=scope), scope["state"], roles_of, bearer_of)
            await app(scope, receive, send)

        return identified

    return layer


def _may_be_personal(scope: Scope) -> bool:
    path = scope["path"]
    if path in QUIET or any(paths.within(path, prefix) for prefix in ("/live", *csrf.EXEMPT)):
        return False
    found = Headers(scope=scope)
    # A bearer token speaks for itself; the cookies beside it do not count.
    return "cookie" in found and "authorization" not in found


async def _identify(request: Request, state: dict[str, Any], roles_of: RolesOf) -> None:
    session = await load_session(request)
    state["session"] = session
    if session is None or session.account_id is None:
        return
    roles = await roles_of(session.account_id)
    if roles is not None:
        # Rights count only in a session that came in by the strict door and lives by its terms.
        state["account"] = Identity(session.account_id, roles if session.staff else frozenset())


async def _identify_bearer(found: Headers, state: dict[str, Any], roles_of: RolesOf, bearer_of: BearerOf) -> None:
    scheme, _, token = found.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return
    account_id = await bearer_of(token.strip())
    roles = await roles_of(account_id) if account_id else None
    if account_id is None or roles is None:
        # A token that opens nothing is an error of the program, and never somebody nameless.
        raise SignInNeeded()
    state["account"] = Identity(account_id, roles)
