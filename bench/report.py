"""Figures into words: a table on the terminal, and the marked blocks of docs/quality.md.

    python -m bench.report

A block stands between `<!-- bench:site -->` and `<!-- /bench -->` and is written anew from bench/results/site.json;
the text around the blocks is written by people.
"""

import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from bench.figures import RESULTS, Bar, Figure, Results, read

PAGE: Final = Path(__file__).parents[1] / "docs" / "quality.md"
BLOCK: Final = re.compile(r"(?P<open><!-- bench:(?P<name>[a-z]+) -->\n).*?(?P<close><!-- /bench -->)", re.DOTALL)
WHOLE: Final = 100
"""From here on a figure is told without decimals."""

console = Console(width=max(120, Console().width))


def number(value: float) -> str:
    """A figure as people read it: three digits that count, no more."""
    if value == int(value) or abs(value) >= WHOLE:
        return f"{value:,.0f}".replace(",", "\u202f")
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def bar_text(bar: Bar | None, unit: str) -> str:
    """`at most 0.5x (goal 0.2x)`."""
    if bar is None:
        return ""
    mark = "×" if bar.is_ratio else f" {unit}".rstrip()
    return f"{'≤' if bar.at_most else '≥'} {number(bar.limit)}{mark} (goal {number(bar.moonshot)}{mark})"


def cells(figure: Figure) -> tuple[str, str, str, str, str, str]:
    """What stands in one line of a table."""

    def amount(value: float | None) -> str:
        return "" if value is None else f"{number(value)} {figure.unit}".rstrip()

    ratio = "" if figure.ratio is None else f"{number(figure.ratio)}×"
    bar = bar_text(figure.bar, figure.unit)
    return figure.what, amount(figure.ours), amount(figure.other), ratio, bar, figure.verdict


def heads(results: Results) -> tuple[str, str, str, str, str, str]:
    """The headline of a table."""
    return "what", "ours", results.other, "ratio", "bar", ""


def markdown(results: Results) -> str:
    """The block of one bench."""
    lines = ["| " + " | ".join(heads(results)) + " |", "|---|---:|---:|---:|---|---|"]
    lines += ["| " + " | ".join(cells(figure)) + " |" for figure in results.figures]
    facts = "; ".join(f"{name}: {value}" for name, value in results.machine.items())
    notes = "".join(f"- {note}\n" for note in results.notes)
    return "\n".join(lines) + f"\n\n{notes}\nMeasured {results.measured} on: {facts}.\n"


def written(page: str, found: Iterable[Results]) -> str:
    """The page with the block of every given bench written anew; blocks of others stay as they are."""
    by_name = {results.bench: results for results in found}

    def block(match: re.Match[str]) -> str:
        results = by_name.get(match["name"])
        return match[0] if results is None else f"{match['open']}{markdown(results)}{match['close']}"

    return BLOCK.sub(block, page)


def update(page: Path = PAGE, folder: Path = RESULTS) -> bool:
    """Write the blocks of a page from all stored results; whether anything differed."""
    before = page.read_text("utf-8")
    after = written(before, (read(path) for path in sorted(folder.glob("*.json"))))
    page.write_text(after, encoding="utf-8")
    return after != before


def show(results: Results) -> None:
    """The results as a table on the terminal."""
    table = Table(*heads(results), title=f"bench {results.bench}")
    for figure in results.figures:
        table.add_row(*cells(figure))
    console.print(table)
    for note in results.notes:
        console.print(f"  {note}", highlight=False)


def finish(results: Results, *, store: bool) -> None:
    """Show the results; with `store` keep them and write them into docs/quality.md."""
    show(results)
    if store:
        console.print(f"stored in {results.save().name}; docs/quality.md {'updated' if update() else 'unchanged'}")


if __name__ == "__main__":
    changed = update()
    console.print(f"docs/quality.md {'updated' if changed else 'says what bench/results says'}")
    sys.exit(0)
