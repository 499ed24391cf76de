"""What Sentry is told, by the real SDK: what broke and where, and nothing about whom it broke for."""

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
import structlog
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from commerce_api.foundation import telemetry
from commerce_api.foundation.db.tx import atomic
from commerce_api.foundation.events import OrderPlaced
from commerce_api.foundation.outbox import relay
from commerce_api.foundation.outbox.service import record
from commerce_api.foundation.schedule import service as schedule
from commerce_api.foundation.schedule.service import Job
from commerce_api.foundation.settings import ROOT, Settings
from commerce_api.foundation.web.application import make_application
from commerce_api.foundation.web.pages import page
from commerce_api.integrations import alerts, sentry
from tests.commerce_api.foundation.web.apps import OWN, publish, visiting

pytestmark = pytest.mark.anyio

DSN = "https://0123abcd@errors.example/7"
TOKEN = "opens-the-order-of-olena"
PRIVATE = ("Олена", "380671234567", "olena@example.com", TOKEN, "cookie-of-olena", "sent-in-the-form", "10.1.2.3")


class Post(Transport):
    """A transport that keeps what would have been sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(json.loads(json.dumps(envelope.get_event(), default=str)))

    def tags(self) -> list[dict[str, str]]:
        """The tags of each alert."""
        return [alert["tags"] for alert in self.sent]


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def logs(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """The log of a process, put back as it was afterwards."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    path = tmp_path / "shop.log"
    telemetry.configure_logging(replace(settings, log_file=path), process="worker")
    yield path
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def post(settings: Settings, logs: Path, hours: Hours) -> Iterator[Post]:
    """Alerts of a process that runs, kept instead of sent."""
    kept, hook = Post(), sys.excepthook
    telemetry.listen(sentry.listener(replace(settings, sentry_dsn=DSN), process="sidecar", transport=kept, clock=hours))
    yield kept
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)
    sys.excepthook = hook


