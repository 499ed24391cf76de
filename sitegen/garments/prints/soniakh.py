"""«Сонях»: a sunflower whose seeds lie in the spirals of the golden angle."""

from __future__ import annotations

import math

from sitegen.garments.canvas import at, cut, disc, fill, leaf, line
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_GOLDEN = 180 * (3 - math.sqrt(5))
_SEEDS = 340
_PETALS = 21


def _row(reach: float, width: float, turn: float, wave: float) -> list[tuple[str, float]]:
    """A row of petals: each one's path, from the rim of the seeds upwards, and its angle."""
    petals = []
    for k in range(_PETALS):
        length = (reach - 140) * (1 + 0.06 * math.sin(k * 2.4 + wave))
        petals.append((leaf(length, width), turn + k * 360 / _PETALS))
    return petals


def _petals(second: str) -> str:
    """Two rows of veined petals; a gap parts the front row from the row behind it."""
    front, behind = _row(292, 62, 0, 0), _row(296, 58, 180 / _PETALS, 1)
    halo, veins = "", ""
    for path, angle in front:
        edge = fill(path, "#000") + line(path, "#000", 13)
        halo += at(300, 300, 1, at(0, -140, 1, edge), turn=angle)
        sides = "".join(line(f"M{x} -206Q{x * 1.5} -230 {x} -256", "#000", 3.4) for x in (-9, 9))
        veins += at(300, 300, 1, sides + line("M0 -176L0 -266", "#000", 4), turn=angle)

    def row(petals: list[tuple[str, float]]) -> str:
        return "".join(at(300, 300, 1, at(0, -140, 1, fill(path, second)), turn=angle) for path, angle in petals)

    heart = disc(300, 300, 150, "#000")
    return cut("soniakh-behind", row(behind), halo + heart) + cut("soniakh-front", row(front), veins + heart)


def draw(ink: str, second: str) -> str:
    """Seeds grow outwards; each stands at 137.5 degrees from the one before."""
    seeds = ""
    for k in range(1, _SEEDS):
        radius = 7.5 * math.sqrt(k)
        angle = math.radians(k * _GOLDEN)
        x, y = 300 + radius * math.cos(angle), 300 + radius * math.sin(angle)
        size = 2.3 + 3.4 * radius / 140
        seeds += disc(x, y, size, second if 52 < radius < 70 else ink)
    return _petals(second) + seeds + caption("СОНЯХ", "ЗА СОНЦЕМ", ink, second, 300, 676)


PRINT = Print(
    slug="soniakh",
    names={"uk": "Сонях", "en": "Sunflower"},
    width=600,
    height=730,
    draw=draw,
    closeup=Box(96, 40, 416, 520),
    accents=("#f2b705", "#c75c0c"),
)
