"""Files that people write in any editor are read, and those that cannot be are named."""

from pathlib import Path

import pytest

from commerce_api.foundation.kit import toml_files
from commerce_api.foundation.kit.searching.rules import SHOP_WORDS, known_shop_words, read_shop_words
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


@pytest.mark.parametrize("text", ["joined = [", "[[alike]]\nwordz = []", "alike = [1]", "popular = 7"])
def test_words_of_the_shop_that_somebody_has_just_spoilt_count_as_before(tmp_path: Path, text: str) -> None:
    # given a file of words that is in use
    path = tmp_path / SHOP_WORDS
    path.write_text('joined = ["t shirt"]\n', "utf-8")
    before = known_shop_words(tmp_path)

    # when it is saved with a mistake
    path.write_text(text, "utf-8")

    # then shoppers find as they did, and the build hears of it
    assert known_shop_words(tmp_path) == before
    with pytest.raises(BadToml, match=SHOP_WORDS):
        read_shop_words(tmp_path)


def test_a_shop_that_begins_with_spoilt_words_has_none(tmp_path: Path) -> None:
    (tmp_path / SHOP_WORDS).write_text("joined = [", "utf-8")

    assert known_shop_words(tmp_path).joined == ()
