"""The stand-in of a CDN or nginx: `uvicorn commerce_api.edge:create --factory`.

Serves `build/current` and passes the rest on to the sidecar and the staff office, so that one port shows what visitors
of the real site see. While the sidecar is down, browsing goes on.
"""

import os
from collections.abc import Callable
from typing import Final, Protocol

import anyio
from starlette.types import ASGIApp, Receive, Scope, Send

from commerce_api.foundation import telemetry
from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.kit.served import HASHED_FOLDERS
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.web import headers, paths, problems
from commerce_api.foundation.web.error_texts import error_sentence, error_title
from commerce_api.foundation.web.errors import SiteNotBuilt
from commerce_api.foundation.web.headers import RETRY_AFTER
from commerce_api.foundation.web.language import language_of_path, preferred
from commerce_api.foundation.web.static import (
    Answer,
    Asked,
    LeftPaths,
    clean,
    left_paths,
    moved_to,
    serve_file,
    serve_site,
)
from commerce_api.integrations.upstream import Upstream, UpstreamDown, VisitorGone

NOT_FOUND: Final = "public, no-cache"
"""A page that is missing now may be published in a second."""

log = telemetry.logger(__name__)


class Process(Protocol):
    """A process behind the edge; raises UpstreamDown before anything was sent when it does not answer."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    async def aclose(self) -> None: ...


def _asked(scope: Scope) -> Asked:
    given = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Asked(
        path=scope["path"],
        query=scope.get("query_string", b"").decode("latin-1"),
        accept_encoding=given.get("accept-encoding", ""),
        if_none_match=given.get("if-none-match", ""),
        range=given.get("range", ""),
        if_range=given.get("if-range", ""),
    )


class Edge:
    """One site: static files first-hand, everything else from the processes behind."""

    def __init__(self, settings: Settings, *, sidecar: Process, office: Process) -> None:
        self.settings = settings
        self.current = settings.build_dir / "current"
        self.fallbacks = {name: str(settings.build_dir / "kept" / name) for name in HASHED_FOLDERS}
        self.left = LeftPaths()
        self.sidecar = sidecar
        self.office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if scope["type"] != "http":
            return
        path = scope["path"]
        if clean(path) is None:
            await self._send(scope, send, await self._in_thread(self._missing, _asked(scope)))
        elif paths.is_office(path):
            await self._pass_on(self.office, scope, receive, send)
        elif paths.is_sidecar(path):
            await self._pass_on(self.sidecar, scope, receive, send)
        else:
            await self._send(scope, send, await self._static(scope))

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.sidecar.aclose()
        await self.office.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _in_thread(self, work: Callable[[Asked], Answer], asked: Asked) -> Answer:
        return await anyio.to_thread.run_sync(work, asked)

    async def _static(self, scope: Scope) -> Answer:
        if scope["method"] not in {"GET", "HEAD"}:
            return Answer(405, (("allow", "GET, HEAD"), ("cache-control", headers.PRIVATE)))
        return await self._in_thread(self._from_disk, _asked(scope))

    def _from_disk(self, asked: Asked) -> Answer:
        for _ in range(2):
            # A file may vanish between the look and the reading when a release is switched: the new one has its own.
            try:
                return self._from_release(asked)
            except FileNotFoundError:
                continue
        return self._missing(asked)

    def _from_release(self, asked: Asked) -> Answer:
        root = os.path.realpath(self.current)
        if not os.path.isdir(root):
            return self._not_built(asked)
        return serve_site(root, asked, self.fallbacks) or self._left(root, asked) or self._missing(asked)

    def _left(self, root: str, asked: Asked) -> Answer | None:
        """301 for a page that moved, 410 for one that is gone."""
        left = self.left = left_paths(root, self.left)
        lead = left.lead(asked.path)
        if lead is not None:
            return moved_to(lead, asked)
        if not left.is_gone(asked.path):
            return None
        return self._page("gone.html", asked, 410, NOT_FOUND) or self._missing(asked)

    def _language(self, path: str) -> str:
        return language_of_path(path, self.settings.shop.languages)

    def _page(self, name: str, asked: Asked, status: int, cache: str) -> Answer | None:
        """A ready page of the site (`404.html`) in the language of the path, in the default one where it has none."""
        lang = self._language(asked.path)
        root = os.path.realpath(self.current)
        for folder in (lang, ""):
            file = os.path.join(root, folder, name)
            if os.path.isfile(file):
                return serve_file(file, asked, status=status, cache=cache)
        return None

    def _missing(self, asked: Asked) -> Answer:
        found = self._page("404.html", asked, 404, NOT_FOUND)
        return found or self._plain(404, error_title(404, self._language(asked.path)), asked)

    def _not_built(self, asked: Asked) -> Answer:
        lang = self._language(asked.path)
        said = f"{error_sentence(SiteNotBuilt(), lang)} (make rebuild)"
        return self._plain(503, error_title(503, lang), asked, said=said, refresh=RETRY_AFTER)

    def _plain(self, status: int, title: str, asked: Asked, *, said: str = "", refresh: int | None = None) -> Answer:
        response = problems.plain_page(title, said, self._language(asked.path), status=status, refresh=refresh)
        sent = [("content-type", "text/html; charset=utf-8"), ("cache-control", headers.PRIVATE)]
        if refresh:
            sent.append(("retry-after", str(refresh)))
        return Answer(status, tuple(sent), bytes(response.body))

    def _closed(self, asked: Asked) -> Answer:
        """503 as a page: the static site goes on, only what the sidecar does must wait."""
        found = self._page("503.html", asked, 503, headers.PRIVATE)
        lang = self._language(asked.path)
        page = found or self._plain(503, error_title(503, lang), asked, said=error_sentence(Unavailable(), lang))
        return Answer(page.status, (*page.headers, ("retry-after", str(RETRY_AFTER))), page.body)

    async def _pass_on(self, process: Process, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await process(scope, receive, send)
        except VisitorGone:
            log.info("the visitor left", path=scope["path"])
        except UpstreamDown as error:
            log.warning("no answer from behind", path=scope["path"], cause=str(error))
            await self._send(scope, send, await self._unavailable(scope))

    async def _unavailable(self, scope: Scope) -> Answer:
        asked = _asked(scope)
        if not paths.is_json(asked.path):
            return await self._in_thread(self._closed, asked)
        wished = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
        lang = preferred(wished.decode("latin-1"), self.settings.shop.languages)
        response = problems.problem_response(Unavailable(retry_after=RETRY_AFTER), lang)
        return Answer(response.status_code, tuple(response.headers.items()), bytes(response.body))

    async def _send(self, scope: Scope, send: Send, answer: Answer) -> None:
        kind = headers.route_class(scope["path"])
        # A page that stands in for something else (404.html for a missing picture) needs the headers of a page.
        is_page = any(name == "content-type" and value.startswith("text/html") for name, value in answer.headers)
        if is_page:
            kind = headers.RouteClass.SHOP
        sent = dict(answer.headers)
        sent |= dict(headers.security_headers(kind, secure=self.settings.secure))
        if kind is headers.RouteClass.SHOP:
            sent |= dict(headers.STATIC_PAGE)
        if answer.status not in {204, 304}:
            sent["content-length"] = str(len(answer.body))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})


def make_edge(settings: Settings, *, sidecar: Process | None = None, office: Process | None = None) -> ASGIApp:
    """The edge of one site; without processes of its own it looks for their sockets in the var folder."""
    return Edge(
        settings,
        sidecar=sidecar or Upstream(paths.socket_address(settings.var_dir, "sidecar")),
        office=office or Upstream(paths.socket_address(settings.var_dir, "office")),
    )


def create() -> ASGIApp:
    """The edge of this process, from its environment."""
    settings = load()
    telemetry.configure_logging(settings, process="edge")
    return make_edge(settings)
