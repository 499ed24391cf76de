"""Alerts by the SDK of Sentry: what broke and where in our code, and nothing about the person it broke for.

Only what is listed here leaves. What an error says stays in the log, beside the same incident code: databases put whole
rows into it, parsers what somebody typed. The SDK sends from a thread of its own with a bounded queue, and whatever
fails in telling is no failure of what is told about.
"""

import sys
import time
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

import sentry_sdk
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.transport import Transport
from sentry_sdk.types import Event, Hint

from commerce_api.foundation import telemetry
from commerce_api.foundation.settings import ROOT, Settings

TAGS: Final = ("incident", "request_id", "process", "method", "route", "handler", "delivery", "job", "service")
"""Values of a log line that go along; `route` is the pattern of a route, in which nobody's token stands."""
KEPT: Final = frozenset(
    {"event_id", "timestamp", "level", "platform", "release", "environment", "sdk", "tags", "message", "exception"}
)
KEPT_OF_ERROR: Final = frozenset({"type", "module", "mechanism", "stacktrace"})
KEPT_OF_FRAME: Final = frozenset(
    {"filename", "function", "module", "lineno", "in_app", "pre_context", "context_line", "post_context"}
)
QUIET: Final = 3600.0
"""Seconds for which a second alert of the same fingerprint is kept back: the log has every one."""
MOST_KNOWN: Final = 1000
FAREWELL: Final = 1
"""Seconds that alerts in the queue get when the process ends."""

Listener = Callable[[str, str, Mapping[str, Any]], None]

log = telemetry.logger(__name__)


def release(settings: Settings) -> str:
    """The version of the shop and the build of the site that stood when this process began."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    current = settings.build_dir / "current"
    build = f"+{current.resolve().name}" if current.exists() else ""
    return f"{project['name']}@{project['version']}{build}"


def _errors(event: Event) -> list[MutableMapping[str, Any]]:
    exception: Any = event.get("exception") or {}
    return list(exception.get("values") or ())


def _scrubbed_error(error: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in error.items() if name in KEPT_OF_ERROR}
    frames = (error.get("stacktrace") or {}).get("frames") or ()
    kept["stacktrace"] = {
        "frames": [{name: value for name, value in frame.items() if name in KEPT_OF_FRAME} for frame in frames]
    }
    return kept


def scrubbed(event: Event) -> Event:
    """What of an alert may leave: no request, no person, no machine, no values of variables, no words of an error."""
    kept: Any = {name: value for name, value in event.items() if name in KEPT}
    if "exception" in kept:
        kept["exception"] = {"values": [_scrubbed_error(error) for error in _errors(event)]}
    return kept  # type: ignore[no-any-return]


def fingerprint(event: Event) -> list[str]:
    """What makes two alerts one: the error and the place in our code, or the event; and what was being done."""
    tags: Any = event.get("tags") or {}
    doing = [str(tags.get(name, "")) for name in ("method", "route", "handler", "job", "service")]
    errors = _errors(event)
    if not errors:
        return [str(event.get("message", "")), *doing]
    frames: list[dict[str, Any]] = (errors[-1].get("stacktrace") or {}).get("frames") or [{}]
    ours = [frame for frame in frames if frame.get("in_app")] or frames
    return [str(errors[-1].get("type")), f"{ours[-1].get('module')}.{ours[-1].get('function')}", *doing]


class Quiet:
    """Lets one alert of a fingerprint through in QUIET seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[tuple[str, ...], float] = {}

    def filter(self, event: Event, _hint: Hint) -> Event | None:
        """The alert as it may leave, or None when one like it has left a short time ago."""
        left = scrubbed(event)
        left["fingerprint"] = fingerprint(left)
        key, now = tuple(left["fingerprint"]), self._clock()
        if now - self._last.get(key, -QUIET) < QUIET:
            return None
        if len(self._last) >= MOST_KNOWN:
            self._last.clear()
        self._last[key] = now
        return left


def _say_nothing(_pending: int, _timeout: float) -> None:
    """A process that ends has nothing to print about its queue."""


def _error_of(told: Mapping[str, Any]) -> BaseException | None:
    given = told.get("exc_info")
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        error: BaseException | None = given[1]
        return error
    return sys.exc_info()[1] if given else None


def _tell(logger: str, told: Mapping[str, Any], process: str) -> None:
    error = _error_of(told)
    if error is None and not logger.startswith(("commerce_api", "__main__")):
        # Lines of libraries may say anything about anybody.
        return
    values = {**told, "process": process}
    with sentry_sdk.new_scope() as scope:
        for name in TAGS:
            if name in values:
                scope.set_tag(name, telemetry.redact(str(values[name])))
        if error is not None:
            scope.capture_exception(error)
        else:
            scope.capture_message(str(told.get("event", "")), level="error")


def listener(
    settings: Settings,
    *,
    process: str,
    transport: Transport | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Listener:
    """Start the SDK in this process; returns what hears the log and tells of its errors. Tests give a transport of
    their own, and a clock in seconds."""
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        release=release(settings),
        environment=settings.env,
        transport=transport,
        before_send=Quiet(clock).filter,
        # Whatever finds frameworks and takes their requests along by itself stays off.
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[DedupeIntegration(), ExcepthookIntegration(), AtexitIntegration(callback=_say_nothing)],
        # send_default_pii is off where it is not named; naming it is deprecated.
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        propagate_traces=False,
        in_app_include=["commerce_api"],
        project_root=str(ROOT),
        shutdown_timeout=FAREWELL,
        spotlight=False,
        debug=False,
    )

    def hear(logger: str, level: str, told: Mapping[str, Any]) -> None:
        if level not in {"error", "critical"}:
            return
        try:
            _tell(logger, told, process)
        except Exception as failure:
            log.warning("alert_failed", cause=type(failure).__name__)

    return hear
