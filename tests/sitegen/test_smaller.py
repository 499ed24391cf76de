"""Twins get smaller in quiet hours, and never belong to another page."""

import os
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from sitegen import publish, smaller
from tests.sitegen.releases import released

WORDS = " ".join(f"футболка номер {n} з принтом {n * 7919 % 613}" for n in range(900)).encode()


def twin(build: Path, file: str = "index.html") -> bytes:
    return (build / "current" / f"{file}.br").read_bytes()


def test_a_twin_gets_smaller_and_says_the_same(tmp_path: Path) -> None:
    released(tmp_path, {"index.html": WORDS, "small.html": b"x"})
    before = twin(tmp_path)

    assert smaller.make_smaller(tmp_path) == 1

    assert len(twin(tmp_path)) < len(before)
    assert brotli.decompress(twin(tmp_path)) == WORDS


def test_what_was_done_is_not_done_again_and_the_next_release_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a release whose twins are as small as they get
    released(tmp_path, {"index.html": WORDS})
    smaller.make_smaller(tmp_path)
    best = twin(tmp_path)

    # when another release with the same page follows
    released(tmp_path, {"index.html": WORDS, "new.html": b"x"})

    # then its twin is the small one, and nobody packs it again
    assert twin(tmp_path) == best
    monkeypatch.setattr(brotli, "compress", lambda *_, **__: pytest.fail("packed again"))
    assert smaller.make_smaller(tmp_path) == 0


def test_an_earlier_release_keeps_its_own_twin(tmp_path: Path) -> None:
    first = released(tmp_path, {"index.html": WORDS})
    before = twin(tmp_path)
    released(tmp_path, {"index.html": WORDS, "new.html": b"x"})

    smaller.make_smaller(tmp_path)

    assert (tmp_path / "releases" / first / "index.html.br").read_bytes() == before


def test_a_page_that_is_replaced_meanwhile_keeps_its_own_twin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a page that changes while it is packed
    released(tmp_path, {"index.html": WORDS})
    real = brotli.compress
    changed = WORDS.replace("футболка".encode(), "худі".encode())

    def slowly(data: bytes, *, quality: int) -> bytes:
        if quality == smaller.QUALITY:
            with publish.lock(tmp_path):
                publish.live(tmp_path, True).put("index.html", changed)
        packed: bytes = real(data, quality=quality)
        return packed

    monkeypatch.setattr(brotli, "compress", slowly)

    # when it is packed, then the twin is that of the page as it is now
    assert smaller.make_smaller(tmp_path) == 0
    assert brotli.decompress(twin(tmp_path)) == changed


def test_it_ends_when_another_release_begins(tmp_path: Path) -> None:
    released(tmp_path, {"index.html": WORDS})
    publish.begin(tmp_path, True)

    assert smaller.make_smaller(tmp_path) == 0


def test_no_scratch_file_is_left(tmp_path: Path) -> None:
    released(tmp_path, {"index.html": WORDS})
    smaller.make_smaller(tmp_path)

    assert sorted(os.listdir(tmp_path / "current")) == ["index.html", "index.html.br", "index.html.gz"]
