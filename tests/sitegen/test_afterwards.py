"""What follows a publication: in its order, and never in its way."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from sitegen import afterwards
from sitegen.afterwards import Afterwards
from sitegen.config import Config
from sitegen.receipt import Receipt
from tests.sitegen.builders import config_in
from tests.sitegen.cdn import Cdn, listening
from tests.sitegen.releases import released, site
from tests.waiting import until


@pytest.fixture
def cdn() -> Iterator[Cdn]:
    with listening() as found:
        yield found


@pytest.fixture
def config(tmp_path: Path, cdn: Cdn) -> Config:
    return replace(config_in(tmp_path), publish_url=str(tmp_path / "copy"), purge_url=cdn.url, purge_token="t")


def receipt_of(config: Config, *names: str) -> Receipt:
    """The receipt of a release with these pages."""
    release = released(config.build, site("aaaaaaaa11", *names))
    return Receipt("full", release, pages=tuple(f"{name}/index.html" for name in names))


def test_the_copy_is_made_and_the_cdn_told(config: Config, cdn: Cdn, tmp_path: Path) -> None:
    afterwards.note(config, receipt_of(config, "about"))

    assert afterwards.send(config) == []

    assert (tmp_path / "copy/about/index.html").is_file()
    assert cdn.bodies == [{"files": ["http://shop.test/about/"], "tags": ["content:about"]}]
    assert [line for line in afterwards.look(config) if "nothing to send" in line or line.startswith("0 ")]


def test_a_shop_without_copy_and_cdn_notes_nothing(config: Config) -> None:
    plain = replace(config, publish_url="", purge_url="")
    afterwards.note(plain, receipt_of(plain, "about"))

    assert afterwards.send(plain) == []
    assert not (plain.build / "purge").exists()


def test_a_cdn_that_fails_leaves_the_copy_whole(config: Config, cdn: Cdn, tmp_path: Path) -> None:
    cdn.statuses = [403]
    afterwards.note(config, receipt_of(config, "about"))

    problems = afterwards.send(config)

    assert "TWOCOMMS_PURGE_TOKEN" in problems[0]
    assert (tmp_path / "copy/about/index.html").is_file()


@pytest.mark.anyio
async def test_the_watcher_sends_what_it_publishes_and_tells_of_a_failure_once(
    config: Config, cdn: Cdn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # given a CDN that refuses twice, and a watcher that tries again at once
    monkeypatch.setattr(afterwards, "AGAIN", 0.01)
    cdn.statuses = [403, 403]
    reports: list[Receipt] = []

    async def report(receipt: Receipt) -> None:
        reports.append(receipt)

    follower = Afterwards(config, report)
    follower.published(receipt_of(config, "about"))

    # when it follows a publication, then the CDN is told in the end, and people of the failure once
    work = asyncio.create_task(follower.run())
    await until(lambda: cdn.bodies, "the CDN is told")
    work.cancel()
    assert [(receipt.kind, len(receipt.errors)) for receipt in reports] == [("sent", 1)]
    assert (tmp_path / "copy/about/index.html").is_file()


@pytest.mark.anyio
async def test_twins_are_made_smaller_when_the_shop_is_quiet_and_the_work_ends_with_the_watcher(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(afterwards, "CALM", 0.01)
    plain = replace(config, publish_url="", purge_url="")
    released(plain.build, {"index.html": " ".join(f"слово {n * 7919 % 997}" for n in range(800)).encode()})
    twin = plain.build / "current" / "index.html.br"
    before, others = twin.stat().st_size, set(psutil.Process().children())

    async def report(_: Receipt) -> None:
        pytest.fail("there was nothing to tell")

    work = asyncio.create_task(Afterwards(plain, report).run())
    await until(lambda: twin.stat().st_size != before, "the twin is made smaller")
    # and the process that has ended is not kept as a zombie
    await until(lambda: not set(psutil.Process().children()) - others, "the process is gone")
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
