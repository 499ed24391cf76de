"""«Кавун»: a slice of a Kherson watermelon, bitten, with its seeds."""

from __future__ import annotations

from sitegen.garments.canvas import at, cut, disc, fill, inside, leaf, line, points, polar
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_SEEDS = points(
    "-150 56, -96 40, -44 84, -100 104, -150 118, 8 138, -56 152, 66 92, 118 120, 176 66, "
    "70 170, -4 190, -96 172, 112 182, 140 148"
)


def _half(radius: float) -> str:
    return f"M{-radius} 0A{radius} {radius} 0 0 0 {radius} 0Z"


def draw(ink: str, second: str) -> str:
    """A half disc tilted to the hand; two bites leave scallops and tooth marks."""
    bites = disc(46, -6, 62, "#000") + disc(124, -14, 54, "#000") + disc(84, 40, 44, "#000")
    grooves = ""
    for k in range(13):
        angle = 96 + k * 14
        (ax, ay), (bx, by) = polar(0, 0, 262, angle - 3), polar(0, 0, 288, angle + 2)
        (cx, cy) = polar(0, 0, 275, angle + 5)
        grooves += line(f"M{ax:.0f} {ay:.0f}L{cx:.0f} {cy:.0f}L{bx:.0f} {by:.0f}", "#000", 5)
    rind = cut("kavun-rind", fill(_half(290), ink), fill(_half(254), "#000") + grooves)
    seeds, holes = "", ""
    for x, y in _SEEDS:
        turn = -x * 0.16
        seeds += at(x, y + 15, 1, fill(leaf(32, 19, belly=0.34), ink), turn=turn)
        holes += at(x, y + 20, 1, fill(leaf(44, 31, belly=0.34), "#000"), turn=turn)
    veins = "".join(
        line(
            "M{:.0f} {:.0f}L{:.0f} {:.0f}".format(*polar(0, 0, 196, a), *polar(0, 0, 226, a)),
            "#000",
            4,
        )
        for a in range(98, 264, 9)
    )
    flesh = cut("kavun-flesh", fill(_half(240), second), holes + veins)
    slice_ = cut("kavun-bite", rind + flesh + seeds, bites)
    drops = "".join(
        at(x, y, s, fill(leaf(44, 26, belly=0.3), tone), turn=turn)
        for x, y, s, turn, tone in (
            (330, 88, 0.9, 24, ink),
            (384, 48, 0.8, 60, ink),
            (286, 40, 0.7, -20, ink),
            (440, 96, 0.62, 80, second),
            (346, 22, 0.5, 10, second),
            (250, 84, 0.5, -40, second),
        )
    )
    ground = inside(
        "kavun-shade",
        "M0 0L600 0L600 620L0 620Z",
        "".join(
            line(f"M{170 - k * 6} {534 + k * 17}L{430 + k * 6} {534 + k * 17}", ink, 7 - k * 1.5) for k in range(4)
        ),
    )
    return (
        at(300, 212, 1, slice_, turn=-11) + drops + ground + caption("КАВУН", "ХЕРСОН · СЕРПЕНЬ", ink, second, 300, 676)
    )


PRINT = Print(
    slug="kavun",
    names={"uk": "Кавун", "en": "Watermelon"},
    width=600,
    height=730,
    draw=draw,
    closeup=Box(50, 10, 460, 575),
    accents=("#ee4b2b", "#d4351c", "#ff8f73"),
)
