"""A copy of the site in a folder: complete at every moment, and never more work than what differs."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from sitegen import copied, kept, publish, remote
from sitegen.target import Bucket, Target, TargetRefused, open_target
from tests.sitegen.releases import STYLE, broken_pages, released, site

DAY = date(2026, 11, 24)


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return open_target(str(tmp_path / "copy"))


@pytest.fixture
def build(tmp_path: Path) -> Path:
    return tmp_path / "build"


class Breaking(Target):
    """A copy whose connection breaks after some writes; it notes the order of files."""

    written: list[str] = []
    left = 10**9

    @classmethod
    def after(cls, target: Target, writes: int) -> "Breaking":
        cls.written, cls.left = [], writes
        return cls(target.store, target.bucket)

    def put(self, file: str, data: bytes, twins: object) -> None:
        if Breaking.left == 0:
            raise TargetRefused("the connection broke")
        Breaking.left -= 1
        Breaking.written.append(file)
        super().put(file, data, twins)  # type: ignore[arg-type]


def visible(target: Target) -> dict[str, bytes]:
    names = [name for name in target.names("") if not name.startswith(".publish/")]
    return {name: target.read(name) or b"" for name in names}


def test_a_copy_is_the_release_with_its_twins(build: Path, target: Target, tmp_path: Path) -> None:
    release = released(build, site("aaaaaaaa11", "about"))

    remote.send(build, target)

    root = build / "releases" / release
    assert visible(target) == {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def test_only_what_differs_is_sent(build: Path, target: Target) -> None:
    released(build, site("aaaaaaaa11", "about", "contacts"))
    remote.send(build, target)
    with publish.lock(build):
        publish.live(build, True).put("about/index.html", b"new words")
        journal = publish.Journal(build, publish.live(build, True))
    journal.done({"about/index.html": "0" * 64}, ())
    journal.unsure(["about/index.html"])

    todo = remote.send(build, target)

    assert (todo.files, todo.stale) == (("about/index.html",), ())
    assert remote.send(build, target).files == ()
    assert target.read("about/index.html") == b"new words"
    assert target.read("about/index.html.br") is None


@pytest.mark.parametrize("writes", range(0, 14, 2))
def test_no_page_ever_lacks_its_files_wherever_a_run_breaks_off(build: Path, target: Target, writes: int) -> None:
    # given a copy of one release, and another with other styles
    released(build, site("aaaaaaaa11", "about", "contacts"))
    remote.send(build, target)
    released(build, site("bbbbbbbb22", "about", "delivery", "returns"))

    # when the run breaks off, then every page there finds its files
    breaking = Breaking.after(target, writes)
    try:
        remote.send(build, breaking)
    except TargetRefused:
        assert broken_pages(target) == []

    # and the next run makes it whole
    remote.send(build, target)
    assert broken_pages(target) == []
    assert {name for name in visible(target) if name.endswith(".html")} == {
        "index.html", "about/index.html", "delivery/index.html", "returns/index.html",
    }  # fmt: skip


def test_files_that_pages_load_go_first_and_deletions_come_after_the_word_to_the_cdn(
    build: Path, target: Target
) -> None:
    released(build, site("aaaaaaaa11", "about"))
    remote.send(build, target)
    released(build, site("bbbbbbbb22", "delivery"))
    seen: list[bool] = []

    breaking = Breaking.after(target, 10**9)
    remote.send(build, breaking, purge=lambda: seen.append(target.read("about/index.html") is not None))

    assert [re.sub(r"^.*(?=css|html|xml)", "", file) for file in Breaking.written] == ["css", "html", "html", "xml"][
        : len(Breaking.written)
    ]
    assert seen == [True]
    assert target.read("about/index.html") is None


def test_a_broken_run_is_gone_on_with_and_not_begun_anew(
    build: Path, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "CHUNK", 2)
    monkeypatch.setattr(remote, "AT_ONCE", 1)
    released(build, site("aaaaaaaa11", *(f"page-{n}" for n in range(10))))
    with pytest.raises(TargetRefused):
        remote.send(build, Breaking.after(target, 9))
    first = list(Breaking.written)

    remote.send(build, Breaking.after(target, 10**9))

    # Of what was written, only the run of files under way at the break is written again.
    assert len(set(first) & set(Breaking.written)) <= 2


def test_a_rollback_after_a_broken_run_is_sent_although_the_notes_are_old(build: Path, target: Target) -> None:
    # given a copy that got new pages, but not the note of it
    released(build, site("aaaaaaaa11", "about"))
    remote.send(build, target)
    released(build, {**site("aaaaaaaa11", "about"), "about/index.html": b"a mistake" * 50})
    with pytest.raises(TargetRefused):
        remote.send(build, Breaking.after(target, 0))
    target.put("about/index.html", b"a mistake" * 50, {})

    # when the release before is served again, then its page is sent
    publish.rollback(build)
    assert remote.send(build, target).files == ("about/index.html",)
    assert b"mistake" not in (target.read("about/index.html") or b"")


def test_hashed_files_stay_for_a_month_after_they_left(build: Path, target: Target) -> None:
    released(build, site("aaaaaaaa11"))
    remote.send(build, target, today=DAY)
    released(build, site("bbbbbbbb22"))
    remote.send(build, target, today=DAY)

    remote.send(build, target, today=DAY + timedelta(days=kept.DAYS))
    before = target.read(STYLE.format("aaaaaaaa11"))
    remote.send(build, target, today=DAY + timedelta(days=kept.DAYS + 1))

    assert before is not None
    assert target.read(STYLE.format("aaaaaaaa11")) is None
    assert target.read(STYLE.format("aaaaaaaa11") + ".br") is None


def test_a_plan_is_made_without_touching_anything(build: Path, target: Target) -> None:
    released(build, site("aaaaaaaa11"))

    assert "files to send" in remote.look(build, target).sentence()
    assert target.names("") == []


def test_many_notes_become_one_base(build: Path, target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copied, "MOST_NOTES", 4)
    for turn in range(5):
        released(build, site(f"aaaaaaaa{turn}{turn}", "about"))
        remote.send(build, target)

    assert len(target.names(copied.NOTES)) < 8
    assert remote.look(build, target).files == ()


def test_an_address_that_cannot_be_used_says_what_is_wrong() -> None:
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}

    with pytest.raises(TargetRefused, match="AWS_ACCESS_KEY_ID"):
        open_target("s3://shop/site", {})
    with pytest.raises(TargetRefused, match="endpoint, region, virtual_host"):
        open_target("s3://shop/site?ednpoint=x", keys)
    opened = open_target("s3://shop/site/?region=eu-central-1&endpoint=http://127.0.0.1:1", keys).bucket
    assert opened == Bucket("shop", "site", "eu-central-1", "http://127.0.0.1:1", False, "key", "secret")
    assert "secret" not in repr(opened)
