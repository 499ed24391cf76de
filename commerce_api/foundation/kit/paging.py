"""One page of a longer list: the same request and result everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is asked for: `number` from 1, `size` 1 to 100 items."""

    number: int = 1
    size: int = 24

    def __post_init__(self) -> None:
        if self.number < 1 or not 1 <= self.size <= 100:
            raise ValueError(f"no such page: {self}")

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`items` of one page and how many there are in all."""

    items: Sequence[T]
    total: int
    request: PageRequest

    @property
    def pages(self) -> int:
        """Number of pages; an empty list has one, empty page."""
        return max(1, -(-self.total // self.request.size))
