"""Judges that read the page and its headers alone: the Nu checker, rich results, the HTTP Observatory."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from bench.grade.browser import Seen
from bench.grade.shop import Shop
from bench.grade.tools import HERE, TOOLS
from sitegen.checks import markup

PATIENCE: Final = 180
JAR: Final = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


class JudgeFailed(Exception):
    """A tool gave no answer; the message says which and why."""


def _node(script: str, *arguments: str, trusting: Path | None = None) -> list[Mapping[str, Any]]:
    """The JSON lines that a script of ours prints. Raises JudgeFailed."""
    environment = {**os.environ, "NODE_EXTRA_CA_CERTS": str(trusting)} if trusting else None
    command = ["node", str(HERE / script), str(TOOLS), *arguments]
    done = subprocess.run(
        command, cwd=TOOLS, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise JudgeFailed(f"{script}: {done.stderr.strip()[-400:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def markup_of(folder: Path, files: Sequence[str]) -> dict[str, Seen]:
    """HTML validity of saved pages by file."""
    seen = {name: Seen({"Nu": 0}) for name in files}
    with markup.started(folder, files, JAR) as checker:
        problems = markup.finish(folder, checker)
    for problem in problems:
        seen[problem.where].figures["Nu"] += 1
        seen[problem.where].notes.append(f"Nu: {problem.what}")
    return seen


def data_of(folder: Path, files: Sequence[str]) -> dict[str, Seen]:
    """Structured data of saved pages by file."""
    found: dict[str, Seen] = {}
    for told in _node("jsonld.mjs", *(str(folder / name) for name in files)):
        figures = {"data errors": float(len(told["errors"])), "data hints": float(len(told["hints"]))}
        found[Path(told["file"]).name] = Seen(figures, [f"structured data: {each}" for each in told["errors"]])
    return found


def observatory(shop: Shop, path: str) -> Seen:
    """The Observatory's score of the answers under a path, as they are given where the site is on https."""
    told = _node("observatory.mjs", shop.url + path, str(shop.redirecting), trusting=shop.certificate)[0]
    lost = [
        f"Observatory {name}: {test['result']} ({test['change']})"
        for name, test in told["tests"].items()
        if test["change"] < 0
    ]
    return Seen({"Observatory": told["score"]}, lost)
