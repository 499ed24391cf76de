"""What lies in a copy of the site, as notes beside it say: so that only what differs is sent, also after a broken run.

.publish/base.json        sums of all files, and the last note they include
.publish/notes/<n>.json   what changed since: a sum, or null for a file that was about to change
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sitegen.target import Target

BASE: Final = ".publish/base.json"
NOTES: Final = ".publish/notes"
MOST_NOTES: Final = 40


@dataclass(slots=True)
class Copied:
    """The files of a copy: `sums` where they are known, None where a run broke off; `left` the day a file was last
    part of the site."""

    sums: dict[str, str | None] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    last: int = 0
    notes: int = 0

    def apply(self, told: Mapping[str, Any]) -> None:
        """Take over one note."""
        self.sums.update(told["sums"])
        self.left.update(told["left"])
        for file in told["gone"]:
            self.sums.pop(file, None)
            self.left.pop(file, None)
        for file in told["back"]:
            self.left.pop(file, None)


def read(target: Target) -> Copied:
    """What the notes say; nothing when there are none. Raises sitegen.target.TargetRefused."""
    found = target.read(BASE)
    copied = Copied(**json.loads(found)) if found else Copied()
    for name in target.names(NOTES):
        number = int(name.rpartition("/")[2].partition(".")[0])
        data = target.read(name)
        if number > copied.last and data:
            copied.apply(json.loads(data))
            copied.last = number
            copied.notes += 1
    return copied


def note(
    target: Target,
    copied: Copied,
    *,
    sums: Mapping[str, str | None] | None = None,
    left: Mapping[str, str] | None = None,
    gone: Iterable[str] = (),
    back: Iterable[str] = (),
) -> None:
    """Write down a change before it is made (sum None), or what was made. Raises sitegen.target.TargetRefused."""
    told = {"sums": dict(sums or {}), "left": dict(left or {}), "gone": list(gone), "back": list(back)}
    if not any(told.values()):
        return
    copied.last += 1
    copied.notes += 1
    target.note(f"{NOTES}/{copied.last:010}.json", json.dumps(told).encode())
    copied.apply(told)


def settle(target: Target, copied: Copied) -> None:
    """Make one base of many notes. Broken off at any point it loses nothing. Raises sitegen.target.TargetRefused."""
    if copied.notes < MOST_NOTES:
        return
    copied.notes = 0
    said = {"sums": copied.sums, "left": copied.left, "last": copied.last, "notes": 0}
    target.note(BASE, json.dumps(said).encode())
    target.delete(target.names(NOTES))
