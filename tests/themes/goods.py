"""A small shop and catalogue with every state in it, as templates see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.searching.rules import ShopWords
from commerce_api.shop.catalog.views import (
    CategoryText,
    CategoryView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    SizeRow,
    SkuView,
    TierView,
    VariantView,
)
from tests import shop_facts

LANGUAGES: Final = ("uk", "en")


FACTS: Final = replace(
    shop_facts.FACTS,
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
