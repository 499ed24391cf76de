"""Finished contexts for every page of the theme: `pages(lang)` is the whole set, one for each template and state."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta, texts
from commerce_api.shop.finding.schemas import FindQuery
from sitegen.choices import choices_of
from sitegen.collection_pages import CollectionLink
from sitegen.list_files import Collection, CollectionText
from tests.themes.carts import ARRIVAL, cart, order, quote
from tests.themes.goods import CATEGORIES, COLOURS, DESCRIPTION, FACTS, LANGUAGES, PRODUCTS, SIZES, Paging, paging


def articles(lang: str) -> list[dict[str, Any]]:
    """Three summaries of the journal."""
    words = {
        "uk": (("Чому дві фарби", "Обмеження, яке виявилося свободою."), ("Як прати друк", "Навиворіт, і не гаряче.")),
        "en": (
            ("Why two inks", "A limit that turned out to be freedom."),
            ("How to wash a print", "Inside out, not hot."),
        ),
    }[lang]
    return [
        {
            "title": title,
            "path": urls.journal(lang, f"note-{n}"),
            "summary": summary,
            "date": date(2026, 11, n + 2),
            "cover": ("", "tub")[n],
        }
        for n, (title, summary) in enumerate(words)
    ]


@dataclass(frozen=True, slots=True)
class Sample:
    """A page of the theme in one state."""

    name: str
    template: str
    page: PageMeta
    context: dict[str, Any]


def meta(kind: str, lang: str, path: str, title: str, robots: str | None = None) -> PageMeta:
    """The head of a page that exists in both languages; `path` is the Ukrainian one."""
    return PageMeta(
        kind,
        lang,
        title,
        f"{title}.",
        urls.localized(path, lang),
        {code: urls.localized(path, code) for code in LANGUAGES},
        robots,
    )


COLLECTION: Final = Collection(
    slug="birds",
    place=1,
    inks="malva",
    products=(),
    prints=("leleka", "sova"),
    texts={
        "uk": CollectionText("Пташиний двір", "Три птахи.", ("Лелека, сова й півник.",), "Речі з птахами."),
        "en": CollectionText("The Bird Yard", "Three birds.", ("A stork, an owl, a rooster.",), "Birds in two inks."),
    },
)


def collection_links(lang: str) -> list[CollectionLink]:
    """One collection as other pages name it."""
    text = COLLECTION.texts[lang]
    return [CollectionLink("birds", text.name, text.lead, urls.collection("birds", lang), "malva", 6, PRODUCTS[1])]


def shop_pages(lang: str) -> Iterator[Sample]:
    """The static pages where things are shown and sold."""
    t = texts(lang)
    yield Sample(
        "home",
        "home.html",
        meta("home", lang, "/", "TwoComms"),
        {
            "categories": CATEGORIES,
            "products": PRODUCTS,
            "drop": PRODUCTS[1],
            "drops": list(PRODUCTS[:4]),
            "articles": articles(lang),
            "collections": collection_links(lang),
        },
    )
    bare: dict[str, Any] = {"categories": (), "products": (), "drop": None, "drops": [], "articles": []}
    bare["collections"] = []
    yield Sample("home-empty", "home.html", meta("home", lang, "/", "TwoComms"), bare)
    catalog = meta("catalog", lang, "/catalog/", t("catalog.title"))
    nothing = {"groups": [], "collections": [], "choices": choices_of((), COLOURS.values())}
    yield Sample("catalog-empty", "catalog.html", catalog, nothing)
    groups = [
        (category, [view for view in PRODUCTS if view.category == category.slug][:4], 12) for category in CATEGORIES
    ]
    choices = choices_of(PRODUCTS, COLOURS.values())
    whole = {"groups": groups, "collections": collection_links(lang), "choices": choices}
    yield Sample("catalog", "catalog.html", catalog, whole)
    yield Sample(
        "collection",
        "collection.html",
        meta("category", lang, "/collection/birds/", "Birds"),
        {
            "collection": COLLECTION,
            "words": COLLECTION.texts[lang],
            "products": PRODUCTS,
            "total": 12,
            "collections": collection_links(lang),
        },
    )
    for name, number, pages, shade in (("category", 1, 1, ""), ("category-paged", 2, 3, ""), ("colour", 1, 1, "coal")):
        yield Sample(
            name,
            "category.html",
            meta("category", lang, "/catalog/t-shirts/", CATEGORIES[0].texts[lang].name),
            {
                "category": CATEGORIES[0],
                "colour": COLOURS.get(shade),
                "words": "",
                "choices": choices,
                "products": PRODUCTS,
                "total": 27,
                "paging": paging(lang, number, pages),
                "categories": CATEGORIES,
                "colours": list(COLOURS.values()),
            },
        )
    for name, view, shown in (
        ("product", PRODUCTS[0], 0),
        ("product-two-tone", PRODUCTS[0], 5),
        ("product-discount", PRODUCTS[2], 0),
        ("product-long-sleeve", PRODUCTS[7], 0),
    ):
        yield Sample(
            name,
            "product.html",
            meta("product", lang, f"/product/{view.slug}/", view.texts[lang].name),
            {
                "product": view,
                "variant": view.variants[shown],
                "category": next(each for each in CATEGORIES if each.slug == view.category),
                "related": list(PRODUCTS[1:5]),
                "collections": [("Birds", urls.collection("birds", lang))],
            },
        )


def reading_pages(lang: str) -> Iterator[Sample]:
    """The static pages that are read, and those that say one thing."""
    t = texts(lang)
    body = DESCRIPTION[lang] + "<h2>2026</h2>" + DESCRIPTION[lang]
    yield Sample(
        "content",
        "content.html",
        meta("content", lang, "/delivery/", t("cart.shipping")),
        {"title": t("cart.shipping"), "body": body, "tables": [], "tiers": ()},
    )
    yield Sample(
        "size-guide",
        "content.html",
        meta("content", lang, "/size-guide/", t("size.title")),
        {"title": t("size.title"), "body": DESCRIPTION[lang], "tables": list(SIZES.items()), "tiers": ()},
    )
    yield Sample(
        "wholesale",
        "content.html",
        meta("content", lang, "/wholesale/", t("wholesale.caption")),
        {"title": t("wholesale.caption"), "body": DESCRIPTION[lang], "tables": [], "tiers": FACTS.wholesale},
    )
    yield Sample(
        "journal",
        "journal.html",
        meta("content", lang, "/journal/", t("journal.title")),
        {"articles": articles(lang)},
    )
    yield Sample(
        "article",
        "article.html",
        meta("article", lang, "/journal/note-0/", articles(lang)[0]["title"]),
        {
            "title": articles(lang)[0]["title"],
            "body": body,
            "date": date(2026, 11, 2),
            "cover": "pencil",
            "articles": articles(lang),
        },
    )
    yield from story_pages(lang, body)
    yield Sample(
        "message",
        "message.html",
        meta("message", lang, "/404.html", t("message.error_title"), robots="noindex"),
        {
            "title": t("message.error_title"),
            "body": t("message.error"),
            "actions": [(t("message.to_home"), urls.home(lang)), (t("message.to_catalog"), urls.catalog(lang))],
        },
    )


def story_pages(lang: str, body: str) -> Iterator[Sample]:
    """A product's story, with a picture of the print and without any."""
    view = PRODUCTS[0]
    face, name = view.variants[0], view.texts[lang].name
    for sample, near in (("story", face.images[-1]), ("story-plain", None)):
        yield Sample(
            sample,
            "story.html",
            meta("story", lang, urls.story(view.slug, "uk"), texts(lang)("story.title", name=name)),
            {
                "product": view,
                "variant": face if near else replace(face, images=()),
                "category": CATEGORIES[0],
                "near": near,
                "body": body,
            },
        )


