"""Speaking to a service outside: every way a call may end, over an application and over real sockets."""

import asyncio
import contextlib
import gzip
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from commerce_api.foundation import metrics
from commerce_api.integrations import breaker, http
from commerce_api.integrations.http import Outcome, Outside, OutsideFailed, Patience, retry_after

pytestmark = pytest.mark.anyio

TOKEN = "u-very-secret-token"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


class Bank:
    """Answers what it is told to, in turn, and counts; the last answer stays."""

    def __init__(self, *answers: Response | Exception) -> None:
        self.answers = list(answers)
        self.seen: list[Request] = []
        self.bodies: list[bytes] = []
        self.pauses: list[float] = []
        self.now = 0.0
        self.app = Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])

    async def answer(self, request: Request) -> Response:
        self.seen.append(request)
        self.bodies.append(await request.body())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def outside(self, tries: int = 3) -> Outside:
        return Outside(
            "bank",
            f"http://bank.test/bot{TOKEN}",
            patience=Patience(tries=tries),
            headers={"x-token": TOKEN},
            secrets=(TOKEN,),
            transport=httpx2.ASGITransport(app=self.app),
            pause=self.pause,
            jitter=lambda: 1.0,
            now=lambda: self.now,
        )


def status(code: int, **headers: str) -> Response:
    return Response(f"answer {code}", code, {name.replace("_", "-"): value for name, value in headers.items()})


async def failure(call: Awaitable[object]) -> OutsideFailed:
    with pytest.raises(OutsideFailed) as caught:
        await call
    return caught.value


async def test_an_answer_comes_back_whole_with_what_was_sent() -> None:
    bank = Bank(JSONResponse({"ok": True}))

    answer = await bank.outside().call("POST", "/pay", label="create", json={"amount": 5}, params={"q": "Львів"})

    assert answer.json() == {"ok": True}
    (request,) = bank.seen
    assert (request.url.path, request.query_params["q"]) == (f"/bot{TOKEN}/pay", "Львів")
    assert (request.headers["x-token"], request.headers["content-type"]) == (TOKEN, "application/json")
    assert bank.bodies == [b'{"amount":5}']


async def test_a_packed_answer_is_unpacked_once() -> None:
    packed = Response(gzip.compress(b'{"a": 1}'), headers={"content-encoding": "gzip"})

    assert await Bank(packed).outside().ask("GET", "/", label="read") == {"a": 1}


async def test_a_call_that_may_not_happen_twice_happens_once() -> None:
    bank = Bank(status(503))

    failed = await failure(bank.outside().call("POST", "/", label="create"))

    assert (len(bank.seen), bank.pauses) == (1, [])
    assert (failed.outcome, failed.status, failed.body, failed.may_have_worked) == (
        Outcome.STATUS,
        503,
        b"answer 503",
        True,
    )


async def test_a_read_is_tried_again_after_growing_pauses() -> None:
    bank = Bank(status(503), status(502), JSONResponse([]))

    assert await bank.outside().ask("GET", "/", label="read", repeat=True) == []
    assert (len(bank.seen), bank.pauses) == (3, [0.2, 0.4])


async def test_half_of_a_pause_is_chance() -> None:
    bank = Bank(status(500))
    outside = bank.outside(tries=2)
    outside._jitter = lambda: 0.0

    await failure(outside.call("GET", "/", label="read", repeat=True))

    assert bank.pauses == [0.1]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 422])
async def test_a_refusal_is_no_reason_to_ask_again(code: int) -> None:
    bank = Bank(status(code))

    failed = await failure(bank.outside().call("GET", "/", label="read", repeat=True))

    assert (len(bank.seen), failed.status, failed.may_have_worked) == (1, code, False)


async def test_who_says_when_to_come_back_is_believed() -> None:
    bank = Bank(status(429, retry_after="2"), JSONResponse([]))

    await bank.outside().call("GET", "/", label="read", repeat=True)

    assert bank.pauses == [2.0]


