"""The whole shop as the generator sees it: frozen views, content, and the order in which pages list products.

A snapshot never changes; a price edit makes a new one that shares everything else with the old, so that
the watcher can compare both.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any, Final

from commerce_api.foundation.theming import Texts
from sitegen.choices import Choices, choices_of
from sitegen.content import ContentView
from sitegen.source import CatalogView, CategoryView, CityView, ColourView, ProductView, ShopFacts, SizeRow

RELATED: Final = 4
"""Products shown beside a product."""
REACH: Final = 2 * RELATED
"""How far back in a listing a product may still be shown beside another: RELATED, and those it skips."""


NOTHING_MOVED: Final[Mapping[str, str]] = {}


class UnknownCategory(Exception):
    """A changed product stands in a category this snapshot has not heard of: everything must be read again."""


@dataclass(frozen=True, slots=True)
class Left:
    """Addresses of products that are no pages any more: those that lead elsewhere, and those that are gone."""

    redirects: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()

    @classmethod
    def of(cls, view: CatalogView) -> "Left":
        return cls(view.redirects, view.gone)


@dataclass(frozen=True, slots=True)
class Listing:
    """Products in shop order, by slug, with the place of each."""

    slugs: tuple[str, ...]
    places: Mapping[str, int]

    @classmethod
    def of(cls, slugs: Iterable[str]) -> "Listing":
        ordered = tuple(slugs)
        return cls(ordered, {slug: place for place, slug in enumerate(ordered)})

    def after(self, slug: str, count: int) -> Iterable[str]:
        """The `count` products that follow `slug`, beginning again at the end, without `slug` itself."""
        start, size = self.places[slug], len(self.slugs)
        return (self.slugs[(start + step) % size] for step in range(1, min(count, size - 1) + 1))

    def before(self, slug: str, count: int) -> Iterable[str]:
        """The `count` products that `slug` follows."""
        start, size = self.places[slug], len(self.slugs)
        return (self.slugs[(start - step) % size] for step in range(1, min(count, size - 1) + 1))


@dataclass(frozen=True)
class Index:
    """Who stands where, per language. Holds slugs only, so a price edit leaves it as it is."""

    newest: Mapping[str, Listing]
    categories: Mapping[tuple[str, str], Listing]
    colours: Mapping[tuple[str, str, str], Listing]
    prints: Mapping[tuple[str, str], Listing]
    cloths: Mapping[tuple[str, str], Listing]
    """By the colour of the face: the same cloth is printed with the same pair of inks."""

    @cached_property
    def choices(self) -> dict[tuple[str, str], Choices]:
        """What lists can be narrowed to, by language and category: filled by those who ask. `placing` knows of it."""
        return {}


@dataclass(frozen=True)
class Snapshot:
    """Everything pages are made of.

    `site` is content/site.toml with the site's address and languages, `texts` the words per language, `assets`
    the hashed address of each file of the theme, `moved` content/redirects.toml.
    """

    languages: tuple[str, ...]
    category_views: Mapping[str, CategoryView]
    products: Mapping[str, ProductView]
    colours: tuple[ColourView, ...]
    facts: ShopFacts
    content: tuple[ContentView, ...]
    site: Mapping[str, Any]
    texts: Mapping[str, Texts]
    assets: Mapping[str, str]
    left: Left
    moved: Mapping[str, str]
    index: Index
    cities: tuple[CityView, ...] = ()

    def languages_of(self, product: ProductView) -> list[str]:
        """The languages a product has pages in, the default one first."""
        return spoken(product, self.category_views, self.languages)

    def categories(self, lang: str) -> list[CategoryView]:
        """Categories that have a text and a product in `lang`, in shop order."""
        return [view for slug, view in self.category_views.items() if (lang, slug) in self.index.categories]

    def listed(self, lang: str, category: str, colour: str = "") -> tuple[str, ...]:
        """Slugs of a category's products in `lang`, newest first; those made in one colour where it is given."""
        index = self.index
        listing = index.colours.get((lang, category, colour)) if colour else index.categories.get((lang, category))
        return listing.slugs if listing else ()

    @property
    def drop(self) -> tuple[str, ...]:
        """The slugs of the drop of the moment, in its order; some may not be in the shop."""
        return tuple(self.site.get("home", {}).get("drop", {}).get("products", ()))

    def newest(self, lang: str, count: int, but: Collection[str] = ()) -> list[ProductView]:
        """The newest `count` products of all categories, those of some slugs left out."""
        listing = self.index.newest.get(lang)
        others = (slug for slug in listing.slugs if slug not in but) if listing else ()
        return [self.products[slug] for slug in islice(others, count)]

    def related(self, slug: str, lang: str) -> list[ProductView]:
        """Up to four products to show beside one: of the same print first, then those to wear with it (another kind in
        the same cloth), then of its category.

        They are the ones that follow it in the listing, so each product stands on few pages and links reach
        the whole catalogue instead of its newest corner.
        """
        product = self.products[slug]
        chosen: dict[str, None] = {}
        prints, cloths, category = self._rings(product, lang)
        for ring in (prints, cloths, category):
            if ring is None or slug not in ring.places:
                continue
            fresh = (other for other in ring.after(slug, REACH) if other not in chosen)
            if ring is cloths:
                fresh = (other for other in fresh if self.products[other].kind != product.kind)
            chosen.update(dict.fromkeys(islice(fresh, RELATED - len(chosen))))
        return [self.products[other] for other in chosen]

    def _rings(self, product: ProductView, lang: str) -> tuple[Listing | None, Listing | None, Listing | None]:
        """The listings of a product's print, of its cloth and of its category."""
        index = self.index
        return (
            index.prints.get((lang, product.print)),
            index.cloths.get((lang, cloth(product))),
            index.categories.get((lang, product.category)),
        )

    def shown_beside(self, slug: str, lang: str) -> set[str]:
        """The products on whose pages `slug` is shown as related."""
        product = self.products[slug]
        near: set[str] = set()
        for ring in self._rings(product, lang):
            if ring is not None and slug in ring.places:
                near.update(ring.before(slug, REACH))
        return {other for other in near if product in self.related(other, lang)}

    def colours_in(self, lang: str, category: str) -> tuple[ColourView, ...]:
        """The colours a category has in `lang`, in the order of the palette."""
        return self.choices_in(lang, category).colours

    def choices_in(self, lang: str, category: str) -> Choices:
        """What a category can be narrowed to; the whole catalogue where it is ""."""
        key = lang, category
        known = self.index.choices
        if key not in known:
            listing = self.index.categories.get(key) if category else self.index.newest.get(lang)
            products = [self.products[slug] for slug in listing.slugs] if listing else []
            known[key] = choices_of(products, self.colours)
        return known[key]

    @cached_property
    def size_tables(self) -> list[tuple[str, tuple[SizeRow, ...]]]:
        """Per kind, in shop order, the size table that most of its products share."""
        counted: dict[str, Counter[tuple[SizeRow, ...]]] = {}
        for product in self.products.values():
            counted.setdefault(product.kind, Counter())[product.size_table] += 1
        order = [category.kind for category in self.category_views.values()]
        kinds = dict.fromkeys([*order, *sorted(counted)])
        return [(kind, counted[kind].most_common(1)[0][0]) for kind in kinds if kind in counted]

    def with_products(self, changed: Mapping[str, ProductView | None]) -> "Snapshot":
        """The same shop with some products as they are now; None means no longer published.

        Raises UnknownCategory when a product stands in a category that is not here.
        """
        products = dict(self.products)
        moved = False
        for slug, product in changed.items():
            old = products.get(slug)
            if product is None:
                moved |= products.pop(slug, None) is not None
                continue
            if product.category not in self.category_views:
                raise UnknownCategory(product.category)
            moved |= old is None or placing(old) != placing(product)
            products[slug] = product
        if not moved:
            return replace(self, products=products)
        ordered = in_shop_order(products.values())
        return replace(self, products=ordered, index=index_of(ordered.values(), self.category_views, self.languages))


