"""What the shop says to its database, heard on the way."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from tortoise.connection import get_connection

INSERTS: Final = frozenset({"execute_insert", "execute_many"})
WAYS: Final = ("execute_query", "execute_query_dict", "fetch", "change", *sorted(INSERTS))
"""The methods of a connection that carry statements."""

Hear = Callable[[str, str, Sequence[Any]], None]
"""Takes the way by which a statement goes, the statement, and what goes with it."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database within the block; a batch of rows in one call is one statement."""
    seen: list[str] = []
    with hearing(lambda _way, query, _values: seen.append(query)):
        yield seen


@contextmanager
def hearing(hear: Hear) -> Iterator[None]:
    """Let `hear` know of every statement of the block."""
    connection: Any = get_connection("default")
    context = connection._in_transaction()
    engine, transaction = type(connection), type(getattr(context, "client", None) or context.connection)
    patched: list[tuple[type, str, Any]] = []
    inside = False
    for owner in (engine, transaction):
        for way in WAYS:
            original = getattr(owner, way)

            async def heard(self: Any, query: str, *values: Any, original: Any = original, way: str = way) -> Any:
                nonlocal inside
                if inside:  # one of them may be written by means of another
                    return await original(self, query, *values)
                inside = True
                try:
                    hear(way, query, values)
                    return await original(self, query, *values)
                finally:
                    inside = False

            patched.append((owner, way, owner.__dict__.get(way)))
            setattr(owner, way, heard)
    try:
        yield
    finally:
        for owner, way, own in patched:
            if own is None:
                delattr(owner, way)
            else:
                setattr(owner, way, own)
