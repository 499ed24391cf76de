"""«Сова»: an owl cut in lino, all eyes and feathers."""

from __future__ import annotations

from sitegen.garments.canvas import (
    at,
    both,
    cut,
    disc,
    fill,
    inside,
    leaf,
    line,
    points,
    polar,
    ring,
    smooth,
    taper,
)
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_WIDTH = 600
_BODY = smooth(
    points(
        "300 118, 360 108, 424 84, 470 48, 478 104, 474 170, 478 240, 488 330, 462 430, "
        "404 510, 340 552, 300 566, 260 552, 196 510, 138 430, 112 330, 122 240, 126 170, "
        "122 104, 130 48, 176 84, 240 108"
    ),
    tension=0.9,
)
_WING = smooth(points("462 262, 486 300, 496 380, 470 470, 424 540, 372 590, 386 520, 400 440, 414 350, 436 284"))
_BELLY = "M192 292C230 330 262 344 300 344C338 344 370 330 408 292C410 400 384 500 300 552C216 500 190 400 192 292Z"


def _scallops() -> str:
    """Rows of breast feathers, each a cut U with a cut quill."""
    out = ""
    for row in range(6):
        y = 366 + row * 34
        for k in range(-4, 5):
            x = 300 + k * 40 + (20 if row % 2 else 0)
            out += fill(
                f"M{x - 19} {y}C{x - 19} {y + 26} {x - 8} {y + 36} {x} {y + 36}"
                f"C{x + 8} {y + 36} {x + 19} {y + 26} {x + 19} {y}"
                f"C{x + 13} {y + 20} {x + 6} {y + 27} {x} {y + 27}"
                f"C{x - 6} {y + 27} {x - 13} {y + 20} {x - 19} {y}Z",
                "#000",
            ) + line(f"M{x} {y + 4}L{x} {y + 17}", "#000", 4)
    return inside("sova-belly", _BELLY, out)


def _face() -> str:
    """The veil: gouges that run out from each eye, and the brow."""
    out = ""
    for k in range(30):
        angle = k * 12
        inner, outer = 76, 97 if k % 2 else 90
        if 245 < angle < 330:
            continue
        (ax, ay), (bx, by) = polar(386, 214, inner, angle), polar(386, 214, outer, angle)
        out += fill(taper(((ax, ay), ((ax + bx) / 2, (ay + by) / 2), (bx, by)), (2, 7, 1.5)), "#000")
    for k in range(5):
        x = 330 + k * 26
        out += fill(
            taper(((x, 124 - k * 5), (x + 16, 112 - k * 7), (x + 40, 96 - k * 9)), (2, 6, 1)),
            "#000",
        )
    return (
        both(out, _WIDTH)
        + line("M300 120L300 168", "#000", 5)
        + both(line("M312 130Q318 150 316 168", "#000", 4), _WIDTH)
    )


def _eyes(ink: str, second: str) -> str:
    eye = disc(386, 214, 62, second) + disc(386, 214, 36, ink) + ring(386, 214, 68, ink, 6)
    iris = "".join(
        line(
            "M{:.0f} {:.0f}L{:.0f} {:.0f}".format(*polar(386, 214, 44, a), *polar(386, 214, 54, a)),
            "#000",
            3.4,
        )
        for a in range(0, 360, 20)
    )
    return cut("sova-iris", both(eye, _WIDTH), both(iris + disc(374, 202, 10, "#000"), _WIDTH))


def draw(ink: str, second: str) -> str:
    """Body, wings and branch in the ink; eyes, beak and claws in the second."""
    sockets = both(disc(386, 214, 72, "#000"), _WIDTH)
    beak = "M300 226C318 240 322 262 300 306C278 262 282 240 300 226Z"
    gaps = (
        _scallops()
        + _face()
        + sockets
        + line(beak, "#000", 14)
        + fill(beak, "#000")
        + both(line(_WING, "#000", 9) + fill(_WING, "#000"), _WIDTH)
        + line("M192 292C230 330 262 344 300 344C338 344 370 330 408 292", "#000", 5)
    )
    feathers = "".join(
        fill(
            taper(
                (
                    (444 + k * 11, 308 + k * 22),
                    (440 + k * 6, 420 + k * 10),
                    (404 + k * 2, 530 - k * 12),
                ),
                (2, 7, 1),
            ),
            "#000",
        )
        for k in range(5)
    )
    dots = "".join(disc(x, y, 4.5, "#000") for x, y in ((452, 288), (466, 312), (448, 318), (478, 342)))
    wings = cut("sova-wing", both(fill(_WING, ink), _WIDTH), both(feathers + dots, _WIDTH))
    branch = (
        fill(taper(points("40 606, 160 590, 300 592, 440 584, 566 598"), (10, 24, 26, 24, 8)), ink)
        + at(500, 586, 1, fill(leaf(66, 34), ink), turn=52)
        + at(92, 594, 1, fill(leaf(60, 32), ink), turn=-48)
    )
    grain = "".join(
        line(f"M{x} {y}L{x + 56} {y - 3}", "#000", 3.4)
        for x, y in points("110 598, 190 586, 340 598, 420 582, 460 594")
    )
    claws = both(
        "".join(
            fill(
                f"M{x} 560C{x + 16} 560 {x + 20} 596 {x + 8} 616C{x - 4} 600 {x - 12} 566 {x} 560Z",
                second,
            )
            for x in (322, 346, 370)
        ),
        _WIDTH,
    )
    claw_gaps = both(
        "".join(
            line(
                f"M{x} 560C{x + 16} 560 {x + 20} 596 {x + 8} 616C{x - 4} 600 {x - 12} 566 {x} 560Z",
                "#000",
                9,
            )
            + fill(
                f"M{x} 560C{x + 16} 560 {x + 20} 596 {x + 8} 616C{x - 4} 600 {x - 12} 566 {x} 560Z",
                "#000",
            )
            for x in (322, 346, 370)
        ),
        _WIDTH,
    )
    return (
        cut("sova-branch", branch, grain + claw_gaps)
        + cut("sova-feet", cut("sova-body", fill(_BODY, ink), gaps) + wings, claw_gaps)
        + _eyes(ink, second)
        + fill(beak, second)
        + claws
        + caption("СОВА", "НЕ СПИТЬ І ВАМ НЕ РАДИТЬ", ink, second, 300, 706)
    )


PRINT = Print(
    slug="sova",
    names={"uk": "Сова", "en": "Owl"},
    width=600,
    height=760,
    draw=draw,
    closeup=Box(94, 50, 412, 515),
    accents=("#f2b705", "#d4351c"),
)
