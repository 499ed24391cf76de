"""The pointer leads to every file of the search data, and to nothing else."""

import json
from collections.abc import Iterator
from hashlib import sha256

import pytest

from commerce_api.foundation.kit import served
from sitegen.finding import pointer
from sitegen.page import Document
from sitegen.snapshot import Snapshot
from tests.sitegen.builders import catalogue, shop_of, some_products


@pytest.fixture
def shop() -> Snapshot:
    return shop_of(catalogue(*some_products(60)))


def documents(shop: Snapshot) -> Iterator[Document]:
    for key in pointer.keys(shop):
        yield from pointer.finding(shop, key.partition(":")[2])


def addresses(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict):
        for value in said.values():
            yield from addresses(value)
    elif isinstance(said, list):
        for value in said:
            yield from addresses(value)


def test_every_file_is_named_once_by_the_pointer_of_its_language(shop: Snapshot) -> None:
    files = [document.file for document in documents(shop)]
    named = [
        address
        for lang in shop.languages
        for part in pointer.PARTS
        for address in addresses(pointer.pointer(shop, lang)[part])
        if address.startswith("/data/")
    ]

    assert len(files) == len(set(files))
    assert {f"/{file}" for file in files} - set(named) == {"/data/find-uk.json", "/data/find-en.json"}


def test_a_hashed_name_is_the_hash_of_its_bytes_and_may_be_kept(shop: Snapshot) -> None:
    for document in documents(shop):
        stem, _, _ = document.file.removesuffix(".json").rpartition("-")
        if "find-" in document.file:
            assert served.cache_control(f"/{document.file}") == served.REVALIDATE
        elif stem.startswith(("data/cards", "data/facets")):
            assert document.file == f"{stem}-{sha256(document.text.encode()).hexdigest()[:12]}.json"
            assert served.cache_control(f"/{document.file}") == served.IMMUTABLE


def test_the_group_of_the_pointer_comes_after_those_of_what_it_names(shop: Snapshot) -> None:
    for lang in shop.languages:
        groups = sorted(key for key in pointer.keys(shop) if key.startswith(f"finding:{lang}:"))
        assert groups[-1] == f"finding:{lang}:{pointer.POINTER}"


def test_the_pointer_says_what_slugs_mean(shop: Snapshot) -> None:
    said = json.loads(next(pointer.finding(shop, f"en:{pointer.POINTER}")).text)

    assert said["categories"] == {"t-shirts": "t-shirts en"}
    assert said["colours"]["moss"] == ["moss", "#4b5440", "#ece6d8"]
    assert (said["total"], len(said["cards"])) == (60, 2)
