from pathlib import Path

import pytest

from bench import figures, report
from bench.figures import Bar, Figure, Results

PAGE = """# Quality

Before.

<!-- bench:toy -->
what stood here
<!-- /bench -->

After.

<!-- bench:other -->
kept
<!-- /bench -->
"""


@pytest.fixture
def results() -> Results:
    lines = (
        Figure("site.cpu", "build", 10.0, "s", 40.0),
        Figure("site.change.p95", "change", 80.0, "ms"),
        Figure("api.postgres", "orders", 50.0, "/s", 100.0),
        Figure("", "told only", 1234.0, "MB", 617.0),
    )
    return Results("toy", "theirs", lines, ("A note.",), {"CPU": "slow"}, "2026-11-23T12:00+00:00")


def test_results_come_back_as_they_were_saved(results: Results, tmp_path: Path) -> None:
    assert figures.read(results.save(tmp_path)) == results


def test_only_the_block_of_a_bench_is_written_anew(results: Results) -> None:
    page = report.written(PAGE, [results])
    assert "what stood here" not in page
    assert "kept" in page
    assert page.startswith("# Quality\n\nBefore.\n\n<!-- bench:toy -->\n| what | ours | theirs |")
    assert "- A note.\n" in page
    assert "Measured 2026-11-23T12:00+00:00 on: CPU: slow." in page


def test_writing_twice_changes_nothing(results: Results) -> None:
    once = report.written(PAGE, [results])
    assert report.written(once, [results]) == once


def test_a_page_is_updated_from_the_stored_results(results: Results, tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text(PAGE, encoding="utf-8")
    results.save(tmp_path)
    assert report.update(page, tmp_path)
    assert not report.update(page, tmp_path)
    assert "| build | 10 s | 40 s | 0.25× | ≤ 0.50× (goal 0.20×) | met |" in page.read_text("utf-8")


def test_a_bar_that_is_not_met_is_said(results: Results) -> None:
    verdicts = [figure.verdict for figure in results.figures]
    assert verdicts == ["met", "**not met**", "met", ""]


@pytest.mark.parametrize(
    ("bar", "good", "bad"), [(Bar(0.5, 0.2), 0.5, 0.51), (Bar(0.45, 0.6, at_most=False), 0.45, 0.44)]
)
def test_a_bar_itself_is_good_enough(bar: Bar, good: float, bad: float) -> None:
    assert bar.met(good)
    assert not bar.met(bad)


def test_every_bench_of_the_page_has_its_block() -> None:
    names = {match["name"] for match in report.BLOCK.finditer(report.PAGE.read_text("utf-8"))}
    assert names == {"site", "api", "outside", "images", "search", "stress", "faults"}
