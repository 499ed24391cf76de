"""Plain SQL over the open database, for the few statements that every shopper waits for.

The ORM builds the text of each query anew and makes objects of the rows: in the profile of an order that was nine
tenths of the time. So the hot paths say their SQL themselves, here and nowhere past the transaction of tx.py:

    rows = await fetch("SELECT id, stock FROM sku WHERE code = ?", code)
    rows = await fetch_locked(...)                        the same, with the rows held until the transaction ends
    changed = await change("UPDATE sku SET stock = ? WHERE id = ?", 5, 1)
    order_id = await insert(Order, {"number": number, ...})   columns from the model, its defaults for what is not given
    await insert_all(OrderLine, [{...}, {...}])           rows in one statement

A place of a value is `?` on every database; a query holds no other question mark. Rows answer to positions and names.
Values go as the database takes them: texts, numbers, moments, days, StrEnums; plain values into a model's JSON column.
JSON columns come as text, and booleans of SQLite as 0 and 1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, Final

from tortoise.connection import get_connection
from tortoise.fields import JSONField
from tortoise.models import Model

from commerce_api.foundation.db.setup import CONNECTION
from commerce_api.foundation.db.tx import require_transaction

_POSTGRES: Final = "postgres"
_MOST_TEXTS: Final = 512
"""Texts of queries kept per process: lists of one to a hundred values make many of the same query."""


async def fetch(query: str, *values: object) -> Sequence[Any]:
    """The rows of a query, or those that a writing statement RETURNs."""
    connection: Any = get_connection(CONNECTION)
    rows: Sequence[Any] = await connection.fetch(_spelt(connection.capabilities.dialect, query), values)
    return rows


async def fetch_locked(query: str, *values: object) -> Sequence[Any]:
    """The rows of a query, kept from changing until the transaction ends, as `tx.lock_rows` does: say ORDER BY the key.

    Raises NoTransaction outside a transaction.
    """
    require_transaction()
    connection: Any = get_connection(CONNECTION)
    # On SQLite the transaction itself holds the one write lock.
    locked = f"{query} FOR NO KEY UPDATE" if connection.capabilities.dialect == _POSTGRES else query
    rows: Sequence[Any] = await connection.fetch(_spelt(connection.capabilities.dialect, locked), values)
    return rows


async def change(query: str, *values: object) -> int:
    """How many rows a writing statement touched."""
    connection: Any = get_connection(CONNECTION)
    changed: int = await connection.change(_spelt(connection.capabilities.dialect, query), values)
    return changed


async def insert(model: type[Model], row: Mapping[str, object]) -> int:
    """Store a row of a model; its key. Raises KeyError for a column that is missing and has no default, or is none of
    the model's, and IntegrityError."""
    columns = _columns(model)
    rows = await fetch(f"{_texts(model, 1)} RETURNING id", *columns.values_of(row))
    return int(rows[0][0])


async def insert_all(model: type[Model], rows: Sequence[Mapping[str, object]]) -> None:
    """Store rows of a model in one statement, none for no rows. Raises as `insert` does."""
    if rows:
        columns = _columns(model)
        await change(_texts(model, len(rows)), *(value for row in rows for value in columns.values_of(row)))


def places(amount: int) -> str:
    """`?, ?, ?` for a list of values."""
    return ", ".join("?" * amount)


def by_key(numbers: Mapping[int, int]) -> tuple[str, tuple[int, ...]]:
    """The text of a number that differs from row to row, and its values: many rows change in one statement then.

    `numbers` (of 32 bits) by the id of the row; none of the rows has another id.
    """
    # Without the cast PostgreSQL would take the numbers for texts.
    chosen = " ".join(["WHEN ? THEN CAST(? AS INTEGER)"] * len(numbers))
    return f"CASE id {chosen} END", tuple(value for pair in numbers.items() for value in pair)


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a table but for its key, in one order, with defaults and what to do to a value."""

    names: tuple[str, ...]
    defaults: Mapping[str, object]
    encoders: Mapping[str, Callable[[Any], object]]

    def values_of(self, row: Mapping[str, object]) -> list[object]:
        if len(row) + len(self.defaults) < len(self.names) or not row.keys() <= set(self.names):
            raise KeyError(f"columns are {', '.join(self.names)}, given {', '.join(row)}")
        return [self._value(name, row[name] if name in row else self.defaults[name]) for name in self.names]

    def _value(self, name: str, value: object) -> object:
        encode = self.encoders.get(name)
        return encode(value) if encode and value is not None else value


@lru_cache
def _columns(model: type[Model]) -> _Columns:
    kept = {column: model._meta.fields_map[name] for name, column in model._meta.fields_db_projection.items()}
    kept.pop("id")
    defaults = {name: field.default for name, field in kept.items() if field.default is not None or field.null}
    return _Columns(
        names=tuple(kept),
        defaults={name: value() if callable(value) else value for name, value in defaults.items()},
        encoders={name: field.encoder for name, field in kept.items() if isinstance(field, JSONField)},
    )


@lru_cache(_MOST_TEXTS)
def _texts(model: type[Model], amount: int) -> str:
    names = _columns(model).names
    listed = ", ".join(f'"{name}"' for name in names)
    rows = ", ".join([f"({places(len(names))})"] * amount)
    return f'INSERT INTO "{model._meta.db_table}" ({listed}) VALUES {rows}'  # noqa: S608 - names of our models


@lru_cache(_MOST_TEXTS)
def _spelt(dialect: str, query: str) -> str:
    """The query with places as the database writes them."""
    if dialect != _POSTGRES:
        return query
    first, *rest = query.split("?")
    numbers = count(1)
    return first + "".join(f"${next(numbers)}{part}" for part in rest)
