"""«Колос»: an ear of wheat over a sun cut into bars."""

from __future__ import annotations

from sitegen.garments.canvas import at, both, cut, disc, fill, leaf, line
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_WIDTH = 600
_PAIRS = 8


def _ear(ink: str) -> str:
    """Pairs of grains from the top down; each pair is parted by a gap from those behind it."""
    ear = at(300, 102, 1, fill(leaf(104, 40), ink))
    for k in range(_PAIRS - 1, -1, -1):
        scale, turn = 1 - k * 0.05, 37 + k * 1.6
        grain = at(300, 456 - k * 46, scale, fill(leaf(114, 50), ink), turn=turn)
        rim = at(300, 456 - k * 46, scale, line(leaf(114, 50), "#000", 13), turn=turn)
        ear = cut(f"kolos-pair{k}", ear, both(rim, _WIDTH)) + both(grain, _WIDTH)
    return cut("kolos-rachis", ear, line("M300 480L300 120", "#000", 5))


def _awns(width: float, ink: str) -> str:
    out = ""
    for k in range(7):
        x, y = 338 - k * 4, 300 - k * 42
        out += line(f"M{x} {y}Q{x + 22} {y - 80} {x + 52 - k * 6} {y - 168}", ink, width)
    return both(out, _WIDTH)


def draw(ink: str, second: str) -> str:
    """The sun's bars grow thinner downwards; the ear parts them by a gap all round."""
    stem = "M300 590L300 462"
    bars = "".join(f'<rect x="60" y="{30 + k * 31}" width="480" height="{27 - k * 1.75:.2f}"/>' for k in range(14))
    sun = f'<clipPath id="kolos-bars">{bars}</clipPath>' + (
        f'<g clip-path="url(#kolos-bars)">{disc(300, 234, 206, second)}</g>'
    )
    halo = "".join(
        at(300, 462 - k * 46, 1 - k * 0.05, side, turn=0)
        for k in range(8)
        for side in (
            f'<g transform="rotate({37 + k * 1.6:.1f})">{fill(leaf(126, 70), "#000")}</g>',
            f'<g transform="rotate({-37 - k * 1.6:.1f})">{fill(leaf(126, 70), "#000")}</g>',
        )
    )
    gaps = halo + at(300, 108, 1, fill(leaf(118, 58), "#000")) + line("M300 470L300 90", "#000", 30)
    blades = fill("M300 600C304 540 330 500 392 478C372 534 344 572 300 600Z", ink)
    return (
        cut("kolos-sun", sun, gaps)
        + line(stem, ink, 9)
        + _awns(3.4, ink)
        + _ear(ink)
        + blades
        + fill("M300 560C296 520 276 496 226 482C240 524 262 548 300 560Z", ink)
        + caption("КОЛОС", "ДВІ ФАРБИ · ХАРКІВ", ink, second, 300, 684)
    )


PRINT = Print(
    slug="kolos",
    names={"uk": "Колос", "en": "Ear of wheat"},
    width=600,
    height=740,
    draw=draw,
    closeup=Box(70, -10, 460, 575),
    accents=("#f2b705", "#c75c0c"),
)
