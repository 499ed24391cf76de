"""A stand-in of Telegram: the door for bots, and beside it a window for each person who talks to ours."""

import json
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from markupsafe import Markup
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import looks
from sandbox.environment import BOT_TOKEN
from sandbox.telegram_bot import SERVICE, Bot
from sandbox.telegram_markup import Refused
from sandbox.telegram_objects import GROUP, IN_GROUP, NAME, PEOPLE
from sandbox.world import World

STEP: Final = 0.1
"""Seconds between two looks for something new to hear."""
ATTACHED: Final = "attach://"
WITH_PARTS: Final = frozenset({"reply_markup", "allowed_updates", "commands", "scope", "link_preview_options"})
"""Values that are written as JSON where a call is a form."""


class Window:
    """The routes over one bot."""

    def __init__(self, world: World) -> None:
        self.world, self.bot = world, Bot(world)
        world.state[SERVICE] = self.bot

    async def answer(self, request: Request) -> Response:
        """A call of the Bot API."""
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != BOT_TOKEN:
                raise Refused(401, "Unauthorized")
            asked = await _asked(request)
            if method == "getUpdates":
                await self._wait(int(asked.get("timeout", 0)))
            return JSONResponse({"ok": True, "result": self.bot.call(method, asked)})
        except Refused as refused:
            return _refusal(refused)
        except (ValueError, TypeError, KeyError, AttributeError):
            # A value of another kind than the method works with.
            return _refusal(Refused(400, "Bad Request: can't parse the parameters"))

    async def _wait(self, seconds: int) -> None:
        for _ in range(round(min(seconds, 50) / STEP)):
            if self.bot.updates or self.bot.webhook:
                return
            await self.world.sleep(STEP)

    async def show(self, request: Request) -> Response:
        """The chats of one person."""
        who = _who(request.query_params.get("who", ""))
        chats = [who, *([GROUP] if who in IN_GROUP else [])]
        said = {chat: [one for one in self.bot.messages if one.chat == chat][-40:] for chat in chats}
        notes = [press.answer for press in self.bot.presses.values() if press.answer][-1:]
        return looks.page(
            request,
            "telegram.html",
            who=who,
            people={number: name for number, (name, _) in PEOPLE.items()},
            said=said,
            group=GROUP,
            notes=notes,
            blocked=who in self.bot.blocked,
            start=request.query_params.get("start", ""),
            commands=self.bot.commands.get(PEOPLE[who][1]) or self.bot.commands.get("", {}),
            # What the bot may say was checked when it said it: few tags, all of them closed.
            markup=Markup,
        )

    async def invite(self, request: Request) -> Response:
        """Where a link into the bot leads: choose who follows it."""
        start = urlencode({"start": request.query_params.get("start", "")})
        return RedirectResponse(f"{request.scope.get('root_path', '')}/chats?{start}", 303)

    async def act(self, request: Request) -> Response:
        """Somebody writes, presses a button, or throws the bot out."""
        origin = request.headers.get("origin")
        if origin and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("only pages of the sandbox may do this", 403)
        form = await request.form()
        who = _who(str(form.get("who", "")))
        if form.get("press"):
            self.bot.press(who, int(str(form["message"])), str(form["press"]))
        elif form.get("block"):
            self.bot.block(who)
        elif str(form.get("text", "")).strip():
            self.bot.write(who, int(str(form.get("chat", who))), str(form["text"])[:4096])
        return RedirectResponse(f"{request.scope.get('root_path', '')}/chats?who={who}", 303)

    async def messages(self, request: Request) -> Response:
        """What was said, for programs."""
        chat = request.query_params.get("chat")
        found = [one for one in self.bot.messages if chat in {None, str(one.chat)}]
        fields = ("id", "chat", "sender", "text", "rows", "edited", "file")
        return JSONResponse([{name: getattr(one, name) for name in fields} for one in found])


def _refusal(refused: Refused) -> Response:
    told = {"ok": False, "error_code": refused.status, "description": refused.words}
    return JSONResponse({**told, **({"parameters": refused.parameters} if refused.parameters else {})}, refused.status)


def _who(given: str) -> int:
    return int(given) if given.isdigit() and int(given) in PEOPLE else next(iter(PEOPLE))


def _read(name: str, value: object) -> Any:
    """A value of a form: what has parts is JSON there, and a file is known by its name. Raises Refused."""
    if isinstance(value, UploadFile):
        return value.filename
    if name not in WITH_PARTS:
        return value
    try:
        return json.loads(str(value))
    except ValueError as error:
        raise Refused(400, f"Bad Request: can't parse {name} JSON object") from error


async def _asked(request: Request) -> dict[str, Any]:
    """The values of a call, sent in any of the four ways: in the address, as JSON, and as either kind of form.

    Raises Refused.
    """
    sent = {name: _read(name, value) for name, value in request.query_params.items()}
    if request.headers.get("content-type", "").startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
        async with request.form() as form:
            sent |= {name: _read(name, value) for name, value in form.items()}
        # A file may be a part of its own, which the value only names.
        parts = {name: str(value).removeprefix(ATTACHED) for name, value in sent.items()}
        return sent | {
            name: sent[part] for name, part in parts.items() if sent[name] == ATTACHED + part and part in sent
        }
    return sent | await _as_json(request)


async def _as_json(request: Request) -> dict[str, Any]:
    try:
        values = json.loads(await request.body() or b"{}")
    except ValueError as error:
        raise Refused(400, "Bad Request: can't parse JSON object") from error
    if not isinstance(values, dict):
        raise Refused(400, "Bad Request: object expected as request body")
    return values


def app(world: World) -> ASGIApp:
    """The stand-in; people's windows are spared the faults of the wire."""
    window = Window(world)
    world.faults.offer(SERVICE, spare=("/chats", "/act", "/messages.json", f"/{NAME}"))
    return Starlette(
        routes=[
            Route("/bot{token}/{method}", window.answer, methods=["GET", "POST"]),
            Route("/chats", window.show),
            Route("/act", window.act, methods=["POST"]),
            Route("/messages.json", window.messages),
            Route(f"/{NAME}", window.invite),
        ]
    )
