"""Long lists cut into pages of one size, with links a person can use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

PER_PAGE: Final = 24
"""Products on one page of a category."""
AROUND: Final = 2
"""Neighbours of the current page that are linked, on either side; the first and last always are."""


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of several. `previous` and `next` are paths, None at the ends; `links` are (number, path)."""

    number: int
    pages: int
    previous: str | None
    next: str | None
    links: tuple[tuple[int, str], ...]


def page_count(total: int, size: int = PER_PAGE) -> int:
    """How many pages `total` things fill; an empty list still has its one page."""
    return max(1, -(-total // size))


def page_slice(things: Sequence[str], number: int, size: int = PER_PAGE) -> Sequence[str]:
    """What stands on page `number`, counted from 1."""
    return things[(number - 1) * size : number * size]


def page_of(place: int, size: int = PER_PAGE) -> int:
    """The number of the page on which the thing at `place` (from 0) stands."""
    return place // size + 1


def paging(number: int, total: int, path: Callable[[int], str], size: int = PER_PAGE) -> Paging:
    """Where page `number` of a list of `total` things lies; `path` gives the address of a page.

    Raises ValueError when there is no such page.
    """
    pages = page_count(total, size)
    if not 1 <= number <= pages:
        raise ValueError(f"there is no page {number} of {pages}")
    near = {n for n in range(number - AROUND, number + AROUND + 1) if 1 <= n <= pages} | {1, pages}
    return Paging(
        number=number,
        pages=pages,
        previous=path(number - 1) if number > 1 else None,
        next=path(number + 1) if number < pages else None,
        links=tuple((n, path(n)) for n in sorted(near)),
    )
