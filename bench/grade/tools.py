"""The tools that only npm has: Lighthouse, the Nu checker, the Observatory, a validator of structured data.

    python -m bench.grade.tools

They lie in var/tools, which git ignores, are installed once for every change of `package-lock.json`, and run no script
of theirs while they are installed. The shop itself needs neither them nor Node.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deploy import services

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parents[1]
TOOLS: Final = ROOT / "var" / "tools"
LISTS: Final = ("package.json", "package-lock.json")
STAMP: Final = TOOLS / "installed"
PRELOADED: Final = TOOLS / "node_modules" / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json"


class ToolsMissing(Exception):
    """The tools cannot be had here; the message says why."""


def wanted() -> str:
    """The sum of the lists: another one means that another set must be installed."""
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LISTS)).hexdigest()


def installed() -> bool:
    """Whether var/tools holds what the lists say."""
    return STAMP.is_file() and STAMP.read_text() == wanted()


def install() -> None:
    """Install the tools unless they are there. Raises ToolsMissing."""
    if installed():
        return
    npm = _program("npm", "npm")
    TOOLS.mkdir(parents=True, exist_ok=True)
    for name in LISTS:
        shutil.copy(HERE / name, TOOLS / name)
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    done = subprocess.run([npm, "ci", *quiet], cwd=TOOLS, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolsMissing(f"npm ci failed: {(done.stderr or done.stdout).strip()[-400:]}")
    # The Observatory reads a list that its install step would have downloaded; no address of ours stands in it.
    PRELOADED.write_text("{}\n")
    STAMP.write_text(wanted())


def _program(name: str, package: str) -> str:
    """A program of Debian's, installed where that is allowed. Raises ToolsMissing."""
    try:
        return services.binary(name, package)
    except services.ServiceUnavailable as error:
        raise ToolsMissing(str(error)) from error


def main() -> int:
    """Exit status 1 when the tools cannot be had."""
    try:
        install()
        _program("java", "default-jre-headless")
    except ToolsMissing as error:
        print(f"tools: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
