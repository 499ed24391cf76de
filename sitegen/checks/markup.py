"""HTML validity by the Nu checker, the one that validator.w3.org runs: one start of Java for all pages.

The checker is a jar of the npm package vnu-jar, which `make check-site` installs below var/tools.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import orjson

from sitegen.checks.report import Problem

JAR: Final = Path("var", "tools", "node_modules", "vnu-jar", "build", "dist", "vnu.jar")
"""Where the checker lies below the checkout."""
MOST: Final = 2_000
"""Pages it is given of a large site; of every shape some are among them."""
PATIENCE: Final = 900.0
"""Seconds it may take."""
MEMORY: Final = "-Xmx1g"


class CannotCheck(Exception):
    """The checker did not run; the message says why."""


def sample(pages: Sequence[str], most: int = MOST) -> list[str]:
    """At most `most` pages, of every shape of address some, spread evenly over the rest."""
    if len(pages) <= most:
        return list(pages)
    shapes: dict[tuple[str, int, bool], list[str]] = {}
    for page in pages:
        first = page.partition("/")[0]
        shapes.setdefault((first, page.count("/"), "/page/" in page), []).append(page)
    kept: set[str] = set()
    share = max(1, most // len(shapes))
    for like in sorted(shapes.values(), key=len):
        step = max(1, len(like) // share)
        kept.update(like[::step][:share])
    spare = (page for page in pages if page not in kept)
    return sorted(kept | {page for page, _ in zip(spare, range(most - len(kept)), strict=False)})


def missing(jar: Path) -> str:
    """Why the checker cannot run here, empty when it can."""
    if not jar.is_file():
        return "HTML validity: the Nu checker is not installed (`make tools`)"
    return "" if shutil.which("java") else "HTML validity: Java is missing (the package default-jre-headless)"


@contextmanager
def started(root: Path, pages: Sequence[str], jar: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The checker beside the other checks; `finish` takes its answer, and it ends with them at the latest."""
    java = shutil.which("java") or "java"
    options = ("-jar", str(jar.resolve()), "--format", "json", "--exit-zero-always", "--stdout")
    command = [java, MEMORY, "-Xss2m", "-XX:+UseSerialGC", *options, *pages]
    # Two cores: the pages are read by two processes at the same time, which come first.
    niced = ["nice", "-n", "5", *command] if shutil.which("nice") else command
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - a program of ours
        niced, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    ) as running:
        try:
            yield running
        finally:
            running.kill()


def finish(root: Path, running: "subprocess.Popen[bytes]") -> list[Problem]:
    """What the checker found. Raises CannotCheck when it gave no answer."""
    try:
        said, _ = running.communicate(timeout=PATIENCE)
        messages = orjson.loads(said)["messages"]
    except subprocess.TimeoutExpired as error:
        running.kill()
        raise CannotCheck(f"HTML validity: the checker was not done after {PATIENCE:.0f} s") from error
    except orjson.JSONDecodeError as error:
        raise CannotCheck(f"HTML validity: the checker ended with status {running.returncode}") from error
    found = []
    for message in messages:
        if (
            message["type"] == "error"
            or message.get("subType") in ("warning", "fatal")
            or "non-document" in message["type"]
        ):
            file = unquote(urlsplit(message.get("url", "")).path)
            where = os.path.relpath(file, root.resolve()) if file else "the checker"
            line = f" (line {message['lastLine']})" if "lastLine" in message else ""
            found.append(Problem("html", where, f"{message['message']}{line}"))
    return found
