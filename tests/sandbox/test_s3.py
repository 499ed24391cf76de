"""The bucket store, by the client that the shop publishes with."""

from datetime import timedelta

import httpx2
import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, PreconditionError
from obstore.store import S3Store

from sandbox.faults import Switch
from sandbox.world import World

pytestmark = pytest.mark.anyio


@pytest.fixture
def store(served: str) -> S3Store:
    return S3Store(
        "shop",
        endpoint=f"{served}/s3",
        region="eu-central-1",
        access_key_id="sandbox",
        secret_access_key="sandbox",
        client_options={"allow_http": True},
        retry_config={
            "max_retries": 2,
            "retry_timeout": timedelta(seconds=5),
            "backoff": {"init_backoff": timedelta(milliseconds=1), "max_backoff": timedelta(milliseconds=5), "base": 2},
        },
    )


async def names(store: S3Store, prefix: str = "") -> list[str]:
    return [str(meta["path"]) async for batch in obstore.list(store, prefix) for meta in batch]


async def test_what_is_put_is_got_with_what_was_said_of_it(store: S3Store, served: str) -> None:
    said = {"Content-Type": "text/html", "Cache-Control": "no-cache"}
    await obstore.put_async(store, "en/index.html", "Привіт".encode(), attributes=said)

    got = await obstore.get_async(store, "en/index.html")
    assert bytes(await got.bytes_async()).decode() == "Привіт"
    assert dict(got.attributes) == said
    assert (await obstore.head_async(store, "en/index.html"))["size"] == 12
    assert bytes(await obstore.get_range_async(store, "en/index.html", start=0, length=4)).decode() == "Пр"
    # everybody may read, and nobody writes without a signature
    async with httpx2.AsyncClient() as visitor:
        assert (await visitor.get(f"{served}/s3/shop/en/index.html")).text == "Привіт"
        assert (await visitor.put(f"{served}/s3/shop/en/index.html", content=b"x")).status_code == 403


async def test_a_list_has_pages_and_beginnings(store: S3Store) -> None:
    for number in range(1005):
        await obstore.put_async(store, f"a/{number:04}", b"")
    await obstore.put_async(store, "b c/é.txt", b"1")

    assert len(await names(store, "a")) == 1005
    assert await names(store, "b c") == ["b c/é.txt"]
    found = await obstore.list_with_delimiter_async(store)
    assert (found["common_prefixes"], found["objects"]) == (["a", "b c"], [])


async def test_a_list_of_none_and_of_no_number_are_answered(store: S3Store, served: str) -> None:
    await obstore.put_async(store, "a", b"1")

    async with httpx2.AsyncClient(base_url=f"{served}/s3/") as visitor:
        none, wrong = await visitor.get("shop?max-keys=0"), await visitor.get("shop?max-keys=many")

    assert (none.status_code, "<IsTruncated>false<" in none.text) == (200, True)
    assert (wrong.status_code, "InvalidArgument" in wrong.text) == (400, True)


async def test_what_is_deleted_is_gone(store: S3Store) -> None:
    for name in ("one", "two", "three"):
        await obstore.put_async(store, name, b"1")

    await obstore.delete_async(store, ["one", "two"])

    assert await names(store) == ["three"]
    with pytest.raises(FileNotFoundError):
        await obstore.get_async(store, "one")


async def test_a_large_thing_comes_in_parts(store: S3Store) -> None:
    data = bytes(range(256)) * 24_000
    await obstore.put_async(store, "large", data, use_multipart=True, chunk_size=5 * 1024 * 1024)

    assert bytes(await (await obstore.get_async(store, "large")).bytes_async()) == data


async def test_uploads_that_begin_while_others_are_on_their_way_stay_apart(served: str) -> None:
    # given two uploads of which the first is finished
    async with httpx2.AsyncClient(headers={"authorization": "AWS4"}, base_url=f"{served}/s3/shop/") as writer:

        async def begin(key: str) -> str:
            told = (await writer.post(f"{key}?uploads")).text
            return told.partition("<UploadId>")[2].partition("<")[0]

        async def send(key: str, upload: str, data: bytes) -> None:
            await writer.put(f"{key}?partNumber=1&uploadId={upload}", content=data)

        async def finish(key: str, upload: str) -> None:
            parts = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>"
            assert (await writer.post(f"{key}?uploadId={upload}", content=parts)).status_code == 200

        first, second = await begin("first"), await begin("second")
        await send("first", first, b"1")
        await send("second", second, b"2")
        await finish("first", first)

        # when a third begins before the second is finished
        third = await begin("third")
        await send("third", third, b"3")
        await finish("second", second)
        await finish("third", third)

        # then each thing has its own content
        assert [(await writer.get(name)).content for name in ("first", "second", "third")] == [b"1", b"2", b"3"]


async def test_of_two_who_write_at_once_one_is_told(store: S3Store) -> None:
    first = await obstore.put_async(store, "lock", b"1", mode="create")
    with pytest.raises(AlreadyExistsError):
        await obstore.put_async(store, "lock", b"2", mode="create")
    await obstore.put_async(store, "lock", b"3", mode={"e_tag": first["e_tag"] or ""})
    with pytest.raises(PreconditionError):
        await obstore.put_async(store, "lock", b"4", mode={"e_tag": first["e_tag"] or ""})


async def test_a_copy_is_a_thing_of_its_own(store: S3Store) -> None:
    await obstore.put_async(store, "a b", b"1")
    await obstore.copy_async(store, "a b", "c")

    assert await names(store) == ["a b", "c"]


async def test_a_failing_store_is_tried_again(store: S3Store, world: World) -> None:
    world.faults.arm(Switch("s3", "500", times=2))

    await obstore.put_async(store, "page", b"1")

    assert await names(store) == ["page"]
