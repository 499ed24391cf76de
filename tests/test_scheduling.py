"""Tests that must not be torn apart stay with one worker."""

import subprocess
import sys
from pathlib import Path

from tests.scheduling import BROWSER, group_of

WHO = """
import os, pytest
@pytest.mark.parametrize("n", range(6))
def test_who(n):
    open("{place}/" + os.environ["PYTEST_XDIST_WORKER"] + "-{name}", "a").close()
"""


def test_browser_tests_are_one_group_and_other_files_one_each() -> None:
    assert group_of("tests/e2e/test_till.py::test_a[x@y]") == group_of("tests/e2e/test_lists.py::test_b") == BROWSER
    assert group_of("tests/sitegen/test_s3.py::test_a[1::2]") == "tests/sitegen/test_s3.py"


def test_workers_really_get_whole_groups(tmp_path: Path) -> None:
    """given two browser files and two workers, when they run, then one worker has run both files"""
    folder = tmp_path / "tests" / "e2e"
    folder.mkdir(parents=True)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "conftest.py").write_text(
        "from tests.scheduling import ByFile\n"
        "def pytest_xdist_make_scheduler(config, log):\n    return ByFile(config, log)\n"
    )
    for name in ("one", "two"):
        (folder / f"test_{name}.py").write_text(WHO.format(place=tmp_path, name=name))
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider", "-p", "no:randomly"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ran = {file.name for file in tmp_path.glob("gw*-*")}
    assert ran in ({"gw0-one", "gw0-two"}, {"gw1-one", "gw1-two"})
