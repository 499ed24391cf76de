"""The pages of the sandbox itself: journal, switches, inbox, clock."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox import looks
from sandbox.faults import Switch, UnknownFault
from sandbox.letters import Letter
from sandbox.world import World

Page = Callable[[Request], Awaitable[Response]]

LETTER_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'self'"
)
SHOWN: Final = 300


def _switch(values: Mapping[str, Any]) -> Switch:
    """A switch from what a form or a program sent. Raises UnknownFault."""
    percent, share, times = values.get("percent") or None, values.get("share"), values.get("times")
    try:
        if percent is not None:
            share = float(percent) / 100
        chosen = None if share is None else float(share)
        return Switch(
            service=str(values.get("service", "")),
            fault=str(values.get("fault", "")),
            times=None if chosen is not None else int(1 if times in {None, ""} else times),
            share=chosen,
            seconds=float(values.get("seconds") or 2),
            only=str(values.get("only", "")),
        )
    except (TypeError, ValueError) as error:
        raise UnknownFault("times are a whole number, share and seconds are numbers") from error


def _told(switch: Switch) -> dict[str, Any]:
    return {
        "service": switch.service,
        "fault": switch.fault,
        "times": switch.times,
        "share": switch.share,
        "seconds": switch.seconds,
        "only": switch.only,
    }


def _own(page: Page) -> Page:
    """Pages of other sites may not press the buttons of this one."""

    async def answer(request: Request) -> Response:
        origin = request.headers.get("origin")
        if request.method == "POST" and origin and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("only pages of the sandbox may do this", 403)
        return await page(request)

    return answer


def _as_json(letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "at": letter.at.isoformat(),
        "from": letter.sender,
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.part("plain"),
        "html": letter.part("html"),
        "links": letter.links,
    }


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").startswith("application/json")


async def _sent(request: Request) -> Mapping[str, Any]:
    """The fields of a form or of a JSON object. Raises UnknownFault for JSON that is none."""
    if not _is_json(request):
        return {name: str(value) for name, value in (await request.form()).items()}
    try:
        values = await request.json()
    except ValueError as error:
        raise UnknownFault("this is no JSON") from error
    if not isinstance(values, dict):
        raise UnknownFault("a JSON object is expected")
    return values


async def show_journal(request: Request) -> Response:
    service = request.query_params.get("service", "")
    return looks.page(
        request,
        "journal.html",
        entries=list(reversed(_world(request).journal.entries(service)))[:SHOWN],
        names=sorted({entry.service for entry in _world(request).journal}),
        service=service,
        live="live" in request.query_params,
        now=_world(request).clock.now(),
        shop=_world(request).shop_url,
    )


async def journal_json(request: Request) -> Response:
    after = request.query_params.get("after", "0")
    found = _world(request).journal.entries(
        request.query_params.get("service", ""), int(after) if after.isdigit() else 0
    )
    return JSONResponse([entry.as_json() for entry in found])


async def move_clock(request: Request) -> Response:
    try:
        now = _world(request).clock.advance(hours=float((await _sent(request)).get("hours", 0)))
    except (TypeError, ValueError, OverflowError, UnknownFault):
        return PlainTextResponse("hours are a number", 422)
    _world(request).journal.note("sandbox", "the clock moved on", now=now.isoformat())
    return JSONResponse({"now": now.isoformat()}) if _is_json(request) else RedirectResponse("/", 303)


async def empty(request: Request) -> Response:
    _world(request).empty()
    return JSONResponse({}) if _is_json(request) else RedirectResponse("/", 303)


def _faults_page(request: Request, problem: str = "", status: int = 200) -> HTMLResponse:
    return looks.page(
        request,
        "faults.html",
        status,
        offered=dict(sorted(_world(request).faults.offered.items())),
        armed=_world(request).faults.armed,
        problem=problem,
    )


async def show_faults(request: Request) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        told = {
            "offered": _world(request).faults.offered,
            "armed": [_told(switch) for switch in _world(request).faults.armed],
        }
        return JSONResponse(told)
    return _faults_page(request)


async def arm(request: Request) -> Response:
    try:
        _world(request).faults.arm(_switch(await _sent(request)))
    except UnknownFault as error:
        if _is_json(request):
            return JSONResponse({"problem": str(error)}, 422)
        return _faults_page(request, str(error), 422)
    if _is_json(request):
        return JSONResponse([_told(switch) for switch in _world(request).faults.armed])
    return RedirectResponse("/faults", 303)


async def all_off(request: Request) -> Response:
    _world(request).faults.clear()
    return JSONResponse([]) if _is_json(request) else RedirectResponse("/faults", 303)


async def show_inbox(request: Request) -> Response:
    return looks.page(request, "inbox.html", letters=list(reversed(_world(request).letters)))


async def inbox_json(request: Request) -> Response:
    to = request.query_params.get("to", "")
    return JSONResponse([_as_json(letter) for letter in _world(request).letters if to in {"", letter.to}])


async def show_letter(request: Request) -> Response:
    found = _letter(request)
    if found is None:
        return PlainTextResponse("no such letter", 404)
    shown = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "List-Unsubscribe")
    return looks.page(
        request,
        "letter.html",
        letter=found,
        headers=[(name, str(found.message[name])) for name in shown if found.message[name]],
        links=found.links,
        html=bool(found.part("html")),
        text=found.part("plain"),
    )


async def letter_html(request: Request) -> Response:
    found = _letter(request)
    if found is None:
        return PlainTextResponse("no such letter", 404)
    # Links leave the frame, as they leave a mail program.
    body = found.part("html").replace("<head>", '<head><base target="_top">', 1)
    return HTMLResponse(body, headers={"content-security-policy": LETTER_POLICY, "cache-control": "no-store"})


def _letter(request: Request) -> Letter | None:
    number = request.path_params["number"]
    return next((each for each in _world(request).letters if each.number == number), None)


async def styles(_request: Request) -> Response:
    return FileResponse(looks.STYLES, media_type="text/css", headers={"cache-control": "no-cache"})


async def healthz(_request: Request) -> Response:
    return PlainTextResponse("ok")


ROUTES: Final = [
    Route("/", show_journal),
    Route("/journal.json", journal_json),
    Route("/clock", _own(move_clock), methods=["POST"]),
    Route("/empty", _own(empty), methods=["POST"]),
    Route("/faults", show_faults),
    Route("/faults", _own(arm), methods=["POST"]),
    Route("/faults/off", _own(all_off), methods=["POST"]),
    Route("/inbox", show_inbox),
    Route("/inbox.json", inbox_json),
    Route("/inbox/{number:int}", show_letter),
    Route("/inbox/{number:int}/html", letter_html),
    Route("/sandbox.css", styles),
    Route("/healthz", healthz),
]
