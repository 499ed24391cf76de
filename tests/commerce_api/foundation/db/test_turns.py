"""The lock that many hold together or one alone: first come, first served."""

import asyncio

import pytest

from commerce_api.foundation.db.turns import Side, Turns

pytestmark = pytest.mark.anyio


class Door:
    """Notes who came in; everybody stays until told to leave."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.came: list[str] = []
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.stay: dict[str, asyncio.Event] = {}

    async def ask(self, name: str, side: Side) -> None:
        """Somebody wants to come in; everybody who may is in afterwards."""
        self.stay[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._visit(name, side))
        await self.settle()

    async def leave(self, name: str) -> None:
        """Somebody goes."""
        self.stay[name].set()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def _visit(self, name: str, side: Side) -> None:
        async with side:
            self.came.append(name)
            await self.stay[name].wait()

    async def close(self) -> None:
        for stay in self.stay.values():
            stay.set()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)


async def test_many_are_in_together_and_one_is_in_alone() -> None:
    door = Door()
    for name in ("a", "b"):
        await door.ask(name, door.turns.together)
    await door.ask("alone", door.turns.alone)
    assert door.came == ["a", "b"]

    await door.leave("a")
    assert door.came == ["a", "b"]
    await door.leave("b")
    assert door.came == ["a", "b", "alone"]
    await door.close()


async def test_who_could_join_those_inside_does_not_overtake_who_waits() -> None:
    door = Door()
    await door.ask("a", door.turns.together)
    await door.ask("alone", door.turns.alone)
    for name in ("b", "c"):
        await door.ask(name, door.turns.together)
    await door.ask("alone too", door.turns.alone)
    await door.ask("d", door.turns.together)

    assert door.came == ["a"]
    await door.leave("a")
    assert door.came == ["a", "alone"]
    await door.leave("alone")
    assert door.came == ["a", "alone", "b", "c"]
    for name in ("b", "c", "alone too"):
        await door.leave(name)
    assert door.came == ["a", "alone", "b", "c", "alone too", "d"]
    await door.close()


async def test_who_gives_up_waiting_holds_nobody_up() -> None:
    door = Door()
    await door.ask("a", door.turns.together)
    await door.ask("alone", door.turns.alone)
    await door.ask("b", door.turns.together)

    door.tasks["alone"].cancel()
    await door.settle()

    assert door.came == ["a", "b"]
    await door.close()


async def test_who_is_cancelled_when_called_passes_the_turn_on() -> None:
    door = Door()
    await door.ask("a", door.turns.alone)
    await door.ask("b", door.turns.alone)
    await door.ask("c", door.turns.alone)

    # when "b" is called, and cancelled before it can come in
    door.stay["a"].set()
    await asyncio.sleep(0)
    door.tasks["b"].cancel()
    await door.settle()

    assert door.came == ["a", "c"]
    await door.close()
