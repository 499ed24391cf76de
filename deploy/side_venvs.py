"""What the tests run beside the shop and what would clash with its packages, each in an environment of its own:

    moto      an S3 server: it wants an older python-dateutil than Pelican does
    clients   other people's clients of the services outside, tried on our stand-ins; some want older packages

    python deploy/side_venvs.py [name ...]

Makes `.venv-<name>` from requirements-<name>.lock; runs again only when that changed. Tests that need one that cannot
be had are listed as not run.
"""

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
NAMES: Final = ("moto", "clients")


def program(name: str, of: str = "python") -> Path:
    """Where a program of an environment is, or would be."""
    return ROOT / f".venv-{name}" / "bin" / of


def lacks(name: str) -> str:
    """Why an environment cannot be used, "" when it can."""
    there = _record(name).is_file() and _record(name).read_text() == _wanted(name)
    return "" if there else f"the environment {name} is missing: python deploy/side_venvs.py {name}"


def install(name: str) -> str:
    """Makes an environment that is missing or of an older lock; why it cannot be had, "" when it is there."""
    if not lacks(name):
        return ""
    uv, venv = str(Path(sys.executable).with_name("uv")), ROOT / f".venv-{name}"
    lock = str(_lock(name))
    for words in (
        ["venv", "-q", "--clear", "--python", sys.executable, str(venv)],
        ["pip", "install", "-q", "-p", str(program(name)), "--require-hashes", "-r", lock],
    ):
        done = subprocess.run([uv, *words], capture_output=True, text=True, check=False)  # noqa: S603 - words of ours
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    _record(name).write_text(_wanted(name))
    return ""


def _lock(name: str) -> Path:
    return ROOT / f"requirements-{name}.lock"


def _record(name: str) -> Path:
    return ROOT / f".venv-{name}" / "installed.txt"


def _wanted(name: str) -> str:
    return hashlib.sha256(_lock(name).read_bytes()).hexdigest()


def main(names: list[str]) -> int:
    """Exit code 2 for a name it does not know; what cannot be had is said and is no failure."""
    if set(names) - set(NAMES):
        sys.stderr.write(f"usage: side_venvs.py [{'|'.join(NAMES)} ...]\n")
        return 2
    for name in names or NAMES:
        if why := install(name):
            sys.stdout.write(f"{name:9} cannot be had: {why}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
