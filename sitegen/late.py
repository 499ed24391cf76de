"""Groups that may come a moment after the pages: what is owed, and when.

`pages.LATE` names their kinds. A change publishes its pages at once and leaves these to a later pass, so that a new
price never waits for a sitemap or a feed.
"""

import time
from collections.abc import Callable, Collection, Iterable

from sitegen.pages import LATE, files_of, keys_to_build
from sitegen.snapshot import Snapshot


def is_late(key: str) -> bool:
    """Whether a group is of a kind that may come later."""
    return key.partition(":")[0] in LATE


def subject(key: str) -> str:
    """What a group is about: `kolos` of `twin:kolos:en`, nothing of `sitemap`."""
    return key.partition(":")[2].partition(":")[0]


def keys_of(shop: Snapshot, changed: Collection[str], extras: bool) -> set[str]:
    """The late groups that may show what changed: those of the changed products, and those of no single product."""
    late = {key for key in keys_to_build(shop, extras) if is_late(key)}
    return {key for key in late if subject(key) not in shop.products or subject(key) in changed}


class Owed:
    """Late groups that changes have touched and nobody has made since.

    They are made in passes: what changes during a pass is of the next one, so that a steady flow of changes does not
    make the same groups without end.
    """

    def __init__(self, extras: bool = True) -> None:
        self._extras = extras
        self._pass: dict[str, Snapshot] = {}
        self._since: list[tuple[Snapshot, frozenset[str], frozenset[str]]] = []
        self._made: dict[str, set[str]] = {}
        self.unpacked: set[str] = set()
        """Files whose brotli twins are missing: packing them takes longer than all the rest of a price change."""

    def __bool__(self) -> bool:
        return bool(self._pass or self._since or self.unpacked)

    @property
    def passing(self) -> bool:
        """Whether a pass is under way."""
        return bool(self._pass or self.unpacked)

    def add(self, before: Snapshot, changed: Iterable[str], keys: Iterable[str] = ()) -> None:
        """A change of `before`: its products by slug, and late groups that it named itself. Cheap."""
        if LATE:
            self._since.append((before, frozenset(changed), frozenset(keys)))

    def next(self) -> tuple[str, set[str]] | None:
        """A group to make, and the files it has now; None at the end of a pass."""
        key = next(iter(self._pass), None)
        if key is None:
            return None
        known = self._made.get(key)
        return key, files_of(self._pass[key], key) if known is None else known

    def begin(self, shop: Snapshot) -> None:
        """Begin a pass, unless one is under way, with everything owed by now; `shop` is the shop of now."""
        # Listing the groups of a large shop takes longer than publishing a price, so it is done only here.
        if self._pass:
            return
        for before, changed, keys in self._since:
            named = keys | keys_of(before, changed, self._extras) | keys_of(shop, changed, self._extras)
            for key in sorted(named):
                self._pass.setdefault(key, before)
        self._since.clear()

    def paid(self, key: str, files: set[str]) -> None:
        """The group is made and has these files."""
        self._pass.pop(key, None)
        self._made[key] = files


class Calm:
    """When it is time for what may come late: `quiet` seconds after the last change, `most` after the first."""

    def __init__(self, quiet: float, most: float, now: Callable[[], float] = time.monotonic) -> None:
        self._quiet, self._most, self._now = quiet, most, now
        self._first: float | None = None
        self._last = 0.0

    def changed(self) -> None:
        """Something changed just now."""
        self._last = self._now()
        if self._first is None:
            self._first = self._last

    def over(self, more: bool) -> None:
        """A pass is over; `more` says that something changed during it, which waits anew."""
        self._first = self._now() if more else None

    def left(self) -> float:
        """Seconds until it is time, zero when it is."""
        if self._first is None:
            return 0.0
        return max(0.0, min(self._last + self._quiet, self._first + self._most) - self._now())
