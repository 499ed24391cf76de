"""Drawings that can be measured."""

import re

import pytest

from sitegen.garments.measured import MACRO, MEASURES, RULER_CM, Scale, drawing, macro
from sitegen.garments.outlines import KINDS, PATTERNS, Kind


def test_the_theme_holds_the_drawings_of_these_paths() -> None:
    # given the paths, when the macro is written anew (python -m sitegen.garments.measured), then it is the same
    assert MACRO.read_text("utf-8") == macro()


@pytest.mark.parametrize("kind", KINDS)
def test_length_and_width_are_drawn_in_proportion_and_the_ruler_agrees(kind: Kind) -> None:
    # given the drawing of a kind, when its lines and its ruler are measured
    svg, at = drawing(kind), MEASURES[kind]
    matrix = re.search(r"matrix\(([\d.]+) 0 0 ([\d.]+) ", svg)
    lines = re.search(r'lines" d="M[\d.]+ ([\d.]+)V([\d.]+)M([\d.]+) [\d.]+H([\d.]+)', svg)
    ruler = re.search(r'ruler" d="M8 \d+v6h([\d.]+)', svg)
    assert lines
    assert ruler
    assert matrix
    top, bottom, left, right = map(float, lines.groups())
    centimetre = float(ruler[1]) / RULER_CM

    # then they are the centimetres of the size table, to a millimetre or two
    assert (bottom - top) / centimetre == pytest.approx(at.length_cm, abs=0.2)
    assert (right - left) / centimetre == pytest.approx(at.width_cm, abs=0.2)
    # and the outlines lie under the lines
    assert float(matrix[1]) * (at.right - at.left) == pytest.approx(right - left, abs=0.3)
    assert float(matrix[2]) * (at.bottom - at.top) == pytest.approx(bottom - top, abs=0.3)


def test_every_part_of_the_cut_is_drawn() -> None:
    assert PATTERNS["hoodie"].pocket in drawing("hoodie")
    assert PATTERNS["longsleeve"].cuff in drawing("longsleeve")
    assert Scale.of(MEASURES["tee"]).y(MEASURES["tee"].begin) == "6"
