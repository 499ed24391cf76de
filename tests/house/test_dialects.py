"""SQL that MariaDB could not do stays out of the rooms, but for what is written down (quality.md, ADR 0017).

The foundation's own modules for one engine are the places for what only that engine can do; everywhere else a statement
has to be one that all three understand.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
ONE_ENGINE: Final = ("clock", "editor", "inspect", "postgres", "setup", "sqlite", "sqlite_calls")
"""Modules of foundation/db that say to each engine what it understands."""

STATEMENT: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|WITH)\b")
UNKNOWN: Final = {
    "an upsert": r"ON CONFLICT|ON DUPLICATE KEY|INSERT OR |\bMERGE INTO\b",
    "UPDATE ... RETURNING": r"^\s*UPDATE\b.*\bRETURNING\b",
    "a partial index": r"^\s*CREATE (UNIQUE )?INDEX\b.*\bWHERE\b",
    "a cast": r"::\s*\w",
    "a filtered aggregate": r"\bFILTER\s*\(",
    "ILIKE": r"\bILIKE\b",
    "DISTINCT ON": r"\bDISTINCT ON\b",
    "an order of nulls": r"\bNULLS (FIRST|LAST)\b",
    "|| between texts": r"\|\|",
    "an interval as text": r"\binterval '",
}
OF_THE_ORM: Final = {"on_conflict", "ignore_conflicts", "condition"}
"""Arguments that make an upsert of bulk_create, or a partial index."""

KNOWN: Final = {("commerce_api/shop/orders/numbering.py", "UPDATE ... RETURNING")}
"""What is there for a reason: ADR 0017 says what MariaDB will get instead."""


def modules() -> Iterator[Path]:
    for path in (ROOT / "commerce_api").rglob("*.py"):
        if not (path.parent.name == "db" and path.stem in ONE_ENGINE):
            yield path


def texts(tree: ast.AST) -> Iterator[str]:
    """Every text of a module; of one with values in it what stands between them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "?" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def unknown(statement: str) -> Iterator[str]:
    """What MariaDB does not know in a statement."""
    if STATEMENT.match(statement):
        flat = " ".join(statement.split())
        yield from (name for name, pattern in UNKNOWN.items() if re.search(pattern, flat))


def found() -> set[tuple[str, str]]:
    seen = set()
    for path in modules():
        tree, name = ast.parse(path.read_text("utf-8")), str(path.relative_to(ROOT))
        seen |= {(name, what) for text in texts(tree) for what in unknown(text)}
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        seen |= {(name, word.arg) for call in calls for word in call.keywords if word.arg in OF_THE_ORM}
    return seen


def test_the_rooms_write_nothing_that_mariadb_cannot_do_but_what_is_written_down() -> None:
    assert found() == KNOWN


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("INSERT INTO a (b) VALUES (?) ON CONFLICT (b) DO NOTHING", "an upsert"),
        ("\n UPDATE a SET b = 1\n WHERE c = ? RETURNING b", "UPDATE ... RETURNING"),
        ("CREATE INDEX a ON b (c) WHERE c IS NOT NULL", "a partial index"),
        ("SELECT a::text FROM b", "a cast"),
        ("SELECT COUNT(*) FILTER (WHERE a) FROM b", "a filtered aggregate"),
    ],
)
def test_what_it_cannot_do_is_noticed(statement: str, what: str) -> None:
    assert list(unknown(statement)) == [what]
    assert list(unknown("DELETE FROM a WHERE b = ? RETURNING c")) == []
