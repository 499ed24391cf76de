"""Counting visits in the memory of a process, by sliding windows: each costs the same however many visitors there are.

Two tables of counts are kept for a rate, this window's and the one before. A visitor counts as many visits as in this
window, and of the one before the part that still lies within its length. When a window ends its table becomes the one
before and that one is dropped whole, so that nobody has to look for what is stale.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Rate:
    """The counts of one rate; `number` is that of the window, counted since the clock began."""

    number: int = -2
    now: dict[str, int] = field(default_factory=dict)
    before: dict[str, int] = field(default_factory=dict)

    def turn(self, number: int) -> None:
        if number != self.number:
            self.before = self.now if number == self.number + 1 else {}
            self.number, self.now = number, {}


class Windows:
    """Counters by the name and length of a rate and a visitor's key; `clock` gives seconds that never run back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._rates: dict[tuple[str, int], _Rate] = {}

    def hit(self, name: str, amount: int, seconds: int, key: str) -> float | None:
        """Count one visit of `key` if it is within `amount` in `seconds`: None, else the seconds to wait."""
        rate = self._rates.setdefault((name, seconds), _Rate())
        number, passed = divmod(self._clock(), seconds)
        rate.turn(int(number))
        before, count = rate.before.get(key, 0), rate.now.get(key, 0)
        if int(before * (1 - passed / seconds)) + count < amount:
            rate.now[key] = count + 1
            return None
        if count >= amount:
            return seconds - passed
        # What is counted of the window before shrinks until one more fits in.
        return seconds * (1 - (amount - count) / before) - passed
