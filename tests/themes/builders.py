"""Sample views and finished contexts for every page of the theme, small but with every state in them.

`pages(lang)` is the whole set: one context per template and state. Views are the real ones; documents of the cart and
of orders have the shape that `docs/theme.md` promises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.searching.rules import ShopWords
from commerce_api.foundation.theming import PageMeta, texts
from commerce_api.shop.catalog.views import (
    CategoryText,
    CategoryView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    ShopFacts,
    SizeRow,
    SkuView,
    TierView,
    VariantView,
)
from commerce_api.shop.finding.schemas import FindQuery
from sitegen.choices import choices_of
from sitegen.collection_pages import CollectionLink
from sitegen.list_files import Collection, CollectionText

LANGUAGES: Final = ("uk", "en")

FACTS: Final = ShopFacts(
    free_delivery_from=250_000,
    branch_price=8_000,
    locker_price=7_000,
    courier_price=12_000,
    cod_fixed=2_000,
    cod_percent=2,
    cod_limit=500_000,
    locker_limit=1_000_000,
    prepay=20_000,
    return_days=14,
    reserve_minutes=30,
    wholesale=tuple(
        (kind, (TierView(8, 15, price), TierView(16, None, price - 2_000)))
        for kind, price in (("tee", 54_000), ("longsleeve", 62_000), ("hoodie", 130_000))
    ),
    wholesale_step=8,
)

SITE: Final[dict[str, Any]] = {
    "url": "http://127.0.0.1:8000",
    "languages": list(LANGUAGES),
    "features": ["search"],
    "search": ShopWords(popular={"uk": ["худі", "чорна футболка"], "en": ["hoodie", "black tee"]}),
    "brand": {
        "name": "TwoComms",
        "uk": {"tagline": "одяг із Харкова, друк у дві фарби"},
        "en": {"tagline": "clothes from Kharkiv, printed in two inks"},
    },
    "contacts": {
        "phone": "+380 57 000 00 00",
        "email": "hello@twocomms.example",
        "telegram": "twocomms",
        "uk": {"city": "Харків"},
        "en": {"city": "Kharkiv"},
    },
    "footer_group": [
        {"key": "shop", "uk": "Крамниця", "en": "Shop"},
        {"key": "help", "uk": "Допомога", "en": "Help"},
        {"key": "brand", "uk": "Дві коми", "en": "Two commas"},
    ],
    "menu": [
        {"key": "t-shirts", "place": "header", "path": "/catalog/t-shirts/", "uk": "Футболки", "en": "T-shirts"},
        {"key": "hoodies", "place": "header", "path": "/catalog/hoodies/", "uk": "Худі", "en": "Hoodies"},
        {
            "key": "long-sleeves",
            "place": "header",
            "path": "/catalog/long-sleeves/",
            "uk": "Лонгсліви",
            "en": "Long sleeves",
        },
        {"key": "journal", "place": "header", "path": "/journal/", "uk": "Журнал", "en": "Journal"},
        {
            "key": "all",
            "place": "footer",
            "group": "shop",
            "path": "/catalog/",
            "uk": "Увесь каталог",
            "en": "Everything",
        },
        {
            "key": "delivery",
            "place": "footer",
            "group": "help",
            "path": "/delivery/",
            "uk": "Доставка й оплата",
            "en": "Delivery and payment",
        },
        {
            "key": "size-guide",
            "place": "footer",
            "group": "help",
            "path": "/size-guide/",
            "uk": "Розміри",
            "en": "Size guide",
        },
        {"key": "about", "place": "footer", "group": "brand", "path": "/about/", "uk": "Про нас", "en": "About"},
    ],
    "home": {
        "drop": {"slug": "long-night", "products": ["relief-hoodie"]},
        "uk": {
            "headline": "Дві фарби. Решта — тканина.",
            "lead": "Футболки, худі й лонгсліви з Харкова. Кожен малюнок надруковано рівно двома фарбами.",
            "announcement": "«Довга ніч» уже в каталозі.",
            "drop": {"title": "Довга ніч", "text": "Сова на варті, світло у вікні, місяць над смереками."},
        },
        "en": {
            "headline": "Two inks. The rest is cloth.",
            "lead": "T-shirts, hoodies and long sleeves from Kharkiv. Every drawing is printed in exactly two inks.",
            "announcement": "The Long Night is here.",
            "drop": {"title": "The Long Night", "text": "An owl on watch, a lit window, a moon over the spruces."},
        },
    },
}

COLOURS: Final = {
    colour.slug: colour
    for colour in (
        ColourView("coal", "#1c1d20", None, {"uk": "вугілля", "en": "coal"}),
        ColourView("milk", "#ece6d8", None, {"uk": "молоко", "en": "milk"}),
        ColourView("moss", "#4b5440", None, {"uk": "мох", "en": "moss"}),
        ColourView("brick", "#8f3b2c", None, {"uk": "цегла", "en": "brick"}),
        ColourView("fog", "#9ea3a6", None, {"uk": "туман", "en": "fog"}),
        ColourView("coal-milk", "#1c1d20", "#ece6d8", {"uk": "вугілля й молоко", "en": "coal and milk"}),
    )
}

CATEGORIES: Final = tuple(
    CategoryView(
        slug,
        kind,
        {
            "uk": CategoryText(
                uk, "Бавовняний трикотаж, один малюнок, дві фарби.", f"{uk} у дві фарби", f"{uk} TwoComms."
            ),
            "en": CategoryText(en, "Cotton jersey, one drawing, two inks.", f"{en} in two inks", f"{en} by TwoComms."),
        },
    )
    for slug, kind, uk, en in (
        ("t-shirts", "tee", "Футболки", "T-shirts"),
        ("hoodies", "hoodie", "Худі", "Hoodies"),
        ("long-sleeves", "longsleeve", "Лонгсліви", "Long sleeves"),
    )
)

SIZES: Final = {
    "tee": (
        SizeRow("S", 68.5, 49, None),
        SizeRow("M", 70, 51, None),
        SizeRow("L", 72, 52.5, None),
        SizeRow("XL", 74, 54, None),
        SizeRow("XXL", 76, 58.5, None),
    ),
    "hoodie": (
        SizeRow("XS", 54, 52, None),
        SizeRow("S", 58, 56, None),
        SizeRow("M", 67, 60, None),
        SizeRow("L", 70, 64, None),
        SizeRow("XL", 73, 68, None),
        SizeRow("XXL", 78, 72, None),
    ),
    "longsleeve": (
        SizeRow("S", 68.5, 49, 60),
        SizeRow("M", 70, 51, 61),
        SizeRow("L", 72, 52.5, 62),
        SizeRow("XL", 74, 54, 63),
        SizeRow("XXL", 76, 58.5, 64),
    ),
}

MATERIALS: Final = {
    "tee": (("cotton", 95), ("elastane", 5)),
    "hoodie": (("cotton", 90), ("polyester", 10)),
    "longsleeve": (("bamboo", 95), ("elastane", 5)),
}

KINDS: Final = {
    "tee": ("t-shirts", "Футболка", "tee"),
    "hoodie": ("hoodies", "Худі", "hoodie"),
    "longsleeve": ("long-sleeves", "Лонгслів", "long sleeve"),
}

FAQ = {
    "uk": (("Як прати?", "При 30 °C, навиворіт."), ("З чого <це>?", "Бавовна й еластан.")),
    "en": (("How is it washed?", "At 30 °C, inside out."), ("What is <it>?", "Cotton and elastane.")),
}
DESCRIPTION: Final = {
    "uk": (
        "<p>Колос намальовано від стебла до останнього остюка. Позаду стоїть сонце, порізане на смуги: угорі вони "
        "широкі, донизу тоншають.</p><p>Трикотаж щільний, 190&nbsp;г/м²: бавовна й дрібка еластану, щоб комір після "
        "прання повертався на місце.</p><ul><li><strong>Класика</strong> сидить рівно.</li>"
        "<li><strong>Оверсайз</strong> ширший, шов спадає з плеча.</li></ul>"
    ),
    "en": (
        "<p>The ear is drawn whole, from the stalk to the last bristle. Behind it stands the sun, cut into bars that "
        "are wide at the top and thin out as they fall.</p><p>The jersey weighs 190&nbsp;g/m², cotton with a pinch of "
        "elastane so that the neckline finds its way back after a wash.</p><ul><li><strong>Classic</strong> hangs "
        "straight.</li><li><strong>Oversize</strong> is wider, with the seam off the shoulder.</li></ul>"
    ),
}


def image(stem: str, side: str, uk: str, en: str) -> ImageView:
    """A picture whose address stem is readable, so that a preview can find something to show."""
    alt = {"uk": f"{uk}, вид: {side}", "en": f"{en}, {side}"}
    return ImageView(f"{stem}-{side}", f"{stem}-{side}.avif", side, alt, 1200, 1500)


def variant(
    slug: str, kind: str, colour: str, fits: Sequence[str], price: int, old_price: int | None, uk: str, en: str
) -> VariantView:
    """A product in one colour with three pictures and every size of its kind."""
    view = COLOURS[colour]
    stem = f"{slug}-{colour}"
    return VariantView(
        colour=view,
        price=price,
        old_price=old_price,
        images=tuple(
            image(stem, side, f"{uk}, {view.names['uk']}", f"{en}, {view.names['en']}")
            for side in ("front", "back", "print")
        ),
        skus=tuple(
            SkuView(f"TC-{slug}-{colour}-{row.size}{'-OS' if fit == 'oversize' else ''}", row.size, fit, True)
            for fit in fits
            for row in SIZES[kind]
        ),
        fits=tuple(fits),
    )


def product(
    slug: str = "kolos-tee",
    kind: str = "tee",
    name: tuple[str, str] = ("Колос", "Kolos"),
    colours: Sequence[str] = ("coal", "milk", "moss", "brick", "fog", "coal-milk"),
    fits: Sequence[str] = ("classic", "oversize"),
    price: int = 89_000,
    old_price: int | None = None,
    story: bool = True,
) -> ProductView:
    """A published product; the first colour is its face."""
    category, uk_kind, en_kind = KINDS[kind]
    uk, en = f"{uk_kind} «{name[0]}»", f"{name[1]} {en_kind}"
    return ProductView(
        slug=slug,
        category=category,
        kind=kind,
        print=slug.split("-", maxsplit=1)[0],
        points=44,
        added=date(2026, 10, 3),
        texts={
            "uk": ProductText(
                uk,
                "Стиглий колос, а за ним сонце, нарізане смугами. Дві фарби, одне жнив’яне пообіддя.",
                DESCRIPTION["uk"],
                "<p>Історія.</p>" if story else None,
                f"{uk}: пшениця й сонце у дві фарби",
                f"{uk} з колосом пшениці на тлі смугастого сонця.",
                faq=FAQ["uk"] if story else (),
            ),
            "en": ProductText(
                en,
                "A ripe ear of wheat with the sun behind it, sliced into bars. Two inks, one harvest afternoon.",
                DESCRIPTION["en"],
                "<p>The story.</p>" if story else None,
                f"{en}: wheat and sun in two inks",
                f"{en} with an ear of wheat over a barred sun.",
                faq=FAQ["en"] if story else (),
            ),
        },
        variants=tuple(variant(slug, kind, colour, fits, price, old_price, uk, en) for colour in colours),
        fits=tuple(fits),
        sizes=tuple(row.size for row in SIZES[kind]),
        size_table=SIZES[kind],
        material=MATERIALS[kind],
        care=("wash-30", "inside-out", "no-bleach", "iron-low", "no-tumble"),
        weight_g=220 if kind == "tee" else 800,
    )


PRODUCTS: Final = (
    product(),
    product(
        "relief-hoodie", "hoodie", ("Рельєф", "Relief"), ("moss", "coal", "milk"), ("classic",), 199_000, story=False
    ),
    product("relief-tee", "tee", ("Рельєф", "Relief"), ("milk", "fog"), ("classic",), 79_000, 99_000),
    product("kolos-hoodie", "hoodie", ("Колос", "Kolos"), ("milk", "brick"), ("classic", "oversize"), 219_000),
    product("relief-fog-tee", "tee", ("Туманний рельєф", "Foggy relief"), ("fog",), ("classic",), 85_000),
    product("kolos-brick-hoodie", "hoodie", ("Жнива", "Harvest"), ("brick", "moss"), ("classic",), 209_000),
    product("kolos-moss-tee", "tee", ("Стерня", "Stubble"), ("moss", "coal", "fog"), ("oversize",), 95_000),
    product("relief-longsleeve", "longsleeve", ("Пагорби", "Hills"), ("coal", "milk"), ("classic",), 129_000),
)


@dataclass(frozen=True, slots=True)
class Paging:
    """What the paging of a list looks like to a template."""

    number: int = 1
    pages: int = 1
    previous: str | None = None
    next: str | None = None
    links: list[tuple[int, str]] = field(default_factory=list)


def paging(lang: str, number: int, pages: int) -> Paging:
    def path(n: int) -> str:
        return urls.category("t-shirts", lang, n)

    return Paging(
        number,
        pages,
        path(number - 1) if number > 1 else None,
        path(number + 1) if number < pages else None,
        [(n, path(n)) for n in range(1, pages + 1)],
    )


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
        {"title": title, "path": urls.journal(lang, f"note-{n}"), "summary": summary, "date": date(2026, 11, n + 2)}
        for n, (title, summary) in enumerate(words)
    ]


def cart_line(view: ProductView, lang: str, number: int, quantity: int, note: str | None = None) -> dict[str, Any]:
    face = view.variants[0]
    sku = face.skus[1]
    return {
        "id": number,
        "sku": sku.code,
        "name": view.texts[lang].name,
        "url": urls.product(view.slug, lang, face.colour.slug),
        "image": urls.image(face.images[0].key, 400),
        "colour": face.colour.names[lang],
        "size": sku.size,
        "fit": sku.fit if len(view.fits) > 1 else None,
        "quantity": quantity,
        "unit_price": face.price,
        "line_total": face.price * quantity,
        "note": note,
    }


def cart(lang: str, views: Sequence[ProductView] = PRODUCTS[:2], discount: int = 0) -> dict[str, Any]:
    """The cart document with one line per product."""
    lines = [cart_line(view, lang, number, quantity=1) for number, view in enumerate(views, 1)]
    goods = sum(line["line_total"] for line in lines)
    left = max(0, FACTS.free_delivery_from - goods + discount)
    shipping = FACTS.branch_price if left and lines else 0
    return {
        "lines": lines,
        "goods": goods,
        "discount": discount,
        "shipping": shipping,
        "total": goods - discount + shipping,
        "free_shipping_left": left,
        "notices": [],
    }


ARRIVAL: Final = {
    "uk": "Отримаєте орієнтовно пт, 27 листопада – нд, 29 листопада.",
    "en": "Expect it Fri, 27 November – Sun, 29 November.",
}


def quote(document: Mapping[str, Any]) -> dict[str, int]:
    return {
        "goods": document["goods"],
        "discount": document["discount"],
        "shipping": document["shipping"],
        "payable": document["total"],
    }


def order(lang: str, status: str = "new", payment_status: str = "unpaid", can_cancel: bool = True) -> dict[str, Any]:
    """An order of two lines with a short history."""
    document = cart(lang)
    return {
        "number": "TWC23112026N01",
        "token": "s3cret-token",
        "status": status,
        "payment": "cod",
        "payment_status": payment_status,
        "lines": document["lines"],
        "gross": document["goods"],
        "discount": document["discount"],
        "shipping": document["shipping"],
        "payable": document["total"],
        "delivery": {"kind": "branch", "city": "Харків" if lang == "uk" else "Kharkiv", "branch": "12"},
        "contact": {"name": "B*** K***", "phone": "+380 ** *** ** 67", "email": None},
        "history": [
            {"status": "new", "at": datetime(2026, 11, 23, 12, 5, 30, 910353, tzinfo=UTC)},
            {"status": status, "at": datetime(2026, 11, 23, 15, 40, tzinfo=UTC)},
        ],
        "can_cancel": can_cancel,
    }


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
        {"title": articles(lang)[0]["title"], "body": body, "date": date(2026, 11, 2), "articles": articles(lang)},
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
