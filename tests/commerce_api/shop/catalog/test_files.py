"""What is written in content/catalog is read as it was meant, and what cannot be meant is named with its place."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.settings import ROOT
from commerce_api.shop.catalog.file_lists import read_categories, read_colours
from commerce_api.shop.catalog.file_reading import read_product
from commerce_api.shop.catalog.file_writing import amended, write_categories, write_colours, write_product
from commerce_api.shop.catalog.files import (
    CategoryEntry,
    ColourEntry,
    Count,
    Known,
    Level,
    Problem,
    ProductFile,
)
from tests.commerce_api.shop.catalog.builders import a_colour, a_product
from tests.commerce_api.shop.catalog.strategies import CATEGORIES, COLOURS, LANGUAGES, products

GOOD = write_product(a_product(), LANGUAGES)
"""Line 2 is category, 3 kind, 4 status, 5 print, 6 price, 7 points, 8 added, 9 fits, 11 [uk]."""

KNOWN = Known({"t-shirts": "tee", "hoodies": "hoodie"}, frozenset({"coal"}), frozenset({"coal-front.avif"}))


def problems(content: str, slug: str = "kolos-tee", known: Known | None = None) -> list[Problem]:
    product, found = read_product(slug, content, LANGUAGES, known)
    assert (product is None) == any(problem.level is Level.ERROR for problem in found)
    return list(found)


def said(content: str, slug: str = "kolos-tee", known: Known | None = None) -> list[str]:
    return [str(problem) for problem in problems(content, slug, known)]


@given(products())
def test_what_is_written_is_read_back_the_same(product: ProductFile) -> None:
    text = write_product(product, LANGUAGES)
    again, found = read_product(product.slug, text, LANGUAGES)
    assert [problem for problem in found if problem.level is Level.ERROR] == []
    assert again == product
    assert again is not None
    assert again.renamed_from == product.renamed_from
    assert write_product(again, LANGUAGES) == text


@given(st.lists(CATEGORIES, max_size=4, unique_by=lambda entry: entry.slug))
def test_categories_are_read_back_the_same(entries: list[CategoryEntry]) -> None:
    assert read_categories(write_categories(entries, LANGUAGES), LANGUAGES) == (tuple(entries), ())


@given(st.lists(COLOURS, max_size=4, unique_by=lambda entry: entry.slug))
def test_the_palette_is_read_back_the_same(entries: list[ColourEntry]) -> None:
    assert read_colours(write_colours(entries, LANGUAGES), LANGUAGES) == (tuple(entries), ())


@given(st.text(max_size=300) | st.text(max_size=200).map(lambda text: f"+++\n{text}\n+++\n"))
def test_no_text_makes_the_reader_fall_over(content: str) -> None:
    product, found = read_product("kolos-tee", content, LANGUAGES)
    assert product is None
    assert found


@given(products(), st.integers(1, 100_000), st.integers(0, 90), st.sampled_from(["published", "archived", "draft"]))
def test_changed_facts_change_only_their_lines(product: ProductFile, price: int, discount: int, status: str) -> None:
    # given a file with a comment that nobody should lose
    text = write_product(product, LANGUAGES).replace("+++\n", "+++\n# made by hand\n", 1)
    new = replace(product, price=price * 100, discount_percent=discount, status=status, publish_at=None)

    # when
    changed = amended(text, product, new)

    # then
    assert read_product(product.slug, changed, LANGUAGES)[0] == new
    assert "# made by hand\n" in changed
    before, after = text.split("\n"), changed.split("\n")
    assert before[before.index("") :] == after[after.index("") :]


def test_a_comment_beside_a_changed_fact_stays() -> None:
    text = GOOD.replace("price = 890", "price = 890  # since spring")
    changed = amended(text, a_product(), a_product(price=95_000))
    assert changed == text.replace("price = 890  #", "price = 950  #")


def test_the_real_catalogue_is_in_canonical_form() -> None:
    root = ROOT / "content" / "catalog"
    folders = [folder for folder in sorted(root.iterdir()) if (folder / "product.md").exists()]
    assert folders
    for folder in folders:
        text = (folder / "product.md").read_text()
        product, found = read_product(folder.name, text, LANGUAGES)
        assert (product is not None, [str(problem) for problem in found]) == (True, [])
        assert product is not None
        assert write_product(product, LANGUAGES) == text, folder.name


def test_sizes_and_fits_of_counts_are_read_in_any_usual_spelling() -> None:
    text = GOOD.replace('slug = "coal"\n', 'slug = "coal"\nstock = { "2XL" = 1, m = 2, "S classic" = 3 }\n')
    product, found = read_product("kolos-tee", text, LANGUAGES)
    assert (product is not None, found) == (True, ())
    assert product is not None
    assert product.colours[0].stock == (
        Count("S", "classic", 3),
        Count("M", "classic", 2),
        Count("XXL", "classic", 1),
    )


def test_a_moment_is_kept_in_utc() -> None:
    text = GOOD.replace('status = "published"', 'status = "scheduled"\npublish_at = 2026-12-01T10:00:00+02:00')
    product, _ = read_product("kolos-tee", text, LANGUAGES)
    assert product is not None
    assert product.publish_at == datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("price = 890", "price = ", "kolos-tee/product.md:6: this is not TOML: Invalid value"),
        (
            "price = 890",
            'price = "890"',
            "product.md:6: price: should be hryvnias, a whole number from 1 to 100000, and is",
        ),
        ("price = 890", "price = 8.5", "product.md:6: price: should be hryvnias"),
        ("price = 890", "price = true", "product.md:6: price: should be hryvnias"),
        ("price = 890\n", "", "product.md: price: is missing: add hryvnias"),
        ("price = 890", "price = 890\ndiscount_percent = 91", "product.md:7: discount_percent: should be percent"),
        ("price = 890", "prise = 890", "product.md:6: prise: is not known here; known are category, kind"),
        (
            'kind = "tee"',
            'kind = "sock"',
            "product.md:3: kind: should be one of tee, hoodie, longsleeve, and is 'sock'",
        ),
        ('status = "published"', 'status = "live"', "product.md:4: status: should be one of draft, review"),
        ('status = "published"', 'status = "scheduled"', "product.md:4: status: status = scheduled and publish_at go"),
        ("added = 2026-10-03", 'added = "yesterday"', "product.md:8: added: should be a date without quotes"),
        ('fits = ["classic"]', 'fits = ["slim"]', "product.md:9: fits: should be a list of classic, oversize"),
        ('fits = ["classic"]', "weight_g = 0", "product.md:9: weight_g: should be grams"),
        ('fits = ["classic"]', "material = { cotton = 90 }", "product.md:9: material: should add up to 100 percent"),
        (
            'fits = ["classic"]',
            "material = { silk = 100 }",
            "product.md:9: material.silk: is not known here; known are bamboo",
        ),
        ('fits = ["classic"]', 'care = ["boil"]', "product.md:9: care: should be a list of wash-30"),
        ('fits = ["classic"]', "size_table = { S = [70] }", "product.md:9: size_table.S: should be [length, width]"),
        (
            'fits = ["classic"]',
            "size_table = { S = [70, nan] }",
            "product.md:9: size_table.S: should be [length, width]",
        ),
        ('fits = ["classic"]', "size_table = { Q = [70, 50] }", "product.md:9: size_table.Q: is no size"),
        ('fits = ["classic"]', 'renamed_from = "Old"', "product.md:9: renamed_from: should be small Latin letters"),
        ('slug = "coal"', 'slug = "coal"\nstock = { XS = 1 }', "colours.0.stock.XS: is not sold in this colour"),
        (
            'slug = "coal"',
            'slug = "coal"\nstock = { "M oversize" = 1 }',
            "M oversize: is not sold in this colour; known are S",
        ),
        ('slug = "coal"', 'slug = "coal"\nstock = { M = -1 }', "colours.0.stock.M: should be pieces"),
        ('slug = "coal"', 'slug = "coal"\ninks = ["#fff", "#000000"]', "colours.0.inks: should be two colours"),
        ('slug = "coal"', 'slug = "coal"\nfits = ["oversize"]', "colours.0.fits: should be a list of classic"),
        ('file = "coal-back.avif"', 'file = "../x.avif"', "colours.0.pictures.1.file: should be the name of a picture"),
        (
            'file = "coal-back.avif"',
            'file = "coal-front.avif"',
            "colours.0.pictures.1.file: coal-front.avif stands twice",
        ),
        ('alt = { uk = "coal back", en = "coal back" }', "", "has no description of the picture in"),
        ('side = "back"', 'side = "left"', "colours.0.pictures.1.side: should be one of front"),
        ('lead = "Колос на грудях."', 'lead = ""', "cannot be published: name, lead and description in uk are needed"),
        ('name = "Kolos tee"', f'name = "{"k" * 121}"', "en.name: has 121 characters: at most 120"),
        ("--- en ---", "--- de ---", "is in no language of the shop (uk, en)"),
        ("--- en ---", "--- uk ---", "--- uk ---: stands twice"),
        ("--- uk ---", "lost\n\n--- uk ---", "text before the first section"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, message: str) -> None:
    text = GOOD.replace(old, new, 1)
    assert text != GOOD
    assert any(message in problem for problem in said(text)), said(text)


def test_the_line_is_the_one_in_the_file() -> None:
    text = GOOD.replace('side = "back"', 'side = "left"')
    (problem,) = problems(text)
    assert problem.line is not None
    assert text.split("\n")[problem.line - 1] == 'side = "left"'


def test_all_problems_of_a_file_are_told_at_once() -> None:
    text = GOOD.replace("price = 890", "price = 0").replace("points = 44", "points = -1")
    assert [problem.field for problem in problems(text)] == ["price", "points"]


def test_a_file_without_facts_says_how_to_begin() -> None:
    assert said("# Title") == ["kolos-tee/product.md:1: should begin with facts between two lines of +++"]


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("story", "is part of our addresses"),
        ("Колос", "should be small Latin letters"),
        ("kolos_tee", "should be small Latin letters"),
        ("a" * 41, "at most 40"),
        ("a-very-long-name-of-a-garment-indeed", "50 characters are the most"),
    ],
)
def test_a_folder_that_cannot_be_an_address_is_refused(slug: str, message: str) -> None:
    text = GOOD.replace('slug = "coal"', 'slug = "coal-and-milk"')
    assert any(message in problem for problem in said(text, slug))


def test_untranslated_english_is_a_warning() -> None:
    text = GOOD.replace('name = "Kolos tee"', 'name = "Футболка Kolos"')
    (problem,) = problems(text)
    assert (problem.level, problem.field) == (Level.WARNING, "en.name")


def test_surroundings_are_looked_at() -> None:
    product = a_product(category="hats", colours=(a_colour("rose"),))
    assert said(write_product(product, LANGUAGES), known=KNOWN) == [
        "kolos-tee/product.md:2: category: hats is not in categories.toml",
        "kolos-tee/product.md:20: colours.0.slug: rose is not in colours.toml",
        "kolos-tee/product.md:23: colours.0.pictures.0.file: rose-front.avif is not in this folder",
        "kolos-tee/product.md:28: colours.0.pictures.1.file: rose-back.avif is not in this folder",
    ]
    hoodie = a_product(category="hoodies")
    assert "kind: is tee, and category hoodies holds hoodie" in said(write_product(hoodie, LANGUAGES), known=KNOWN)[0]


def test_a_broken_entry_of_a_list_stops_no_other() -> None:
    bad = '[[colour]]\nslug = "coal"\nhex = "black"\nuk = "вугілля"\n\n'
    text = bad + '[[colour]]\nslug = "milk"\nhex = "#ECE6D8"\nuk = "молоко"\n'
    entries, found = read_colours(text, LANGUAGES)
    assert entries == (ColourEntry("milk", "#ece6d8", None, {"uk": "молоко"}),)
    assert [str(problem) for problem in found] == [
        "colours.toml:3: colour.0.hex: should be a colour such as \"#1c1d20\", and is 'black'"
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\nprice = 890", "\nprice = " + "9" * 5000, "product.md: this is not TOML: Exceeds the limit"),
        ("\nprice = 890", "\nprice = 0x" + "f" * 5000, "price: should be hryvnias, .* is a number too long to show"),
        ("\nprice = 890", f"\nprice = [0x{'f' * 5000}]", "price: should be hryvnias, .* is a number too long to show"),
        ("\nprice = 890", f"\nprice = {{a = 0x{'f' * 5000}}}", "price: should be hryvnias, .* is a number too long to"),
        ("\nprice = 890", "\nprice" + ".a" * 5000 + " = 1", "price: should be hryvnias, .* is a table too deep"),
        ("\nprice = 890", "\nprice = " + "[" * 20_000, "this is not TOML: "),
        ('"published"', '"scheduled"\npublish_at = 0001-01-01T00:00:00+14:00', "publish_at: should be a moment of our"),
        ("--- uk ---\n", "--- uk ---\n\x00", r"has a character that no screen shows \(U\+0000\): delete it"),
        ("--- uk ---\n", "--- uk ---\n\ud800", r"has a character that no screen shows \(U\+D800\): delete it"),
        ('name = "', 'name = "\\u0000', r"uk.name: has a character that no screen shows \(U\+0000\)"),
    ],
    ids=["long", "hexadecimal", "in-a-list", "in-a-table", "dots", "deep", "long-ago", "nul", "half", "escaped"],
)  # fmt: skip
def test_what_no_database_holds_is_named_and_stops_no_other_file(old: str, new: str, message: str) -> None:
    assert old in GOOD

    assert any(re.search(message, each) for each in said(GOOD.replace(old, new, 1)))


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    product, found = read_product("kolos-tee", "\ufeff" + GOOD.replace("\n", "\r\n"), LANGUAGES)
    assert (product, found) == (a_product(), ())
