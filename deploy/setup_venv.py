"""Make `.venv` from the locks: uv when it can be had, pip otherwise. Needs nothing but Python itself.

    python3 deploy/setup_venv.py runtime|dev

Runs again only when a lock changed: what is installed is remembered in `.venv/installed.txt`. This file must stay
readable for old interpreters, so that they can be told politely.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python reads this file too
    sys.exit(
        "TwoComms needs Python 3.11 or newer; this is {}.{}. Run it as: make PYTHON=python3.11".format(
            *sys.version_info[:2]
        )
    )

import hashlib
import os
import subprocess
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
LAUNCHER = """#!{python}
from commerce_api.cli import main

main()
"""


def wanted(kind: str) -> str:
    """What the record says when everything of `kind` is installed."""
    return f"{kind} {hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()}"


def run(*command: str) -> bool:
    """Run quietly; returns whether it succeeded, and keeps the last words of a failure on standard error."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a command of ours
    if done.returncode:
        print("\n".join(done.stderr.splitlines()[-5:]), file=sys.stderr)  # noqa: T201
    return done.returncode == 0


def install(kind: str) -> None:
    """Install one lock, hash-checked."""
    python = str(VENV / "bin" / "python")
    lock = str(LOCKS[kind])
    os.environ.setdefault("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    has_uv = (VENV / "bin" / "uv").exists() or run(python, "-m", "pip", "install", "-q", "uv")
    if has_uv and run(str(VENV / "bin" / "uv"), "pip", "install", "-q", "-p", python, "--require-hashes", "-r", lock):
        return
    print("  uv did not manage it, trying pip (slower) ...", file=sys.stderr)  # noqa: T201
    if not run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock):
        sys.exit("The packages could not be installed: check the network and run the same command again.")


def main(kind: str) -> None:
    record = VENV / "installed.txt"
    known = record.read_text().splitlines() if record.is_file() else []
    if wanted(kind) in known or (kind == "runtime" and wanted("dev") in known):
        return
    started = time.monotonic()
    print(f"Setting up .venv ({kind}) ...", file=sys.stderr)  # noqa: T201
    try:
        # Asked of what installs: a start that was broken off may leave a Python that can install nothing.
        if not any((VENV / "bin" / tool).exists() for tool in ("pip", "uv")):
            venv.create(VENV, with_pip=True)
    except OSError as error:
        sys.exit(
            f"{VENV.name} cannot be made in {ROOT.name}/: {error.strerror}. Make the folder writable and try again."
        )
    except subprocess.CalledProcessError:
        sys.exit(
            "This Python comes without the part that makes environments: install it (on Debian and Ubuntu: "
            "apt install python3-venv) and run the same command again."
        )
    install(kind)
    packages = next((VENV / "lib").glob("python3*/site-packages"))
    (packages / "twocomms.pth").write_text(f"{ROOT}\n")
    launcher = VENV / "bin" / "twocomms"
    launcher.write_text(LAUNCHER.format(python=VENV / "bin" / "python"))
    launcher.chmod(0o755)
    record.write_text("\n".join({*known, wanted(kind)}) + "\n")
    print(f"  ready in {time.monotonic() - started:.0f} s", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit("usage: setup_venv.py runtime|dev")
    main(sys.argv[1])
