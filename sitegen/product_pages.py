"""The pages of one product: its own, one for each further colour, and its story, in every language it speaks."""

from collections.abc import Iterator

from markupsafe import Markup

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.typesetting import unbroken
from commerce_api.foundation.theming import PageMeta
from sitegen.collection_pages import with_product
from sitegen.page import Output, Page, crumb, file_of, in_languages, joined, shorten
from sitegen.seo.lists import breadcrumbs
from sitegen.seo.products import product_things
from sitegen.seo.writing import story as story_thing
from sitegen.sharing import card_path
from sitegen.snapshot import Snapshot
from sitegen.source import ProductView, VariantView


def product(shop: Snapshot, slug: str) -> Iterator[Output]:
    """A product in each of its languages, and each of its colours."""
    view = shop.products.get(slug)
    if view is None or not view.variants:
        return
    for lang in shop.languages_of(view):
        yield from _product_pages(shop, view, lang)
    for lang in _told_in(shop, view):
        yield _story_page(shop, view, lang)


def _told_in(shop: Snapshot, view: ProductView) -> list[str]:
    """The languages that a product's story is told in."""
    return [lang for lang in shop.languages_of(view) if view.texts[lang].story_html]


def _product_pages(shop: Snapshot, view: ProductView, lang: str) -> Iterator[Page]:
    kind = shop.category_views[view.category]
    way = breadcrumbs(shop.site["url"], _way_to(shop, view, lang))
    related = shop.related(view.slug, lang)
    collections = with_product(shop, view, lang)
    for place, variant in enumerate(view.variants):
        context = {"product": view, "variant": variant, "category": kind, "related": related}
        context["collections"] = collections
        things = (*product_things(shop, view, variant, lang), way)
        meta = _product_meta(shop, view, variant if place else None, lang)
        # The first colour is the face of the product, so its own page is a copy under a second address.
        copy = None if place else file_of(urls.product(view.slug, lang, variant.colour.slug))
        file = file_of(meta.path)
        yield Page(f"product:{view.slug}", file, "product.html", meta, context, things, copy)


def _way_to(shop: Snapshot, view: ProductView, lang: str) -> tuple[tuple[str, str], ...]:
    kind = shop.category_views[view.category]
    return (
        crumb(shop, lang, "home"),
        crumb(shop, lang, "catalog"),
        (kind.texts[lang].name, urls.category(kind.slug, lang)),
        (view.texts[lang].name, urls.product(view.slug, lang)),
    )


def _story_page(shop: Snapshot, view: ProductView, lang: str) -> Page:
    """What is told about the print, with the print as near as there is a picture of it."""
    text, face = view.texts[lang], view.variants[0]
    story = text.story_html or ""
    title = shop.texts[lang]("story.title", name=text.name)
    near = next((image for image in face.images if image.side == "print"), None) or next(iter(face.images), None)
    meta = PageMeta(
        kind="story",
        lang=lang,
        title=title,
        description=shorten(_plain(story)),
        path=urls.story(view.slug, lang),
        alternates=in_languages(_told_in(shop, view), lambda other: urls.story(view.slug, other)),
        image=card_path(shop, view, face, lang),
        image_alt=near.alt.get(lang) if near else None,
    )
    context = {
        "product": view,
        "variant": face,
        "category": shop.category_views[view.category],
        "near": near,
        "body": Markup(unbroken(story)),  # noqa: S704 - sanitised when it was stored
    }
    way = breadcrumbs(shop.site["url"], (*_way_to(shop, view, lang), (title, meta.path)))
    things = (way, story_thing(shop, view, lang, title, near))
    return Page(f"product:{view.slug}", file_of(meta.path), "story.html", meta, context, things)


def _plain(html: str) -> str:
    return " ".join(Markup(html).striptags().split())  # noqa: S704 - only its words are used


def _product_meta(shop: Snapshot, view: ProductView, variant: VariantView | None, lang: str) -> PageMeta:
    """The head of the product's page, or of the page of one of its further colours."""
    text = view.texts[lang]
    colour = variant.colour if variant else None
    slug = colour.slug if colour else None
    title, description = text.seo_title, text.seo_description
    if colour:
        title = joined(text.seo_title, text.name, colour.names[lang])
        description = shorten(f"{text.name}, {colour.names[lang]}. {text.lead}")
    languages = shop.languages_of(view)
    shown = variant or view.variants[0]
    return PageMeta(
        kind="product",
        lang=lang,
        title=title,
        description=description,
        path=urls.product(view.slug, lang, slug),
        alternates=in_languages(languages, lambda other: urls.product(view.slug, other, slug)),
        image=card_path(shop, view, shown, lang),
        image_alt=shown.images[0].alt.get(lang) if shown.images else None,
        markdown=urls.twin(view.slug, lang),
    )
