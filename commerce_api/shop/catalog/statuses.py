"""The states of a product, importable without the tables."""

from enum import StrEnum


class ProductStatus(StrEnum):
    """`review` waits for a second person, `scheduled` for its time; only `published` is seen (rules.md 3)."""

    DRAFT = "draft"
    REVIEW = "review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
