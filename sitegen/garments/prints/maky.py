"""«Маки»: large poppies with buds, seed heads and torn leaves."""

from __future__ import annotations

import math

from sitegen.garments.canvas import (
    Point,
    at,
    cut,
    dice,
    disc,
    fill,
    leaf,
    line,
    points,
    polar,
    smooth,
    taper,
)
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print


def _bloom(ident: str, radius: float, ink: str, second: str, seed: int) -> str:
    """A flower seen from above: four ruffled petals, gouged, round a dark heart."""
    rng = dice(seed)
    rim: list[Point] = []
    for step in range(40):
        angle = step * 9.0
        lobes = 0.88 + 0.11 * abs(math.cos(math.radians(angle * 2)))
        rim.append(polar(0, 0, radius * (lobes + rng.uniform(-0.025, 0.035)), angle))
    gaps = ""
    for quarter in range(4):
        edge = 45 + quarter * 90
        folds = [polar(0, 0, radius * r, edge + bend) for r, bend in ((0.3, 0), (0.55, 7), (0.8, 4), (1.04, -8))]
        gaps += fill(taper(folds, (4, 8, 7, 10)), "#000")
        for k in range(7):
            angle = edge + 17 + k * 9.4 + rng.uniform(-2, 2)
            inner, outer = rng.uniform(0.58, 0.7), rng.uniform(0.8, 0.93)
            gouge = [polar(0, 0, radius * r, angle) for r in (inner, (inner + outer) / 2, outer)]
            gaps += fill(taper(gouge, (1, radius * 0.04, 1)), "#000")
        blot = [
            polar(0, 0, radius * r, edge + 45 + bend)
            for r, bend in points("0.26 -24, 0.5 -14, 0.56 0, 0.5 14, 0.26 24")
        ]
        gaps += fill(smooth(blot), "#000")
    gaps += disc(0, 0, radius * 0.4, "#000")
    heart = disc(0, 0, radius * 0.15, ink)
    for k in range(22):
        angle = k * 360 / 22
        reach = radius * (0.34 if k % 2 else 0.27)
        (ax, ay), (bx, by) = polar(0, 0, radius * 0.17, angle), polar(0, 0, reach, angle)
        heart += line(f"M{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}", ink, radius * 0.016)
        heart += disc(bx, by, radius * 0.03, ink)
    for quarter in range(4):
        spot = [
            polar(0, 0, radius * r, quarter * 90 + bend)
            for r, bend in points("0.36 -14, 0.47 -8, 0.5 0, 0.47 8, 0.36 14, 0.39 0")
        ]
        heart += fill(smooth(spot), ink)
    return cut(ident, fill(smooth(rim), second), gaps) + heart


def _cup(ident: str, ink: str, second: str) -> str:
    """A flower seen from the side, 200 wide, its stem at the origin."""
    back = smooth(points("-58 -70, -78 -140, -40 -158, -6 -146, 34 -162, 76 -142, 60 -70"))
    front = smooth(
        points(
            "0 2, -50 -14, -92 -62, -104 -112, -72 -104, -40 -118, -8 -104, 26 -118, 58 -102, 100 -116, 92 -60, 50 -12"
        )
    )
    gaps = "".join(
        fill(taper(((x * 0.3, -22), (x * 0.72, -56), (x, -92)), (2, 7, 1)), "#000") for x in (-80, -52, -22, 10, 40, 74)
    )
    rear_gaps = line(front, "#000", 9) + fill(front, "#000")
    return (
        cut(f"{ident}-rear", fill(back, second), rear_gaps)
        + cut(ident, fill(front, second), gaps)
        + fill("M-26 6C-14 -10 14 -10 26 6C14 16 -14 16 -26 6Z", ink)
    )


def _seed_head(ident: str, ink: str) -> str:
    """A ripe capsule with its crown, 64 wide, its stem at the origin."""
    urn = smooth(points("0 4, -18 -6, -32 -34, -26 -62, 0 -70, 26 -62, 32 -34, 18 -6"))
    ribs = "".join(line(f"M{x * 0.3:.0f} -10Q{x} -36 {x * 0.6:.0f} -62", "#000", 4) for x in (-20, 0, 20))
    crown = fill("M-36 -74L-26 -90L-15 -80L0 -94L15 -80L26 -90L36 -74C24 -68 -24 -68 -36 -74Z", ink)
    return cut(ident, fill(urn, ink), ribs) + crown


def _torn_leaf(ink: str) -> str:
    """A pinnate leaf 190 long, pointing up from the origin."""
    out = fill(taper(((0, 0), (4, -90), (0, -190)), (9, 7, 2)), ink)
    for k in range(6):
        y, size = -24 - k * 26, 74 - k * 9
        out += at(0, y, 1, fill(leaf(size, size * 0.36), ink), turn=52 - k * 3)
        out += at(0, y - 10, 1, fill(leaf(size, size * 0.36), ink), turn=-52 + k * 3)
    return out


def draw(ink: str, second: str) -> str:
    """One great flower in front, two behind it, and what comes before and after the flower."""
    stems = "".join(
        line(d, ink, width)
        for d, width in (
            ("M300 250C312 380 300 500 296 630", 9),
            ("M106 346C116 450 220 520 270 630", 7),
            ("M494 332C496 440 380 530 326 630", 7),
            ("M196 92C176 240 250 470 284 630", 5),
            ("M430 92C450 250 340 460 312 630", 5),
            ("M540 470C520 540 400 580 334 630", 5),
            ("M58 452C56 540 200 590 262 630", 5),
        )
    )
    main = at(302, 206, 1, _bloom("maky-main", 168, ink, second, 4), turn=8)
    hole = disc(302, 206, 172, "#000")
    behind = cut("maky-behind", stems, hole)
    return (
        behind
        + at(196, 96, 0.86, _seed_head("maky-head", ink), turn=-8)
        + at(430, 96, 1, _seed_head("maky-head-two", ink), turn=8)
        + at(252, 626, 1, _torn_leaf(ink), turn=-34)
        + at(350, 626, 1, _torn_leaf(ink), turn=36)
        + cut(
            "maky-sides",
            at(104, 350, 0.92, _cup("maky-left", ink, second), turn=-16)
            + at(496, 336, 0.96, _cup("maky-right", ink, second), turn=16),
            disc(302, 206, 172, "#000"),
        )
        + main
        + at(540, 474, 1, fill(leaf(74, 42), ink), turn=24)
        + at(58, 456, 0.8, fill(leaf(74, 42), ink), turn=-20)
        + caption("МАКИ", "СТЕП · ЧЕРВЕНЬ", ink, second, 300, 706)
    )


PRINT = Print(
    slug="maky",
    names={"uk": "Маки", "en": "Poppies"},
    width=600,
    height=760,
    draw=draw,
    closeup=Box(68, 12, 468, 585),
    accents=("#ee4b2b", "#d4351c", "#a11a10"),
)
