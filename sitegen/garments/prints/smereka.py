"""«Смерека»: Carpathian spruces before ridges under a moon."""

from __future__ import annotations

from sitegen.garments.canvas import (
    Point,
    at,
    cut,
    dice,
    disc,
    fill,
    inside,
    line,
    points,
    polygon,
    smooth,
    taper,
)
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_FRAME = "M30 590L30 300C30 140 150 20 300 20C450 20 570 140 570 300L570 590Z"


def _spruce(ident: str, height: float, ink: str, seed: int) -> str:
    """A spruce from its foot at the origin: drooping, ragged boughs with gouged light."""
    rng = dice(seed)
    tiers = max(6, int(height / 26))
    right: list[Point] = []
    left: list[Point] = []
    gaps = ""
    for k in range(tiers):
        share = k / tiers
        y = -height * (1 - share * 0.93)
        half = 5 + height * 0.235 * share**0.9
        step = height / tiers
        for side, edge in ((1, right), (-1, left)):
            droop = rng.uniform(0.55, 0.95) * step
            reach = half * rng.uniform(0.84, 1.14)
            edge += [(side * reach * 0.34, y + 1), (side * reach, y + droop)]
            edge.append((side * reach * 0.52, y + droop * 0.82))
            if k > 1:
                x = side * half * rng.uniform(0.14, 0.3)
                gouge = ((x, y + 4), (x * 2, y + step * 0.5), (x * 2.9, y + step * 0.82))
                gaps += fill(taper(gouge, (1.5, height * 0.013, 1)), "#000")
    outline = polygon([(0, -height - 14), *right, (7, -10), (7, 0), (-7, 0), (-7, -10), *left[::-1]])
    return cut(ident, fill(outline, ink), gaps)


def _ridge(points: tuple[Point, ...]) -> str:
    return smooth(points, closed=False, tension=0.8) + "L640 640L-40 640Z"


def draw(ink: str, second: str) -> str:
    """An arched picture: moon and far ridge in the second ink, the near forest in the first."""
    moon = disc(372, 160, 92, second)
    bars = "".join(line(f"M250 {188 + k * 17}L500 {188 + k * 17}", "#000", 3 + k * 1.6) for k in range(4))
    far = _ridge(points("-40 330, 60 270, 120 232, 190 282, 262 218, 330 262, 410 210, 490 268, 560 236, 640 280"))
    mid = _ridge(points("-40 400, 40 352, 130 380, 230 318, 320 372, 420 326, 520 378, 640 330"))
    near = _ridge(points("-40 470, 80 440, 190 470, 310 430, 430 474, 540 440, 640 466"))
    moonlight = cut("smereka-moon", moon, bars + fill(far, "#000"))
    slopes = "".join(
        line(f"M{x} {y}L{x - 34} {y + 84}", "#000", 4)
        for x, y in points(
            "120 246, 146 262, 262 232, 286 246, 410 224, 438 246, 560 250, 92 270, 232 262, 382 240, 470 272, 536 268"
        )
    )
    hills = cut("smereka-far", fill(far, second), slopes + fill(mid, "#000") + line(mid, "#000", 12)) + cut(
        "smereka-mid",
        fill(mid, ink),
        "".join(
            line(f"M{x} {y}L{x - 30} {y + 60}", "#000", 4.4)
            for x, y in points(
                "230 332, 256 350, 206 352, 420 342, 446 356, 396 354, 48 368, 78 378, 18 384, 560 372, 590 362"
            )
        )
        + fill(near, "#000")
        + line(near, "#000", 12),
    )
    grass = "".join(
        line(f"M{x} {y}Q{x + 60} {y - 10} {x + 120} {y + 4}", "#000", 4)
        for x, y in points("60 486, 210 500, 380 492, 120 524, 300 530, 440 520, 60 552, 250 560, 400 556")
    )
    meadow = cut("smereka-near", fill(near, second), grass)
    trees, halo = "", ""
    for k, (x, y, height) in enumerate(
        (
            (168, 590, 300),
            (96, 590, 214),
            (250, 590, 200),
            (450, 590, 330),
            (536, 590, 236),
            (372, 590, 172),
            (312, 590, 118),
            (46, 590, 140),
        )
    ):
        trees += at(x, y, 1, _spruce(f"smereka-tree{k}", height, ink, k + 3))
        halo += at(
            x,
            y,
            1,
            fill(polygon(((0, -height - 36), (height * 0.31, 6), (-height * 0.31, 6))), "#000"),
        )
    scene = cut("smereka-scene", moonlight + hills + meadow, halo)
    return inside("smereka-frame", _FRAME, scene + trees) + caption(
        "СМЕРЕКА", "1 500 М НАД РІВНЕМ МОРЯ", ink, second, 300, 676
    )


PRINT = Print(
    slug="smereka",
    names={"uk": "Смерека", "en": "Spruce"},
    width=600,
    height=730,
    draw=draw,
    closeup=Box(70, 30, 456, 570),
    accents=("#f2b705", "#c75c0c", "#a11a10"),
    on_back=frozenset({"hoodie"}),
)
