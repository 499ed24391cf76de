"""The pages of one product: its own, and one for each further colour, in every language it speaks."""

from collections.abc import Iterator

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen import seo
from sitegen.page import Output, Page, crumb, file_of, in_languages, shorten
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, VariantView


def product(shop: Snapshot, slug: str) -> Iterator[Output]:
    """A product in each of its languages, and each of its colours."""
    view = shop.products.get(slug)
    if view is None or not view.variants:
        return
    for lang in shop.languages_of(view):
        yield from _product_pages(shop, view, lang)


def _product_pages(shop: Snapshot, view: ProductView, lang: str) -> Iterator[Page]:
    text = view.texts[lang]
    kind = shop.category_views[view.category]
    crumbs = (
        crumb(shop, lang, "home"),
        crumb(shop, lang, "catalog"),
        (kind.texts[lang].name, urls.category(kind.slug, lang)),
        (text.name, urls.product(view.slug, lang)),
    )
    way = seo.breadcrumbs(shop.site["url"], crumbs)
    related = shop.related(view.slug, lang)
    for place, variant in enumerate(view.variants):
        context = {"product": view, "variant": variant, "category": kind, "related": related}
        things = (seo.product_group(shop, view, variant, lang), way)
        meta = _product_meta(shop, view, variant if place else None, lang)
        # The first colour is the face of the product, so its own page is a copy under a second address.
        copy = None if place else file_of(urls.product(view.slug, lang, variant.colour.slug))
        file = file_of(meta.path)
        yield Page(f"product:{view.slug}", file, "product.html", meta, context, things, copy)


def _product_meta(shop: Snapshot, view: ProductView, variant: VariantView | None, lang: str) -> PageMeta:
    """The head of the product's page, or of the page of one of its further colours."""
    text = view.texts[lang]
    colour = variant.colour if variant else None
    slug = colour.slug if colour else None
    title, description = text.seo_title, text.seo_description
    if colour:
        title = f"{text.seo_title} · {colour.names[lang]}"
        description = shorten(f"{text.name}, {colour.names[lang]}. {text.lead}")
    languages = shop.languages_of(view)
    images = (variant or view.variants[0]).images
    return PageMeta(
        kind="product",
        lang=lang,
        title=title,
        description=description,
        path=urls.product(view.slug, lang, slug),
        alternates=in_languages(languages, lambda other: urls.product(view.slug, other, slug)),
        image=urls.image(images[0].key, urls.JPEG_WIDTH, "jpeg") if images else None,
    )


def addresses(shop: Snapshot, view: ProductView) -> Iterator[tuple[str, dict[str, str]]]:
    """The canonical addresses of a product, each with those of its languages."""
    colours = [None, *(variant.colour.slug for variant in view.variants[1:])]
    for colour in colours:
        alternates = {lang: urls.product(view.slug, lang, colour) for lang in shop.languages_of(view)}
        for path in alternates.values():
            yield path, alternates
