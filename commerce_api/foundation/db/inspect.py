"""The schema as the database has it, and as the models want it, in the same plain form, so that they can be compared.

Types are compared as the database names them. A CHECK is compared by name, and on SQLite, which keeps the text, by what
it says too.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import require_context
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.indexes import Index as ModelIndex
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.models import Model

from commerce_api.foundation.db.setup import LABEL

POSTGRES_TYPES: Final = {
    "int": "integer",
    "serial": "integer",
    "bigserial": "bigint",
    "bool": "boolean",
    "timestamptz": "timestamp with time zone",
    "varchar": "character varying",
    "double precision": "double precision",
    "decimal": "numeric",
}
"""What PostgreSQL calls the types that the ORM asks for."""

RECORD: Final = "tortoise_migrations"


@dataclass(frozen=True, slots=True)
class Column:
    type: str
    null: bool


@dataclass(frozen=True, slots=True, order=True)
class Index:
    """`name` is None for one whose name does not matter: nothing refers to it."""

    columns: tuple[str, ...]
    unique: bool
    name: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class ForeignKey:
    column: str
    table: str
    target: str
    on_delete: str


@dataclass(slots=True)
class Table:
    """`checks` maps the name of a CHECK to its text, empty where the database does not keep it as written."""

    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    indexes: set[Index] = field(default_factory=set)
    checks: dict[str, str] = field(default_factory=dict)
    foreign_keys: set[ForeignKey] = field(default_factory=set)


Tables = dict[str, Table]


def _postgres_type(asked: str) -> str:
    kind, bracket, rest = asked.lower().partition("(")
    return POSTGRES_TYPES.get(kind.strip(), kind.strip()) + bracket + rest


def _unique_fields(model: type[Model]) -> Iterator[Index]:
    meta = model._meta
    for name, column in meta.fields_db_projection.items():
        made = meta.fields_map[name]
        if made.unique and not made.pk:
            yield Index((column,), unique=True)
        elif made.index and not made.pk:
            yield Index((column,), unique=False)


def _columns_of(model: type[Model], names: Iterable[str]) -> tuple[str, ...]:
    return tuple(model._meta.fields_map[name].source_field or name for name in names)


def _wanted_indexes(model: type[Model]) -> Iterator[Index]:
    yield from _unique_fields(model)
    for index in model._meta.indexes or ():
        if isinstance(index, ModelIndex):
            yield Index(_columns_of(model, index.fields), unique=False, name=index.name)
        else:
            yield Index(_columns_of(model, index), unique=False)
    for constraint in model._meta.constraints or ():
        if isinstance(constraint, UniqueConstraint):
            yield Index(_columns_of(model, constraint.fields), unique=True, name=constraint.name)
    for together in model._meta.unique_together or ():
        yield Index(_columns_of(model, together), unique=True)


def _wanted_table(model: type[Model], dialect: str) -> Table:
    meta, made = model._meta, Table()
    for name, column in meta.fields_db_projection.items():
        source = meta.fields_map[name]
        kind = str(source.get_for_dialect(dialect, "SQL_TYPE"))
        if source.pk and source.generated and dialect == "sqlite":
            # AUTOINCREMENT works with this name alone.
            kind = "INTEGER"
        made.columns[column] = Column(_postgres_type(kind) if dialect == "postgres" else kind, source.null)
    made.primary_key = (meta.db_pk_column,)
    made.indexes = set(_wanted_indexes(model))
    made.checks = {c.name: c.check for c in meta.constraints or () if isinstance(c, CheckConstraint)}
    for name in meta.fk_fields | meta.o2o_fields:
        relation = meta.fields_map[name]
        assert isinstance(relation, ForeignKeyFieldInstance)  # noqa: S101 - for the type checker
        key = meta.fields_map[relation.source_field or name]
        target = relation.related_model._meta
        made.foreign_keys.add(
            ForeignKey(
                key.source_field or key.model_field_name, target.db_table, target.db_pk_column, relation.on_delete.value
            )
        )
    return made


def wanted(dialect: str) -> Tables:
    """The tables that the models loaded in Tortoise ask for."""
    apps = require_context().apps
    models = apps.get_models_iterable() if apps else ()
    return {model._meta.db_table: _wanted_table(model, dialect) for model in models if model._meta.app == LABEL}


async def real(connection: BaseDBAsyncClient) -> Tables:
    """The tables that the database has, without the record of migrations."""
    reader = _read_sqlite if connection.capabilities.dialect == "sqlite" else _read_postgres
    tables = await reader(connection)
    tables.pop(RECORD, None)
    return tables


async def _read_sqlite(connection: BaseDBAsyncClient) -> Tables:
    tables: Tables = {}
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for row in await connection.execute_query_dict(query):
        made = tables[row["name"]] = Table()
        made.checks = dict(_checks_in(row["sql"]))
        keys = []
        for column in await connection.execute_query_dict(f'PRAGMA table_info("{row["name"]}")'):
            made.columns[column["name"]] = Column(column["type"], not column["notnull"] and not column["pk"])
            if column["pk"]:
                keys.append((column["pk"], column["name"]))
        made.primary_key = tuple(name for _, name in sorted(keys))
        for index in await connection.execute_query_dict(f'PRAGMA index_list("{row["name"]}")'):
            if index["origin"] == "pk":
                continue
            parts = await connection.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
            columns = tuple(str(part["name"]) for part in parts)
            made.indexes.add(Index(columns, bool(index["unique"]), index["name"]))
        for key in await connection.execute_query_dict(f'PRAGMA foreign_key_list("{row["name"]}")'):
            made.foreign_keys.add(ForeignKey(key["from"], key["table"], key["to"], key["on_delete"]))
    return tables


def _checks_in(sql: str) -> Iterator[tuple[str, str]]:
    for found in re.finditer(r'CONSTRAINT "(\w+)" CHECK \(', sql):
        depth, end = 1, found.end()
        while depth and end < len(sql):
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        yield found[1], sql[found.end() : end - 1]


POSTGRES_COLUMNS: Final = """
SELECT c.relname AS tbl, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
"""
POSTGRES_INDEXES: Final = """
SELECT t.relname AS tbl, i.relname AS name, x.indisunique AS is_unique, x.indisprimary AS is_primary,
       ARRAY(SELECT pg_get_indexdef(x.indexrelid, n, true)
             FROM generate_series(1, x.indnkeyatts) n ORDER BY n) AS columns
FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE t.relnamespace = current_schema()::regnamespace
"""
POSTGRES_CHECKS: Final = """
SELECT t.relname AS tbl, c.conname AS name FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE c.contype = 'c' AND t.relnamespace = current_schema()::regnamespace
"""
POSTGRES_FOREIGN_KEYS: Final = """
SELECT t.relname AS tbl, a.attname AS col, r.relname AS target_table, b.attname AS target, c.confdeltype::text AS deed
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class r ON r.oid = c.confrelid
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
WHERE c.contype = 'f' AND t.relnamespace = current_schema()::regnamespace
"""
DEEDS: Final = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}


async def _read_postgres(connection: BaseDBAsyncClient) -> Tables:
    tables: Tables = {}
    for row in await connection.execute_query_dict(POSTGRES_COLUMNS):
        tables.setdefault(row["tbl"], Table()).columns[row["name"]] = Column(row["type"], row["nullable"])
    for row in await connection.execute_query_dict(POSTGRES_INDEXES):
        columns = tuple(column.strip('"') for column in row["columns"])
        if row["is_primary"]:
            tables[row["tbl"]].primary_key = columns
        else:
            tables[row["tbl"]].indexes.add(Index(columns, row["is_unique"], row["name"]))
    for row in await connection.execute_query_dict(POSTGRES_CHECKS):
        tables[row["tbl"]].checks[row["name"]] = ""
    for row in await connection.execute_query_dict(POSTGRES_FOREIGN_KEYS):
        key = ForeignKey(row["col"], row["target_table"], row["target"], DEEDS[row["deed"]])
        tables[row["tbl"]].foreign_keys.add(key)
    return tables


def differences(want: Tables, have: Tables) -> list[str]:
    """Sentences that name what differs; empty when nothing does."""
    found = [f"table {name} is missing" for name in sorted(want.keys() - have.keys())]
    found += [f"table {name} belongs to no model" for name in sorted(have.keys() - want.keys())]
    for name in sorted(want.keys() & have.keys()):
        found += [f"table {name}: {text}" for text in _table_differences(want[name], have[name])]
    return found


def _table_differences(want: Table, have: Table) -> Iterator[str]:
    yield from _mapped("column", want.columns, have.columns)
    if want.primary_key != have.primary_key:
        yield f"primary key is {have.primary_key}, not {want.primary_key}"
    checks = {name: text if have.checks.get(name) else "" for name, text in want.checks.items()}
    yield from _mapped("check", checks, have.checks)
    for key in sorted(want.foreign_keys - have.foreign_keys):
        yield f"{key} is missing"
    for key in sorted(have.foreign_keys - want.foreign_keys):
        yield f"{key} is too much"
    yield from _index_differences(want.indexes, set(have.indexes))


def _mapped(kind: str, want: dict[str, Any], have: dict[str, Any]) -> Iterator[str]:
    for name in sorted(want.keys() | have.keys()):
        if name not in have:
            yield f"{kind} {name} is missing"
        elif name not in want:
            yield f"{kind} {name} is too much"
        elif want[name] != have[name]:
            yield f"{kind} {name} is {have[name]}, not {want[name]}"


def _index_differences(want: set[Index], left: set[Index]) -> Iterator[str]:
    for index in sorted(want, key=lambda index: (index.name is None, index)):
        same = [
            one
            for one in left
            if (one.columns, one.unique) == (index.columns, index.unique) and index.name in {None, one.name}
        ]
        if same:
            left.discard(same[0])
        else:
            yield f"{index} is missing"
    for index in sorted(left, key=str):
        yield f"{index} is too much"
