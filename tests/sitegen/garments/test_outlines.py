"""Outlines that other drawings share."""

from __future__ import annotations

import re

import pytest

from sitegen.garments.canvas import HEIGHT, WIDTH, clockwise
from sitegen.garments.outlines import KINDS, PATTERNS, SIDES, Kind, Side, line_drawing, outline
from sitegen.garments.picture import rasterise
from tests.sitegen.garments.drawn import parse


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", SIDES)
def test_an_outline_lies_on_the_sheet_and_is_symmetrical(kind: Kind, side: Side) -> None:
    # when the outline's points are read
    pairs = [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", outline(kind, side))]
    # then all lie on the sheet, and it reaches as far left as right
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in pairs)
    assert min(x for x, _ in pairs) == WIDTH - max(x for x, _ in pairs)


@pytest.mark.parametrize("kind", KINDS)
def test_front_and_back_of_a_garment_differ_only_above(kind: Kind) -> None:
    front, back = outline(kind, "front"), outline(kind, "back")
    assert front != back
    assert clockwise(PATTERNS[kind].left) in front
    assert clockwise(PATTERNS[kind].left) in back


@pytest.mark.parametrize("kind", KINDS)
def test_a_line_drawing_takes_the_colour_of_the_text_around_it(kind: Kind) -> None:
    # when the line drawing is parsed
    root = parse(line_drawing(kind))
    # then strokes are currentColor and nothing but its mask is filled
    assert root.get("stroke") == "currentColor"
    assert root.get("fill") == "none"
    shown = [node for node in root.iter() if node.get("fill") not in (None, "none", "#000", "#fff")]
    assert shown == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", SIDES)
def test_an_outline_is_solid_where_its_parts_overlap(kind: Kind, side: Side) -> None:
    # given the outline in white on black, and its parts one over another
    sheet = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" fill="#fff"><rect '
    ground = f'width="{WIDTH}" height="{HEIGHT}" fill="#000"/>'
    whole = rasterise(f'{sheet}{ground}<path d="{outline(kind, side)}"/></svg>', 120)
    parts = "".join(f'<path d="{part}"/>' for part in re.findall("M[^M]+", outline(kind, side)))
    # then both pictures are the same: no overlap cancelled out
    assert whole.avg() == pytest.approx(rasterise(f"{sheet}{ground}{parts}</svg>", 120).avg(), rel=0.005)


def test_only_the_hoodie_has_a_hood_and_a_pocket() -> None:
    assert [kind for kind in KINDS if PATTERNS[kind].hood] == ["hoodie"]
    assert [kind for kind in KINDS if PATTERNS[kind].pocket] == ["hoodie"]


def test_the_long_sleeve_reaches_lower_than_the_tee() -> None:
    lowest = {kind: max(float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", PATTERNS[kind].left)) for kind in KINDS}
    assert lowest["longsleeve"] > lowest["tee"] + 300
