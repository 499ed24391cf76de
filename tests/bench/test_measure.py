import sys
from pathlib import Path

import pytest

from bench import measure
from bench.measure import Failed, Usage, percentile

WORK = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "sum(range(3_000_000))"])
time.sleep(0.4)
print("done")
"""


def test_a_program_is_measured_with_its_children(tmp_path: Path) -> None:
    usage = measure.run([sys.executable, "-c", WORK], cwd=tmp_path, log=tmp_path / "log")
    assert usage.output == "done\n"
    assert usage.wall > 0.4
    assert usage.cpu > 0
    assert 0 < usage.pss <= usage.rss


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no such luck"):
        measure.run([sys.executable, "-c", "raise SystemExit('no such luck')"], cwd=tmp_path, log=tmp_path / "log")


def test_the_middle_is_taken_figure_by_figure() -> None:
    runs = [Usage(wall, 10 - wall, 0, 1, 2) for wall in (1, 5, 2)]
    assert measure.middle(runs) == Usage(2, 8, 0, 1, 2)


@pytest.mark.parametrize(("percent", "value"), [(50, 5), (95, 10), (100, 10), (1, 1)])
def test_percentiles_are_values_that_were_measured(percent: float, value: float) -> None:
    assert percentile(list(range(10, 0, -1)), percent) == value
