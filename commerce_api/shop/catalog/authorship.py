"""Whose words a text holds: people's, which nobody but people may change, or a model's (rules.md 12).

A column is the model's when the row names it in `by_model`, and people's when it holds anything else than nothing. The
files of content/catalog hold people's words alone: an import that leaves a column empty leaves the model's words there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

PEOPLE: Final = "people"
MODEL: Final = "model"

PRODUCT_COLUMNS: Final[Mapping[str, str]] = {
    "lead": "lead",
    "description": "description_md",
    "story": "story_md",
    "seo_title": "seo_title",
    "seo_description": "seo_description",
    "keywords": "keywords",
    "faq": "faq",
}
"""What a model may write of a product -> the column of ProductText that keeps it."""
CATEGORY_COLUMNS: Final[Mapping[str, str]] = {
    name: name for name in ("lead", "seo_title", "seo_description")
}  # fmt: skip
"""The same of a category."""


def open_to_model(values: Mapping[str, object], by_model: Iterable[str] | None) -> tuple[str, ...]:
    """The names whose values a model may write: those that are empty, and those that it wrote before."""
    own = set(by_model or ())
    return tuple(name for name, value in values.items() if not value or name in own)


def open_alt(alt: Mapping[str, str], by_model: Iterable[str] | None, lang: str) -> bool:
    """Whether a model may describe a picture in `lang`: nobody has, or a model did."""
    return not alt.get(lang) or lang in (by_model or ())


def by_people(values: Mapping[str, object], by_model: Iterable[str] | None) -> dict[str, object]:
    """The values that people wrote."""
    own = set(by_model or ())
    return {name: value for name, value in values.items() if value and name not in own}


def now_by_model(before: Iterable[str] | None, written: Iterable[str]) -> list[str]:
    """The names that are the model's after it has written some more."""
    return sorted({*(before or ()), *written})


def without(name: str, value: str, by_model: Sequence[str] | None) -> str:
    """A value as the files have it: empty where the model wrote it."""
    return "" if by_model and name in by_model else value
