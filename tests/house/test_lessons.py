"""docs/lessons.toml: no lesson is forgotten, and none leans on a test that is not there."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSONS: Final = 71
ROOM: Final = re.compile(r"later: [a-z]")

ROWS: dict[str, dict[str, Any]] = tomllib.loads((ROOT / "docs" / "lessons.toml").read_text("utf-8"))


@cache
def functions_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(file.read_text("utf-8")))
    return frozenset(node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_lesson_has_its_row() -> None:
    assert sorted(map(int, ROWS)) == list(range(1, LESSONS + 1))


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_lesson_is_said_and_shown_by_tests_that_are_there(row: dict[str, Any]) -> None:
    assert row.keys() <= {"lesson", "tests", "room"}
    assert row["lesson"]
    assert row.get("tests") or row.get("room"), "neither a test nor the room it waits for"
    assert ROOM.match(row.get("room", "later: x"))
    missing = [
        test for test in row.get("tests", ()) if test.partition("::")[2] not in functions_in(test.partition("::")[0])
    ]
    assert missing == []
