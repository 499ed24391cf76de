"""TOML files that people write: read whatever their editor put before the text, refused with the file's name."""

import tomllib
from pathlib import Path
from typing import Any


class BadToml(Exception):
    """A file is no TOML, or says what nobody asks for; the message names it and what to do."""


def read(path: Path) -> dict[str, Any]:
    """What a file says.

    Raises BadToml, and FileNotFoundError when there is none.
    """
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadToml(f"{path}: is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except (ValueError, RecursionError) as error:
        # Not every refusal of tomllib is its own: a number of five thousand digits is Python's.
        raise BadToml(f"{path}: {error}") from error
