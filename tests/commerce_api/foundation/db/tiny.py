"""A tiny shop whose models change from one version to the next."""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.connection import get_connection

from commerce_api.foundation.db import setup
from commerce_api.foundation.db.make_migration import make_migration
from commerce_api.foundation.db.setup import Schema
from commerce_api.foundation.settings import Settings

HEAD = """
from enum import StrEnum
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model
"""


@dataclass
class TinyShop:
    """A package of models and migrations; each version of the models is a module of its own."""

    package: str
    folder: Path
    versions: int = 0

    async def version(self, source: str, *, name: str = "change") -> Schema:
        """The next version of the models, with the migration that leads to it."""
        self.versions += 1
        module = f"models_{self.versions}"
        (self.folder / f"{module}.py").write_text(HEAD + source)
        importlib.invalidate_caches()
        schema = Schema((f"{self.package}.{module}",), f"{self.package}.migrations")
        await make_migration(name, schema=schema)
        return schema


PARENT = """
class Parent(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(max_length=20)
    code = fields.CharField(max_length=20, unique=True)
    price = fields.IntField(null=True)
    rank = fields.IntField(default=0, db_index=True)

    class Meta:
        table = "parent"
        indexes = (Index(fields=("name", "rank"), name="parent_name_rank"),)
        constraints = (
            UniqueConstraint(fields=("name", "code"), name="parent_name_code"),
            CheckConstraint(check="rank >= 0", name="parent_rank_not_negative"),
            CheckConstraint(check="name <> ';'", name="parent_name_is_no_semicolon"),
        )
"""
CHILDREN = """
class Child(Model):
    id = fields.BigIntField(primary_key=True)
    parent = fields.ForeignKeyField("shop.Parent", related_name="children")

    class Meta:
        table = "child"


class Note(Model):
    id = fields.IntField(primary_key=True)
    parent = fields.ForeignKeyField("shop.Parent", related_name="notes", null=True, on_delete=fields.OnDelete.SET_NULL)

    class Meta:
        table = "note"


class Passport(Model):
    id = fields.IntField(primary_key=True)
    parent = fields.OneToOneField("shop.Parent", related_name="passport")
    number = fields.CharField(max_length=10)

    class Meta:
        table = "passport"
"""
FIRST = PARENT + CHILDREN


@dataclass
class Change:
    """Words of the first version and what the second has instead."""

    old: str
    new: str

    def applied(self) -> str:
        assert self.old in FIRST
        return FIRST.replace(self.old, self.new)


NAME = "name = fields.CharField(max_length=20)"
RANK = "    rank ="
PRICE = "price = fields.IntField(null=True"
CHECK = '            CheckConstraint(check="rank >= 0", name="parent_rank_not_negative"),\n'
UNIQUE = '            UniqueConstraint(fields=("name", "code"), name="parent_name_code"),\n'
INDEX = 'Index(fields=("name", "rank"), name="parent_name_rank"),'
NOTE_KEY = 'related_name="notes", null=True, on_delete=fields.OnDelete.SET_NULL)'
NUMBER = "number = fields.CharField(max_length=10)"


def added(field: str) -> Change:
    """A new field of the parent."""
    return Change(RANK, f"    {field}\n{RANK}")


CHANGES = {
    "a longer text": Change(NAME, NAME.replace("20", "200")),
    "a new column": added("remark = fields.TextField(null=True)"),
    "a new required text": added("kind = fields.CharField(max_length=9, default='plain')"),
    "a new flag": added("open = fields.BooleanField(default=True)"),
    "a new required number with an index": added("size = fields.IntField(default=7, db_index=True)"),
    "a new time": added("at = fields.DatetimeField(auto_now_add=True)"),
    "a new JSON document": added("extra = fields.JSONField(default=dict)"),
    "a column gone": Change(PRICE + ")\n", "pass\n"),
    "a column that must be filled": Change(PRICE, "price = fields.IntField(default=5"),
    "a column that may be empty": Change("rank = fields.IntField(default=0", "rank = fields.IntField(null=True"),
    "a renamed column": Change(PRICE, "cost = fields.IntField(null=True"),
    "a check gone": Change(CHECK, ""),
    "another check under the same name": Change('check="rank >= 0"', 'check="rank >= 0 AND rank < 99"'),
    "a renamed check": Change('name="parent_rank_not_negative"', 'name="parent_rank_positive"'),
    "a new check": Change(CHECK, CHECK + "            CheckConstraint(check='id > 0', name='parent_id'),\n"),
    "a unique gone": Change(UNIQUE, ""),
    "a renamed unique": Change('name="parent_name_code"', 'name="parent_code_name"'),
    "an index gone": Change(INDEX, ""),
    "a new index": Change(INDEX, INDEX + 'Index(fields=("price",), name="parent_price")'),
    "no index on a column": Change(", db_index=True", ""),
    "an index on a column": Change(PRICE, PRICE + ", db_index=True"),
    "a column no longer unique": Change(", unique=True", ""),
    "a column now unique": Change(PRICE, PRICE + ", unique=True"),
    "children that hold their parent": Change(
        'related_name="children"', 'related_name="children", on_delete=fields.OnDelete.RESTRICT'
    ),
    "a foreign key gone": Change('parent = fields.ForeignKeyField("shop.Parent", ' + NOTE_KEY, "pass"),
    "a new foreign key": Change(
        NUMBER, NUMBER + '\n    friend = fields.ForeignKeyField("shop.Parent", related_name="friends", null=True)'
    ),
    "a table with a unique foreign key rebuilt": Change(NUMBER, NUMBER.replace("10", "11")),
    "a new table": Change(
        "class Note(", "class Extra(Model):\n    id = fields.IntField(primary_key=True)\n\n\nclass Note("
    ),
}

ROWS = (
    "INSERT INTO parent (id, name, code, price, rank) VALUES (1, 'a;b', 'x', NULL, 3), (2, 'c', 'y', 8, 4)",
    "INSERT INTO child (id, parent_id) VALUES (1, 1), (2, 1), (3, 2)",
    "INSERT INTO note (id, parent_id) VALUES (1, 1), (2, NULL)",
    "INSERT INTO passport (id, parent_id, number) VALUES (1, 1, 'n1'), (2, 2, 'n2')",
)


async def sql(settings: Settings, schema: Schema, *queries: str) -> list[list[dict[str, Any]]]:
    async with setup.opened(settings, schema=schema):
        return [await get_connection("default").execute_query_dict(query) for query in queries]
