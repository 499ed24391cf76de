"""Strokes of the drawing board."""

from __future__ import annotations

import re

import pytest

from sitegen.garments.canvas import mirrored, points, polar, smooth, taper


def test_mirroring_a_path_twice_gives_it_back() -> None:
    path = "M470 234C430 250 378 268 330.5 288Z"
    assert mirrored(mirrored(path)) == path


def test_a_mirrored_path_keeps_heights_and_reflects_widths() -> None:
    assert mirrored("M100 40L200 50Z") == "M1100 40L1000 50Z"


def test_points_are_read_from_text() -> None:
    assert points("1 2, -3.5 4") == ((1, 2), (-3.5, 4))


def test_a_smooth_path_goes_through_every_point() -> None:
    # given a square
    corners = points("0 0, 90 0, 90 90, 0 90")
    # when it is smoothed, then each corner ends a curve
    ends = re.findall(r"(-?[\d.]+) (-?[\d.]+)(?=C|Z)", smooth(corners))
    assert {(float(x), float(y)) for x, y in ends} == set(corners)


def test_a_brush_stroke_is_as_wide_as_it_was_told() -> None:
    # given a level spine 10 wide, then its edges lie 5 above and below
    heights = {
        float(y) for _, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", taper(points("0 0, 50 0, 100 0"), (10, 10, 10)))
    }
    assert heights == {5, -5}


@pytest.mark.parametrize(("angle", "where"), [(0, (0, -10)), (90, (10, 0)), (180, (0, 10))])
def test_angles_run_clockwise_from_the_top(angle: float, where: tuple[float, float]) -> None:
    assert polar(0, 0, 10, angle) == pytest.approx(where)
