"""Shapes of the catalogue's API. Amounts are kopiyky; words come in every language that is complete."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import KOPIYKY
from commerce_api.foundation.kit.paging import Page
from commerce_api.foundation.web.parsing import OMIT_NONE, Schema, ViewSchema
from commerce_api.shop.catalog.listing import Filters, LiveSku, Sort
from commerce_api.shop.catalog.views import CategoryView, ImageView, ProductView, VariantView

MOST_SHOWN_LEFT = 10
"""Larger stocks are nobody's business but ours."""

Slug = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$", examples=["kolos-tee"])]
"""Nothing else is looked for: a longer one is no product's, and PostgreSQL fails on a text with a zero byte."""
CategorySlug = Annotated[str, Field(max_length=64)]
ColourSlug = Annotated[str, Field(max_length=32)]


Several = Field(max_length=20)
"""So many values of one filter are more than any list has."""
Hryvnias = Annotated[int, Field(ge=0, le=1_000_000)]


class ProductQuery(Schema):
    """Which products are asked for (docs/finding.md): a filter may come several times and then means any of its values.

    `colour`, `size` and `fit` mean: on sale in that colour, size and fit now. `from` and `to` are whole hryvnias.
    """

    category: Annotated[tuple[CategorySlug, ...], Several] = ()
    colour: Annotated[tuple[ColourSlug, ...], Several] = ()
    size: Annotated[tuple[Annotated[str, Field(max_length=8)], ...], Several] = ()
    fit: Annotated[tuple[Literal["classic", "oversize"], ...], Several] = ()
    price_from: Annotated[Hryvnias | None, Field(alias="from")] = None
    price_to: Annotated[Hryvnias | None, Field(alias="to")] = None
    available: Literal["1"] | None = None
    q: Annotated[str, Field(max_length=100)] = ""
    sort: Sort | None = None
    page: Annotated[int, Field(ge=1, le=100_000)] = 1
    per_page: Annotated[int, Field(ge=1, le=100)] = 24

    def filters(self, slugs: tuple[str, ...] | None) -> Filters:
        """The part that narrows, with the products that a search for `q` found, None when nothing was searched."""
        return Filters(
            category=self.category,
            colour=self.colour,
            size=self.size,
            fit=self.fit,
            price_from=None if self.price_from is None else self.price_from * KOPIYKY,
            price_to=None if self.price_to is None else self.price_to * KOPIYKY,
            available=self.available is not None,
            sort=self.sort,
            slugs=slugs,
        )


class ImageOut(Schema):
    """A picture: an address per width (AVIF), a JPEG for everybody else, and its description per language."""

    side: str
    alt: dict[str, str]
    widths: dict[int, str]
    jpeg: str
    width: int
    height: int

    @classmethod
    def of(cls, image: ImageView) -> "ImageOut":
        """The view as programs read it."""
        return cls(
            side=image.side,
            alt=dict(image.alt),
            widths={width: urls.image(image.key, width) for width in urls.IMAGE_WIDTHS},
            jpeg=urls.image(image.key, urls.JPEG_WIDTH, "jpeg"),
            width=image.width,
            height=image.height,
        )


class SkuOut(Schema):
    """What is put into a cart."""

    sku: str
    size: str
    fit: str
    available: bool


class ColourOut(Schema):
    """A colour; `second_hex` makes it two-tone."""

    slug: str
    names: dict[str, str]
    hex: str
    second_hex: Annotated[str | None, OMIT_NONE] = None


class VariantOut(Schema):
    """A product in one colour."""

    colour: ColourOut
    url: str
    price: int
    old_price: int | None
    images: list[ImageOut]
    skus: list[SkuOut]

    @classmethod
    def of(cls, slug: str, variant: VariantView) -> "VariantOut":
        """The view as programs read it."""
        colour = variant.colour
        return cls(
            colour=ColourOut(slug=colour.slug, names=dict(colour.names), hex=colour.hex, second_hex=colour.second_hex),
            url=urls.product(slug, urls.DEFAULT_LANGUAGE, colour.slug),
            price=variant.price,
            old_price=variant.old_price,
            images=[ImageOut.of(image) for image in variant.images],
            skus=[SkuOut(sku=sku.code, size=sku.size, fit=sku.fit, available=sku.available) for sku in variant.skus],
        )


class TextOut(Schema):
    """The words of one language; the long ones only where one product is asked for."""

    name: str
    lead: str
    description_html: Annotated[str | None, OMIT_NONE] = None
    story_html: Annotated[str | None, OMIT_NONE] = None


class SizeOut(ViewSchema):
    """One size in centimetres, laid flat."""

    size: str
    length: float
    width: float
    sleeve: Annotated[float | None, OMIT_NONE] = None


class ProductOut(Schema):
    """A published product; `price` and `old_price` are those of its first colour."""

    slug: str
    url: str
    category: str
    kind: str
    print: str
    price: int
    old_price: int | None
    points: int
    added: date
    texts: dict[str, TextOut]
    variants: list[VariantOut]
    sizes: list[SizeOut]
    material: dict[str, int]
    care: list[str]
    weight_g: int

    @classmethod
    def of(cls, product: ProductView, *, whole: bool = False) -> "ProductOut":
        """The view as programs read it; `whole` with its long texts."""
        face = product.variants[0]
        return cls(
            slug=product.slug,
            url=urls.product(product.slug, urls.DEFAULT_LANGUAGE),
            category=product.category,
            kind=product.kind,
            print=product.print,
            price=face.price,
            old_price=face.old_price,
            points=product.points,
            added=product.added,
            texts={
                lang: TextOut(
                    name=text.name,
                    lead=text.lead,
                    description_html=text.description_html if whole else None,
                    story_html=text.story_html if whole else None,
                )
                for lang, text in product.texts.items()
            },
            variants=[VariantOut.of(product.slug, variant) for variant in product.variants],
            sizes=[SizeOut.of(row) for row in product.size_table],
            material=dict(product.material),
            care=list(product.care),
            weight_g=product.weight_g,
        )


class ProductPageOut(Schema):
    """One page of products."""

    items: list[ProductOut]
    page: int
    pages: int
    total: int

    @classmethod
    def of(cls, page: Page[ProductView]) -> "ProductPageOut":
        """The page as programs read it."""
        return cls(
            items=[ProductOut.of(product) for product in page.items],
            page=page.request.number,
            pages=page.pages,
            total=page.total,
        )


class CategoryOut(Schema):
    """A category that has something to show."""

    slug: str
    url: str
    kind: str
    texts: dict[str, TextOut]

    @classmethod
    def of(cls, category: CategoryView) -> "CategoryOut":
        """The view as programs read it."""
        return cls(
            slug=category.slug,
            url=urls.category(category.slug, urls.DEFAULT_LANGUAGE),
            kind=category.kind,
            texts={lang: TextOut(name=text.name, lead=text.lead) for lang, text in category.texts.items()},
        )


class LiveOut(Schema):
    """Price and stock of a SKU now; `left` is null for made to order and at most 10."""

    price: int
    old_price: int | None
    left: int | None

    @classmethod
    def of(cls, sku: LiveSku) -> "LiveOut":
        """The figures that shoppers may see."""
        left = None if sku.left is None else min(sku.left, MOST_SHOWN_LEFT)
        return cls(price=sku.price, old_price=sku.old_price, left=left)
