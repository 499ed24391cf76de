"""Tests that must not be torn apart stay with one worker."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.scheduling import BROWSER, SECONDS, group_of

WHO = """
import os, pytest
@pytest.mark.parametrize("n", range(6))
def test_who(n):
    open("{place}/" + os.environ["PYTEST_XDIST_WORKER"] + "-{name}", "a").close()
"""


def test_browser_tests_are_one_group_and_other_files_one_each() -> None:
    assert group_of("tests/e2e/test_till.py::test_a[x@y]") == group_of("tests/e2e/test_lists.py::test_b") == BROWSER
    assert group_of("tests/sitegen/test_s3.py::test_a[1::2]") == "tests/sitegen/test_s3.py"


def run(place: Path, workers: int, files: Mapping[str, str]) -> None:
    """Runs test files, given by path and text, in a folder of their own."""
    (place / "pytest.ini").write_text("[pytest]\n")
    (place / "conftest.py").write_text(
        "from tests.scheduling import ByFile\n"
        "def pytest_xdist_make_scheduler(config, log):\n    return ByFile(config, log)\n"
    )
    for path, text in files.items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(text)
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=place,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_workers_really_get_whole_groups(tmp_path: Path) -> None:
    """given two browser files and two workers, when they run, then one worker has run both files"""
    run(tmp_path, 2, {f"tests/e2e/test_{name}.py": WHO.format(place=tmp_path, name=name) for name in ("one", "two")})

    ran = {file.name for file in tmp_path.glob("gw*-*")}
    assert ran in ({"gw0-one", "gw0-two"}, {"gw1-one", "gw1-two"})


def test_what_takes_longest_is_begun_first_however_few_its_tests_are(tmp_path: Path) -> None:
    """given a file of many quick tests and one browser test, when they run, then the browser comes first"""
    note = tmp_path / "note"
    test = f"@pytest.mark.parametrize('n', range({{}}))\ndef test_a(n):\n    open({str(note)!r}, 'a').write({{!r}})\n"
    many, one = (f"import pytest\n{test.format(*what)}" for what in ((9, "a"), (1, "b")))
    run(tmp_path, 1, {"tests/test_many.py": many, "tests/e2e/test_one.py": one})

    assert note.read_text() == "b" + 9 * "a"


def test_every_group_that_is_said_to_take_long_is_there() -> None:
    root = Path(__file__).resolve().parents[1]
    assert [group for group in SECONDS if not (root / group).exists()] == []
