"""A lock that many may hold together or one alone, first come first served.

    turns = Turns()
    async with turns.together: ...     beside others who came so
    async with turns.alone: ...        while nobody else is inside

Who comes after somebody that waits waits behind them, whatever they want: whoever might join those inside would else
overtake without end those who wait to be alone.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from types import TracebackType


@dataclass(frozen=True, slots=True)
class _Place:
    """Somebody who waits."""

    called: "asyncio.Future[None]"
    alone: bool


class Turns:
    """The lock; its two sides answer to `acquire` and `release` as asyncio.Lock does."""

    def __init__(self) -> None:
        self._inside = 0
        self._one_alone = False
        self._queue: deque[_Place] = deque()
        self.together = Side(self, alone=False)
        self.alone = Side(self, alone=True)

    def _fits(self, alone: bool) -> bool:
        return not self._inside if alone else not self._one_alone

    def _let_in(self, alone: bool) -> None:
        self._inside += 1
        self._one_alone = alone

    async def enter(self, alone: bool) -> None:
        """Come in when everybody who came before is in. A task that is cancelled meanwhile gives its place up."""
        if not self._queue and self._fits(alone):
            self._let_in(alone)
            return
        place = _Place(asyncio.get_running_loop().create_future(), alone)
        self._queue.append(place)
        try:
            await place.called
        except asyncio.CancelledError:
            if place.called.cancelled():
                if place in self._queue:
                    self._queue.remove(place)
                self._call_next()
            else:
                # Called and cancelled at the same moment.
                self.leave()
            raise

    def leave(self) -> None:
        """Go out."""
        self._inside -= 1
        self._one_alone = False
        self._call_next()

    def _call_next(self) -> None:
        while self._queue and self._fits(self._queue[0].alone):
            place = self._queue.popleft()
            if not place.called.done():
                self._let_in(place.alone)
                place.called.set_result(None)


@dataclass(frozen=True, slots=True)
class Side:
    """One way to hold the lock."""

    turns: Turns
    alone: bool

    async def acquire(self) -> None:
        """Hold it."""
        await self.turns.enter(self.alone)

    def release(self) -> None:
        """Let it go."""
        self.turns.leave()

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
