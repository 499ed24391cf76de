"""The folder that writes only what is new."""

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest

from sitegen.store import Folder

LONG = b"<p>" + b"cloth and ink " * 100


def test_equal_bytes_are_not_written_again(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path), live=True)
    folder.put("a/index.html", LONG)
    before = (tmp_path / "a/index.html").stat().st_mtime_ns

    new = folder.put("a/index.html", LONG)

    assert not new
    assert folder.written == ["a/index.html"]
    assert (tmp_path / "a/index.html").stat().st_mtime_ns == before


def test_text_gets_twins_that_unpack_to_the_same_bytes(tmp_path: Path) -> None:
    Folder(str(tmp_path)).put("index.html", LONG)

    assert gzip.decompress((tmp_path / "index.html.gz").read_bytes()) == LONG
    assert brotli.decompress((tmp_path / "index.html.br").read_bytes()) == LONG


def test_two_runs_make_the_same_twins(tmp_path: Path) -> None:
    for name in ("one", "two"):
        Folder(str(tmp_path / name)).put("index.html", LONG)

    assert (tmp_path / "one/index.html.gz").read_bytes() == (tmp_path / "two/index.html.gz").read_bytes()


def test_a_text_that_shrinks_below_the_limit_loses_its_twins(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path), live=True)
    folder.put("index.html", LONG)

    folder.put("index.html", b"short")

    assert sorted(os.listdir(tmp_path)) == ["index.html"]


def test_an_unchanged_file_of_a_new_release_is_a_link_to_the_earlier_one(tmp_path: Path) -> None:
    earlier = Folder(str(tmp_path / "one"))
    earlier.put("index.html", LONG)
    later = Folder(str(tmp_path / "two"), earlier=earlier)

    new = later.put("index.html", LONG)

    assert not new
    assert later.written == []
    assert (tmp_path / "one/index.html.br").samefile(tmp_path / "two/index.html.br")


def test_replacing_a_live_file_leaves_releases_that_share_it_alone(tmp_path: Path) -> None:
    earlier = Folder(str(tmp_path / "one"))
    earlier.put("index.html", LONG)
    later = Folder(str(tmp_path / "two"), earlier=earlier)
    later.put("index.html", LONG)
    live = Folder(str(tmp_path / "two"), live=True, sums=dict(later.sums))

    live.put("index.html", LONG + b"more")

    assert (tmp_path / "one/index.html").read_bytes() == LONG


def test_an_earlier_release_that_was_tidied_by_hand_is_no_hindrance(tmp_path: Path) -> None:
    earlier = Folder(str(tmp_path / "one"))
    earlier.put("index.html", LONG)
    (tmp_path / "one/index.html.gz").unlink()
    later = Folder(str(tmp_path / "two"), earlier=earlier)

    later.put("index.html", LONG)

    assert (tmp_path / "two/index.html").read_bytes() == LONG
    assert (tmp_path / "two/index.html.gz").exists()


def test_removing_a_file_takes_its_twins_and_empty_folders_along(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path), live=True)
    folder.put("product/kolos/index.html", LONG)
    folder.put("index.html", LONG)

    removed = folder.remove("product/kolos/index.html")

    assert removed
    assert not (tmp_path / "product").exists()
    assert not folder.remove("product/kolos/index.html")


def test_a_placed_file_shares_the_source(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"picture")
    folder = Folder(str(tmp_path / "site"))

    first = folder.place("images/a.avif", str(tmp_path / "cache"))
    second = folder.place("images/a.avif", str(tmp_path / "cache"))

    assert (first, second) == (True, False)
    assert (tmp_path / "site/images/a.avif").samefile(tmp_path / "cache")


def test_placed_text_has_its_packed_twins_beside_it(tmp_path: Path) -> None:
    # given a finished stylesheet outside of the site
    (tmp_path / "home.css").write_bytes(b"a{color:red}" * 100)
    folder = Folder(str(tmp_path / "site"))

    # when it is placed twice, then browsers can have it packed and it is new once
    assert folder.place("assets/home.css", str(tmp_path / "home.css"))
    assert not folder.place("assets/home.css", str(tmp_path / "home.css"))
    assert sorted(path.name for path in (tmp_path / "site/assets").iterdir()) == [
        "home.css", "home.css.br", "home.css.gz",
    ]  # fmt: skip


def stream(*parts: bytes, fails: bool = False) -> Iterator[bytes]:
    yield from parts
    if fails:
        raise ValueError("no more")


def test_a_stream_is_written_whole_with_its_twins(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path))

    new = folder.put_stream("feeds/a.xml", stream(LONG, LONG))

    assert new
    assert (tmp_path / "feeds/a.xml").read_bytes() == LONG * 2
    assert gzip.decompress((tmp_path / "feeds/a.xml.gz").read_bytes()) == LONG * 2
    assert brotli.decompress((tmp_path / "feeds/a.xml.br").read_bytes()) == LONG * 2
    assert folder.written == ["feeds/a.xml"]


def test_an_unchanged_stream_of_a_new_release_is_a_link_to_the_earlier_one(tmp_path: Path) -> None:
    earlier = Folder(str(tmp_path / "one"))
    earlier.put_stream("a.xml", stream(LONG))
    later = Folder(str(tmp_path / "two"), earlier=earlier)

    new = later.put_stream("a.xml", stream(LONG))

    assert not new
    assert sorted(os.listdir(tmp_path / "two")) == ["a.xml", "a.xml.br", "a.xml.gz"]
    assert (tmp_path / "one/a.xml.br").samefile(tmp_path / "two/a.xml.br")


def test_a_stream_that_breaks_off_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path), live=True)
    folder.put_stream("a.xml", stream(LONG))

    with pytest.raises(ValueError, match="no more"):
        folder.put_stream("a.xml", stream(LONG, LONG, fails=True))

    assert (tmp_path / "a.xml").read_bytes() == LONG
    assert sorted(os.listdir(tmp_path)) == ["a.xml", "a.xml.br", "a.xml.gz"]
