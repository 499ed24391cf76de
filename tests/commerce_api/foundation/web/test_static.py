"""Files by the rules of a CDN: nothing outside of the folder, the right words around the bytes."""

import gzip
import os
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.web.static import Answer, Asked, clean, locate, pick_encoding, serve_site

PAGE = "<!doctype html><p>Сова</p>".encode()
STYLE = b"body{margin:0}"


@pytest.fixture
def root(tmp_path: Path) -> str:
    """A release with a page, a style with compressed twins, and a secret beside the release."""
    release = tmp_path / "releases" / "1"
    for folder in ("product/sova-tee", "assets", "images", ".git"):
        (release / folder).mkdir(parents=True)
    (release / "index.html").write_bytes(PAGE)
    (release / "product/sova-tee/index.html").write_bytes(PAGE)
    (release / "assets/home.0123abcd.css").write_bytes(STYLE)
    (release / "assets/home.0123abcd.css.br").write_bytes(brotli.compress(STYLE))
    (release / "assets/home.0123abcd.css.gz").write_bytes(gzip.compress(STYLE, mtime=0))
    (release / "images/a-600.avif").write_bytes(bytes(range(100)))
    (release / ".git/config").write_text("secret")
    (release / ".env").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    os.symlink(tmp_path / "secret.txt", release / "leak.txt")
    os.symlink(tmp_path, release / "up")
    return os.path.realpath(release)


def get(root: str, path: str, **asked: str) -> Answer:
    answer = serve_site(root, Asked(path=path, **asked))
    assert answer
    return answer


def test_a_folder_is_its_index_with_type_and_age(root: str) -> None:
    answer = get(root, "/product/sova-tee/")

    assert (answer.status, answer.body) == (200, PAGE)
    sent = dict(answer.headers)
    assert sent["content-type"] == "text/html; charset=utf-8"
    assert sent["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert "vary" not in sent


def test_a_folder_without_its_slash_is_one_hop_away_and_keeps_the_query(root: str) -> None:
    answer = get(root, "/product/sova-tee", query="utm=1&x=%2F")

    assert (answer.status, dict(answer.headers)["location"]) == (301, "/product/sova-tee/?utm=1&x=%2F")


@pytest.mark.parametrize(
    ("accepts", "encoding", "size"),
    [
        ("gzip, deflate, br", "br", len(brotli.compress(STYLE))),
        ("gzip", "gzip", len(gzip.compress(STYLE))),
        ("br;q=0.1, gzip;q=0.9", "gzip", len(gzip.compress(STYLE))),
        ("br;q=0, gzip;q=0", None, len(STYLE)),
        ("*", "br", len(brotli.compress(STYLE))),
        ("", None, len(STYLE)),
    ],
)
def test_the_compressed_twin_is_sent_to_who_understands_it(
    root: str, accepts: str, encoding: str | None, size: int
) -> None:
    answer = get(root, "/assets/home.0123abcd.css", accept_encoding=accepts)

    sent = dict(answer.headers)
    assert sent.get("content-encoding") == encoding
    assert len(answer.body) == size
    assert sent["content-type"] == "text/css; charset=utf-8"
    assert sent["vary"] == "Accept-Encoding"
    assert sent["cache-control"] == "public, max-age=31536000, immutable"


def test_each_encoding_has_an_etag_of_its_own(root: str) -> None:
    tags = {
        dict(get(root, "/assets/home.0123abcd.css", accept_encoding=accepts).headers)["etag"]
        for accepts in ("br", "gzip", "")
    }

    assert len(tags) == 3
    assert not any(tag.startswith("W/") for tag in tags)


def test_the_same_bytes_have_the_same_etag_whenever_they_were_written(root: str) -> None:
    before = dict(get(root, "/").headers)["etag"]
    os.utime(Path(root) / "index.html", (1, 1))

    assert dict(get(root, "/").headers)["etag"] == before


@pytest.mark.parametrize("condition", ["{tag}", 'W/{tag}, "x"', '"x",{tag}', "*"])
def test_who_has_the_bytes_is_told_so(root: str, condition: str) -> None:
    tag = dict(get(root, "/assets/home.0123abcd.css").headers)["etag"]

    answer = get(root, "/assets/home.0123abcd.css", if_none_match=condition.format(tag=tag))

    sent = dict(answer.headers)
    assert (answer.status, answer.body) == (304, b"")
    assert sent["etag"] == tag
    assert "cache-control" in sent
    assert "vary" in sent


@pytest.mark.parametrize(
    ("wanted", "status", "body", "where"),
    [
        ("bytes=0-9", 206, bytes(range(10)), "bytes 0-9/100"),
        ("bytes=90-", 206, bytes(range(90, 100)), "bytes 90-99/100"),
        ("bytes=-5", 206, bytes(range(95, 100)), "bytes 95-99/100"),
        ("bytes=95-1000", 206, bytes(range(95, 100)), "bytes 95-99/100"),
        ("bytes=100-", 416, b"", "bytes */100"),
        ("bytes=-0", 416, b"", "bytes */100"),
        ("bytes=-", 416, b"", "bytes */100"),
        ("bytes=9-3", 416, b"", "bytes */100"),
        ("bytes=0-1,5-6", 200, bytes(range(100)), None),
        ("lines=1-2", 200, bytes(range(100)), None),
    ],
)
def test_a_part_of_a_file_can_be_asked_for(root: str, wanted: str, status: int, body: bytes, where: str | None) -> None:
    answer = get(root, "/images/a-600.avif", range=wanted)

    assert (answer.status, answer.body) == (status, body)
    assert dict(answer.headers).get("content-range") == where


def test_a_part_of_another_version_is_not_mixed_in(root: str) -> None:
    tag = dict(get(root, "/images/a-600.avif").headers)["etag"]

    assert get(root, "/images/a-600.avif", range="bytes=0-1", if_range=tag).status == 206
    assert get(root, "/images/a-600.avif", range="bytes=0-1", if_range='"old"').status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/assets/../../secret.txt", "/..", "/./index.html", "/.env", "/.git/config", "/leak.txt",
        "/up/secret.txt", "//secret.txt", "/assets//home.0123abcd.css", "/assets\\home.0123abcd.css", "/index.html\x00",
        "/index.html\x00.css", "/assets/home.0123abcd.css.br", "/assets/home.0123abcd.css.gz", "/assets/", "/nothing",
        "index.html", "", "/index.html/", "/%2e%2e/secret.txt", "/" + "a" * 5000, "/\ud800",
    ],
)  # fmt: skip
def test_what_is_hidden_outside_or_not_there_is_not_served(root: str, path: str) -> None:
    assert serve_site(root, Asked(path=path)) is None