def written(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@page("POST", "/order/{token}/")
async def broken_page(request: Request, token: str) -> Response:
    person = "Олена"
    form = await request.body()
    raise LookupError(f"no {person}, 380671234567, olena@example.com with {token}: {form!r}")


@pytest.fixture
def app(settings: Settings) -> ASGIApp:
    publish(settings)
    return make_application(settings, operations=(), pages=(broken_page,))


async def test_an_unforeseen_error_is_told_under_the_code_that_the_visitor_sees(app: ASGIApp, post: Post) -> None:
    async with visiting(app) as visitor:
        answer = await visitor.post(f"/order/{TOKEN}/", headers=OWN)

    (alert,) = post.sent
    tags = alert["tags"]
    (error,) = alert["exception"]["values"]
    assert answer.status_code == 500
    assert tags["incident"] in answer.text
    assert tags["request_id"] == answer.headers["x-request-id"]
    assert (tags["method"], tags["route"], tags["process"]) == ("POST", "/order/{token}/", "sidecar")
    assert error["type"] == "LookupError"
    assert error["stacktrace"]["frames"][-1]["function"] == "broken_page"
    assert alert["release"].startswith("twocomms@")
    assert alert["environment"] == "test"


async def test_nothing_of_the_visitor_leaves(app: ASGIApp, post: Post) -> None:
    async with visiting(app) as visitor:
        await visitor.post(
            f"/order/{TOKEN}/?q=olena@example.com",
            headers={**OWN, "cookie": "cart=cookie-of-olena", "x-forwarded-for": "10.1.2.3"},
            content=b"sent-in-the-form",
        )
    try:
        raise ValueError("olena@example.com") from KeyError("Олена")
    except ValueError:
        telemetry.logger("commerce_api.shop").exception("job_failed", job=f"look at /order/{TOKEN}/", name="Олена")

    # the lines of this very file stand in the frames: what is looked for is what the process knew
    for alert in post.sent:
        for error in alert["exception"]["values"]:
            for frame in error["stacktrace"]["frames"]:
                for lines in ("pre_context", "context_line", "post_context"):
                    frame.pop(lines, None)
    said = json.dumps(post.sent, ensure_ascii=False)
    assert len(post.sent) == 2
    assert [secret for secret in (*PRIVATE, str(ROOT), socket.gethostname()) if secret in said] == []
    assert post.tags()[1]["job"] == "look at /order/…/"
    assert (
        set(post.sent[0]) & {"request", "user", "extra", "breadcrumbs", "server_name", "modules", "contexts"} == set()
    )


async def test_deliveries_and_jobs_that_fail_are_told_with_what_was_being_done(
    sqlite_database: Settings, post: Post
) -> None:
    async def refuses(event: OrderPlaced) -> None:
        raise ConnectionError("Олена does not answer")

    async def breaks() -> None:
        raise ConnectionError("nobody there")

    async with atomic():
        await record(OrderPlaced(order_id=7, number="N1", channel="retail", pay_type="cod", payable=129_900))
    await relay.run_due({OrderPlaced: {"tell_staff": refuses}})
    job = Job("sweep", 60.0, breaks)
    await schedule.enter([job])
    await schedule.run(job)

    assert [(tags.get("handler"), tags.get("job")) for tags in post.tags()] == [("tell_staff", None), (None, "sweep")]
    assert [alert["exception"]["values"][-1].get("value") for alert in post.sent] == [None, None]


async def test_an_error_of_ours_without_an_exception_is_told_and_the_words_of_libraries_are_not(post: Post) -> None:
    telemetry.logger("commerce_api.foundation.outbox.relay").error(
        "delivery_dead", delivery=3, handler="mail_customer", error="550 olena@example.com: no such user"
    )
    logging.getLogger("library").error("Олена could not be reached")
    telemetry.logger("commerce_api.shop").warning("refused", code="busy")

    (alert,) = post.sent
    assert alert["message"] == "delivery_dead"
    assert alert["tags"] == {"delivery": "3", "handler": "mail_customer", "process": "sidecar"}


def fail(kind: type[Exception], job: str) -> None:
    try:
        raise kind("broken")
    except kind:
        telemetry.logger("commerce_api.worker").exception("job_failed", job=job)


async def test_the_same_failure_is_told_once_an_hour(post: Post, hours: Hours) -> None:
    for _ in range(3):
        fail(ValueError, "sweep")
    assert len(post.sent) == 1
    fail(ValueError, "count")
    fail(TypeError, "sweep")
    assert len(post.sent) == 3
    hours.now += sentry.QUIET
    fail(ValueError, "sweep")

    assert len(post.sent) == 4
    assert post.sent[3]["fingerprint"] == post.sent[0]["fingerprint"] != post.sent[1]["fingerprint"]


async def test_a_failure_to_tell_is_no_failure_of_the_process(
    app: ASGIApp, post: Post, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise OSError("no way out")

    monkeypatch.setattr(sentry_sdk.Scope, "capture_exception", breaks)
    async with visiting(app) as visitor:
        answer = await visitor.post(f"/order/{TOKEN}/", headers=OWN)

    assert answer.status_code == 500
    assert [line["cause"] for line in written(logs) if line["event"] == "alert_failed"] == ["OSError"]


async def test_without_the_package_one_line_says_what_to_install(
    settings: Settings, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "commerce_api.integrations.sentry")
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)

    assert alerts.start_alerts(replace(settings, sentry_dsn=DSN), process="sidecar") is False
    (line,) = written(logs)
    assert line["level"] == "warning"
    assert "pip install sentry-sdk" in line["event"]


def program(text: str, **environ: str) -> Callable[[], str]:
    """A program of its own, ready to be run to its end."""
    return lambda: subprocess.run(
        [sys.executable, "-c", text], cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=120
    ).stdout.strip()


def test_a_shop_without_the_address_never_loads_the_sdk() -> None:
    look = (
        "import sys, commerce_api.app, commerce_api.office_app, commerce_api.worker\n"
        "from commerce_api.foundation.settings import parse\n"
        "from commerce_api.integrations.alerts import start_alerts\n"
        "print(start_alerts(parse({}), process='sidecar'), 'sentry_sdk' in sys.modules)"
    )
    assert program(look)() == "False False"


def test_a_sentry_that_hangs_holds_up_neither_the_process_nor_its_end(tmp_path: Path) -> None:
    # connections are taken by the machine, and nobody ever answers on them
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        fails = (
            "import time\n"
            "from commerce_api.foundation import telemetry\n"
            "from commerce_api.foundation.settings import parse\n"
            "from commerce_api.integrations.alerts import start_alerts\n"
            f"settings = parse({{'SENTRY_DSN': 'http://0123abcd@127.0.0.1:{deaf.getsockname()[1]}/7',"
            f" 'LOG_FILE': {str(tmp_path / 'log')!r}}})\n"
            "telemetry.configure_logging(settings, process='worker')\n"
            "started = start_alerts(settings, process='worker')\n"
            "began = time.monotonic()\n"
            "try:\n"
            "    raise ValueError\n"
            "except ValueError:\n"
            "    telemetry.logger('commerce_api').exception('job_failed', job='sweep')\n"
            "print(started, time.monotonic() - began < 5)\n"
        )
        assert program(fails)() == "True True"
        deaf.settimeout(5)
        reached, _ = deaf.accept()
        with reached:
            assert b"/api/7/envelope/" in reached.recv(4096)
