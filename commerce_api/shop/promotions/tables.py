"""Promo codes as a table for spreadsheets."""

import csv
import io
from collections.abc import Iterable

COLUMNS = ("code", "kind", "value", "minimum", "valid_from", "valid_until", "max_uses", "uses", "group_name", "batch")
"""Of the list that staff take away; amounts in kopiyky."""


def as_csv(rows: Iterable[object]) -> str:
    """The codes as a table for a spreadsheet, whose programs take a leading sign for a formula."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for row in rows:
        values = ["" if (value := getattr(row, name)) is None else str(value) for name in COLUMNS]
        table.writerow([f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value for value in values])
    return text.getvalue()
