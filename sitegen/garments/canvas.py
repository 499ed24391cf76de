"""The drawing board: a sheet of 1200 x 1500 and the few strokes every drawing is made of.

Lengths are units of the sheet (one unit is one pixel of a master picture), angles are degrees,
clockwise. Paths use absolute commands only (M, L, C, Q, Z), so that they can be mirrored.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence

WIDTH = 1200
HEIGHT = 1500

Point = tuple[float, float]

_PAIR = re.compile(r"(-?\d+(?:\.\d+)?)[ ,]+(-?\d+(?:\.\d+)?)")


def number(value: float) -> str:
    """A length as short as it can be written with one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"


def dice(seed: int | str) -> random.Random:
    """Chance that falls alike each time: a drawing is the same whenever it is drawn."""
    return random.Random(seed)  # noqa: S311 - nothing secret is drawn


def points(text: str) -> tuple[Point, ...]:
    """Points written as "x y, x y, ..."."""
    pairs = (pair.split() for pair in text.split(","))
    return tuple((float(x), float(y)) for x, y in pairs)


def fill(d: str, ink: str) -> str:
    """A solid shape."""
    return f'<path d="{d}" fill="{ink}"/>'


def line(d: str, ink: str, width: float, *, cap: str = "round") -> str:
    """A stroke of even width."""
    return (
        f'<path d="{d}" fill="none" stroke="{ink}" stroke-width="{number(width)}"'
        f' stroke-linecap="{cap}" stroke-linejoin="round"/>'
    )


def disc(x: float, y: float, radius: float, ink: str) -> str:
    """A solid circle."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{ink}"/>'


def ring(x: float, y: float, radius: float, ink: str, width: float) -> str:
    """An empty circle."""
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="none"'
        f' stroke="{ink}" stroke-width="{number(width)}"/>'
    )


def bar(x: float, y: float, width: float, height: float, ink: str) -> str:
    """A solid rectangle."""
    return f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{ink}"/>'


def at(x: float, y: float, scale: float, art: str, *, turn: float = 0) -> str:
    """A drawing moved, then turned, then scaled."""
    turned = f" rotate({number(turn)})" if turn else ""
    return f'<g transform="translate({number(x)} {number(y)}){turned} scale({scale:g})">{art}</g>'


def mirror(art: str, width: float = WIDTH) -> str:
    """The same drawing reflected about the middle of a sheet of that width."""
    return f'<g transform="matrix(-1 0 0 1 {number(width)} 0)">{art}</g>'


def both(left: str, width: float = WIDTH) -> str:
    """A left half and its reflection."""
    return left + mirror(left, width)


def mirrored(d: str, width: float = WIDTH) -> str:
    """The same path reflected about the middle of a sheet of that width."""
    return _PAIR.sub(lambda pair: f"{number(width - float(pair[1]))} {pair[2]}", d)


def cut(ident: str, art: str, gaps: str) -> str:
    """A drawing with gaps cut into it, through which the cloth shows; gaps are drawn in black."""
    return (
        f'<mask id="{ident}" maskUnits="userSpaceOnUse" x="-2000" y="-2000" width="5000"'
        f' height="5000"><rect x="-2000" y="-2000" width="5000" height="5000" fill="#fff"/>'
        f'{gaps}</mask><g mask="url(#{ident})">{art}</g>'
    )


def inside(ident: str, d: str, art: str) -> str:
    """A drawing held inside an outline."""
    return f'<clipPath id="{ident}"><path d="{d}"/></clipPath><g clip-path="url(#{ident})">{art}</g>'


def polygon(corners: Sequence[Point], *, closed: bool = True) -> str:
    """A path of straight lines through the points."""
    body = "L".join(f"{number(x)} {number(y)}" for x, y in corners)
    return f"M{body}{'Z' if closed else ''}"


def smooth(stops: Sequence[Point], *, closed: bool = True, tension: float = 1.0) -> str:
    """A path of Bezier curves through the points; tension 0 is straight, 1 is round."""
    count = len(stops)
    out = [f"M{number(stops[0][0])} {number(stops[0][1])}"]
    for k in range(count if closed else count - 1):
        if closed:
            before, start = stops[k - 1], stops[k]
            end, after = stops[(k + 1) % count], stops[(k + 2) % count]
        else:
            before, start = stops[max(k - 1, 0)], stops[k]
            end, after = stops[k + 1], stops[min(k + 2, count - 1)]
        first = [s + (e - b) * tension / 6 for s, e, b in zip(start, end, before, strict=True)]
        last = [e - (a - s) * tension / 6 for s, e, a in zip(start, end, after, strict=True)]
        out.append("C" + " ".join(number(value) for value in (*first, *last, *end)))
    return "".join(out) + ("Z" if closed else "")


def taper(spine: Sequence[Point], widths: Sequence[float]) -> str:
    """A brush stroke along a spine: one full width for each point of the spine."""
    left: list[Point] = []
    right: list[Point] = []
    for k, (x, y) in enumerate(spine):
        before, after = spine[max(k - 1, 0)], spine[min(k + 1, len(spine) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        size = math.hypot(dx, dy) or 1.0
        half = widths[k] / 2
        left.append((x - dy / size * half, y + dx / size * half))
        right.append((x + dy / size * half, y - dx / size * half))
    ahead = smooth(left, closed=False)
    back = smooth(right[::-1], closed=False)
    return f"{ahead}L{back[1:]}Z"


def leaf(length: float, width: float, *, belly: float = 0.45) -> str:
    """A leaf from the origin upwards, widest at that share of its length."""
    side, reach = width * 0.66, length * belly
    return (
        f"M0 0C{number(side)} {number(-reach * 0.55)} {number(side)} {number(-reach * 1.5)} 0 "
        f"{number(-length)}C{number(-side)} {number(-reach * 1.5)} {number(-side)} "
        f"{number(-reach * 0.55)} 0 0Z"
    )


def polar(x: float, y: float, radius: float, angle: float) -> Point:
    """The point at that distance and angle; 0 is up, 90 is right."""
    radians = math.radians(angle)
    return x + radius * math.sin(radians), y - radius * math.cos(radians)
