"""Files that left the site and are still asked for: pages in caches name their styles, scripts and pictures for days.

build/kept/<file>      as it was when its release was left, with its compressed twins
build/kept/left.json   the day on which each of them was last part of the site

The edge and nginx look here for what the release does not have.
"""

import json
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from sitegen.store import TWINS, Folder

DAYS: Final = 30
"""Days for which a file is answered after the last page that names it was published."""
HASHED: Final = re.compile(r"(?:assets|images|data)/(?:.+/)?[^/]*[0-9a-f]{8,}[^/]*\.\w+")
"""Files whose name changes with their content: the same name never means other bytes."""


def folder(build: Path) -> Path:
    """Where the files lie."""
    return build / "kept"


def keep(build: Path, root: str, files: Iterable[str], today: date | None = None) -> None:
    """Keep those of `files` below `root` that pages name by their content. Call before they are taken away.

    Raises OSError when the disk refuses.
    """
    leaving = [file for file in files if HASHED.fullmatch(file)]
    if not leaving:
        return
    store = Folder(str(folder(build)), live=True)
    days = _read(build)
    for file in leaving:
        for suffix in ("", *TWINS):
            source = Path(f"{root}/{file}{suffix}")
            if source.is_file():
                store.place(file + suffix, str(source))
                days[file] = (today or _today()).isoformat()
    _write(build, days)


def prune(build: Path, today: date | None = None) -> list[str]:
    """Forget what left the site more than DAYS ago; the files that are gone now."""
    days = _read(build)
    oldest = ((today or _today()) - timedelta(days=DAYS)).isoformat()
    stale = [file for file, day in days.items() if day < oldest]
    if stale:
        store = Folder(str(folder(build)))
        for file in stale:
            store.remove(file)
        # The note goes last: a file without one would never be taken away.
        _write(build, {file: day for file, day in days.items() if day >= oldest})
    return stale


def _today() -> date:
    return datetime.now(UTC).date()


def _read(build: Path) -> dict[str, str]:
    try:
        days: dict[str, str] = json.loads((folder(build) / "left.json").read_text())
    except FileNotFoundError:
        return {}
    except json.JSONDecodeError:
        # Torn by a full disk or by hand: nobody knows the days, so all begin anew.
        shutil.rmtree(folder(build), ignore_errors=True)
        return {}
    return days


def _write(build: Path, days: dict[str, str]) -> None:
    part = folder(build) / "left.json.part"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(json.dumps(days, indent=0, sort_keys=True))
    part.rename(part.with_suffix(""))
