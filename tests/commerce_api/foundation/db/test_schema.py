"""The shop's schema: what the migrations make is what the models say, on both databases."""

import re
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from itertools import product
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.context import require_context
from tortoise.exceptions import IntegrityError
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.migrations.constraints import CheckConstraint
from tortoise.models import Model

from commerce_api.foundation.db import inspect, migrate
from commerce_api.foundation.db.setup import LABEL
from commerce_api.foundation.db.tx import atomic, savepoint
from commerce_api.foundation.settings import Settings

pytestmark = pytest.mark.anyio


def models() -> Iterator[type[Model]]:
    apps = require_context().apps
    assert apps is not None
    yield from (model for model in apps.get_models_iterable() if model._meta.app == LABEL)


def enum_fields(model: type[Model]) -> dict[str, CharEnumFieldInstance]:
    return {name: field for name, field in model._meta.fields_map.items() if isinstance(field, CharEnumFieldInstance)}


async def test_the_real_schema_is_what_the_models_say(database: Settings) -> None:
    connection = get_connection("default")

    wanted, real = inspect.wanted(connection.capabilities.dialect), await inspect.real(connection)

    assert inspect.differences(wanted, real) == []
    assert len(wanted) > 15
    assert await migrate.check(database) == []


async def test_all_can_be_taken_back_and_done_again(empty_database: Settings) -> None:
    done = await migrate.migrate(empty_database)

    assert await migrate.downgrade(empty_database, "zero") == done[::-1]
    assert await migrate.migrate(empty_database) == done
    assert await migrate.check(empty_database) == []
    assert await migrate.migrate(empty_database) == []


async def test_migrations_leave_no_rows(database: Settings) -> None:
    """The databases of the tests are emptied between them."""
    assert {model.__name__: await model.all().count() for model in models()} == {
        model.__name__: 0 for model in models()
    }


async def test_no_name_of_a_constraint_or_index_is_used_twice(sqlite_database: Settings) -> None:
    """They share one space of names with the tables on PostgreSQL, and are what an error is recognised by."""
    tables = inspect.wanted("postgres")
    names = Counter(list(tables))
    for table in tables.values():
        names.update(index.name for index in table.indexes if index.name)
        names.update(list(table.checks))

    assert [name for name, times in names.items() if times > 1] == []
    assert [name for name in names if len(name) > 63] == []


async def test_enum_columns_have_room_for_values_to_come(sqlite_database: Settings) -> None:
    narrow = [
        f"{model.__name__}.{name}"
        for model in models()
        for name, field in enum_fields(model).items()
        if field.max_length != 32
    ]
    assert narrow == []


def sample(model: type[Model], **given: object) -> dict[str, object]:
    """A value for each column that must have one, by its type alone; no rule of the business is meant to hold."""
    by_type: dict[str, Any] = {
        "str": "x", "int": 1, "bool": False, "datetime.datetime": "2026-11-23 10:00:00+00:00",
        "datetime.date": "2026-11-23",
    }  # fmt: skip
    row: dict[str, object] = {}
    for name, column in model._meta.fields_db_projection.items():
        field = model._meta.fields_map[name]
        if field.null or field.generated:
            continue
        kind = field.describe(serializable=True)["python_type"]
        row[column] = "[]" if "JSON" in type(field).__name__ else by_type.get(str(kind), "x")
    return {**row, **given}


def literal(value: object) -> str:
    return str(value).upper() if isinstance(value, bool | int) else f"'{value}'"


async def insert(model: type[Model], row: dict[str, object]) -> None:
    columns, values = ", ".join(f'"{name}"' for name in row), ", ".join(map(literal, row.values()))
    await get_connection("default").execute_query(f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({values})')


NUMBERS = (1, 0, -1, 1_000_000)
"""Some choice of these breaks each rule about numbers, and no other rule."""


async def test_each_check_refuses_a_bad_row_by_its_name(database: Settings) -> None:
    # given
    checks = [(model, c) for model in models() for c in model._meta.constraints or () if isinstance(c, CheckConstraint)]
    assert checks
    unbroken = []

    # when: the columns that a check names get all choices of numbers, the others stay as they are
    for model, check in checks:
        named = [c for c in model._meta.fields_db_projection.values() if re.search(rf"\b{c}\b", check.check)]
        for numbers in product(NUMBERS, repeat=len(named)):
            if await refused(model, check.name, sample(model, **dict(zip(named, numbers, strict=True)))):
                break
        else:
            unbroken.append(check.name)

    # then
    assert unbroken == []


async def refused(model: type[Model], name: str, row: dict[str, object]) -> bool:
    """Whether the database names this check when it refuses the row."""
    try:
        async with atomic(), savepoint():
            await insert(model, row)
            raise Kept
    except IntegrityError as error:
        return name in str(error)
    except Kept:
        return False


class Kept(Exception):
    """Undoes an insert that was not refused."""


async def test_every_value_of_every_enum_is_stored_and_read_back(database: Settings) -> None:
    """A payment kind once did not fit into its column, and saving failed without a word (lessons.md 71)."""
    for model in models():
        for name, field in enum_fields(model).items():
            column = model._meta.fields_db_projection[name]
            for value in field.enum_type:
                assert await read_back(model, column, value) is value


async def read_back(model: type[Model], column: str, value: Enum) -> object:
    """The value as the model reads it from a column of its type, in a table that stands for the model's own."""
    table, copy = model._meta.db_table, "enum_copy"
    async with atomic():
        client = get_connection("default")
        await client.execute_query(f'CREATE TEMPORARY TABLE {copy} AS SELECT "{column}" FROM "{table}" WHERE 1 = 0')
        await client.execute_query(f"INSERT INTO {copy} VALUES ({literal(value.value)})")
        rows = await client.execute_query_dict(f'SELECT "{column}" AS value FROM {copy}')
        await client.execute_query(f"DROP TABLE {copy}")
    return model._meta.fields_map[model._meta.fields_db_projection_reverse[column]].to_python_value(rows[0]["value"])
