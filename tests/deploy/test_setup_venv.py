"""Setting up `.venv`: whatever a bare machine lacks is said in one line that tells what to do."""

import runpy
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from deploy import setup_venv

ROOT = Path(__file__).parents[2]


def test_an_old_python_is_told_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(ROOT / "deploy" / "setup_venv.py"))
    assert ended.value.code == "TwoComms needs Python 3.11 or newer; this is 3.9. Run it as: make PYTHON=python3.11"


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (PermissionError(13, "Permission denied"), "Permission denied. Make the folder writable"),
        (subprocess.CalledProcessError(1, "ensurepip"), "apt install python3-venv"),
    ],
)
def test_an_environment_that_cannot_be_made_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def create(*_arguments: Any, **_options: Any) -> None:
        # As the library does it: the interpreter is there before the part that fails.
        (tmp_path / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        (tmp_path / ".venv" / "bin" / "python").touch()
        raise error

    monkeypatch.setattr(setup_venv, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(venv, "create", create)
    # and again: what the first try left must not be taken for an environment
    for _ in range(2):
        with pytest.raises(SystemExit) as ended:
            setup_venv.main("runtime")
        assert says in str(ended.value.code)
        assert "\n" not in str(ended.value.code)
