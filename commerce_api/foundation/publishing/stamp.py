"""Whether the catalogue can be another one than it was, asked without the layers above the database: starting those
takes longer than the answer."""

import sqlite3
from contextlib import closing
from typing import Final

from commerce_api.foundation.kit import ids
from commerce_api.foundation.settings import Settings

SCHEME: Final = "sqlite://"
COUNTED: Final = "SELECT COUNT(*), COALESCE(MAX(id), 0) FROM page_change"


def stamp_of(noted: int, last: int, settings: Settings) -> str:
    """The stamp: how many changes of pages were noted, the last of them, the settings that pages mention, and which key
    signs what a shopper chooses from them.

    Numbers are given before they are committed, so that the last one alone would miss a slower transaction.
    """
    return f"{noted}:{last} {settings.shop!r} {ids.keyed_hash('stamp', settings.secret_key)}"


def read(settings: Settings) -> str:
    """The stamp of this moment; empty where it has to be asked of a server, or cannot be read."""
    file, _, _ = settings.database_url.removeprefix(SCHEME).partition("?")
    if not settings.database_url.startswith(SCHEME) or not file:
        return ""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=1.0)) as connection:
            noted, last = connection.execute(COUNTED).fetchone()
    except sqlite3.Error:
        return ""
    return stamp_of(noted, last, settings)
