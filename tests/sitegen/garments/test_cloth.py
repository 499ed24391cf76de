"""Cloth and the inks that read on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.garments.cloth import READABLE, Cloth, contrast, fold_strength, luminance
from sitegen.garments.prints import PRINTS
from sitegen.garments.products import read_cloths

PALETTE = read_cloths(Path(__file__).parents[3] / "content" / "catalog")


def test_black_on_white_has_the_greatest_contrast_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#000000") == pytest.approx(21)


def test_luminance_runs_from_nought_to_one() -> None:
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)


@pytest.mark.parametrize("cloth", PALETTE.values(), ids=PALETTE)
def test_default_inks_of_every_print_read_on_every_cloth_of_the_palette(cloth: Cloth) -> None:
    for art in PRINTS.values():
        # given a print's own accents, when the cloth chooses the pair
        inks = cloth.inks(art.accents)
        # then both are legible on it and unlike each other
        assert contrast(inks.ink, cloth.body) >= READABLE, art.slug
        assert contrast(inks.second, cloth.body) >= READABLE, art.slug
        assert inks.ink != inks.second, art.slug


def test_a_print_s_own_accent_is_taken_where_it_reads() -> None:
    # given coal cloth, on which poppy red reads, and brick, on which it does not
    red = "#ee4b2b"
    assert Cloth("coal", "#1c1d20").inks((red,)).second == red
    assert Cloth("brick", "#8f3b2c").inks((red,)).second != red


def test_pale_cloth_takes_dark_ink_and_dark_cloth_takes_pale_ink() -> None:
    assert luminance(Cloth("milk", "#ece6d8").inks().ink) < 0.05
    assert luminance(Cloth("night", "#1f2c47").inks().ink) > 0.8


def test_sleeves_are_of_the_body_s_colour_unless_there_is_a_second() -> None:
    assert Cloth("coal", "#1c1d20").sleeves == "#1c1d20"
    assert Cloth("coal-milk", "#1c1d20", "#ece6d8").sleeves == "#ece6d8"


def test_folds_are_stronger_on_dark_cloth() -> None:
    assert fold_strength("#1c1d20") > fold_strength("#4b5440") > fold_strength("#ece6d8")
