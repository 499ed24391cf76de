"""Files that people write in any editor are read, and those that cannot be are named."""

from pathlib import Path

import pytest

from commerce_api.foundation.kit import toml_files
from commerce_api.foundation.kit.searching.rules import SHOP_WORDS, ShopWords, read_shop_words
from commerce_api.foundation.kit.searching.words import rules_for
from commerce_api.foundation.kit.toml_files import BadToml


@pytest.mark.parametrize("before", ["", "\ufeff", "# Україна\r\n", "\ufeff# Україна\r\n"])
def test_a_mark_before_the_text_and_windows_line_ends_are_read(tmp_path: Path, before: str) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(f'{before}name = "Дві коми"\r\n'.encode())

    assert toml_files.read(path) == {"name": "Дві коми"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('name = "Дві коми"'.encode("cp1251"), "site.toml: is not UTF-8 at byte 8: save it as UTF-8"),
        ('name = "x"'.encode("utf-16"), "site.toml: is not UTF-8 at byte 0: save it as UTF-8"),
        (b'name = "x"\nname = "y"\n', r"site.toml: Cannot overwrite a value \(at line 2, column 11\)"),
        (b"count = " + b"9" * 5000, "site.toml: Exceeds the limit"),
        (b"deep = " + b"[" * 20_000, "site.toml: "),
    ],
    ids=["cp1251", "utf-16", "twice", "large", "deep"],
)
def test_what_is_no_toml_is_named_with_its_file(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "site.toml"
    path.write_bytes(data)

    with pytest.raises(BadToml, match=said):
        toml_files.read(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("joined = [", "Invalid"),
        ('joined = "t shirt"', "joined should be a list of texts"),
        ("joined = [1]", "joined should be a list of texts"),
        ("alike = [1]", r"alike should be groups, each below a line \[\[alike\]\]"),
        ("alike = 7", "alike should be groups"),
        ("[[alike]]\nwordz = []", r"words of each \[\[alike\]\] should be a list of texts"),
        ('[[alike]]\nwords = "худі"', r"words of each \[\[alike\]\] should be a list of texts"),
        ("popular = 7", r"popular should be a table \[popular\]"),
        ("popular = {uk = 5}", r"uk of \[popular\] should be a list of texts"),
        ('popular = {uk = "худі"}', r"uk of \[popular\] should be a list of texts"),
    ],
)
def test_words_of_the_shop_that_are_not_in_their_form_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / SHOP_WORDS).write_text(text, "utf-8")

    with pytest.raises(BadToml, match=f"{SHOP_WORDS}: {said}"):
        read_shop_words(tmp_path)


def test_a_shop_without_a_file_of_words_has_none(tmp_path: Path) -> None:
    assert read_shop_words(tmp_path) == ShopWords()


def test_a_pair_without_a_letter_joins_nothing() -> None:
    assert rules_for(ShopWords(joined=("— —", "t shirt"))).joined == rules_for(ShopWords(joined=("t shirt",))).joined
