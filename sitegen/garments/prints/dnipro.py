"""«Дніпро»: a Cossack boat over the rapids; the water is bands that bend round the rocks."""

from __future__ import annotations

import math

from sitegen.garments.canvas import Point, cut, disc, fill, inside, line, smooth, taper
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_ROCKS = ((132, 486, 52), (446, 470, 60), (290, 566, 46))
_CIRCLE = "M300 10A300 300 0 0 1 300 610A300 300 0 0 1 300 10Z"


def _flow(x: float, y: float) -> float:
    """How high a band that starts at y runs at x: swell, and the push of every rock."""
    fade = min(1.0, max(0.0, (y - 330) / 60))
    height = y + 15 * math.sin(x / 66 + y / 90) + 4 * math.sin(x / 31 - y / 50) * fade
    for cx, cy, radius in _ROCKS:
        across, down = (x - cx) / (radius * 1.5), (y - cy) / (radius * 1.25)
        push = math.exp(-(across**2)) * math.exp(-(down**2)) * radius * 1.02
        height += push if y > cy else -push
    return height


def _band(y: float, half: float) -> str:
    spine: list[Point] = [(x, _flow(x, y)) for x in range(-20, 640, 15)]
    widths = [half * (1.15 + 0.6 * math.sin(x / 52 + y / 13)) for x, _ in spine]
    return taper(spine, widths)


def _boat(ink: str, second: str) -> str:
    hull = fill(
        "M92 286C130 314 180 322 300 322C420 322 476 308 520 262C512 330 462 372 400 376"
        "L206 376C150 372 106 338 92 286Z",
        ink,
    )
    planks = line("M112 318C180 344 420 346 506 308", "#000", 5) + line("M134 346C200 364 410 366 480 344", "#000", 4)
    shields = "".join(disc(180 + k * 50, 327 + (4 if 0 < k < 5 else 0), 17, "#000") for k in range(6))
    bosses = "".join(disc(180 + k * 50, 327 + (4 if 0 < k < 5 else 0), 12, second) for k in range(6))
    reeds = "".join(line(f"M{146 + k * 4} {356 + k * 8}L{452 - k * 4} {356 + k * 8}", "#000", 3) for k in range(2))
    sail = "M300 70C352 92 416 98 456 84C438 150 440 210 470 262C410 282 340 276 282 262C312 200 316 130 300 70Z"
    seams = "".join(line(f"M{326 + k * 42} 64Q{344 + k * 40} 180 {318 + k * 46} 290", "#000", 5) for k in range(4))
    trident = line("M376 150L376 214M350 154L350 186Q350 204 376 204Q402 204 402 186L402 154", "#000", 9)
    rigging = line("M276 40L276 326", ink, 11) + line("M276 54L130 296", ink, 3.4) + line("M276 54L512 268", ink, 3.4)
    flag = fill("M276 40C300 28 322 52 350 38L350 62C322 76 300 52 276 64Z", ink)
    oars = "".join(line(f"M{196 + k * 62} 340L{140 + k * 62} 424", ink, 7) for k in range(5))
    blades = "".join(
        fill(taper(((150 + k * 62, 410), (136 + k * 62, 430), (122 + k * 62, 452)), (7, 17, 10)), ink) for k in range(5)
    )
    return (
        oars
        + blades
        + rigging
        + cut("dnipro-sail", fill(sail, second), seams + trident)
        + flag
        + cut("dnipro-hull", hull, planks + shields + reeds)
        + bosses
    )


def draw(ink: str, second: str) -> str:
    """A round picture; bands take turns in the two inks."""
    bands = "".join(fill(_band(396 + k * 21, 7.4), second if k % 3 == 1 else ink) for k in range(12))
    rocks, hollow = "", ""
    for k, (x, y, r) in enumerate(_ROCKS):
        shape: list[Point] = [
            (x - r, y + r * 0.34),
            (x - r * 0.7, y - r * 0.3),
            (x - r * 0.16, y - r * 0.62),
            (x + r * 0.42, y - r * 0.4),
            (x + r * 0.98, y + r * 0.3),
            (x + r * 0.5, y + r * 0.5),
            (x - r * 0.5, y + r * 0.52),
        ]
        outline = smooth(shape, tension=0.45)
        gouges = "".join(
            line(
                f"M{x + dx * r:.0f} {y - r * 0.3:.0f}L{x + (dx - 0.3) * r:.0f} {y + r * 0.34:.0f}",
                "#000",
                4,
            )
            for dx in (0.1, 0.42, 0.7)
        )
        rocks += cut(f"dnipro-rock{k}", fill(outline, ink), gouges)
        hollow += fill(outline, "#000") + line(outline, "#000", 12)
    keel = fill(
        "M92 286C130 314 470 322 520 262C512 330 462 384 400 388L206 388C150 384 106 338 92 286Z",
        "#000",
    )
    water = cut("dnipro-water", bands, hollow + keel)
    birds = line("M92 150Q112 132 130 150Q148 132 168 150", ink, 6) + line(
        "M150 106Q164 92 178 106Q192 92 206 106", ink, 5
    )
    return (
        inside("dnipro-round", _CIRCLE, water + rocks)
        + _boat(ink, second)
        + birds
        + caption("ДНІПРО", "ДЕВ’ЯТЬ ПОРОГІВ", ink, second, 300, 692)
    )


PRINT = Print(
    slug="dnipro",
    names={"uk": "Дніпро", "en": "Dnipro"},
    width=600,
    height=746,
    draw=draw,
    closeup=Box(70, 20, 460, 575),
    accents=("#f2b705", "#1f4e79"),
)
