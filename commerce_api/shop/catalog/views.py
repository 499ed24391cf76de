"""The catalogue as static pages, feeds and search see it: frozen, finished, free of the database.

Prices are finished shelf prices in kopiyky: whoever reads a view computes none. Texts hold only languages that are
complete, so `lang in product.texts` decides whether a page exists in that language (rules.md 3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from commerce_api.shop.pricing.points import REWARD_PERCENT, REWARD_POINTS

SIZE_TOLERANCE_CM: Final = 2
"""How far a garment may be from the table of its sizes, either way (rules.md 3)."""


@dataclass(frozen=True, slots=True)
class ImageView:
    """One picture: `key` is the address stem of its derived sizes, `path` its master below the media root."""

    key: str
    path: str
    side: str
    alt: Mapping[str, str]
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ColourView:
    """A colour of the palette; `second_hex` makes it two-tone."""

    slug: str
    hex: str
    second_hex: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SkuView:
    """What is bought. `available` is the state at build time; the live figure comes from the sidecar."""

    code: str
    size: str
    fit: str
    available: bool


@dataclass(frozen=True, slots=True)
class VariantView:
    """A product in one colour. `old_price` is set only when a discount lowers it to `price` (kopiyky)."""

    colour: ColourView
    price: int
    old_price: int | None
    images: tuple[ImageView, ...]
    skus: tuple[SkuView, ...]
    fits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductText:
    """One language of a product; the HTML is sanitised when it is stored. `written_by` is who wrote the description,
    people or model; `faq` are questions with their answers, plain texts."""

    name: str
    lead: str
    description_html: str
    story_html: str | None
    seo_title: str
    seo_description: str
    written_by: str = "people"
    faq: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size in centimetres, laid flat; `sleeve` only where the kind has it. Tolerance 2 cm."""

    size: str
    length: float
    width: float
    sleeve: float | None


@dataclass(frozen=True, slots=True)
class ProductView:
    """A published product. `variants` are in the order of the swatches; the first one is its face.

    `updated` is the day (UTC) on which its facts, texts or price last changed, where that is known.
    `weight_g` is one piece, `cloth_g` its cloth in g/m² where that is known.
    """

    slug: str
    category: str
    kind: str
    print: str
    points: int
    added: date
    texts: Mapping[str, ProductText]
    variants: tuple[VariantView, ...]
    fits: tuple[str, ...]
    sizes: tuple[str, ...]
    size_table: tuple[SizeRow, ...]
    material: tuple[tuple[str, int], ...]
    care: tuple[str, ...]
    weight_g: int
    updated: date | None = None
    cloth_g: int | None = None


@dataclass(frozen=True, slots=True)
class CategoryText:
    """One language of a category."""

    name: str
    lead: str
    seo_title: str
    seo_description: str


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category that has at least one published product."""

    slug: str
    kind: str
    texts: Mapping[str, CategoryText]


@dataclass(frozen=True, slots=True)
class TierView:
    """Wholesale: from so many pieces of a kind on (up to `last`, None without end) one costs `price` kopiyky."""

    first: int
    last: int | None
    price: int


@dataclass(frozen=True, slots=True)
class ShopFacts:
    """The settings and rules that pages mention: amounts in kopiyky, percents as whole numbers."""

    free_delivery_from: int
    branch_price: int
    locker_price: int
    courier_price: int
    cod_fixed: int
    cod_percent: int
    cod_limit: int
    locker_limit: int
    prepay: int
    return_days: int
    reserve_minutes: int
    cod_enabled: bool = True
    cutoff_hour: int = 14
    print_days: int = 2
    travel_days_from: int = 1
    travel_days_to: int = 3
    wholesale: tuple[tuple[str, tuple[TierView, ...]], ...] = ()
    wholesale_step: int = 0
    reward_points: int = REWARD_POINTS
    reward_percent: int = REWARD_PERCENT
    size_tolerance_cm: int = SIZE_TOLERANCE_CM


@dataclass(frozen=True, slots=True)
class CityView:
    """A big city of the carrier: its signed `token`, `names` and `areas` in Ukrainian and in Latin letters, and what
    people type besides."""

    token: str
    names: tuple[str, str]
    areas: tuple[str, str]
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CatalogView:
    """Everything that static pages show. Products come newest first, equal dates by slug; cities the biggest first."""

    languages: tuple[str, ...]
    categories: tuple[CategoryView, ...]
    colours: tuple[ColourView, ...]
    products: tuple[ProductView, ...]
    redirects: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    facts: ShopFacts
    cities: tuple[CityView, ...] = ()
