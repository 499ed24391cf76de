"""«Рельєф»: the height lines of two hills, the nearer one in the second ink."""

from __future__ import annotations

import math

from sitegen.garments.canvas import Point, cut, dice, fill, line, polygon, smooth
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_RNG = dice(11)
_WAVES = [(_RNG.uniform(0.6, 2.6), _RNG.uniform(0, 6.3), _RNG.uniform(0.02, 0.072)) for _ in range(5)]


def _contour(x: float, y: float, radius: float, squash: float, phase: float) -> str:
    points: list[Point] = []
    for step in range(48):
        angle = step / 48 * math.tau
        wobble = 1 + sum(
            size * math.sin(round(often + 1) * angle + start + phase + radius / 90) for often, start, size in _WAVES
        )
        points.append((x + radius * wobble * math.cos(angle), y + radius * wobble * squash * math.sin(angle)))
    return smooth(points)


def draw(ink: str, second: str) -> str:
    """Every fifth line is an index line, as on a map; peaks carry a triangle and a height."""
    far = "".join(
        line(_contour(290, 330, 20 + k * 15.6, 1.12, 0), ink, 6.4 if k % 5 == 0 else 3) for k in range(17) if k != 2
    )
    near = "".join(line(_contour(366, 208, 12 + k * 12, 0.92, 1.4), second, 6) for k in range(6))
    peaks = fill(polygon(((280, 338), (300, 338), (290, 320))), ink) + fill(
        polygon(((357, 213), (375, 213), (366, 197))), second
    )
    return (
        cut("relief-far", far, fill(_contour(366, 208, 84, 0.92, 1.4), "#000"))
        + near
        + peaks
        + caption("РЕЛЬЄФ", "49°59’ ПН · 36°14’ СХ", ink, second, 300, 694)
    )


PRINT = Print(
    slug="relief",
    names={"uk": "Рельєф", "en": "Relief"},
    width=600,
    height=750,
    draw=draw,
    closeup=Box(130, 50, 400, 500),
    on_back=frozenset({"hoodie"}),
)
