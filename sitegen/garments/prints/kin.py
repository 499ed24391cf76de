"""«Кінь»: a steppe horse at full gallop, mane and tail on the wind."""

from __future__ import annotations

from sitegen.garments.canvas import Point, at, cut, disc, fill, line, points, smooth, taper
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_TORSO = smooth(
    points(
        "150 232, 172 196, 212 180, 262 192, 316 192, 356 172, 400 170, 438 190, 452 226, "
        "440 268, 408 292, 360 300, 312 296, 262 282, 226 284, 190 294, 160 272"
    )
)
_NECK = smooth(
    points(
        "340 186, 366 150, 396 112, 432 82, 468 66, 496 78, 508 112, 492 140, 478 172, "
        "466 210, 446 240, 410 236, 370 214"
    )
)
_HEAD = smooth(
    points(
        "462 74, 490 66, 514 84, 538 112, 562 138, 576 156, 574 172, 558 180, 540 174, "
        "520 162, 500 150, 478 142, 462 116"
    )
)

_Leg = tuple[tuple[Point, ...], tuple[float, ...]]
_NEAR: tuple[_Leg, ...] = (
    (points("420 246, 470 268, 512 270, 548 296, 578 318"), (84, 46, 25, 16, 17)),
    (points("188 240, 158 286, 112 306, 74 346, 44 376"), (112, 66, 28, 17, 17)),
)
_FAR: tuple[_Leg, ...] = (
    (points("420 262, 448 310, 476 342, 452 372, 424 378"), (72, 42, 25, 16, 17)),
    (points("206 250, 206 300, 176 334, 164 376, 142 410"), (96, 62, 28, 17, 17)),
)
_HOOVES = ((586, 326, -52), (36, 386, 48), (414, 380, 92), (134, 420, 42))
_MANE: tuple[tuple[Point, ...], ...] = (
    ((488, 62), (452, 34), (410, 36), (372, 14)),
    ((470, 66), (428, 46), (388, 56), (340, 38)),
    ((452, 74), (408, 66), (370, 82), (318, 66)),
    ((434, 86), (392, 88), (354, 106), (300, 96)),
    ((416, 102), (376, 110), (340, 130), (286, 124)),
    ((400, 120), (364, 134), (328, 152), (276, 152)),
    ((384, 140), (352, 156), (322, 168), (282, 174)),
)
_TAIL: tuple[tuple[Point, ...], ...] = (
    ((166, 204), (120, 172), (72, 190), (14, 158)),
    ((160, 210), (112, 192), (66, 212), (4, 190)),
    ((156, 218), (110, 212), (68, 234), (10, 226)),
    ((154, 228), (116, 232), (80, 252), (30, 254)),
)


def _locks(strands: tuple[tuple[Point, ...], ...], ink: str, grow: float) -> str:
    widths = (16 + grow, 22 + grow, 14 + grow, 1 + grow)
    return "".join(fill(taper(strand, widths), ink) for strand in strands)


def _hoof(ink: str) -> str:
    return fill("M-9 -10L9 -10L15 14L-13 14Z", ink)


def _legs(legs: tuple[_Leg, ...], ink: str, grow: float = 0) -> str:
    return "".join(fill(taper(spine, [width + grow for width in widths]), ink) for spine, widths in legs)


def draw(ink: str, second: str) -> str:
    """Far legs are parted from the body by a gap; muscles are cut, as in lino."""
    muscles = "".join(
        fill(taper(spine, widths), "#000")
        for spine, widths in (
            (((392, 196), (412, 226), (404, 262)), (1, 7, 1)),
            (((416, 206), (430, 232), (424, 256)), (1, 5, 1)),
            (((226, 214), (246, 246), (232, 280)), (1, 7, 1)),
            (((204, 206), (222, 236), (214, 266)), (1, 5, 1)),
            (((268, 268), (314, 280), (362, 282)), (1, 6, 1)),
            (((290, 252), (324, 260), (356, 260)), (1, 4, 1)),
            (((462, 156), (446, 186), (426, 204)), (1, 5, 1)),
            (((480, 120), (492, 136), (486, 146)), (1, 5, 1)),
            (((176, 246), (160, 270), (134, 290)), (1, 5, 1)),
            (((444, 262), (472, 274), (500, 274)), (1, 5, 1)),
        )
    )
    face = (
        disc(511, 104, 5.5, "#000") + line("M562 160Q566 156 568 160", "#000", 4) + line("M552 172L566 171", "#000", 3)
    )
    ear = at(486, 76, 1, fill("M-9 4C-12 -16 -4 -34 4 -42C12 -28 14 -8 8 6Z", ink), turn=-8)
    near = fill(_TORSO, ink) + fill(_NECK, ink) + fill(_HEAD, ink) + ear + _legs(_NEAR, ink)
    rim = line(_TORSO, "#000", 14) + fill(_TORSO, "#000") + _legs(_NEAR, "#000", 14)
    wind = _locks(_MANE, "#000", 8) + _locks(_TAIL, "#000", 8)
    hooves = [at(x, y, 1, _hoof(ink), turn=turn) for x, y, turn in _HOOVES]
    grass = ""
    for k in range(15):
        x = 34 + k * 38
        lean = 46 + (k * 29) % 40
        grass += fill(
            taper(
                ((x, 500), (x - lean * 0.3, 470 - k % 3 * 9), (x - lean, 452 - k % 4 * 8)),
                (7, 6, 1),
            ),
            second,
        )
    ground = "".join(
        fill(taper(((a, y), ((a + b) / 2, y), (b, y)), (1, w, 1)), second)
        for a, b, y, w in (
            (20, 590, 506, 12),
            (60, 420, 528, 9),
            (240, 560, 546, 7),
            (130, 330, 562, 5),
        )
    )
    dust = "".join(
        disc(x, y, r, second) for x, y, r in ((84, 424, 9), (52, 436, 6), (112, 438, 6), (20, 420, 5), (186, 440, 5))
    )
    return (
        cut("kin-far", _legs(_FAR, ink) + hooves[2] + hooves[3], rim)
        + cut("kin-near", near, muscles + face + wind)
        + hooves[0]
        + hooves[1]
        + _locks(_MANE, second, 0)
        + _locks(_TAIL, second, 0)
        + dust
        + grass
        + ground
        + caption("КІНЬ", "СТЕП БЕЗ КРАЮ", ink, second, 300, 656)
    )


PRINT = Print(
    slug="kin",
    names={"uk": "Кінь", "en": "Horse"},
    width=600,
    height=710,
    draw=draw,
    closeup=Box(130, 20, 440, 550),
    accents=("#f2b705", "#d4351c"),
    on_back=frozenset({"hoodie"}),
)
