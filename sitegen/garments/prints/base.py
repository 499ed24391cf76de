"""What a print is: a drawing in two inks on a sheet of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sitegen.garments.canvas import at
from sitegen.garments.marks import commas
from sitegen.garments.outlines import Kind

Draw = Callable[[str, str], str]


@dataclass(frozen=True)
class Box:
    """A rectangle, in units of the sheet it lies on."""

    x: float
    y: float
    width: float
    height: float


# Where a large print may lie on the garment's sheet.
LARGE_FRONT: dict[Kind, Box] = {
    "tee": Box(366, 424, 468, 600),
    "hoodie": Box(390, 490, 420, 452),
    "longsleeve": Box(366, 424, 468, 600),
}
LARGE_BACK: dict[Kind, Box] = {
    "tee": Box(370, 380, 460, 660),
    "hoodie": Box(345, 424, 510, 690),
    "longsleeve": Box(370, 380, 460, 660),
}
CHEST: dict[Kind, Box] = {
    "tee": Box(690, 470, 84, 50),
    "hoodie": Box(690, 540, 84, 50),
    "longsleeve": Box(690, 470, 84, 50),
}
NAPE: dict[Kind, Box] = {
    "tee": Box(545, 340, 110, 66),
    "hoodie": Box(545, 440, 110, 66),
    "longsleeve": Box(545, 340, 110, 66),
}


@dataclass(frozen=True)
class Print:
    """One drawing: `draw(ink, second)` returns SVG on a sheet of `width` x `height`."""

    slug: str
    names: dict[str, str]
    width: float
    height: float
    draw: Draw
    closeup: Box
    accents: tuple[str, ...] = ()
    on_back: frozenset[Kind] = frozenset()

    def front(self, ink: str, second: str, kind: Kind = "tee") -> str:
        """The front of a garment: the drawing, or the brand's mark where the drawing is behind."""
        if kind in self.on_back:
            return fitted(commas(ink, second), 396, 236, CHEST[kind])
        return fitted(self.draw(ink, second), self.width, self.height, LARGE_FRONT[kind])

    def back(self, ink: str, second: str, kind: Kind = "tee") -> str:
        """The back of a garment: the brand's mark, or the drawing where it is printed behind."""
        if kind in self.on_back:
            return fitted(self.draw(ink, second), self.width, self.height, LARGE_BACK[kind])
        return fitted(commas(ink, second), 396, 236, NAPE[kind])


def fitted(art: str, width: float, height: float, box: Box) -> str:
    """A drawing scaled to fill a box as far as it can, centred, from the box's upper edge."""
    scale = min(box.width / width, box.height / height)
    return at(box.x + (box.width - width * scale) / 2, box.y, round(scale, 4), art)
