"""Catalogues in JSON files."""

from pathlib import Path

import anyio

from sitegen.source import encode, opened, read_fixture
from tests.sitegen.builders import catalogue, config_in, product


def test_a_catalogue_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    view = catalogue(product("kolos", colours=("coal", "moss")), product("sova", "hoodies", languages=("uk",)))
    (tmp_path / "view.json").write_bytes(encode(view))

    assert read_fixture(tmp_path / "view.json") == view


def test_a_fixture_stands_in_for_the_database(tmp_path: Path) -> None:
    view = catalogue(product("kolos"), product("sova"))
    (tmp_path / "view.json").write_bytes(encode(view))
    config = config_in(tmp_path, fixture=tmp_path / "view.json")

    async def read() -> tuple[object, object, object]:
        async with opened(config) as source:
            return await source.read_all(), await source.read_products(["sova", "gone"]), await source.pending_changes()

    everything, some, pending = anyio.run(read)

    assert everything == view
    assert some == (view.products[1],)
    assert pending == ()
