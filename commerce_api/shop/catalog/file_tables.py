"""Checked access to TOML: every value is asked for by name and kind, every problem is kept with its line.

A person mends a file in one go, so reading goes on after a problem with a harmless value in the place of the bad one.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from commerce_api.foundation.kit import text, urls
from commerce_api.shop.catalog.files import Level, Problem

HEX: Final = re.compile(r"#[0-9a-f]{6}")
_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY: Final = re.compile(r"""\s*(?:([\w-]+)|"([^"]*)"|'([^']*)')\s*=""")
_AT_LINE: Final = re.compile(r"\s*\(at line (\d+), column \d+\)$")

EPOCH: Final = date(2000, 1, 1)


def line_index(toml: str, first_line: int = 1) -> dict[str, int]:
    """Line of each key and table by its path, such as `colours.1.pictures.0.file`; `first_line` is where `toml` starts.

    Good enough to point a person to the place; a key inside a multi-line text may be taken for one of the file.
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(toml.split("\n"), start=first_line):
        if header := _HEADER.match(line):
            table = _table_path(header[2], header[1] == "[[", counts)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1] or key[2] or key[3] or ""
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return lines


def _table_path(name: str, repeated: bool, counts: dict[str, int]) -> str:
    """The path of a table: arrays of tables count on, and what stands in them belongs to their last entry."""
    path = ""
    parts = name.split(".")
    for i, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if repeated and i == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = f"{path}.{counts[path]}"
    return path


def parse_toml(toml: str, file: str, first_line: int = 1) -> dict[str, Any] | Problem:
    """The table that `toml` is, or what is wrong with its syntax."""
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _AT_LINE.search(message)
        # "at end of document" has no number.
        line = int(found[1]) if found else toml.count("\n") + 1
        return Problem(file, line + first_line - 1, "", f"this is not TOML: {_AT_LINE.sub('', message)}")
    except (ValueError, RecursionError) as error:
        # Not every refusal is the parser's own: one of a number of five thousand digits is Python's, and knows no line.
        return Problem(file, None, "", f"this is not TOML: {error}")


def unseen(content: str, file: str) -> list[Problem]:
    """Characters that no screen shows, with their lines: a program left them, and not every database takes them."""
    lines = enumerate(content.split("\n"), start=1)
    return [Problem(file, number, "", what) for number, line in lines for what in _unseen(line)]


def _unseen(words: str) -> Iterator[str]:
    if found := text.UNFIT.search(words):
        yield f"has a character that no screen shows (U+{ord(found[0]):04X}): delete it"


class Notes:
    """Problems of one file, gathered while it is read."""

    def __init__(self, file: str, lines: Mapping[str, int]) -> None:
        self.file = file
        self.lines = lines
        self.problems: list[Problem] = []

    def add(self, path: str, reason: str, level: Level = Level.ERROR) -> None:
        self.problems.append(Problem(self.file, self._line(path), path, reason, level))

    def _line(self, path: str) -> int | None:
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path.rpartition(".")[0]
        return None

    @property
    def broken(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.problems)


def hex_colour(value: object) -> str | None:
    """A colour of six hexadecimal digits in small letters; None for anything else."""
    return value.lower() if isinstance(value, str) and HEX.fullmatch(value.lower()) else None


def _shown(value: object) -> str:
    try:
        shown = repr(value)
    except ValueError:
        # Python writes out no number of some thousand digits, in however deep a list it stands.
        return "a number too long to show"
    except RecursionError:
        # A name of some thousand dots is read without recursion, and cannot be written so.
        return "a table too deep to show"
    return shown if len(shown) <= 60 else f"{shown[:57]}..."


class Table:
    """One table of the file; `path` leads to it."""

    def __init__(self, values: Mapping[str, Any], notes: Notes, path: str = "") -> None:
        self.values = values
        self.notes = notes
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def refuse(self, key: str, form: str) -> None:
        """The value of `key` should be `form`."""
        if key in self.values:
            self.notes.add(self.at(key), f"should be {form}, and is {_shown(self.values[key])}")
        else:
            self.notes.add(self.at(key), f"is missing: add {form}")

    def only(self, known: Sequence[str]) -> None:
        """Refuses keys that are not `known`: a mistyped one would be lost without a word."""
        for key in self.values:
            if key not in known:
                self.notes.add(self.at(key), f"is not known here; known are {', '.join(known)}")

    def text(self, key: str, longest: int, *, needed: bool = False) -> str:
        """One line of text, stripped; "" when it is absent."""
        value = self.values.get(key)
        if value is None and not needed:
            return ""
        if not isinstance(value, str) or (needed and not value.strip()):
            self.refuse(key, "a text")
            return ""
        value = value.strip()
        for what in _unseen(value):
            self.notes.add(self.at(key), what)
        if "\n" in value:
            self.refuse(key, "a text of one line")
        if len(value) > longest:
            self.notes.add(self.at(key), f"has {len(value)} characters: at most {longest} are shown, shorten it")
        return value

    def slug(self, key: str, longest: int) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not text.is_slug(value) or len(value) > longest:
            self.refuse(key, f"small Latin letters, digits and hyphens, at most {longest}")
            return ""
        if value in urls.RESERVED_SLUGS:
            self.notes.add(self.at(key), f"{value} is part of our addresses: choose another name")
        return value

    def choice(self, key: str, known: Sequence[str], default: str | None = None) -> str:
        value = self.values.get(key, default)
        if value not in known:
            self.refuse(key, f"one of {', '.join(known)}")
            return known[0]
        return str(value)

    def choices(self, key: str, known: Sequence[str]) -> tuple[str, ...] | None:
        """A list without repetitions, in the order of `known`; None when it is absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not value or any(item not in known for item in value):
            self.refuse(key, f"a list of {', '.join(known)}")
            return None
        if len(set(value)) < len(value):
            self.notes.add(self.at(key), "names something twice")
        return tuple(item for item in known if item in value)

    def whole(self, key: str, least: int, most: int, what: str) -> int | None:
        """A whole number; None when it is absent or wrong."""
        value = self.values.get(key)
        if value is None:
            return None
        if type(value) is not int or not least <= value <= most:
            self.refuse(key, f"{what}, a whole number from {least} to {most}")
            return None
        return value

    def day(self, key: str) -> date:
        value = self.values.get(key)
        if type(value) is not date:
            self.refuse(key, "a date without quotes, such as 2026-10-03")
            return EPOCH
        return value

    def moment(self, key: str) -> datetime | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, datetime) or value.tzinfo is None:
            self.refuse(key, "a moment with its offset and without quotes, such as 2026-12-01T08:00:00Z")
            return None
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.refuse(key, "a moment of our time, such as 2026-12-01T08:00:00Z")
            return None

    def colour(self, key: str) -> str | None:
        value = self.values.get(key)
        colour = hex_colour(value)
        if value is not None and colour is None:
            self.refuse(key, 'a colour such as "#1c1d20"')
        return colour

    def table(self, key: str) -> "Table | None":
        """A table inside this one; None when it is absent."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.refuse(key, f"a table [{self.at(key)}]")
            return None
        return Table(value, self.notes, self.at(key))

    def tables(self, key: str) -> "list[Table]":
        """The tables of a list, in order."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or any(not isinstance(item, dict) for item in value):
            self.refuse(key, f"tables [[{self.at(key)}]]")
            return []
        return [Table(item, self.notes, f"{self.at(key)}.{i}") for i, item in enumerate(value)]

    def languages(self, key: str, languages: Iterable[str], longest: int) -> dict[str, str]:
        """A table of one text per language."""
        table = self.table(key)
        if table is None:
            return {}
        known = tuple(languages)
        table.only(known)
        return {lang: words for lang in known if (words := table.text(lang, longest))}

    def each(self, key: str, read: Callable[["Table"], Any]) -> list[Any]:
        """What `read` makes of every table of a list."""
        return [read(table) for table in self.tables(key)]
