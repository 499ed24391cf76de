"""Structured logs: one JSON object a line, with the request id, without personal data.

On a terminal the same events are printed for people. `LOG_FILE` is reopened after rotation. Our own events and those of
uvicorn and other libraries pass the same chain, so that nothing slips past the redaction.
"""

import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars
from structlog.types import EventDict, Processor, WrappedLogger

from commerce_api.foundation.settings import Settings

CUT: Final = "…"
PERSONAL: Final = frozenset(
    {
        "address", "authorization", "body", "branch", "city", "comment", "contact", "cookie", "email", "first_name",
        "flat", "form", "house", "ip", "last_name", "name", "password", "phone", "query", "secret", "street", "token",
    }
)  # fmt: skip
"""Names of values that never reach a log."""

_EMAIL: Final = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE: Final = re.compile(r"(?<![\w.:-])\+?\d(?:[ ()\u00a0-]{0,2}\d){9,12}(?![\w.:-])")
_TOKEN_PATH: Final = re.compile(r"((?:/order|/orders|/reset|/verify)/)[^/?#\s\"']{16,}")
_SERVICE_TOKEN: Final = re.compile(r"(/bot)\d+:[\w-]+|(/apikey/)[^/?#\s\"']+", re.IGNORECASE)


def redact(text: str) -> str:
    """Free text without phone numbers, e-mail addresses and the tokens that open an order, an account or a service."""
    text = _SERVICE_TOKEN.sub(lambda found: f"{found[1] or found[2]}{CUT}", text)
    return _PHONE.sub(CUT, _EMAIL.sub(CUT, _TOKEN_PATH.sub(rf"\g<1>{CUT}", text)))


def _without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for key, value in event.items():
        if key in PERSONAL:
            event[key] = CUT
        elif isinstance(value, str) and key not in {"timestamp", "level", "logger", "request_id"}:
            event[key] = redact(value)
    return event


def _line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str).decode()


class _Out:
    """Where lines go: standard output, or a file that is opened again when rotation has put another in its place.

    A line is one write to a file opened for appending, so that the lines of several processes never mix.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.descriptor: int | None = None
        self.opened = (0, 0)
        self.lock = threading.Lock()

    def write(self, line: str) -> None:
        """Writes one line, whole; where lines cannot go (a closed pipe, a full disk) it is lost, nothing else."""
        # Whoever reads the log may leave (`| head`) or be in trouble: no answer and no job fails because of that.
        with self.lock, suppress(OSError, ValueError):
            if self.path is None:
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            else:
                os.write(self._current(self.path), f"{line}\n".encode())

    def _current(self, path: Path) -> int:
        try:
            found = path.stat()
        except FileNotFoundError:
            found = None
        if self.descriptor is not None and found and (found.st_dev, found.st_ino) == self.opened:
            return self.descriptor
        if self.descriptor is not None:
            os.close(self.descriptor)
            # If opening fails, the number may soon be that of another file, which the next line must not close.
            self.descriptor = None
        path.parent.mkdir(parents=True, exist_ok=True)
        self.descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        found = os.fstat(self.descriptor)
        self.opened = (found.st_dev, found.st_ino)
        return self.descriptor


class _Logger:
    """What structlog hands finished lines to: one for each name, all with one way out."""

    def __init__(self, out: _Out, name: str = "") -> None:
        self.name = name
        self.msg = self.debug = self.info = self.warning = self.error = self.critical = self.log = out.write


class _Foreign(logging.Handler):
    """Hands the lines of libraries to our chain, so that nothing slips past the redaction."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger(record.name)
        log.log(max(record.levelno, logging.DEBUG), record.getMessage(), exc_info=record.exc_info or None)


def _chain(process: str, for_people: bool) -> list[Processor]:
    def name(logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event["logger"] = getattr(logger, "name", "")
        if process:
            event["process"] = process
        return event

    ending: list[Processor]
    if for_people:
        # A plain traceback: the fancy one prints the values of local variables, which may be anybody's name and phone.
        ending = [
            _without_personal_data,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    else:
        ending = [structlog.processors.format_exc_info, _without_personal_data, _line]
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name,
        *ending,
    ]


def configure_logging(settings: Settings, *, process: str = "", level: int = logging.INFO) -> None:
    """Sends every log of this process to `LOG_FILE` or standard output; `process` names the process in each line."""
    out = _Out(settings.log_file)
    structlog.configure(
        processors=_chain(process, for_people=settings.log_file is None and sys.stdout.isatty()),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=partial(_Logger, out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(_Foreign())
    root.setLevel(level)
    for noisy in ("httpx2", "httpcore2", "tortoise", "asyncio", "watchdog", "uvicorn.access", "starlette_admin"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    for own_handlers in ("uvicorn", "uvicorn.error"):
        logging.getLogger(own_handlers).handlers.clear()
        logging.getLogger(own_handlers).propagate = True


def listen(hear: Callable[[str, str, Mapping[str, Any]], None]) -> None:
    """Hand every event of this process to `hear` as well: its logger, its level, and its values before anything is cut
    from them. Called after `configure_logging`."""

    def heard(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        hear(str(getattr(logger, "name", "")), method, event)
        return event

    merged, *rest = structlog.get_config()["processors"]
    structlog.configure(processors=[merged, heard, *rest])


def logger(name: str) -> Any:
    """The log of a module: `log = logger(__name__)`, then `log.info("order placed", number=number)`."""
    return structlog.get_logger(name)


def begin_context(**values: str) -> None:
    """Values that every log line of this request or job carries, such as `request_id`."""
    clear_contextvars()
    bind_contextvars(**values)


def request_id() -> str:
    """The id of the request or job that is being worked on; empty outside of one."""
    return str(get_contextvars().get("request_id", ""))
