"""The catalogue as files, in memory: what product.md, categories.toml and colours.toml say (docs/catalog-files.md).

Pure values in one normal form, so that a file and a product of the database can be compared with `==`. `file_reading`
makes them of text, `file_writing` makes text of them, `rows` makes them of the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

PRODUCT_FILE: Final = "product.md"
CATEGORIES_FILE: Final = "categories.toml"
COLOURS_FILE: Final = "colours.toml"

STATUSES: Final = ("draft", "review", "scheduled", "published", "archived")
FITS: Final = ("classic", "oversize")
SIDES: Final = ("front", "back", "print", "detail")

SLUG_LENGTH: Final = 40
COLOUR_LENGTH: Final = 32
CATEGORY_LENGTH: Final = 64
NAME_LENGTH: Final = 120
LEAD_LENGTH: Final = 200
SEO_TITLE_LENGTH: Final = 60
SEO_DESCRIPTION_LENGTH: Final = 160


class Level(StrEnum):
    """An error keeps a file out of the database, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a file: `line` from 1 where it is known, `field` as it is written, `reason` what to do."""

    file: str
    line: int | None
    field: str
    reason: str
    level: Level = Level.ERROR

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Words:
    """One language of a product; descriptions are Markdown."""

    name: str = ""
    lead: str = ""
    seo_title: str = ""
    seo_description: str = ""
    description: str = ""
    story: str | None = None

    @property
    def complete(self) -> bool:
        """Whether a page can exist in this language (rules.md 3)."""
        return bool(self.name and self.lead and self.description)


@dataclass(frozen=True, slots=True)
class Count:
    """An opening count of one size and fit."""

    size: str
    fit: str
    stock: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A master beside the texts; `alt` by language."""

    file: str
    side: str
    alt: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProductColour:
    """A product in one colour: `price` (kopiyky) and `fits` only where they differ from the product's."""

    slug: str
    price: int | None = None
    fits: tuple[str, ...] | None = None
    stock: tuple[Count, ...] = ()
    inks: tuple[str, ...] | None = None
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductFile:
    """One product. `price` is in kopiyky, `publish_at` in UTC; None means "as its kind has it".

    `material` is sorted by share, `size_table` by size: (size, centimetres). `renamed_from` is news for one import, no
    property of the product, and takes no part in comparing.
    """

    slug: str
    category: str
    kind: str
    print: str
    price: int
    added: date
    status: str = "draft"
    publish_at: datetime | None = None
    discount_percent: int = 0
    points: int = 0
    fits: tuple[str, ...] = ("classic",)
    weight_g: int | None = None
    material: tuple[tuple[str, int], ...] | None = None
    care: tuple[str, ...] | None = None
    size_table: tuple[tuple[str, tuple[float, ...]], ...] | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    colours: tuple[ProductColour, ...] = ()
    renamed_from: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """One language of a category."""

    name: str = ""
    lead: str = ""
    seo_title: str = ""
    seo_description: str = ""


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """A category; its position is its place in the file."""

    slug: str
    kind: str
    words: Mapping[str, CategoryWords]


@dataclass(frozen=True, slots=True)
class ColourEntry:
    """A colour of the palette; `second_hex` makes it two-tone."""

    slug: str
    hex: str
    second_hex: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What stands around a product file: kinds by category, colours, picture files beside it (None: not looked at)."""

    categories: Mapping[str, str]
    colours: frozenset[str]
    pictures: frozenset[str] | None = None


def stock_key(size: str, fit: str) -> str:
    """A size and fit as `stock` names them: `M`, `M oversize`."""
    return size if fit == FITS[0] else f"{size} {fit}"
