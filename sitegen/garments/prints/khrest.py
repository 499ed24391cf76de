"""«Хрест»: a cross-stitched rhombus with a star, built stitch by stitch."""

from __future__ import annotations

from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

# One eighth of the ornament: rows run outwards from the middle, the rest is reflected.
# "#" is the ink, "o" the second ink, "." bare cloth; row y holds the stitches x = 0 to y.
_EIGHTH = (
    "o",
    "o#",
    "o##",
    ".##o",
    "#.ooo",
    "#.#oo#",
    "##.#o##",
    ".##.####",
    "o.##.###.",
    "oo.##.#..o",
    "ooo.##..ooo",
    "o#oo.##.ooo.",
    "..#oo.##.o..#",
    "#..#oo.##..##.",
    "##..#oo.##.#...",
    ".##..#o..##....o",
    "..##..#.#.#...oo.",
    "o..##..###...oo..",
    "oo..##..#...oo....",
    "#oo..##....oo......",
    "##oo..##..oo........",
    ".##oo..##oo..........",
    "..##oo..##............",
    "o..##oo................",
    "oo..##..................",
    "#oo......................",
    "##........................",
)
_REACH = len(_EIGHTH) - 1
_STITCH = 10.6


def stitch_at(x: int, y: int) -> str:
    """The ink of the stitch at that column and row from the middle."""
    near, far = sorted((abs(x), abs(y)))
    row = _EIGHTH[far] if far <= _REACH else ""
    return row[near] if near < len(row) else "."


def _stitches(kind: str, colour: str) -> str:
    arm = _STITCH * 0.36
    commands = []
    for y in range(-_REACH, _REACH + 1):
        for x in range(-_REACH, _REACH + 1):
            if stitch_at(x, y) == kind:
                cx, cy = 300 + x * _STITCH, 300 + y * _STITCH
                left, right, top, low = cx - arm, cx + arm, cy - arm, cy + arm
                commands.append(
                    f"M{left:.1f} {top:.1f}L{right:.1f} {low:.1f}M{right:.1f} {top:.1f}L{left:.1f} {low:.1f}"
                )
    return f'<path d="{"".join(commands)}" fill="none" stroke="{colour}" stroke-width="4.3" stroke-linecap="round"/>'


def draw(ink: str, second: str) -> str:
    """Every stitch is a cross of two threads."""
    return _stitches("#", ink) + _stitches("o", second) + caption("ХРЕСТИК", "СТІБОК ЗА СТІБКОМ", ink, second, 300, 680)


PRINT = Print(
    slug="khrest",
    names={"uk": "Хрестик", "en": "Cross-stitch"},
    width=600,
    height=735,
    draw=draw,
    closeup=Box(204, 180, 192, 240),
    accents=("#ee4b2b", "#d4351c", "#f2b705"),
)
