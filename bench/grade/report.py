"""The graded pages as a table for people, kept figures, and the marked block of docs/quality.md."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from bench import machine
from bench.grade.browser import Seen
from bench.grade.goals import GOALS, missed
from bench.grade.tools import HERE
from bench.report import PAGE

STORED: Final = HERE / "results.json"
BLOCK: Final = re.compile(r"(?P<open><!-- grade -->\n).*?(?P<close><!-- /grade -->)", re.S)
SHOWN: Final = (
    "runs", "performance", "accessibility", "best practices", "SEO", "LCP", "TBT", "CLS", "real LCP", "real CLS", "INP",
    "requests", "kB", "kB CSS", "kB script", "kB fonts", "kB pictures", "axe", "Nu", "data errors", "no scripts",
    "Observatory",
)  # fmt: skip
"""What docs/quality.md tells; the rest is told on the terminal."""

Graded = Mapping[str, Seen]
console = Console(width=max(150, Console().width))


def show(graded: Graded) -> int:
    """Print the table and what was noted; the number of goals that were missed."""
    table = Table("", "goal", *graded, title="pages")
    count = 0
    for name, goal in GOALS.items():
        cells = []
        for page, seen in graded.items():
            value = seen.figures.get(name)
            bad = value is not None and missed(page, name, value)
            count += bad
            cells.append("" if value is None else f"[red]{value:g} ✗[/]" if bad else f"{value:g}")
        table.add_row(name, goal.text if goal else "", *cells)
    console.print(table)
    for page, seen in graded.items():
        console.print(f"\n[bold]{page}[/]")
        for note in dict.fromkeys(seen.notes):
            console.print(f"  {note}", highlight=False, markup=False, soft_wrap=True)
    console.print(f"\n{count} goals missed")
    return count


def store(graded: Graded) -> None:
    """Keep the figures and write them into docs/quality.md. Pages that were not graded now keep theirs."""
    before: dict[str, Any] = json.loads(STORED.read_text("utf-8")) if STORED.is_file() else {"pages": {}}
    pages = before["pages"] | {page: seen.figures for page, seen in graded.items()}
    kept = {
        "pages": pages,
        "measured": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine.facts(("playwright",)),
    }
    STORED.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    text = PAGE.read_text("utf-8")
    PAGE.write_text(BLOCK.sub(lambda block: f"{block['open']}{markdown(kept)}{block['close']}", text), encoding="utf-8")


def markdown(kept: Mapping[str, Any]) -> str:
    """The table of docs/quality.md: a page a line, a missed goal in bold."""
    goals = [goal.text if (goal := GOALS[name]) else "" for name in SHOWN]
    lines = [
        "| page | " + " | ".join(SHOWN) + " |",
        "|---" + "|---:" * len(SHOWN) + "|",
        "| *goal* | " + " | ".join(goals) + " |",
    ]
    for page, figures in kept["pages"].items():
        cells = [_cell(page, name, figures.get(name)) for name in SHOWN]
        lines.append(f"| {page} | " + " | ".join(cells) + " |")
    facts = "; ".join(f"{name}: {value}" for name, value in kept["machine"].items())
    return "\n".join(lines) + f"\n\nLast measured {kept['measured']} on: {facts}.\n"


def _cell(page: str, name: str, value: float | None) -> str:
    if value is None:
        return ""
    return f"**{value:g}**" if missed(page, name, value) else f"{value:g}"
