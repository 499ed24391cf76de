"""What was read, what is wrong with it, and what could not be looked at."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import orjson

SHOWN: Final = 8
"""Problems of each kind that people are shown; programs get them all."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something a visitor or a machine would stumble over: its kind, the file it is in, and what it is."""

    kind: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one look through a site. `unchecked` says what could not be looked at, and why."""

    pages: int
    files: int
    problems: tuple[Problem, ...]
    unchecked: tuple[str, ...] = ()
    seconds: float = 0.0

    def json(self) -> str:
        """One line for programs."""
        whole = {
            "pages": self.pages,
            "files": self.files,
            "seconds": round(self.seconds, 1),
            "counts": Counter(problem.kind for problem in self.problems),
            "problems": self.problems,
            "unchecked": self.unchecked,
        }
        return orjson.dumps(whole).decode()

    def sentence(self, shown: int = SHOWN) -> str:
        """Lines for people: the first few problems of each kind."""
        found = f"{len(self.problems)} problems" if self.problems else "nothing wrong"
        lines = [f"{self.pages} pages, {self.files} files in {self.seconds:.1f} s: {found}"]
        for kind, count in sorted(Counter(problem.kind for problem in self.problems).items()):
            first = [problem for problem in self.problems if problem.kind == kind][:shown]
            lines += [f"{kind}: {count}", *(f"  {problem}" for problem in first)]
            lines += [f"  … and {count - shown} more"] if count > shown else []
        return "\n".join([*lines, *(f"not checked: {reason}" for reason in self.unchecked)])


def problems(kind: str, where: str, found: Iterable[str]) -> list[Problem]:
    """Sentences about one file as problems, each once."""
    return [Problem(kind, where, what) for what in dict.fromkeys(found)]
