"""The calendar: one worker keeps it, and no run is made twice."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.schedule import service
from commerce_api.foundation.schedule.apart import apart
from commerce_api.foundation.schedule.models import ScheduledJob, ScheduleLease
from commerce_api.foundation.schedule.service import Job
from commerce_api.foundation.settings import Settings

pytestmark = pytest.mark.anyio


class Counting:
    """A job that counts its runs; it can fail."""

    def __init__(self, name: str = "sweep", every: float = 60.0) -> None:
        self.runs = 0
        self.fails = False
        self.job = Job(name, every, self.run)

    async def run(self) -> None:
        self.runs += 1
        if self.fails:
            raise ConnectionError("nobody there")


async def test_of_many_workers_one_leads(database: Settings) -> None:
    led = await asyncio.gather(*(service.lead(f"worker-{number}") for number in range(8)))

    assert sum(led) == 1
    assert await service.leader() == f"worker-{led.index(True)}"
    # and goes on leading
    assert await service.lead(await service.leader())


async def test_another_leads_when_the_lease_of_the_first_is_over_or_given_back(database: Settings) -> None:
    assert await service.lead("first")
    assert not await service.lead("second")

    await ScheduleLease.all().update(until=await database_now() - timedelta(seconds=1))
    assert await service.leader() == ""
    assert await service.lead("second")
    assert not await service.lead("first")

    await service.resign("second")
    assert await service.lead("first")


async def test_nobody_gives_back_what_another_holds(sqlite_database: Settings) -> None:
    await service.lead("first")
    await service.resign("second")

    assert await service.leader() == "first"


async def test_a_new_job_is_due_at_once_and_then_at_its_time(database: Settings) -> None:
    counting = Counting()
    await service.enter([counting.job])
    assert await service.due() == ["sweep"]

    assert await service.run(counting.job)
    assert await service.due() == []
    # given a restart of the worker, the job still comes at its time
    await service.enter([counting.job])
    assert await service.due() == []
    (job,) = await service.planned()
    assert 58 < (job.next_at - (await database_now())).total_seconds() <= 60
    assert (job.last_error, job.late) == (None, 0.0)


async def test_a_leader_that_was_asleep_does_not_repeat_what_its_successor_ran(database: Settings) -> None:
    # given two workers that both believe that they lead, and both saw the job due
    counting = Counting()
    await service.enter([counting.job])

    ran = await asyncio.gather(*(service.run(counting.job) for _ in range(8)))

    assert (sum(ran), counting.runs) == (1, 1)


async def test_a_job_that_fails_is_told_of_and_comes_again(sqlite_database: Settings) -> None:
    counting = Counting()
    counting.fails = True
    await service.enter([counting.job])
    await service.run(counting.job)

    (job,) = await service.planned()
    assert job.last_error == "ConnectionError: nobody there"

    counting.fails = False
    await ScheduledJob.all().update(next_at=await database_now())
    assert await service.run(counting.job)
    (job,) = await service.planned()
    assert (job.last_error, counting.runs) == (None, 2)


async def test_what_went_wrong_with_a_row_is_logged_with_its_traceback_once(sqlite_database: Settings) -> None:
    # given a job that fails because of one of its rows
    async def sweep() -> None:
        with apart("sweep") as run, run.row("1"):
            raise ConnectionError("nobody there")

    job = Job("sweep", 60.0, sweep)
    await service.enter([job])

    with capture_logs() as logged:
        await service.run(job)

    # then the row is an error with a traceback, and that the job failed is said without one
    assert [(line["event"], line["log_level"], bool(line.get("exc_info"))) for line in logged] == [
        ("row_failed", "error", True),
        ("job_failed", "warning", False),
    ]
    (planned,) = await service.planned()
    assert "nobody there" in (planned.last_error or "")


async def test_several_errors_that_nobody_has_logged_are_logged_with_their_tracebacks(
    sqlite_database: Settings,
) -> None:
    async def fails() -> None:
        raise ConnectionError("nobody there")

    async def both() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
            group.create_task(fails())

    job = Job("both", 60.0, both)
    await service.enter([job])

    with capture_logs() as logged:
        await service.run(job)

    assert [(line["event"], line["log_level"], bool(line.get("exc_info"))) for line in logged] == [
        ("job_failed", "error", True)
    ]


async def test_a_job_that_shall_come_more_often_does_not_wait_for_its_old_time(sqlite_database: Settings) -> None:
    slow = Counting(every=86_400.0)
    await service.enter([slow.job])
    await service.run(slow.job)

    await service.enter([Counting(every=30.0).job])

    (job,) = await service.planned()
    assert (job.next_at - await database_now()).total_seconds() <= 30
    assert job.every == 30.0


async def test_two_workers_that_start_at_once_enter_each_job_once(database: Settings) -> None:
    await asyncio.gather(*(service.enter([Counting().job, Counting("purge").job]) for _ in range(4)))

    assert {job.name for job in await service.planned()} == {"purge", "sweep"}
