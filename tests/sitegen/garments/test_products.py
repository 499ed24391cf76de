"""What the catalogue asks to be drawn."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen.garments.cloth import Inks
from sitegen.garments.products import BadData, read_orders

COLOURS = """
[[colour]]
slug = "coal"
hex = "#1c1d20"
[[colour]]
slug = "coal-milk"
hex = "#1C1D20"
second_hex = "#ece6d8"
"""
PRODUCT = """+++
kind = "tee"
print = "kolos"
[[colours]]
slug = "coal"
[[colours.pictures]]
file = "coal-front.avif"
side = "front"
[[colours.pictures]]
file = "coal-detail.avif"
side = "detail"
+++

--- uk ---

Текст.
"""


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    (tmp_path / "colours.toml").write_text(COLOURS, encoding="utf-8")
    (tmp_path / "kolos-tee").mkdir()
    (tmp_path / "kolos-tee" / "product.md").write_text(PRODUCT, encoding="utf-8")
    return tmp_path


def rewrite(catalog: Path, old: str, new: str) -> None:
    file = catalog / "kolos-tee" / "product.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_picture_is_ordered_with_kind_print_cloth_and_side(catalog: Path) -> None:
    [order] = read_orders(catalog)
    assert (order.file, order.kind, order.print_slug, order.frame) == (
        "kolos-tee/coal-front.avif",
        "tee",
        "kolos",
        "front",
    )
    assert order.cloth.body == "#1c1d20"


def test_a_detail_is_always_a_photo(catalog: Path) -> None:
    assert all("detail" not in order.file for order in read_orders(catalog))


def test_photos_of_a_print_that_nobody_draws_keep_no_other_product_from_being_drawn(catalog: Path) -> None:
    # given a product of a new print whose pictures were all photographed
    shutil.copytree(catalog / "kolos-tee", catalog / "vyshnia-tee")
    file = catalog / "vyshnia-tee" / "product.md"
    text = PRODUCT.replace('"kolos"', '"vyshnia"').replace("coal-front.avif", "coal_front.jpg")
    file.write_text(text, encoding="utf-8")
    (catalog / "vyshnia-tee" / "coal_front.jpg").write_bytes(b"photo")

    assert [order.file for order in read_orders(catalog)] == ["kolos-tee/coal-front.avif"]


def test_files_are_read_whatever_editor_wrote_them(catalog: Path) -> None:
    # given what the import reads too: a mark before the text, Windows line ends, a space after a fence
    for file in (catalog / "colours.toml", catalog / "kolos-tee" / "product.md"):
        text = file.read_text(encoding="utf-8").replace("+++\n\n---", "+++ \n\n---").replace("\n", "\r\n")
        file.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert [order.file for order in read_orders(catalog)] == ["kolos-tee/coal-front.avif"]


def test_a_file_in_another_encoding_is_named(catalog: Path) -> None:
    (catalog / "kolos-tee" / "product.md").write_bytes(PRODUCT.encode("cp1251"))

    with pytest.raises(BadData, match=r"kolos-tee/product\.md: is not UTF-8"):
        read_orders(catalog)


def test_inks_of_the_product_replace_the_default_pair(catalog: Path) -> None:
    rewrite(catalog, 'slug = "coal"', 'slug = "coal"\ninks = ["#F3EFE6", "#e0452c"]')
    [order] = read_orders(catalog)
    assert order.inks == Inks("#f3efe6", "#e0452c")


def test_a_two_tone_colour_brings_its_second_hex(catalog: Path) -> None:
    rewrite(catalog, 'slug = "coal"', 'slug = "coal-milk"')
    [order] = read_orders(catalog)
    assert (order.cloth.body, order.cloth.sleeves) == ("#1c1d20", "#ece6d8")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('print = "kolos"', 'print = "kokos"', "kolos-tee/product.md: print: 'kokos' is unknown"),
        ('kind = "tee"', 'kind = "cap"', "kolos-tee/product.md: kind: 'cap' is unknown"),
        ('kind = "tee"\n', "", "kolos-tee/product.md: kind: missing"),
        ('side = "front"', 'side = "top"', "kolos-tee/product.md: colours: coal: side: 'top' is unknown"),
        ('slug = "coal"', 'slug = "cole"', "kolos-tee/product.md: colours: cole: slug: not in"),
        ("coal-front.avif", "../coal.avif", "kolos-tee/product.md: colours: coal: file: '../coal.avif'"),
        ('slug = "coal"', 'slug = "coal"\ninks = ["#fff"]', "colours: coal: inks: not two colours"),
        ('slug = "coal"', 'slug = "coal"\ninks = ["red", "#ffffff"]', "inks: 'red' is not a colour"),
        ('kind = "tee"', "kind = tee", "kolos-tee/product.md: TOML:"),
        ('kind = "tee"', "price = " + "9" * 5000, "kolos-tee/product.md: TOML: Exceeds the limit"),
        ('kind = "tee"', "price = " + "[" * 20_000, "kolos-tee/product.md: TOML: "),
        ('slug = "coal"', f'slug = "coal"\ninks = [0x{"f" * 5000}, "#ffffff"]', "coal: inks: is not a text such as"),
        ("+++\n\n---", "---", "kolos-tee/product.md: front matter"),
    ],
)
def test_bad_data_is_named_by_product_and_field(catalog: Path, old: str, new: str, message: str) -> None:
    # given a product with one fault
    rewrite(catalog, old, new)
    # when it is read, then one line says where the fault is
    with pytest.raises(BadData) as caught:
        read_orders(catalog)
    assert message in str(caught.value)


def test_a_colour_that_is_no_colour_is_named(catalog: Path) -> None:
    (catalog / "colours.toml").write_text('[[colour]]\nslug = "coal"\nhex = "grey"\n', encoding="utf-8")
    with pytest.raises(BadData, match="colours.toml: coal: hex: 'grey' is not a colour"):
        read_orders(catalog)
