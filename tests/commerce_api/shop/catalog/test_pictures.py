"""Masters are known by their content, and looked into only when they changed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commerce_api.foundation.settings import ROOT
from commerce_api.shop.catalog import pictures
from commerce_api.shop.catalog.pictures import BadPicture, PictureBook, PictureFacts, read_picture
from tests.commerce_api.shop.catalog.builders import draw

YESTERDAY = (1_700_000_000, 1_700_000_000)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were really read."""
    read: list[Path] = []
    real = read_picture

    def noting(path: Path) -> PictureFacts:
        read.append(path)
        return real(path)

    monkeypatch.setattr(pictures, "read_picture", noting)
    return read


def test_a_picture_is_named_by_its_content_and_measured(tmp_path: Path) -> None:
    draw(tmp_path / "a.avif")
    content = (tmp_path / "a.avif").read_bytes()
    assert read_picture(tmp_path / "a.avif") == PictureFacts(hashlib.sha256(content).hexdigest()[:20], 4, 5)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.avif").write_text("words")
    with pytest.raises(BadPicture):
        read_picture(tmp_path / "a.avif")


def test_a_book_outlives_the_process_and_notices_a_change(tmp_path: Path, reads: list[Path]) -> None:
    # given a picture of yesterday
    picture = tmp_path / "a.avif"
    draw(picture)
    os.utime(picture, YESTERDAY)
    book = PictureBook(tmp_path / "var" / "pictures.json")
    first = book.look(picture)
    book.save()

    # when another process looks, it reads nothing
    assert PictureBook(tmp_path / "var" / "pictures.json").look(picture) == first
    assert reads == [picture]

    # when the picture changes
    draw(picture, shade=7)
    assert PictureBook(tmp_path / "var" / "pictures.json").look(picture) != first
    assert reads == [picture, picture]


def test_a_picture_written_just_now_is_not_trusted_yet(tmp_path: Path, reads: list[Path]) -> None:
    draw(tmp_path / "a.avif")
    book = PictureBook()
    book.look(tmp_path / "a.avif")
    book.look(tmp_path / "a.avif")
    assert len(reads) == 2


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_spoilt_book_is_begun_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "pictures.json").write_text(content)
    draw(tmp_path / "a.avif")
    assert PictureBook(tmp_path / "pictures.json").look(tmp_path / "a.avif").width == 4


def test_web_processes_and_the_worker_do_not_load_the_picture_library() -> None:
    rooms = ("api", "staff_api", "service", "stock", "queries", "feed")
    code = f"import sys; from commerce_api.shop.catalog import {', '.join(rooms)}; import commerce_api.site_feed; " + (
        "sys.exit(any(name in sys.modules for name in ('pyvips', 'markdown', 'watchdog', 'pelican')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
