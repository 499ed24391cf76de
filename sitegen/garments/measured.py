"""The cut of each kind to scale, with the lines that a size table measures along, as a macro of the theme.

    python -m sitegen.garments.measured      writes themes/twocomms/templates/macros/size_drawing.html

Same paths as the pictures, stretched to the centimetres of size M: what is drawn can be measured on the screen with the
ruler beneath it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sitegen.garments.canvas import WIDTH, number
from sitegen.garments.outlines import KINDS, PATTERNS, Kind, shown_parts

MACRO: Final = Path(__file__).resolve().parents[2] / "themes/twocomms/templates/macros/size_drawing.html"
HEAD: Final = """{# size_drawing(kind): the cut of a kind to scale, with lines A, B, C of its table and a 10 cm ruler.
   Written by `python -m sitegen.garments.measured` from the paths that the pictures are drawn with: do not edit.
   Usage: {{ size_drawing("hoodie") }} #}
{% macro size_drawing(kind) %}
"""
DRAWN: Final = 330
"""Width of a drawing in units of its SVG."""
MARGIN: Final = 6
RULER_CM: Final = 10
RULER_ROOM: Final = 34
MIDDLE: Final = 560
"""Where line A runs down, in sheet units: beside the middle, so that its letter does not stand on a seam."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Where a kind begins and is measured, in sheet units, and the centimetres of size M there (rules.md 3)."""

    begin: int
    top: int
    bottom: int
    left: int
    right: int
    chest: int
    length_cm: float
    width_cm: float
    sleeve: tuple[int, int, int, int] | None = None


MEASURES: Final[dict[Kind, Measure]] = {
    "tee": Measure(225, 234, 1298, 302, 898, 600, 70, 51),
    "longsleeve": Measure(225, 234, 1298, 302, 898, 600, 70, 51, sleeve=(330, 288, 206, 1238)),
    "hoodie": Measure(80, 262, 1346, 292, 908, 640, 67, 60),
}


@dataclass(frozen=True, slots=True)
class Scale:
    """Sheet units to units of the SVG; `unit` is a centimetre on it, the same along and across."""

    across: float
    down: float
    begin: int
    unit: float

    @classmethod
    def of(cls, at: Measure) -> "Scale":
        across = DRAWN / WIDTH
        unit = across * (at.right - at.left) / at.width_cm
        return cls(across, unit * at.length_cm / (at.bottom - at.top), at.begin, unit)

    def x(self, value: float) -> str:
        return number(value * self.across)

    def y(self, value: float) -> str:
        return number((value - self.begin) * self.down + MARGIN)

    @property
    def matrix(self) -> str:
        """The same as an attribute for whole paths."""
        return f"matrix({self.across:.4f} 0 0 {self.down:.4f} 0 {number(MARGIN - self.begin * self.down)})"


def drawing(kind: Kind) -> str:
    """The SVG of one kind: its outlines to scale, measure lines with their letters, a ruler."""
    at = MEASURES[kind]
    scale = Scale.of(at)
    foot = round((at.bottom - at.begin) * scale.down + MARGIN) + RULER_ROOM
    ruler = f"M8 {foot - 10}v6h{number(scale.unit * RULER_CM)}v-6"
    lines, letters = _measures(at, scale)
    return (
        f'<svg class="size-drawing" viewBox="0 0 {DRAWN} {foot}" width="{DRAWN}" height="{foot}"'
        f' aria-hidden="true" focusable="false"><g transform="{scale.matrix}">{_cut(kind)}</g>'
        f'<path class="size-drawing-lines" d="{lines}"/><path class="size-drawing-ruler" d="{ruler}"/>'
        f'<g class="size-drawing-letters">{letters}</g></svg>'
    )


def _measures(at: Measure, scale: Scale) -> tuple[str, str]:
    """The lines as one path, and their letters."""
    x, y = scale.x, scale.y
    lines = f"M{x(MIDDLE)} {y(at.top)}V{y(at.bottom)}M{x(at.left)} {y(at.chest)}H{x(at.right)}"
    letters = {"A": (MIDDLE + 24, at.chest + 220), "B": (at.right - 130, at.chest - 24)}
    if at.sleeve:
        x1, y1, x2, y2 = at.sleeve
        lines += f"M{x(x1)} {y(y1)}L{x(x2)} {y(y2)}"
        letters["C"] = (x2 - 16, (y1 + y2) // 2)
    return lines, "".join(f'<text x="{x(a)}" y="{y(b)}">{letter}</text>' for letter, (a, b) in letters.items())


def _cut(kind: Kind) -> str:
    """Parts from the lowest to the uppermost, each filled with paper, so that it hides what runs on beneath it."""
    pattern = PATTERNS[kind]
    hem = "" if pattern.band else f'<path class="size-drawing-seam" d="{pattern.hem}"/>'
    return "".join(f'<path d="{path}"/>' for path in shown_parts(kind)) + hem


def macro() -> str:
    """The whole file."""
    words = ["if", *["elif"] * len(KINDS)]
    parts = [f'{{% {word} kind == "{kind}" %}}\n{drawing(kind)}\n' for word, kind in zip(words, KINDS, strict=False)]
    return f"{HEAD}{''.join(parts)}{{% endif %}}\n{{% endmacro %}}\n"


if __name__ == "__main__":
    MACRO.write_text(macro(), "utf-8")
