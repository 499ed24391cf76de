"""What every print may carry besides its drawing: words, and the brand's two commas."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from sitegen.garments.canvas import number

FAMILY = "Unbounded"
COMMA = "M92 6A84 84 0 1 0 132 152C126 176 104 196 70 208L82 232C148 212 190 160 190 96A92 92 0 0 0 92 6Z"


def words(
    lines: Sequence[str],
    size: float,
    ink: str,
    x: float,
    y: float,
    *,
    spacing: float = 0,
    anchor: str = "middle",
) -> str:
    """Lines of capitals in the brand's face; y is the first baseline, size the height of an em."""
    return "".join(
        f'<text x="{number(x)}" y="{number(y + k * size * 1.14)}" text-anchor="{anchor}"'
        f' letter-spacing="{number(spacing)}" font-family="{FAMILY}" font-weight="800"'
        f' font-size="{number(size)}" fill="{ink}">{escape(text)}</text>'
        for k, text in enumerate(lines)
    )


def caption(title: str, below: str, ink: str, second: str, x: float, y: float) -> str:
    """A print's title and the small line below it, centred; y is the title's baseline."""
    return words((title,), 62, ink, x, y, spacing=7) + words((below,), 20, second, x, y + 40, spacing=3)


def commas(ink: str, second: str) -> str:
    """The brand's mark, 396 x 236: two commas, set as a pair of quotation marks."""
    return f'<path d="{COMMA}" fill="{ink}"/><path d="{COMMA}" transform="translate(206 0)" fill="{second}"/>'
