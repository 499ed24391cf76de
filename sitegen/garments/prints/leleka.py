"""«Лелека»: a white stork on one leg in its nest, on half a cartwheel that rises like a sun."""

from __future__ import annotations

from sitegen.garments.canvas import (
    at,
    cut,
    dice,
    disc,
    fill,
    inside,
    line,
    number,
    points,
    polar,
    ring,
    smooth,
    taper,
)
from sitegen.garments.cloth import luminance
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_BODY = smooth(
    points(
        "404 60, 380 66, 364 88, 360 118, 350 150, 322 180, 276 204, 228 240, 182 292, "
        "138 352, 104 396, 150 388, 200 366, 262 352, 326 338, 372 304, 398 256, 404 208, "
        "404 166, 414 132, 428 108, 432 84, 422 66"
    )
)
_FEATHERS = (
    ((300, 262), (248, 298), (186, 340), (124, 386)),
    ((306, 282), (256, 314), (206, 342), (150, 374)),
    ((312, 300), (268, 326), (226, 344), (182, 362)),
    ((316, 318), (284, 332), (252, 342), (216, 352)),
)
_BEAK = "M424 76C450 84 500 106 560 136C512 128 462 116 426 102Z"


def _nest(ink: str) -> str:
    rng = dice(5)
    bowl = smooth(points("132 432, 200 424, 300 428, 400 424, 468 432, 440 470, 380 496, 300 502, 220 496, 160 470"))
    twigs, gaps = fill(bowl, ink), ""
    for _ in range(46):
        x, y = rng.uniform(140, 460), rng.uniform(430, 490)
        lean, reach = rng.uniform(-0.34, 0.34), rng.uniform(50, 92)
        spine = ((x - reach, y - reach * lean), (x, y + 4), (x + reach, y + reach * lean))
        squeeze = 1 - abs(x - 300) / 420
        if rng.random() < 0.5:
            twigs += fill(taper(spine, (2, 6, 2)), ink)
        else:
            gaps += fill(taper([(300 + (px - 300) * squeeze, py) for px, py in spine], (1, 5, 1)), "#000")
    return cut("leleka-twigs", twigs, gaps)


def _wheel(second: str) -> str:
    x, y = 300.0, 648.0
    parts = ring(x, y, 172, second, 24) + disc(x, y, 40, second)
    for k in range(9):
        angle = -90 + k * 22.5
        (ax, ay), (bx, by) = polar(x, y, 48, angle), polar(x, y, 156, angle)
        parts += fill(taper(((ax, ay), ((ax + bx) / 2, (ay + by) / 2), (bx, by)), (9, 15, 9)), second)
    gaps = ring(x, y, 172, "#000", 4) + disc(x, y, 15, "#000")
    held = inside("leleka-half", "M0 0L600 0L600 640L0 640Z", parts)
    nest = "M120 420L480 420L452 486L380 508L300 514L220 508L148 486Z"
    return cut("leleka-wheel", held, gaps + fill(nest, "#000"))


def draw(ink: str, second: str) -> str:
    """The white bird stays white: solid in pale ink, a contour with black wings in dark ink."""
    feathers = "".join(fill(taper(spine, (10, 20, 17, 4)), "{}") for spine in _FEATHERS)
    coverts = "".join(
        line(f"M{x} {y}Q{x - 22} {y + 6} {x - 30} {y + 26}", "{}", 5)
        for x, y in points("300 226, 330 244, 268 244, 356 222, 328 206")
    )
    if luminance(ink) > 0.4:
        gaps = (feathers + coverts).replace("{}", "#000") + disc(404, 86, 6, "#000")
        bird = cut("leleka-bird", fill(_BODY, ink), gaps)
    else:
        bird = line(_BODY, ink, 8) + feathers.replace("{}", ink) + coverts.replace("{}", ink) + disc(404, 86, 7, ink)
    legs = (
        fill(taper(((322, 312), (320, 372), (317, 434)), (15, 9, 10)), second)
        + disc(320, 368, 9, second)
        + line("M346 300L372 356L296 344L272 362", second, 9)
        + disc(371, 354, 8, second)
    )
    return (
        legs
        + at(50, 2, 0.9, bird + fill(_BEAK, second))
        + _wheel(second)
        + _nest(ink)
        + f'<rect x="120" y="{number(648)}" width="360" height="6" fill="{ink}"/>'
        + caption("ЛЕЛЕКА", "ПОВЕРТАЮТЬСЯ ДОДОМУ", ink, second, 300, 726)
    )


PRINT = Print(
    slug="leleka",
    names={"uk": "Лелека", "en": "Stork"},
    width=600,
    height=778,
    draw=draw,
    closeup=Box(90, 40, 480, 600),
    accents=("#e8452c", "#d4351c", "#f2b705"),
)
