"""«Міст»: an arched bridge, the city on its bank, and both of them in the water."""

from __future__ import annotations

from sitegen.garments.canvas import at, bar, cut, dice, disc, fill, inside, line, points
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_LAMPS = (51, 165, 300, 435, 549)
_WATER = 372
_DOME = "M-32 0C-46 -34 -10 -44 0 -74C10 -44 46 -34 32 0Z"
_ARCHES = ((112, 78), (300, 92), (488, 78))


def _lamp_height(x: float) -> float:
    """The lamps stand along the deck's bow."""
    return 192 - 18 * (1 - ((x - 300) / 300) ** 2)


def _bridge(ink: str) -> str:
    deck = fill("M0 268Q300 232 600 268L600 372L0 372Z", ink)
    gaps = ""
    for x, half in _ARCHES:
        rise = 92 if half > 80 else 80
        top = _WATER - rise
        gaps += fill(
            f"M{x - half} {_WATER + 2}C{x - half} {top - 8} {x - half * 0.5:.0f} {top} {x} {top}"
            f"C{x + half * 0.5:.0f} {top} {x + half} {top - 8} {x + half} {_WATER + 2}Z",
            "#000",
        )
        for k in range(-4, 5):
            bottom, head = x + k * half * 0.2, x + k * half * 0.27
            gaps += line(
                f"M{bottom:.0f} {top + 4 + k * k * 2.2:.0f}L{head:.0f} {top - 16 + k * k * 1.6:.0f}",
                "#000",
                3,
            )
    gaps += line("M0 282Q300 246 600 282", "#000", 5)
    piers = "".join(
        bar(x - 17, 300, 34, 76, ink) + fill(f"M{x - 24} 376L{x} 340L{x + 24} 376Z", ink) for x in (200, 400)
    )
    rail = "".join(bar(x, 246 - 18 * (1 - ((x - 300) / 300) ** 2), 3.4, 24, ink) for x in range(8, 600, 16))
    lamps = "".join(bar(x - 2.5, _lamp_height(x), 5, 70, ink) + disc(x, _lamp_height(x), 10, ink) for x in _LAMPS)
    return cut("mist-arches", deck, gaps) + piers + rail + lamps + line("M0 247Q300 211 600 247", ink, 5)


def _city(ink: str) -> str:
    """The skyline behind: roofs, two domes, a tower; windows are gaps."""
    blocks = (
        (0, 176, 66),
        (70, 140, 58),
        (132, 188, 40),
        (416, 150, 60),
        (480, 186, 44),
        (526, 158, 60),
    )
    shapes = "".join(bar(x, y, w, 260 - y, ink) for x, y, w in blocks)
    shapes += fill("M70 142L99 104L128 142Z", ink)
    for x, y, s in ((210, 150, 1.0), (388, 168, 0.8)):
        shapes += (
            bar(x - 26 * s, y - 3, 52 * s, 103, ink)
            + at(x, y, s, fill(_DOME, ink))
            + bar(x - 2.5, y - 98 * s, 5, 30 * s, ink)
            + bar(x - 9 * s, y - 90 * s, 18 * s, 5, ink)
        )
    windows = "".join(
        bar(x, y, 8, 14, "#000")
        for x, y in points(
            "12 190, 32 190, 12 216, 50 216, 84 158, 104 158, 84 184, 104 210, 428 168, 452 168, "
            "428 194, 452 220, 492 204, 508 204, 536 176, 566 176, 566 204, "
            "144 206, 156 206"
        )
    )
    lamps = "".join(disc(x, _lamp_height(x), 18, "#000") + bar(x - 9, _lamp_height(x), 18, 70, "#000") for x in _LAMPS)
    bank = fill("M0 240Q300 204 600 240L600 600L0 600Z", "#000")
    return cut("mist-windows", shapes, windows + lamps + bank)


def _water(ink: str, second: str) -> str:
    """Reflection: strokes that widen downwards, dark below the piers, bright below the sun."""
    rng = dice(21)
    out = ""
    for row in range(13):
        y = 392 + row * 15.5
        weight = 6.4 - row * 0.22
        for x in (206, 394):
            half = (24 + row * 2.4) * rng.uniform(0.6, 1.1)
            shift = rng.uniform(-8, 8)
            out += line(f"M{x - half + shift:.0f} {y}L{x + half + shift:.0f} {y}", ink, weight)
        half = (104 - row * 5.6) * rng.uniform(0.62, 1)
        out += line(f"M{300 - half:.0f} {y + 7.5}L{300 + half:.0f} {y + 7.5}", second, weight + 0.6)
        for x in (112, 488):
            half = rng.uniform(14, 46) * (1 - row * 0.05)
            out += line(f"M{x - half:.0f} {y + 7.5}L{x + half:.0f} {y + 7.5}", second, weight * 0.7)
    return out


def draw(ink: str, second: str) -> str:
    """A round picture: sun, skyline, three arches, water."""
    sun = cut(
        "mist-sun",
        disc(296, 190, 112, second),
        "".join(line(f"M120 {150 + k * 20}L480 {150 + k * 20}", "#000", 2.4 + k * 1.5) for k in range(5))
        + fill("M0 250Q300 212 600 250L600 600L0 600Z", "#000"),
    )
    domes = '<g stroke="#000" stroke-width="14">' + _city("#000").replace("mist-windows", "mist-shadow") + "</g>"
    scene = cut("mist-behind", sun, domes) + _city(ink) + _bridge(ink) + _water(ink, second)
    circle = "M300 20A285 285 0 0 1 300 590A285 285 0 0 1 300 20Z"
    return inside("mist-round", circle, scene) + caption("МІСТ", "ЛІВИЙ БЕРЕГ · ПРАВИЙ БЕРЕГ", ink, second, 300, 672)


PRINT = Print(
    slug="mist",
    names={"uk": "Міст", "en": "Bridge"},
    width=600,
    height=726,
    draw=draw,
    closeup=Box(76, 30, 448, 560),
    accents=("#f2b705", "#d4351c", "#a11a10"),
    on_back=frozenset({"hoodie"}),
)
