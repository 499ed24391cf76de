"""Cloth: its colour, how strongly folds show on it, and the inks that read on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CREAM = "#f3efe6"
COAL = "#17181b"
RYE = "#f2b705"
SIGNAL = "#d4351c"
EMBER = "#a11a10"
WHITE = "#fffdf6"
ACCENTS = (RYE, SIGNAL, EMBER, WHITE)
READABLE = 3.0


def luminance(colour: str) -> float:
    """Relative luminance of a hex colour, 0 to 1, by WCAG 2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two hex colours, 1 to 21, by WCAG 2."""
    pale, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (pale + 0.05) / (dark + 0.05)


def fold_strength(colour: str) -> float:
    """How strongly folds are drawn: one opacity shouts on pale cloth and vanishes on dark."""
    light = luminance(colour)
    if light < 0.02:
        return 1.25
    return 0.95 if light < 0.2 else 0.52


@dataclass(frozen=True)
class Inks:
    """The two inks of a picture, as hex colours."""

    ink: str
    second: str


@dataclass(frozen=True)
class Cloth:
    """A colour of the palette; with a second hex, sleeves and trim are cut of the second."""

    slug: str
    body: str
    second: str | None = None

    @property
    def sleeves(self) -> str:
        """The colour of sleeves, hood and ribs."""
        return self.second or self.body

    @property
    def dark(self) -> bool:
        """Whether pale ink reads better on the body than dark ink."""
        return contrast(self.body, CREAM) > contrast(self.body, COAL)

    def inks(self, accents: Sequence[str] = ()) -> Inks:
        """The pair that reads on the body: the first accent of the list that is legible there."""
        ink = CREAM if self.dark else COAL
        for accent in (*accents, *ACCENTS):
            if contrast(accent, self.body) >= READABLE:
                return Inks(ink, accent)
        return Inks(ink, ink)
