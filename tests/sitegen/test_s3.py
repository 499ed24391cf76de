"""A copy of the site in a bucket, by a real S3 protocol on this machine."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import obstore
import pytest

from deploy import side_venvs
from deploy.services import answers, free_port
from sitegen import remote, s3_redirects
from sitegen.target import Bucket, Target, TargetRefused, open_target
from tests.sitegen.releases import STYLE, broken_pages, released, site
from tests.sitegen.test_remote import Breaking

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"}
PATIENCE = 60.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with empty buckets; missing in CI it is a failure, elsewhere a skip with its reason."""
    if why := side_venvs.lacks("moto"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    port = free_port()
    log = (tmp_path_factory.mktemp("moto") / "log").open("w")
    program = str(side_venvs.program("moto", "moto_server"))
    running = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=log, stderr=log)
    try:
        until = time.monotonic() + PATIENCE
        while not answers(port):
            if running.poll() is not None or time.monotonic() > until:
                pytest.fail("the S3 server did not start")
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(20)
        log.close()


@pytest.fixture
def bucket(server: str) -> Iterator[str]:
    """A bucket of this test."""
    httpx2.put(f"{server}/shop").raise_for_status()
    yield server
    httpx2.post(f"{server}/moto-api/reset").raise_for_status()


@pytest.fixture
def target(bucket: str) -> Target:
    return open_target(f"s3://shop/site?endpoint={bucket}", KEYS, retries=1)


def head(target: Target, key: str) -> dict[str, str]:
    """What the server says of an object."""
    store: Any = target.store
    answer = httpx2.head(obstore.sign(store, "HEAD", key, timedelta(minutes=1)))
    assert answer.status_code == 200, key
    return dict(answer.headers)


def test_objects_carry_the_type_and_cache_rule_of_the_edge(tmp_path: Path, target: Target) -> None:
    released(tmp_path, {**site("aaaaaaaa11", "about"), "r.json": b"{}", "sw.js": b"self"})

    remote.send(tmp_path, target)

    page, style = head(target, "about/index.html"), head(target, STYLE.format("aaaaaaaa11"))
    assert page["content-type"] == "text/html; charset=utf-8"
    assert page["cache-control"] == "public, max-age=300, stale-while-revalidate=86400"
    assert "content-encoding" not in page
    assert style["content-type"] == "text/css; charset=utf-8"
    assert style["cache-control"] == "public, max-age=31536000, immutable"
    assert head(target, "r.json")["content-type"] == "application/speculationrules+json"
    assert head(target, "sw.js")["cache-control"] == "public, no-cache"
    assert not [name for name in target.names("") if name.endswith((".br", ".gz", ".map"))]


def test_only_changed_objects_are_written_again(tmp_path: Path, target: Target) -> None:
    released(tmp_path, site("aaaaaaaa11", "about", "contacts"))
    remote.send(tmp_path, target)
    released(tmp_path, {**site("aaaaaaaa11", "about"), "about/index.html": b"new words"})

    todo = remote.send(tmp_path, target)

    assert (todo.files, todo.stale) == (("about/index.html",), ("contacts/index.html",))
    assert target.read("contacts/index.html") is None


def test_a_run_that_breaks_off_leaves_whole_pages_and_is_gone_on_with(tmp_path: Path, target: Target) -> None:
    released(tmp_path, site("aaaaaaaa11", "about", "contacts"))
    remote.send(tmp_path, target)
    released(tmp_path, site("bbbbbbbb22", "about", "delivery"))

    with pytest.raises(TargetRefused, match="broke"):
        remote.send(tmp_path, Breaking.after(target, 2))
    assert broken_pages(target) == []

    remote.send(tmp_path, target)
    assert broken_pages(target) == []
    assert target.read("contacts/index.html") is None


def test_old_addresses_are_objects_that_lead_on(tmp_path: Path, target: Target) -> None:
    # given a release with an old address, which a later one no longer has
    moved = json.dumps({"redirects": {"/shop/": "/catalog/", "/en/shop/": "/en/catalog/"}, "gone": []}).encode()
    released(tmp_path, {**site("aaaaaaaa11", "catalog"), "redirects.json": moved})
    remote.send(tmp_path, target)

    # then both website hosting and a plain reader are led on
    sent = head(target, "shop/index.html")
    assert sent["x-amz-website-redirect-location"] == "/catalog/"
    assert b'url=/en/catalog/"' in (target.read("en/shop/index.html") or b"")
    assert remote.look(tmp_path, target).leads == {}

    released(tmp_path, {**site("aaaaaaaa11", "catalog"), "redirects.json": b'{"redirects": {}, "gone": []}'})
    remote.send(tmp_path, target)
    assert target.read("shop/index.html") is None


def test_a_bucket_that_is_not_there_is_named(tmp_path: Path, server: str) -> None:
    released(tmp_path, site("aaaaaaaa11"))

    with pytest.raises(TargetRefused, match="there is no bucket nothing"):
        remote.send(tmp_path, open_target(f"s3://nothing?endpoint={server}", KEYS, retries=0))


def test_a_server_that_is_down_is_said_without_the_keys(tmp_path: Path) -> None:
    released(tmp_path, site("aaaaaaaa11"))

    with pytest.raises(TargetRefused, match="does not answer") as refused:
        remote.send(tmp_path, open_target(f"s3://shop?endpoint=http://127.0.0.1:{free_port()}", KEYS, retries=0))

    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str(refused.value)


def test_the_signature_is_that_of_the_example_of_the_protocol() -> None:
    # The example "PUT Object" of the documentation of Signature Version 4.
    bucket = Bucket(
        "examplebucket", "", "us-east-1", "https://s3.amazonaws.com", True,
        "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    )  # fmt: skip
    headers = {"date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}

    url, sent = s3_redirects.signed(
        bucket, "test$file.text", b"Welcome to Amazon S3.", headers, datetime(2013, 5, 24, tzinfo=UTC)
    )

    assert url == "https://examplebucket.s3.amazonaws.com/test%24file.text"
    assert sent["authorization"].endswith("Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")


def test_keys_that_the_server_refuses_are_said_so(tmp_path: Path, bucket: str, target: Target) -> None:
    released(tmp_path, site("aaaaaaaa11"))
    httpx2.post(f"{bucket}/moto-api/reset-auth", content=b"0").raise_for_status()
    try:
        with pytest.raises(TargetRefused, match="refuses these keys: check AWS_ACCESS_KEY_ID"):
            remote.send(tmp_path, target)
    finally:
        httpx2.post(f"{bucket}/moto-api/reset-auth", content=b"999999").raise_for_status()
