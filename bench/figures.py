"""Figures, the bars they are held against, and a bench's results as they are kept in bench/results/*.json."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from bench import machine

RESULTS: Final = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True)
class Bar:
    """What is good enough: the ratio to the other side where `is_ratio`, else the value itself, at most or at least."""

    limit: float
    moonshot: float
    at_most: bool = True
    is_ratio: bool = True

    def met(self, figure: float) -> bool:
        """Whether a figure reaches the bar."""
        return figure <= self.limit if self.at_most else figure >= self.limit


BARS: Final[Mapping[str, Bar]] = {
    "site.cpu": Bar(0.5, 0.2),
    "site.wall": Bar(0.5, 0.2),
    "site.memory": Bar(0.25, 0.12),
    "site.change.p95": Bar(50, 20, is_ratio=False),
    "site.nothing.seconds": Bar(1.0, 0.3, is_ratio=False),
    "site.nothing.files": Bar(0, 0, is_ratio=False),
    "api.postgres": Bar(0.45, 0.6, at_most=False),
    "api.sqlite": Bar(0.4, 0.6, at_most=False),
    "api.statements": Bar(14, 10, is_ratio=False),
    "api.start": Bar(3.0, 1.0, is_ratio=False),
    "api.memory": Bar(120, 80, is_ratio=False),
    "outside.cash": Bar(1.1, 1.03),
    "outside.online": Bar(2.0, 1.0, is_ratio=False),
    "outside.lost": Bar(0, 0, is_ratio=False),
    "stress.wrong": Bar(0, 0, is_ratio=False),
}
"""The bars of the shop by the id of the figure they hold for."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured line: ours, and the other side of the comparison where there is one, in the same unit.

    `id` names the bar in BARS; a figure without one only tells.
    """

    id: str
    what: str
    ours: float
    unit: str
    other: float | None = None

    @property
    def ratio(self) -> float | None:
        """Ours over theirs."""
        return self.ours / self.other if self.other else None

    @property
    def bar(self) -> Bar | None:
        return BARS.get(self.id)

    @property
    def verdict(self) -> str:
        """`met`, `not met`, or nothing where no bar stands."""
        compared = self.ratio if self.bar and self.bar.is_ratio else self.ours
        if self.bar is None or compared is None:
            return ""
        return "met" if self.bar.met(compared) else "**not met**"


@dataclass(frozen=True, slots=True)
class Results:
    """All figures of one bench, where and when they were taken. `notes` are sentences about this very run."""

    bench: str
    other: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    machine: Mapping[str, str] = field(default_factory=machine.facts)
    measured: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="minutes"))

    def save(self, folder: Path = RESULTS) -> Path:
        """Write the results as `<bench>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.bench}.json"
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        return path


def read(path: Path) -> Results:
    """Results as `save` wrote them."""
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    figures = tuple(Figure(**figure) for figure in loaded["figures"])
    return Results(**{**loaded, "figures": figures, "notes": tuple(loaded["notes"])})
