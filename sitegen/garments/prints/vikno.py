"""«Вікно»: taped panes, a lit room behind them, a cat and a geranium on the sill."""

from __future__ import annotations

from sitegen.garments.canvas import (
    bar,
    both,
    cut,
    disc,
    fill,
    line,
    points,
    polar,
    smooth,
    taper,
)
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_WIDTH = 600
_PANES = ((118, 84, 170, 116), (312, 84, 170, 116), (118, 222, 170, 268), (312, 222, 170, 268))
_CAT = smooth(
    points(
        "176 318, 170 280, 184 300, 206 306, 228 306, 250 300, 264 280, 260 318, 264 342, "
        "252 366, 264 400, 280 450, 284 500, 150 500, 154 450, 170 400, 184 366, 172 342"
    ),
    tension=0.7,
)
_TAIL = points("276 486, 318 506, 322 548, 296 574, 276 560")


def _tape() -> str:
    return "".join(
        line(f"M{x} {y}L{x + w} {y + h}M{x + w} {y}L{x} {y + h}", "#000", 15, cap="butt") for x, y, w, h in _PANES
    )


def _geranium(ink: str, second: str) -> tuple[str, str]:
    """The plant and, apart, the gap round it."""
    pot = "M356 432L456 432L452 450L446 450L436 500L376 500L366 450L360 450Z"
    stems = "".join(
        line(d, ink, 5)
        for d in (
            "M406 434C400 380 380 340 366 300",
            "M406 434C408 370 420 330 440 286",
            "M406 434C420 400 450 380 476 372",
            "M400 434C390 400 366 390 346 392",
        )
    )
    leaves, hollow = "", ""
    for x, y, r in ((350, 388, 30), (474, 366, 32), (386, 404, 28), (432, 398, 32), (404, 356, 26)):
        rim = [polar(x, y, r * (1 if k % 2 else 0.84), k * 22.5) for k in range(16)]
        veins = "".join(
            line("M{} {}L{:.0f} {:.0f}".format(x, y + 6, *polar(x, y, r * 0.62, a)), "#000", 3)
            for a in (-100, -50, 0, 50, 100)
        )
        leaves += cut(f"vikno-leaf{x}", fill(smooth(rim), ink), veins + line(smooth(rim), "#000", 3))
        hollow += disc(x, y, r + 7, "#000")
    blooms = ""
    for x, y, r in ((364, 284, 34), (444, 270, 40)):
        hollow += disc(x, y, r + 14, "#000")
        for k in range(7):
            fx, fy = (x, y) if k == 6 else polar(x, y, r * 0.68, k * 60)
            petals = "".join(disc(*polar(fx, fy, r * 0.2, a * 72 + k * 20), r * 0.17, second) for a in range(5))
            blooms += petals + disc(fx, fy, r * 0.09, ink)
    hollow += line(pot, "#000", 14) + fill(pot, "#000")
    bands = (
        line("M368 462L444 462", "#000", 4)
        + both("", _WIDTH)
        + "".join(line(f"M{380 + k * 13} 490L{386 + k * 13} 474L{392 + k * 13} 490", "#000", 3.4) for k in range(4))
    )
    plant = stems + leaves + cut("vikno-pot", fill(pot, ink), bands + line("M360 450L452 450", "#000", 4)) + blooms
    return plant, hollow


def draw(ink: str, second: str) -> str:
    """Panes glow in the second ink; tape is bare cloth; what stands on the sill is solid."""
    frame = "M84 50L516 50L516 508L84 508Z"
    holes = "".join(bar(x - 8, y - 8, w + 16, h + 16, "#000") for x, y, w, h in _PANES)
    joins = line("M84 50L110 76M516 50L490 76", "#000", 4) + line("M300 58L300 502", "#000", 4)
    joins += bar(294, 350, 12, 30, "#000")
    plant, hollow = _geranium(ink, second)
    cat_gap = line(_CAT, "#000", 13) + fill(_CAT, "#000") + fill(taper(_TAIL, (30, 30, 28, 26, 22)), "#000")
    panes = "".join(bar(x, y, w, h, second) for x, y, w, h in _PANES)
    eyes = "".join(fill(f"M{x - 12} 330Q{x} 317 {x + 12} 330Q{x} 343 {x - 12} 330Z", "#000") for x in (198, 236))
    face = fill("M211 346L223 346L217 353Z", "#000") + line(
        "M217 353Q210 362 203 358M217 353Q224 362 231 358", "#000", 3
    )
    whiskers = both("", _WIDTH) + "".join(
        line(f"M{217 + side * 18} {350 + k * 5}L{217 + side * 44} {346 + k * 8}", "#000", 2.6)
        for side in (-1, 1)
        for k in range(3)
    )
    fur = "".join(
        fill(taper(spine, (1, 5, 1)), "#000")
        for spine in (
            ((204, 384), (210, 400), (206, 416)),
            ((230, 384), (226, 400), (230, 416)),
            ((217, 390), (217, 408), (217, 424)),
            ((200, 440), (196, 470), (204, 496)),
            ((234, 440), (238, 470), (230, 496)),
            ((262, 436), (270, 462), (270, 486)),
            ((172, 436), (164, 462), (164, 486)),
            ((217, 448), (217, 476), (217, 498)),
        )
    )
    pupils = "".join(fill(f"M{x} 320Q{x + 5} 330 {x} 340Q{x - 5} 330 {x} 320Z", ink) for x in (198, 236))
    cat = cut("vikno-fur", fill(_CAT, ink), eyes + face + whiskers + fur)
    sill = bar(56, 508, 488, 30, ink)
    bricks = "".join(
        bar(80 + k * 88 + (44 if row else 0), 550 + row * 22, 78, 14, second)
        for row in range(2)
        for k in range(5 - row)
    )
    lintel = fill("M60 14L540 14L524 40L76 40Z", ink)
    notches = "".join(fill(f"M{92 + k * 32} 40L{108 + k * 32} 20L{124 + k * 32} 40Z", "#000") for k in range(13))
    return (
        cut("vikno-frame", fill(frame, ink), holes + joins + hollow + cat_gap)
        + cut("vikno-panes", panes, _tape() + hollow + cat_gap)
        + cut("vikno-lintel", lintel, notches)
        + cut("vikno-sill", sill + bricks, fill(taper(_TAIL, (30, 30, 28, 26, 22)), "#000"))
        + cat
        + pupils
        + fill(taper(_TAIL, (17, 17, 15, 13, 8)), ink)
        + plant
        + caption("ВІКНО", "СВІТЛО Є", ink, second, 300, 668)
    )


PRINT = Print(
    slug="vikno",
    names={"uk": "Вікно", "en": "Window"},
    width=600,
    height=722,
    draw=draw,
    closeup=Box(92, 52, 416, 520),
    accents=("#f2b705", "#d4351c"),
)
