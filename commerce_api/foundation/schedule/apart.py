"""Rows of one run of a job, each on its own: one that breaks holds up no other, and is tried again by the next run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from commerce_api.foundation import telemetry

log = telemetry.logger(__name__)


class BrokenRows(ExceptionGroup[Exception]):
    """What went wrong with rows of a run, each logged already."""


@dataclass(slots=True)
class Apart:
    """One run; `broken` is what went wrong with its rows, but for errors of the kinds that end it."""

    job: str
    ends: tuple[type[Exception], ...] = ()
    broken: list[Exception] = field(default_factory=list)

    @contextmanager
    def row(self, name: str) -> Iterator[None]:
        """The work on one row: what it raises is logged under the row's name and ends this row alone."""
        try:
            yield
        except self.ends:
            raise
        except Exception as error:
            log.exception("row_failed", job=self.job, row=name)
            self.broken.append(error)


@contextmanager
def apart(job: str, *ends: type[Exception]) -> Iterator[Apart]:
    """A run over several rows, which errors of the kinds `ends` end at once. After the last row it raises BrokenRows
    when any was broken, so that the calendar shows the job as failed."""
    run = Apart(job, ends)
    yield run
    if run.broken:
        raise BrokenRows(f"{len(run.broken)} broken in {job}, first: {run.broken[0]!r}", run.broken)
