"""What texts may cost. Money of this room is millionths of a US dollar, because that is what the bill is in."""

from dataclasses import dataclass
from math import ceil
from typing import Final

from commerce_api.office.copywriting.writer import Prompt

DOLLAR: Final = 1_000_000
CENT: Final = DOLLAR // 100
"""In millionths of a dollar."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """US cents for a million tokens that go in, and for a million that come out."""

    cents_in: int
    cents_out: int

    def cost(self, tokens_in: int, tokens_out: int) -> int:
        """Millionths of a dollar, rounded up."""
        return ceil((tokens_in * self.cents_in + tokens_out * self.cents_out) / 100)


def most_tokens(prompt: Prompt) -> tuple[int, int]:
    """The most tokens that a call can take in and give out: a token is at least two letters of ours."""
    told = len(prompt.instructions) + len(prompt.facts) + len(str(prompt.schema))
    return ceil(told / 2), prompt.longest
