"""The worker as a process of its own: what was promised with an order is done, wherever the worker is killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.outbox.models import Delivery, DeliveryState, OutboxEvent
from commerce_api.foundation.schedule import service as schedule
from commerce_api.foundation.schedule.models import ScheduleLease
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.models import Session
from commerce_api.office.notifications.mail import MAIL_FOLDER
from commerce_api.office.notifications.models import Notice
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.orders.builders import placed
from tests.waiting import until

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
KILLED = 137
"""What a crash point ends with, as a shell says it of kill -9."""


def log_of(settings: Settings) -> Path:
    return settings.var_dir.parent / "worker.log"


def said(settings: Settings, event: str) -> list[dict[str, object]]:
    """Log lines of that name, of every worker there was."""
    file = log_of(settings)
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    return [line for line in lines if line["event"] == event]


@contextmanager
def worker(settings: Settings, crash_point: str = "") -> Iterator["subprocess.Popen[bytes]"]:
    """A worker over the database of the test; killed at the end if it still runs."""
    names = {
        "TWOCOMMS_ENV": "test",
        "TWOCOMMS_VAR_DIR": str(settings.var_dir),
        "TWOCOMMS_BUILD_DIR": str(settings.build_dir),
        "DATABASE_URL": settings.database_url,
        "LOG_FILE": str(log_of(settings)),
        "TWOCOMMS_CRASH_POINT": crash_point,
    }
    running = subprocess.Popen([sys.executable, "-m", "commerce_api.worker"], cwd=ROOT, env={**os.environ, **names})
    try:
        yield running
    finally:
        if running.poll() is None:
            running.kill()
        running.wait()


async def ended(running: "subprocess.Popen[bytes]") -> int:
    async def gone() -> bool:
        return running.poll() is not None

    await until(gone, "the worker ends")
    return running.wait()


async def starts(settings: Settings, workers: int) -> None:
    """Waits until so many workers have said that they run."""

    async def started() -> bool:
        return len(said(settings, "worker_started")) == workers

    await until(started, f"worker number {workers} runs")


async def all_done() -> bool:
    """Whether every event was handed out and every delivery is done."""
    waits = await OutboxEvent.filter(dispatched_at__isnull=True).exists()
    owed = await Delivery.exclude(state=DeliveryState.DONE).exists()
    return not waits and not owed and await Delivery.all().exists()


async def an_order() -> str:
    codes = await put_on_shelf(stock={"M": None})
    return (await placed({codes["M"]: 2})).number


async def test_the_staff_are_told_of_an_order_without_personal_data_in_the_log(database: Settings) -> None:
    number = await an_order()
    with worker(database) as running:
        await until(all_done, "the delivery is done")
        # then it ends when it is asked to, with everything in order
        running.send_signal(signal.SIGTERM)
        assert await ended(running) == 0
    (notice,) = said(database, "staff_notice")
    assert number in str(notice["text"])
    assert "Колос" in str(notice["text"])
    log = log_of(database).read_text()
    assert not [secret for secret in ("Шевченко", "671234567", "oksana@example.com") if secret in log]
    assert len(said(database, "worker_stopped")) == 1


@pytest.mark.parametrize(
    ("point", "times"), [("worker_after_call", 2), ("worker_after_effect", 1), ("worker_after_ack", 1)]
)
async def test_a_worker_killed_on_its_way_loses_nothing_and_repeats_a_notice_at_most_once(
    database: Settings, point: str, times: int
) -> None:
    # given a worker that dies at this point, as by kill -9
    await an_order()
    with worker(database, point) as running:
        assert await ended(running) == KILLED
    assert len(said(database, "staff_notice")) == 1
    # when another one comes, and the lease of the dead one is over
    await Delivery.filter(locked_until__isnull=False).update(locked_until=await database_now() - timedelta(seconds=1))
    with worker(database) as running:
        await starts(database, 2)
        await until(all_done, "the delivery is done")
        running.send_signal(signal.SIGTERM)
        assert await ended(running) == 0
    # then the notice is out, twice only if the crash came between telling and noting it
    assert len(said(database, "staff_notice")) == times
    assert await Notice.filter(channel="staff").count() == 1
    # and the customer's letter, which is another delivery, went out once
    assert await Notice.filter(channel="mail").count() == 1
    assert len(list((database.var_dir / MAIL_FOLDER).iterdir())) == 1
    assert await Delivery.all().count() == 2


async def test_the_lease_of_a_killed_worker_is_respected_until_it_ends(sqlite_database: Settings) -> None:
    # given a delivery that a worker held when it was killed
    await an_order()
    with worker(sqlite_database, "worker_after_call") as running:
        assert await ended(running) == KILLED
    # when the next one begins at once
    with worker(sqlite_database) as running:
        await starts(sqlite_database, 2)
        await asyncio.sleep(1)
        # then it leaves the delivery alone: the other might only be slow
        assert len(said(sqlite_database, "staff_notice")) == 1
        assert running.poll() is None


async def test_a_killed_worker_under_load_tells_of_every_order(database: Settings) -> None:
    # given more orders than one round of deliveries, and a worker that is killed among them
    codes = await put_on_shelf(stock={"M": None})
    numbers = [(await placed({codes["M"]: 1})).number for _ in range(30)]
    with worker(database) as running:

        async def some() -> bool:
            return len(said(database, "staff_notice")) >= 3

        await until(some, "a few notices are out")
        running.kill()
        await ended(running)
    await Delivery.filter(locked_until__isnull=False).update(locked_until=await database_now() - timedelta(seconds=1))
    with worker(database):
        await until(all_done, "all deliveries are done")
    # then every order was told, and at most the one in hand twice
    texts = [str(line["text"]) for line in said(database, "staff_notice")]
    assert [number for number in numbers if not any(number in text for text in texts)] == []
    assert len(texts) <= len(numbers) + 1


async def test_sessions_whose_time_is_over_do_not_stay_for_ever(sqlite_database: Settings) -> None:
    now = await database_now()
    for digest, ends in {"old": now - timedelta(days=1), "live": now + timedelta(days=1)}.items():
        await Session.create(
            digest=digest, staff=False, created_at=now, seen_at=now, expires_at=ends, user_agent="", data={}
        )
    with worker(sqlite_database):

        async def swept() -> bool:
            return await Session.all().count() == 1

        await until(swept, "the old session is gone")
    assert (await Session.get()).digest == "live"


async def test_two_workers_share_what_is_owed_and_tell_each_order_once(database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None})
    numbers = [(await placed({codes["M"]: 1})).number for _ in range(20)]

    with worker(database), worker(database):
        await starts(database, 2)
        await until(all_done, "all deliveries are done")

    texts = [str(line["text"]) for line in said(database, "staff_notice")]
    assert len(texts) == len(numbers)
    assert all(any(number in text for text in texts) for number in numbers)


async def test_when_the_keeper_of_the_calendar_is_killed_another_keeps_it(database: Settings) -> None:
    async def led() -> str:
        return await schedule.leader()

    with worker(database) as first:
        await until(led, "somebody keeps the calendar")
        keeper = await schedule.leader()
        with worker(database) as second:
            await starts(database, 2)
            assert await schedule.leader() == keeper
            # when it is killed, and its lease is over
            first.kill()
            await ended(first)
            await ScheduleLease.all().update(until=await database_now() - timedelta(seconds=1))
            # then the other one keeps it, and gives it back when it is told to end
            await until(led, "another keeps the calendar")
            assert await schedule.leader() != keeper
            second.send_signal(signal.SIGTERM)
            assert await ended(second) == 0
    assert await schedule.leader() == ""