def cart_states(lang: str, document: dict[str, Any]) -> Iterator[Sample]:
    """The cart with all that may stand in it: choices, a code, a wrong code, an undo, a cart that came by a link."""
    t, line = texts(lang), document["lines"][0]
    page = meta("cart", lang, "/cart/", t("cart.title"), robots="noindex")
    face = PRODUCTS[0].variants[0]
    sizes = [
        {
            "code": sku.code,
            "colour": face.colour.slug,
            "colour_names": face.colour.names,
            "size": sku.size,
            "fit": sku.fit,
            "available": number > 0,
        }
        for number, sku in enumerate(face.skus)
    ]
    given = {**document, "promo": "DROP10", "promo_note": t("errors.promo_used_up", promo="DROP10")}
    extras: dict[str, dict[str, Any]] = {
        "cart-code": {"cart": given, "choices": {line["id"]: sizes}, "undo": line, "blocked": True},
        "cart-wrong-code": {"cart": document, "promo": "NOPE", "promo_error": t("errors.promo_expired", promo="NOPE")},
        "cart-shared": {
            "cart": cart(lang, ()),
            "shared": {"lines": [line], "goods": line["line_total"], "add": f"{line['sku']}:1", "promo": "drop10"},
        },
    }
    for name, context in extras.items():
        yield Sample(name, "cart.html", page, {"notices": [], **context})