async def test_nobody_waits_in_line_for_a_minute_the_outbox_comes_back() -> None:
    bank = Bank(status(429, retry_after="60"))

    failed = await failure(bank.outside().call("GET", "/", label="read", repeat=True))

    assert (len(bank.seen), bank.pauses, failed.retry_after) == (1, [], 60.0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        ("0", 0.0),
        ("Sun, 29 Nov 2026 12:00:30 GMT", 30.0),
        ("Sun, 29 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("nan", None),
        ("999999999", 86400.0),
    ],
)
def test_retry_after_is_seconds_or_a_moment(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


async def test_an_answer_that_is_no_json_is_malformed_and_may_have_worked() -> None:
    page = Response("<h1>Bad gateway</h1>", media_type="text/html")

    failed = await failure(Bank(page).outside().ask("POST", "/", label="create"))

    assert (failed.outcome, failed.may_have_worked) == (Outcome.MALFORMED, True)


async def test_an_answer_without_end_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_ANSWER", 10)

    failed = await failure(Bank(Response(b"x" * 11)).outside().call("GET", "/", label="read"))

    assert failed.outcome is Outcome.MALFORMED


# over real sockets


@asynccontextmanager
async def listening(
    answer: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """A server that does with a connection what it is told, and then ends it."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError):
                await answer(reader, writer)
        finally:
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/bot{TOKEN}"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def over_network(url: str, patience: Patience | None = None) -> OutsideFailed:
    outside = Outside("bank", url, patience=patience or Patience(tries=1), secrets=(TOKEN,))
    try:
        return await failure(outside.call("POST", "/", label="create"))
    finally:
        await outside.aclose()


async def test_who_is_not_there_was_not_asked() -> None:
    async with listening(_hang_up) as url:
        pass

    failed = await over_network(url)

    assert (failed.outcome, failed.may_have_worked) == (Outcome.CONNECT, False)


async def _hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def test_a_connection_that_ends_without_a_word_may_have_worked() -> None:
    async with listening(_hang_up) as url:
        failed = await over_network(url)

    assert (failed.outcome, failed.may_have_worked) == (Outcome.MALFORMED, True)


async def _break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")
    await writer.drain()


async def test_an_answer_that_breaks_off_is_malformed() -> None:
    async with listening(_break_off) as url:
        assert (await over_network(url)).outcome is Outcome.MALFORMED


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_silence_ends_and_may_have_worked() -> None:
    async with listening(_say_nothing) as url:
        failed = await over_network(url, Patience(read=0.05, tries=1))

    assert (failed.outcome, failed.may_have_worked) == (Outcome.TIMEOUT, True)


async def _drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    while not reader.at_eof():
        writer.write(b".")
        await asyncio.sleep(0.01)


async def test_who_drips_is_not_listened_to_for_ever() -> None:
    async with listening(_drip) as url:
        failed = await over_network(url, Patience(connect=0.1, read=0.1, tries=1))

    assert failed.outcome is Outcome.TIMEOUT


# the breaker


async def test_five_failures_in_a_row_give_the_service_peace_and_one_call_tries_again() -> None:
    bank = Bank(status(500))
    outside = bank.outside()
    for _ in range(breaker.FAILURES):
        await failure(outside.call("POST", "/", label="create"))

    failed = await failure(outside.call("POST", "/", label="create"))
    assert (failed.outcome, failed.may_have_worked, len(bank.seen)) == (Outcome.OPEN, False, breaker.FAILURES)

    # after the rest one call is let through; it fails, and there is peace again
    bank.now += breaker.REST
    assert (await failure(outside.call("POST", "/", label="create"))).outcome is Outcome.STATUS
    assert (await failure(outside.call("POST", "/", label="create"))).outcome is Outcome.OPEN

    # then one goes well, and everybody may come
    bank.now += breaker.REST
    bank.answers = [JSONResponse({})]
    for _ in range(3):
        await outside.call("POST", "/", label="create")
    assert not outside.breaker.is_open


async def test_only_one_call_tries_whether_the_service_is_back() -> None:
    now = [0.0]
    guard = breaker.Breaker(lambda: now[0])
    for _ in range(breaker.FAILURES):
        assert guard.admits()
        guard.failed()
    now[0] = breaker.REST

    assert [guard.admits(), guard.admits(), guard.admits()] == [True, False, False]

    # and if its caller goes away, the next one may
    guard.left()
    assert guard.admits()


async def test_a_caller_that_goes_away_leaves_the_way_free() -> None:
    bank = Bank(status(500))
    outside = bank.outside()
    for _ in range(breaker.FAILURES):
        await failure(outside.call("GET", "/", label="read"))
    bank.now += breaker.REST
    reached = asyncio.Event()

    async def never(request: httpx2.Request) -> httpx2.Response:
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    outside._client = httpx2.AsyncClient(transport=httpx2.MockTransport(never))
    asking = asyncio.ensure_future(outside.call("GET", "/", label="read"))
    await reached.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert outside.breaker.admits()


async def test_who_refuses_is_well() -> None:
    bank = Bank(status(404))
    outside = bank.outside()

    for _ in range(breaker.FAILURES + 1):
        assert (await failure(outside.call("GET", "/", label="read"))).outcome is Outcome.STATUS


# what is told


@pytest.fixture
def all_logs(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield lambda: caplog.text + repr(lines)


async def test_no_secret_is_in_an_error_nor_in_a_log(all_logs: Callable[[], str]) -> None:
    told = []
    for bank in (Bank(status(500)), Bank(Response(f"you sent {TOKEN}", 403)), Bank(RuntimeError(TOKEN))):
        try:
            await bank.outside().call("GET", f"/?key={TOKEN}", label="read")
        except (OutsideFailed, RuntimeError) as error:
            told.append(error)
    async with listening(_break_off) as url:
        told.append(await over_network(url))

    failed = [error for error in told if isinstance(error, OutsideFailed)]
    assert len(failed) == 3
    for each in failed:
        assert TOKEN not in f"{each} {each!r} {each.__cause__!r} {each.__context__!r}"
        assert "://" not in str(each)
    assert "outside_failed" in all_logs()
    assert TOKEN not in all_logs()


def test_a_text_about_a_call_names_neither_address_nor_secret() -> None:
    outside = Bank(status(200)).outside()

    assert outside.redact(f"at https://x.test/bot{TOKEN}/send with {TOKEN}") == "at … with …"


async def test_every_call_is_counted_by_its_outcome() -> None:
    labels = [("bank", "count", outcome) for outcome in ("ok", "status", "malformed")]
    before = [metrics.OUTSIDE.count(*each) for each in labels]
    outside = Bank(JSONResponse({}), status(404), Response("<p>")).outside()

    await outside.ask("GET", "/", label="count")
    await failure(outside.ask("GET", "/", label="count"))
    await failure(outside.ask("GET", "/", label="count"))

    assert [metrics.OUTSIDE.count(*each) - was for each, was in zip(labels, before, strict=True)] == [1, 1, 1]


def test_a_moment_without_a_zone_is_greenwich() -> None:
    assert retry_after(f"{NOON + timedelta(seconds=9):%a, %d %b %Y %H:%M:%S} -0000", NOON) == 9.0
