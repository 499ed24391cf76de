"""Lighthouse's phone: scores, and the times that it computes for slow 4G. The median of several runs counts."""

import json
import os
import statistics
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.grade.browser import CHROMIUM, Seen
from bench.grade.pages import Page
from bench.grade.tools import TOOLS

PROGRAM: Final = TOOLS / "node_modules" / ".bin" / "lighthouse"
FLAGS: Final = "--headless=new --no-sandbox --disable-dev-shm-usage --disable-gpu --ignore-certificate-errors"
SCORES: Final = {
    "performance": "performance", "accessibility": "accessibility", "best practices": "best-practices", "SEO": "seo",
}  # fmt: skip
TIMES: Final = {"FCP": "first-contentful-paint", "LCP": "largest-contentful-paint", "TBT": "total-blocking-time"}
GOOD: Final = 0.9
PATIENCE: Final = 180
TRIES: Final = 3
"""Lighthouse sometimes loses the trace of a page and asks to be run again."""

Audit = Mapping[str, Any]


class LighthouseFailed(Exception):
    """Lighthouse gave no report; the message holds what it said."""


def run(url: str, page: Page) -> dict[str, Any]:
    """One report. Raises LighthouseFailed."""
    with TemporaryDirectory() as folder:
        out = Path(folder, "report.json")
        command = [str(PROGRAM), url + page.path, "--quiet", "--output=json", f"--output-path={out}"]
        command += [f"--chrome-flags={FLAGS}"]
        if page.cookies:
            cookies = "; ".join(f"{name}={value}" for name, value in page.cookies)
            command += [f"--extra-headers={json.dumps({'Cookie': cookies})}"]
        environment = {**os.environ, "CHROME_PATH": CHROMIUM}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False)
        if not out.is_file():
            raise LighthouseFailed((done.stderr or done.stdout).strip()[-400:])
        loaded: dict[str, Any] = json.loads(out.read_text("utf-8"))
    if error := loaded.get("runtimeError"):
        raise LighthouseFailed(str(error.get("message")))
    if loaded["finalDisplayedUrl"] != loaded["requestedUrl"]:
        raise LighthouseFailed(f"{page.path} led to {loaded['finalDisplayedUrl']}")
    return loaded


def insist(url: str, page: Page) -> dict[str, Any]:
    """One report, of a few tries where it has to be. Raises LighthouseFailed as the last of them did."""
    for _ in range(TRIES - 1):
        with suppress(LighthouseFailed):
            return run(url, page)
    return run(url, page)


def measure(url: str, page: Page, runs: int) -> Seen:
    """The median of `runs` reports, and the audits in which the last one fell short."""
    reports = [insist(url, page) for _ in range(runs)]

    def middle(group: str, name: str, value: str) -> float:
        return statistics.median(report[group][name][value] or 0 for report in reports)

    figures: dict[str, float] = {"runs": runs}
    for name, category in SCORES.items():
        if name != "SEO" or page.listed:
            figures[name] = round(100 * middle("categories", category, "score"))
    for name, audit in TIMES.items():
        figures[name] = round(middle("audits", audit, "numericValue"))
    figures["CLS"] = round(middle("audits", "cumulative-layout-shift", "numericValue"), 4)
    return Seen(figures, list(_short(reports[-1]["audits"])))


def _short(audits: Mapping[str, Audit]) -> list[str]:
    return [
        f"Lighthouse {name}: {audit['title']}"
        for name, audit in audits.items()
        if audit.get("score") is not None and audit["score"] < GOOD and audit.get("scoreDisplayMode") != "informative"
    ]