def placing(product: ProductView) -> tuple[object, ...]:
    """What decides where a product stands; when it is equal, no listing changes."""
    colours = tuple(variant.colour.slug for variant in product.variants)
    choices = colours, product.sizes, product.fits
    return product.category, product.kind, product.print, choices, product.added, frozenset(product.texts)


def cloth(product: ProductView) -> str:
    """The colour of a product's face; empty for one without colours."""
    return product.variants[0].colour.slug if product.variants else ""


def in_shop_order(products: Iterable[ProductView]) -> dict[str, ProductView]:
    """Newest first, equal dates by slug."""
    ordered = sorted(products, key=lambda product: (-product.added.toordinal(), product.slug))
    return {product.slug: product for product in ordered}


def spoken(product: ProductView, categories: Mapping[str, CategoryView], languages: Iterable[str]) -> list[str]:
    """The languages in which both a product and its category have texts."""
    named = categories[product.category].texts
    return [lang for lang in languages if lang in product.texts and lang in named]


def index_of(products: Iterable[ProductView], views: Mapping[str, CategoryView], languages: Sequence[str]) -> Index:
    """The listings, per language, of products that come newest first."""
    newest: dict[str, list[str]] = {}
    categories: dict[tuple[str, str], list[str]] = {}
    colours: dict[tuple[str, str, str], list[str]] = {}
    prints: dict[tuple[str, str], list[str]] = {}
    cloths: dict[tuple[str, str], list[str]] = {}
    for product in products:
        for lang in spoken(product, views, languages):
            newest.setdefault(lang, []).append(product.slug)
            categories.setdefault((lang, product.category), []).append(product.slug)
            for variant in product.variants:
                colours.setdefault((lang, product.category, variant.colour.slug), []).append(product.slug)
            prints.setdefault((lang, product.print), []).append(product.slug)
            cloths.setdefault((lang, cloth(product)), []).append(product.slug)
    return Index(
        newest={lang: Listing.of(slugs) for lang, slugs in newest.items()},
        categories={key: Listing.of(slugs) for key, slugs in categories.items()},
        colours={key: Listing.of(slugs) for key, slugs in colours.items()},
        prints={key: Listing.of(slugs) for key, slugs in prints.items()},
        cloths={key: Listing.of(slugs) for key, slugs in cloths.items()},
    )


def snapshot_of(
    view: CatalogView,
    content: Sequence[ContentView],
    site: Mapping[str, Any],
    texts: Mapping[str, Texts],
    assets: Mapping[str, str],
    moved: Mapping[str, str] = NOTHING_MOVED,
) -> Snapshot:
    """A snapshot of a freshly read catalogue."""
    products = in_shop_order(view.products)
    views = {category.slug: category for category in view.categories}
    return Snapshot(
        languages=view.languages,
        category_views=views,
        products=products,
        colours=view.colours,
        facts=view.facts,
        content=tuple(content),
        site=site,
        texts=texts,
        assets=assets,
        left=Left.of(view),
        moved=moved,
        index=index_of(products.values(), views, view.languages),
        cities=view.cities,
    )
