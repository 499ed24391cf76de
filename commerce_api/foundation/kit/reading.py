"""Reading values of an environment: one by one, with everything that is wrong collected."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

T = TypeVar("T")


class Reader:
    """Reads values one by one and collects what is wrong, so that a person mends all of it at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[str] = []

    def read(self, name: str, default: T, reader: Callable[[str], T], form: str) -> T:
        """The value of `name`, or `default` when it is empty or cannot be read; then the problem is noted."""
        given = self.values.get(name, "").strip()
        if not given:
            return default
        try:
            return reader(given)
        except (ValueError, KeyError):
            self.problems.append(f"{name} should be {form}")
            return default


def text(value: str) -> str:
    """The value as it stands."""
    return value


def whole(value: str) -> int:
    """A whole number. Raises ValueError."""
    return int(value)


def hryvnias(value: str) -> int:
    """Whole hryvnias as kopiyky. Raises ValueError."""
    return int(value) * 100


def flag(value: str) -> bool:
    """on or off. Raises KeyError."""
    flags = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return flags[value.lower()]


def listed(value: str) -> tuple[str, ...]:
    """What stands between commas or spaces."""
    return tuple(part for part in re.split(r"[\s,]+", value) if part)
