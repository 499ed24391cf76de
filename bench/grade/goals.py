"""What is good enough (quality.md, Pages), and the order in which figures are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit: at most it, or at least it. `only` names the kind of page it holds for."""

    limit: float
    at_least: bool = False
    only: str = ""

    def met(self, value: float) -> bool:
        """Whether a figure is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit

    @property
    def text(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


GOALS: Final[Mapping[str, Goal | None]] = {
    "runs": None,
    "performance": Goal(100, at_least=True),
    "accessibility": Goal(100, at_least=True),
    "best practices": Goal(100, at_least=True),
    "SEO": Goal(100, at_least=True),
    "FCP": None,
    # What Lighthouse writes as 1.2 s: it reckons in round trips, and one of them ends at 1,203 ms.
    "LCP": Goal(1249),
    "TBT": Goal(50),
    "CLS": Goal(0.001),
    "real LCP": None,
    "real CLS": Goal(0.001),
    "CLS pressed": Goal(0.001, only="product"),
    "INP": Goal(100),
    "requests": Goal(12, only="product"),
    "kB": Goal(55, only="product"),
    "kB HTML": None,
    "kB CSS": Goal(8.5),
    "kB script": Goal(10.5),
    "kB fonts": Goal(31.5),
    "kB pictures": None,
    "other hosts": Goal(0),
    "console": Goal(0),
    "axe": Goal(0),
    "Nu": Goal(0),
    "data errors": Goal(0),
    "data hints": None,
    "no scripts": Goal(1, at_least=True),
    "Observatory": Goal(130, at_least=True),
}
"""By figure; None where a figure only tells. Bytes are counted with their headers, some 0.3 kB a file."""


def missed(page: str, name: str, value: float) -> bool:
    """Whether a figure of a page misses its goal."""
    goal = GOALS[name]
    return goal is not None and page.startswith(goal.only) and not goal.met(value)
