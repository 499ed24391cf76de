"""What happened in the sandbox, newest last."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

KEPT: Final = 2000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `facts` are shown beside it; one that is an http address is shown as a link."""

    number: int
    at: datetime
    service: str
    what: str
    facts: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "service": self.service,
            "what": self.what,
            "facts": {name: str(value) for name, value in self.facts.items()},
        }


class Journal:
    """The last two thousand entries."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0

    def note(self, service: str, what: str, **facts: Any) -> Entry:
        """Write one thing down."""
        self._count += 1
        entry = Entry(self._count, self._now(), service, what, facts)
        self._entries.append(entry)
        return entry

    def entries(self, service: str = "", after: int = 0) -> list[Entry]:
        """Entries with a number above `after`, of one service or of all."""
        return [each for each in self._entries if each.number > after and service in {"", each.service}]

    def clear(self) -> None:
        """Forget the entries; numbers go on."""
        self._entries.clear()

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)