def buying_pages(lang: str) -> Iterator[Sample]:
    """The pages of the sidecar: cart, checkout, order, each empty, full and in trouble."""
    t = texts(lang)
    full, rich = cart(lang, PRODUCTS[1:3], 10_000), cart(lang)
    noted = cart(lang)
    noted["lines"][0]["note"] = t("notice.quantity_reduced", name=noted["lines"][0]["name"], n=1)
    notices = [t("notice.price_changed", name=noted["lines"][1]["name"], amount="890 ₴"), noted["lines"][0]["note"]]
    for name, document, told in (
        ("cart", noted, notices),
        ("cart-discount", full, []),
        ("cart-empty", cart(lang, ()), []),
    ):
        page = meta("cart", lang, "/cart/", t("cart.title"), robots="noindex")
        yield Sample(name, "cart.html", page, {"cart": document, "notices": told})
    yield from cart_states(lang, rich)
    typed = {"name": "Богдан", "phone": "050 123", "city": "Харків", "comment": "Дзвоніть після шостої"}
    wrong = {
        "name": t("errors.name_malformed"),
        "phone": t("errors.phone_malformed"),
        "branch": t("errors.branch_missing"),
        "": t("errors.price_changed"),
    }
    for name, form, errors in (("checkout", {}, {}), ("checkout-errors", typed, wrong)):
        yield Sample(
            name,
            "checkout.html",
            meta("checkout", lang, "/checkout/", t("checkout.title"), robots="noindex"),
            {
                "cart": rich,
                "form": form,
                "errors": errors,
                "key": "0b6a",
                "quote": quote(rich),
                "closed": {"prepay_200": "needs_branch"},
                "trouble": notices[:1] if errors else [],
                "commission": 3_940,
                "arrival": ARRIVAL[lang],
                "cities": ["Kyiv"],
                "ways": {"point": 7_000, "courier": 0 if errors else 12_000},
            },
        )
    for name, document, told in (
        ("order", order(lang), [t("order.thanks")]),
        ("order-shipped", order(lang, "shipped", can_cancel=False), []),
        ("order-cancelled", order(lang, "cancelled", can_cancel=False), [t("order.cancelled")]),
    ):
        page = meta("order", lang, "/order/s3cret-token/", document["number"], robots="noindex")
        yield Sample(
            name,
            "order.html",
            page,
            {"order": document, "address": document["delivery"]["city"] + ", 12", "notices": told},
        )


def search_pages(lang: str) -> Iterator[Sample]:
    """Search in the browser, and the sidecar's page in each of its states."""
    t = texts(lang)
    search = meta("search", lang, "/search/", t("search.title"), robots="noindex")
    yield Sample("search", "search.html", search, {"categories": CATEGORIES, "products": PRODUCTS[:4]})
    nothing: dict[str, Any] = {"total": 0, "products": [], "paging": Paging(), "read_as": None}
    common = {"categories": CATEGORIES, "colours": list(COLOURS.values()), "sizes": ("S", "M"), "sorts": ["new"]}
    some = {"total": 30, "products": PRODUCTS, "paging": paging(lang, 2, 3), "read_as": t("kind.hoodie")}
    chosen = FindQuery.model_validate({"q": "[elb", "colour": ["coal"], "from": 500, "available": "1", "sort": "price"})
    vain = FindQuery(q=f"<b>{t('kind.tee')}</b>")
    page = meta("search", lang, "/find/", t("search.title"), robots="noindex")
    for name, query, asked, found, near in (
        ("find", FindQuery(), False, nothing, PRODUCTS[:4]),
        ("find-some", chosen, True, some, ()),
        ("find-near", vain, True, {**nothing, "is_near": True}, PRODUCTS[:2]),
        ("find-none", vain, True, nothing, ()),
    ):
        given = {"query": query, "asked": asked, "nearest": list(near), "is_near": False, **common, **found}
        yield Sample(name, "find.html", page, given)


def pages(lang: str) -> Iterator[Sample]:
    """Every template in every state worth looking at."""
    yield from shop_pages(lang)
    yield from reading_pages(lang)
    yield from buying_pages(lang)
    yield from search_pages(lang)
