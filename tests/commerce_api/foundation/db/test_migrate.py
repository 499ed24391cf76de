"""The schema's history: forward, back, and what is said when something does not fit."""

import asyncio

import pytest

from commerce_api.foundation.db import migrate
from commerce_api.foundation.db.migrate import MigrationFailed
from commerce_api.foundation.db.setup import DatabaseUnavailable, Schema
from commerce_api.foundation.settings import Settings
from tests.commerce_api.foundation.db.hammer import hammered
from tests.commerce_api.foundation.db.tiny import CHANGES, FIRST, TinyShop, sql

pytestmark = pytest.mark.anyio


async def test_zero_empties_the_database_and_migrate_fills_it_again(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    await tiny_shop.version(FIRST, name="initial")
    second = await tiny_shop.version(CHANGES["a new check"].applied())
    assert await migrate.migrate(empty_database, schema=second) == ["0001_initial", "0002_change"]

    assert await migrate.downgrade(empty_database, "zero", schema=second) == ["0002_change", "0001_initial"]
    assert await migrate.pending(empty_database, schema=second) == ["0001_initial", "0002_change"]

    await migrate.migrate(empty_database, schema=second)
    assert await migrate.check(empty_database, schema=second) == []


async def test_a_target_that_names_nothing_or_too_much_is_refused(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    schema = await tiny_shop.version(FIRST, name="initial")
    await migrate.migrate(empty_database, schema=schema)

    for target in ("0009", ""):
        found = await tiny_shop.version(
            FIRST + "\n\n" + "class More(Model):\n    id = fields.IntField(primary_key=True)\n"
        )
        await migrate.migrate(empty_database, schema=found)
        with pytest.raises(MigrationFailed, match="should name one of: zero, 0001_initial"):
            await migrate.downgrade(empty_database, target, schema=found)


async def test_code_that_is_older_than_the_database_refuses_to_touch_it(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    await migrate.migrate(empty_database, schema=(schema := await tiny_shop.version(FIRST, name="initial")))
    (tiny_shop.folder / "migrations" / "0001_initial.py").unlink()

    with pytest.raises(DatabaseUnavailable, match="0001_initial, which this code does not know"):
        await migrate.migrate(empty_database, schema=schema)


async def test_check_names_models_without_a_migration_and_tables_that_differ(
    empty_database: Settings, tiny_shop: TinyShop
) -> None:
    schema = await tiny_shop.version(FIRST)
    assert await migrate.check(empty_database, schema=schema) == ["migration 0001_change is pending"]
    await migrate.migrate(empty_database, schema=schema)
    await sql(empty_database, schema, 'DROP INDEX "parent_name_rank"', "CREATE TABLE stranger (id INT)")

    found = await migrate.check(empty_database, schema=schema)
    assert [text for text in found if "parent_name_rank" in text and "missing" in text]
    assert "table stranger belongs to no model" in found

    (tiny_shop.folder / "models_9.py").write_text(
        (tiny_shop.folder / "models_1.py").read_text().replace("max_length=20", "max_length=30")
    )
    drifted = Schema((f"{tiny_shop.package}.models_9",), schema.migrations)
    found = await migrate.check(empty_database, schema=drifted)
    assert found[0] == "the models have changed, and no migration says so: Alter field code on Parent"


async def test_a_migration_holds_values_and_imports_nothing_of_the_shop(tiny_shop: TinyShop) -> None:
    await tiny_shop.version(
        "class State(StrEnum):\n    NEW = 'new'\n\n\ndef code():\n    return 'x'\n\n\n"
        "class Thing(Model):\n    id = fields.IntField(primary_key=True)\n"
        "    state = fields.CharEnumField(State, max_length=32, default=State.NEW)\n"
        "    code = fields.CharField(max_length=9, default=code)\n"
        "    extra = fields.JSONField(default=dict)\n",
        name="initial",
    )

    text = (tiny_shop.folder / "migrations" / "0001_initial.py").read_text()
    assert tiny_shop.package not in text
    assert "orjson" not in text
    assert "fields.CharField(default='new', max_length=32)" in text


async def test_processes_that_migrate_at_once_do_not_collide(empty_database: Settings) -> None:
    # given: processes that start together on an empty database
    done = await asyncio.gather(*(hammered("migrate", empty_database) for _ in range(2)))

    # then: one did it all
    assert sorted(map(bool, done)) == [False, True]
    assert await migrate.pending(empty_database) == []