SEGMENTS = st.sampled_from(
    ["..", ".", "", "assets", "product", "up", "leak.txt", "secret.txt", ".git", "config", "index.html", "\x00", "\\"]
) | st.text(max_size=5)


@given(st.lists(SEGMENTS, max_size=6))
def test_no_path_leads_out_of_the_release(tmp_path_factory: pytest.TempPathFactory, segments: list[str]) -> None:
    base = tmp_path_factory.getbasetemp() / "traversal"
    release = base / "release"
    if not release.exists():
        (release / "assets").mkdir(parents=True)
        (release / "index.html").write_text("page")
        (base / "secret.txt").write_text("secret")
        os.symlink(base, release / "up")
        os.symlink(base / "secret.txt", release / "leak.txt")
        (release / ".git").mkdir()
        (release / ".git" / "config").write_text("secret")

    answer = serve_site(os.path.realpath(release), Asked(path="/" + "/".join(segments)))

    assert answer is None or b"secret" not in answer.body


@given(st.text())
def test_a_clean_path_stays_below_its_root(path: str) -> None:
    relative = clean(path)

    assert relative is None or os.path.normpath(os.path.join("/root", relative)).startswith("/root")


def test_a_link_out_of_the_folder_is_no_file(root: str) -> None:
    assert locate(root, "leak.txt") is None
    assert locate(root, "index.html") == os.path.join(root, "index.html")


def test_files_of_older_releases_are_found_where_the_build_keeps_them(root: str, tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "assets"
    kept.mkdir(parents=True)
    (kept / "home.old.css").write_bytes(b"old")
    fallbacks = {"assets": str(kept)}

    answer = serve_site(root, Asked(path="/assets/home.old.css"), fallbacks)

    assert answer
    assert answer.body == b"old"
    assert serve_site(root, Asked(path="/assets/../../secret.txt"), fallbacks) is None
    assert serve_site(root, Asked(path="/assets/"), fallbacks) is None


@given(st.text(max_size=60))
def test_no_header_breaks_the_choice_of_an_encoding(header: str) -> None:
    assert pick_encoding(header, ["br", "gzip"]) in {"br", "gzip", None}
