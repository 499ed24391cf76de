"""Pictures: composed, rasterised, encoded. Rasters are small: the drawing is the same."""

from __future__ import annotations

import re

import pytest
import pyvips

from sitegen.garments.cloth import Cloth
from sitegen.garments.outlines import KINDS, PATTERNS, SIDES, Kind, Side
from sitegen.garments.picture import (
    FRAMES,
    GARMENTS,
    HEAVIEST,
    Frame,
    TooHeavy,
    compose,
    encode,
    flat_print,
    picture,
    rasterise,
)
from sitegen.garments.prints import PRINTS
from tests.sitegen.garments.drawn import parse

COAL = Cloth("coal", "#1c1d20")
TWO_TONE = Cloth("coal-milk", "#1c1d20", "#ece6d8")
KOLOS = PRINTS["kolos"]


def colour_of(svg: str, path: str) -> list[str]:
    """The solid colours that a path is filled with."""
    fills = re.findall(rf'<path d="{re.escape(path)}" fill="(#[0-9a-f]+)"', svg)
    return [fill for fill in fills if fill not in ("#000", "#fff")]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("side", SIDES)
def test_a_garment_is_valid_xml(kind: Kind, side: Side) -> None:
    parse(compose(kind, COAL, KOLOS, side, COAL.inks()))


@pytest.mark.parametrize("kind", KINDS)
def test_two_tone_cuts_body_of_the_first_and_sleeves_of_the_second(kind: Kind) -> None:
    svg = compose(kind, TWO_TONE, KOLOS, "front", TWO_TONE.inks())
    assert set(colour_of(svg, PATTERNS[kind].body_front)) == {"#1c1d20"}
    assert set(colour_of(svg, PATTERNS[kind].left)) == {"#ece6d8"}


def test_a_two_tone_hoodie_has_hood_and_ribs_of_the_second_and_pocket_of_the_first() -> None:
    svg = compose("hoodie", TWO_TONE, KOLOS, "front", TWO_TONE.inks())
    hoodie = PATTERNS["hoodie"]
    assert [set(colour_of(svg, part)) for part in (hoodie.hood, hoodie.band, hoodie.cuff)] == [{"#ece6d8"}] * 3
    assert set(colour_of(svg, hoodie.pocket)) == {"#1c1d20"}


def test_the_print_lies_under_the_folds() -> None:
    # when a front is composed, then the print comes before the light that falls over the body
    svg = compose("tee", COAL, KOLOS, "front", COAL.inks())
    assert svg.index("КОЛОС") < svg.index('fill="url(#fall)"', svg.index("КОЛОС"))


def test_every_kind_can_be_drawn() -> None:
    assert set(GARMENTS) == set(KINDS)


@pytest.mark.parametrize("frame", FRAMES)
def test_a_picture_is_four_by_five_without_transparency(frame: Frame) -> None:
    image = picture("tee", COAL, KOLOS, frame, COAL.inks(), 120)
    assert (image.width, image.height, image.bands) == (120, 150, 3)


@pytest.mark.parametrize("frame", FRAMES)
def test_the_same_picture_is_drawn_twice_alike(frame: Frame) -> None:
    one, other = (picture("tee", COAL, KOLOS, frame, COAL.inks(), 80).write_to_memory() for _ in "ab")
    assert one == other


def test_the_words_of_a_print_are_set_in_the_brand_s_face() -> None:
    # given a caption, when it is rasterised with no fonts of the system, then ink is seen
    words = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50"><rect width="200" height="50" fill="#fff"/>'
    text = '<text x="5" y="40" font-family="Unbounded" font-weight="800" font-size="36">ЇЖҐ</text></svg>'
    assert rasterise(words + text, 200).min() < 60


def test_the_close_up_is_bent_by_folds_but_the_rim_stays_cloth() -> None:
    flat = rasterise(flat_print(COAL, KOLOS, COAL.inks()), 240)
    bent = picture("tee", COAL, KOLOS, "print", COAL.inks(), 240)
    assert (flat.cast("float") - bent.cast("float")).abs().avg() > 2
    assert bent.extract_area(0, 0, 6, 300).avg() > 4


def test_a_master_keeps_within_its_bytes() -> None:
    noise = pyvips.Image.gaussnoise(200, 250, mean=128, sigma=30, seed=1).cast("uchar").bandjoin([128, 128])
    image = noise.cast("uchar").copy(interpretation="srgb")
    assert len(encode(image, heaviest=HEAVIEST)) <= HEAVIEST
    assert len(encode(image, heaviest=4_000)) <= 4_000


def test_a_picture_that_cannot_be_made_light_is_an_error() -> None:
    with pytest.raises(TooHeavy, match="more than 10"):
        encode(pyvips.Image.black(32, 32, bands=3).copy(interpretation="srgb"), heaviest=10)
