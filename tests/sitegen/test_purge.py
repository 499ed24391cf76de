"""A CDN is told of what changed: all of it, once, and again when it did not listen."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sitegen import purge
from tests.sitegen.cdn import Cdn, listening

SITE = "https://shop.test"
FILES = ["index.html", "en/product/kolos/index.html", "sitemap.xml", "assets/home-0123abcdef.css", ".nginx/gone.map"]


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    with listening() as found:
        yield found


def quiet(_: float) -> None:
    """No pause between tries."""


def test_pages_are_told_by_address_and_key_and_hashed_files_not_at_all(tmp_path: Path, cdn: Cdn) -> None:
    purge.note(tmp_path, SITE, "r1", FILES)

    assert purge.send(tmp_path, cdn.url, "t0ken") == 1

    assert cdn.bodies == [
        {
            "files": [f"{SITE}/", f"{SITE}/en/product/kolos/", f"{SITE}/sitemap.xml"],
            "tags": ["home", "product:kolos", "sitemap.xml"],
        }
    ]
    assert cdn.tokens == {"Bearer t0ken"}
    assert purge.pending(tmp_path) == purge.Changed()
    assert json.loads((tmp_path / "purge/r1.json").read_text())["tags"] == ["home", "product:kolos", "sitemap.xml"]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/", "home"), ("/en/", "home"), ("/catalog/", "catalog"),
        ("/en/catalog/t-shirts/page/2/", "category:t-shirts"),
        ("/product/kolos/coal/", "product:kolos"), ("/journal/ink/", "article:ink"), ("/journal/", "journal"),
        ("/delivery/", "content:delivery"), ("/en/404.html", "404.html"), ("/feeds/google.xml", "google.xml"),
    ],
)  # fmt: skip
def test_a_path_belongs_to_the_key_of_its_group(path: str, key: str) -> None:
    assert purge.key_of(path) == key


def test_many_addresses_go_in_batches(tmp_path: Path, cdn: Cdn) -> None:
    purge.note(tmp_path, SITE, "r1", [f"page-{n:03}/index.html" for n in range(2 * purge.BATCH + 1)])

    assert purge.send(tmp_path, cdn.url, "") == 3

    assert [len(body["files"]) for body in cdn.bodies] == [purge.BATCH, purge.BATCH, 1]
    assert cdn.tokens == {""}


def test_when_most_of_the_site_is_new_all_of_it_is_forgotten(tmp_path: Path, cdn: Cdn) -> None:
    purge.note(tmp_path, SITE, "r1", [f"page-{n}/index.html" for n in range(purge.MOST + 1)])

    purge.send(tmp_path, cdn.url, "")

    assert cdn.bodies == [{"purge_everything": True}]
    assert purge.pending(tmp_path) == purge.Changed()


def test_a_cdn_that_stumbles_is_told_again(tmp_path: Path, cdn: Cdn) -> None:
    cdn.statuses = [503, 429]
    paused: list[float] = []
    purge.note(tmp_path, SITE, "r1", ["index.html"])

    purge.send(tmp_path, cdn.url, "", paused.append)

    assert len(cdn.bodies) == 1
    assert paused == [0.5, 1.0]


def test_what_a_cdn_did_not_take_waits_for_the_next_publication(tmp_path: Path, cdn: Cdn) -> None:
    # given a CDN that takes the first batch and fails at the second
    cdn.statuses = [200, *[500] * purge.TRIES]
    purge.note(tmp_path, SITE, "r1", [f"page-{n:03}/index.html" for n in range(purge.BATCH + 1)])
    with pytest.raises(purge.NotPurged, match="status 500"):
        purge.send(tmp_path, cdn.url, "", quiet)

    # when another release is published, then it hears of both, and of nothing twice
    purge.note(tmp_path, SITE, "r2", ["about/index.html"])
    purge.send(tmp_path, cdn.url, "", quiet)
    told = [file for body in cdn.bodies for file in body["files"]]
    assert len(told) == len(set(told)) == purge.BATCH + 2


def test_a_refused_token_is_said_and_not_tried_again(tmp_path: Path, cdn: Cdn) -> None:
    cdn.statuses = [403]
    purge.note(tmp_path, SITE, "r1", ["index.html"])

    with pytest.raises(purge.NotPurged, match="TWOCOMMS_PURGE_TOKEN") as refused:
        purge.send(tmp_path, cdn.url, "t0ken", quiet)

    assert "t0ken" not in str(refused.value)
    assert purge.pending(tmp_path).files == (f"{SITE}/",)


def test_a_cdn_that_is_not_there_stops_nothing(tmp_path: Path, cdn: Cdn) -> None:
    purge.note(tmp_path, SITE, "r1", ["index.html"])

    with pytest.raises(purge.NotPurged):
        purge.send(tmp_path, "http://127.0.0.1:9/", "", quiet)

    assert purge.pending(tmp_path).files == (f"{SITE}/",)


def test_what_changes_while_it_is_told_stays_pending(tmp_path: Path, cdn: Cdn, monkeypatch: pytest.MonkeyPatch) -> None:
    purge.note(tmp_path, SITE, "r1", ["index.html"])
    answer = cdn.answer

    def late(body: bytes, token: str) -> int:
        purge.note(tmp_path, SITE, "r1", ["about/index.html"])
        return answer(body, token)

    monkeypatch.setattr(cdn, "answer", late)
    purge.send(tmp_path, cdn.url, "", quiet)

    assert purge.pending(tmp_path).files == (f"{SITE}/about/",)


def test_a_torn_list_makes_the_cdn_forget_everything(tmp_path: Path, cdn: Cdn) -> None:
    purge.note(tmp_path, SITE, "r1", ["index.html"])
    (tmp_path / "purge/pending.json").write_text("{torn")

    purge.send(tmp_path, cdn.url, "", quiet)

    assert cdn.bodies == [{"purge_everything": True}]


def test_what_is_noted_while_the_cdn_is_told_stays_pending(
    tmp_path: Path, cdn: Cdn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a publication that comes just when the list is written anew
    purge.note(tmp_path, SITE, "r1", ["index.html"])
    plain, noting = purge._write, threading.Event()
    other = threading.Thread(target=purge.note, args=(tmp_path, SITE, "r2", ["delivery/index.html"]))

    def slowly(path: Path, what: purge.Changed) -> None:
        if not noting.is_set():
            noting.set()
            other.start()
            other.join(0.3)
        plain(path, what)

    monkeypatch.setattr(purge, "_write", slowly)

    # when the CDN was told
    purge.send(tmp_path, cdn.url, "")
    other.join()

    # then the later page is still to be told
    assert purge.pending(tmp_path).files == (f"{SITE}/delivery/",)


def test_what_changes_while_everything_is_forgotten_is_told_again(
    tmp_path: Path, cdn: Cdn, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given most of the site to be forgotten, and a page that changes while the CDN answers
    purge.note(tmp_path, SITE, "r1", [f"page-{n}/index.html" for n in range(purge.MOST + 1)])
    plain = purge._post

    def slowly(client: httpx2.Client, url: str, body: dict[str, Any], pause: Callable[[float], None]) -> None:
        plain(client, url, body, pause)
        if len(cdn.bodies) == 1:
            purge.note(tmp_path, SITE, "r1", ["index.html"])

    monkeypatch.setattr(purge, "_post", slowly)
    purge.send(tmp_path, cdn.url, "")

    # then it is not taken for told
    assert purge.pending(tmp_path) != purge.Changed()
    purge.send(tmp_path, cdn.url, "")
    assert purge.pending(tmp_path) == purge.Changed()
