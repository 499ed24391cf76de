"""Figures of this process for Prometheus: counters and histograms, added to in passing and read by `/metrics`.

Each process tells its own; Prometheus adds them up. What is in the database is read when it is asked for
(web/figures.py). Adding costs a microsecond or two, so nothing on a hot path needs to be sampled.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

Labels = tuple[str, ...]

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
MOST_SERIES: Final = 500
"""Label values of one metric that are told apart; further ones count as `other`, so that nobody can fill the memory."""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def line(name: str, value: float, labels: Iterable[tuple[str, str]] = ()) -> str:
    """One sample in the text format."""
    told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
    shown = f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return f"{name}{{{told}}} {shown}" if told else f"{name} {shown}"


def heading(name: str, about: str, kind: str) -> list[str]:
    """What stands above the samples of a metric."""
    return [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]


class Counter:
    """A number that only grows, for each set of label values."""

    def __init__(self, name: str, about: str, labels: Labels = ()) -> None:
        self.name, self.about, self.labels = name, about, labels
        self.values: dict[Labels, int] = {} if labels else {(): 0}

    def add(self, *values: str, amount: int = 1) -> None:
        """Count `amount` more under these label values."""
        known = self.values.get(values)
        if known is None and len(self.values) >= MOST_SERIES:
            values = ("other",) * len(values)
            known = self.values.get(values)
        self.values[values] = (known or 0) + amount

    def read(self, *values: str) -> int:
        """What was counted under these label values."""
        return self.values.get(values, 0)

    def lines(self) -> list[str]:
        """The samples in the text format."""
        told = [line(self.name, count, zip(self.labels, values, strict=True)) for values, count in self.values.items()]
        return [*heading(self.name, self.about, "counter"), *told]


class Histogram:
    """How often a measure fell into which bucket, for each set of label values."""

    def __init__(self, name: str, about: str, labels: Labels = (), buckets: Sequence[float] = SECONDS) -> None:
        self.name, self.about, self.labels, self.buckets = name, about, labels, tuple(buckets)
        self.counts: dict[Labels, list[int]] = {}
        self.sums: dict[Labels, float] = {}

    def observe(self, measure: float, *values: str) -> None:
        """Count one measure under these label values."""
        counts = self.counts.get(values)
        if counts is None:
            if len(self.counts) >= MOST_SERIES:
                values = ("other",) * len(values)
            counts = self.counts.setdefault(values, [0] * (len(self.buckets) + 1))
            self.sums.setdefault(values, 0.0)
        counts[bisect_left(self.buckets, measure)] += 1
        self.sums[values] += measure

    def count(self, *values: str) -> int:
        """How many measures there were under these label values."""
        return sum(self.counts.get(values, ()))

    def lines(self) -> list[str]:
        """The samples in the text format: buckets that include the smaller ones, the sum and the count."""
        told = heading(self.name, self.about, "histogram")
        for values, counts in self.counts.items():
            labels, so_far = list(zip(self.labels, values, strict=True)), 0
            for bucket, count in zip((*map(str, self.buckets), "+Inf"), counts, strict=True):
                so_far += count
                told.append(line(f"{self.name}_bucket", so_far, [*labels, ("le", bucket)]))
            told += [line(f"{self.name}_sum", self.sums[values], labels), line(f"{self.name}_count", so_far, labels)]
        return told


REQUESTS: Final = Histogram(
    "twocomms_request_seconds", "Time from a request to its whole answer.", ("method", "route", "status")
)
INCIDENTS: Final = Counter("twocomms_incidents_total", "Errors that nobody foresaw, answered as 500.")
RATE_REFUSALS: Final = Counter("twocomms_rate_refusals_total", "Requests refused as one too many, by rate.", ("rate",))
REDIS_FALLBACKS: Final = Counter("twocomms_redis_fallbacks_total", "Times Redis failed and memory took over.", ("use",))
POOL_WAITS: Final = Histogram("twocomms_pool_wait_seconds", "Time spent waiting for a free database connection.")
CHECKOUTS: Final = Counter("twocomms_checkouts_total", "Attempts to place an order, by how they ended.", ("outcome",))
OUTSIDE: Final = Histogram(
    "twocomms_outside_seconds", "Time of one call to a service outside.", ("service", "label", "outcome")
)
PARCEL_CODES: Final = Counter(
    "twocomms_parcel_codes_total", "Answers of the carrier about parcels, by code.", ("code",)
)
DELIVERY_QUOTES: Final = Counter("twocomms_delivery_quotes_total", "Prices of delivery, by who said them.", ("source",))
WEBHOOKS: Final = Counter(
    "twocomms_webhooks_total", "Messages of services outside, by what became of them.", ("service", "outcome")
)
STATEMENT_UNKNOWN: Final = Counter(
    "twocomms_statement_unknown_total", "Lines of the bank's statement that no order of ours belongs to."
)

ALL: Final[tuple[Counter | Histogram, ...]] = (
    REQUESTS,
    INCIDENTS,
    RATE_REFUSALS,
    REDIS_FALLBACKS,
    POOL_WAITS,
    CHECKOUTS,
    OUTSIDE,
    PARCEL_CODES,
    DELIVERY_QUOTES,
    WEBHOOKS,
    STATEMENT_UNKNOWN,
)
