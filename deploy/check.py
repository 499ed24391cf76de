"""Format, lint, types, floors and house tests, side by side on two cores; prints what failed and how long all took."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
LONG = 300
"""Lines from which a module is named: a mirror, not a gate."""

CHECKS = (
    ("types", [str(BIN / "mypy")]),
    ("floors", [str(BIN / "lint-imports"), "--no-cache"]),
    ("format", [str(BIN / "ruff"), "format", "--check", "."]),
    ("lint", [str(BIN / "ruff"), "check", "."]),
    ("house", [PYTHON, "-m", "pytest", "tests/house", "-p", "no:randomly"]),
)


def run(check: tuple[str, list[str]]) -> tuple[str, int, str, float]:
    """One check: its name, exit status, what it said, seconds."""
    name, command = check
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - a command of ours
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - started


def longest() -> list[str]:
    """The modules past `LONG` lines, longest first."""
    sizes = (
        (len(path.read_text("utf-8").splitlines()), path.relative_to(ROOT))
        for folder in ("commerce_api", "sitegen")
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    )
    return [f"{path} ({lines})" for lines, path in sorted(sizes, reverse=True) if lines > LONG]


def main() -> int:
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, CHECKS))
    for name, status, said, seconds in results:
        print(f"{'ok  ' if status == 0 else 'FAIL'} {name:7} {seconds:5.1f} s")  # noqa: T201
        if status:
            print(said)  # noqa: T201
    if modules := longest():
        print("long modules, perhaps two rooms in one:", ", ".join(modules))  # noqa: T201
    print(f"checked in {time.monotonic() - started:.1f} s")  # noqa: T201
    return 1 if any(status for _, status, _, _ in results) else 0


if __name__ == "__main__":
    sys.exit(main())
