"""Prints: sixteen drawings in two inks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from sitegen.garments.outlines import KINDS, Kind
from sitegen.garments.prints import PRINTS, Print
from sitegen.garments.prints.khrest import stitch_at
from tests.sitegen.garments.drawn import parse

INK, SECOND = "#123456", "#abcdef"
SLUGS = {
    *("kolos", "relief", "leleka", "maky", "pivnyk", "kavun", "tram", "vikno"),
    *("sova", "soniakh", "dnipro", "khrest", "smereka", "kin", "mist", "sad"),
}

every_print = pytest.mark.parametrize("art", PRINTS.values(), ids=PRINTS)


def tree(art: Print) -> ET.Element:
    return parse(f"<svg>{art.draw(INK, SECOND)}</svg>")


def painted(node: ET.Element) -> set[str]:
    """The colours that reach the cloth: what masks and clips hold is not painted."""
    if node.tag in ("mask", "clipPath"):
        return set()
    own = {node.get(name, "none") for name in ("fill", "stroke")} - {"none"}
    return own.union(*(painted(child) for child in node))


def test_the_sixteen_prints_are_there() -> None:
    assert set(PRINTS) == SLUGS
    assert all(slug == art.slug for slug, art in PRINTS.items())


@every_print
def test_a_print_is_valid_xml_in_its_two_inks_alone(art: Print) -> None:
    assert painted(tree(art)) == {INK, SECOND}


@every_print
def test_a_print_keeps_to_its_two_inks_whichever_is_the_pale_one(art: Print) -> None:
    assert painted(parse(f"<svg>{art.draw(SECOND, INK)}</svg>")) == {INK, SECOND}


@every_print
def test_a_print_is_drawn_alike_each_time(art: Print) -> None:
    assert art.draw(INK, SECOND) == art.draw(INK, SECOND)


@every_print
def test_a_print_is_more_than_lettering(art: Print) -> None:
    root = tree(art)
    shapes = [node for node in root.iter() if node.tag in ("path", "circle", "rect")]
    length = sum(len(node.get("d", "")) for node in shapes)
    assert len(shapes) >= 20 or length > 5_000


@every_print
def test_masks_and_clips_of_a_print_are_its_own(art: Print) -> None:
    # given that several drawings may share a page, then each name starts with the print's slug
    names = [node.get("id", "") for node in tree(art).iter() if node.get("id")]
    assert all(name.startswith(f"{art.slug}-") for name in names)
    assert len(names) == len(set(names))


@every_print
def test_every_mask_that_is_used_exists(art: Print) -> None:
    svg = art.draw(INK, SECOND)
    used = set(re.findall(r"url\(#([^)]+)\)", svg))
    assert used <= set(re.findall(r'id="([^"]+)"', svg))


def test_no_two_prints_share_their_drawing() -> None:
    # given the outlines of every print, without colours and words
    shapes = {art.slug: set(re.findall(r' d="([^"]{60,})"', art.draw(INK, SECOND))) for art in PRINTS.values()}
    # then no long outline occurs in two of them
    seen: dict[str, str] = {}
    for slug, paths in shapes.items():
        for path in paths:
            assert seen.setdefault(path, slug) == slug


@every_print
def test_the_close_up_shows_a_part_of_the_drawing(art: Print) -> None:
    box = art.closeup
    assert box.x >= -20
    assert box.y >= -20
    assert box.x + box.width <= art.width + 20
    assert box.y + box.height <= art.height + 20


@every_print
def test_a_print_has_a_name_in_both_languages(art: Print) -> None:
    assert art.names["uk"]
    assert art.names["en"]


@every_print
@pytest.mark.parametrize("kind", KINDS)
def test_the_drawing_is_on_one_side_and_the_mark_on_the_other(art: Print, kind: Kind) -> None:
    sides = (art.front(INK, SECOND, kind), art.back(INK, SECOND, kind))
    assert sum(art.draw(INK, SECOND) in side for side in sides) == 1
    assert (art.draw(INK, SECOND) in sides[1]) == (kind in art.on_back)


def test_hoodies_carry_landscapes_and_the_horse_on_the_back() -> None:
    behind = {slug for slug, art in PRINTS.items() if "hoodie" in art.on_back}
    assert behind == {"relief", "smereka", "mist", "kin"}


def test_the_cross_stitch_is_the_same_in_all_eight_directions() -> None:
    for x in range(27):
        for y in range(27):
            turns = {stitch_at(a, b) for a in (x, -x) for b in (y, -y)}
            assert turns | {stitch_at(y, x)} == {stitch_at(x, y)}
