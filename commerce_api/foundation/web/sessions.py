"""Sessions kept on the server: the browser holds an opaque token, the table only its digest.

A session exists only when something is stored in it. A sign-in always makes a new token (fixation), and every session
ends twice: some time after it was last seen, and some time after it began.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import HTTPConnection

from commerce_api.foundation.db.retention import delete_in_batches
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.web.cookies import clear_cookie, read_cookie, set_cookie
from commerce_api.foundation.web.models import Session

COOKIE: Final = "sid"
MOST_DATA: Final = 20
"""Keys that one session may remember."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a kind of session lives: after the last sight, after its beginning, and how exactly sight is noted."""

    idle: timedelta
    absolute: timedelta
    note_every: timedelta


SHOPPER: Final = Terms(idle=timedelta(days=30), absolute=timedelta(days=30), note_every=timedelta(hours=6))
STAFF: Final = Terms(idle=timedelta(minutes=30), absolute=timedelta(hours=12), note_every=timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its owner sees it in the list of devices."""

    id: int
    created_at: datetime
    seen_at: datetime
    user_agent: str
    current: bool


_SYSTEMS: Final = ("Android", "iPhone", "iPad", "Windows", "Macintosh", "Linux")
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def short_agent(user_agent: str) -> str:
    """`Firefox, Android`: enough to know one's own device, too little to follow anybody."""
    browser = next((name for mark, name in _BROWSERS if re.search(rf"\b{mark}/", user_agent)), "")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return ", ".join(part for part in (browser, system.replace("Macintosh", "Mac")) if part)


def terms_of(session: Session) -> Terms:
    """The terms a session lives under."""
    return STAFF if session.staff else SHOPPER


async def load_session(request: HTTPConnection) -> Session | None:
    """The live session of the browser, or None; notes now and then that it was seen."""
    token = read_cookie(request, COOKIE)
    if not token:
        return None
    session = await Session.get_or_none(digest=ids.digest(token))
    if session is None:
        return None
    now, terms = clock.now(), terms_of(session)
    if now >= session.expires_at or now >= session.seen_at + terms.idle:
        await Session.filter(id=session.id).delete()
        return None
    if now - session.seen_at >= terms.note_every:
        session.seen_at = now
        await Session.filter(id=session.id).update(seen_at=now)
    return session


async def open_session(request: HTTPConnection, account_id: int | None, *, staff: bool = False) -> None:
    """Begins a session under a new token and ends the one this browser had; what that remembered is kept.

    Staff sessions end with the browser and sooner. Roles take effect with the next request.
    """
    old = session_of(request)
    remembered = dict(old.data) if old else {}
    if old:
        await Session.filter(id=old.id).delete()
    terms, now, token = STAFF if staff else SHOPPER, clock.now(), ids.token()
    request.state.session = await Session.create(
        digest=ids.digest(token),
        account_id=account_id,
        staff=staff,
        created_at=now,
        seen_at=now,
        expires_at=now + terms.absolute,
        user_agent=short_agent(request.headers.get("user-agent", ""))[:64],
        data=remembered,
    )
    set_cookie(request, COOKIE, token, max_age=None if staff else int(terms.absolute.total_seconds()))


def session_of(request: HTTPConnection) -> Session | None:
    """The session that came with the request or was opened in it."""
    session = getattr(request.state, "session", None)
    return session if isinstance(session, Session) else None


async def close_session(request: HTTPConnection) -> None:
    """Signs this browser out; what its session remembered is gone."""
    session = session_of(request)
    if session:
        await Session.filter(id=session.id).delete()
    request.state.session = None
    request.state.account = None
    clear_cookie(request, COOKIE)


async def close_all(account_id: int, keep: HTTPConnection | None = None) -> int:
    """Signs an account out everywhere, but for the browser of `keep`; says how many sessions ended."""
    sessions = Session.filter(account_id=account_id)
    current = session_of(keep) if keep else None
    return await (sessions.exclude(id=current.id) if current else sessions).delete()


async def close_one(account_id: int, session_id: int) -> bool:
    """Ends one session of an account; False when it has no such session."""
    return bool(await Session.filter(account_id=account_id, id=session_id).delete())


async def list_sessions(account_id: int, request: HTTPConnection) -> list[SessionView]:
    """The live sessions of an account, the one seen last first."""
    now, current = clock.now(), session_of(request)
    rows = await Session.filter(account_id=account_id, expires_at__gt=now).order_by("-seen_at", "-id")
    return [
        SessionView(row.id, row.created_at, row.seen_at, row.user_agent, bool(current and current.id == row.id))
        for row in rows
        if now < row.seen_at + terms_of(row).idle
    ]


async def remember(request: HTTPConnection, key: str, value: str | int | bool | None) -> None:
    """Keeps a small value in the session, opening one without an account when there is none; None forgets it.

    Raises ValueError when a session would hold more than a few keys: it is no place for carts.
    """
    if session_of(request) is None:
        if value is None:
            return
        await open_session(request, None)
    session = session_of(request)
    assert session is not None  # noqa: S101 - opened above
    data = {name: kept for name, kept in {**session.data, key: value}.items() if kept is not None}
    if len(data) > MOST_DATA:
        raise ValueError(f"a session remembers at most {MOST_DATA} keys")
    session.data = data
    await Session.filter(id=session.id).update(data=data)


def recall(request: HTTPConnection, key: str) -> Any:
    """What `remember` kept, or None."""
    session = session_of(request)
    return session.data.get(key) if session else None


async def sweep_sessions() -> int:
    """Deletes sessions whose time is over; for the schedule."""
    return await delete_in_batches(Session.filter(expires_at__lte=clock.now()))
