"""What a model may be asked to write of the shelves, and the facts it may know for it: never a price, never a count.

A text has a place to stand only where a person gave the thing a name, so languages without one are left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from commerce_api.shop.catalog import kinds, models
from commerce_api.shop.catalog.authorship import CATEGORY_COLUMNS, PRODUCT_COLUMNS, by_people, open_alt, open_to_model
from commerce_api.shop.catalog.statuses import ProductStatus

ALT: Final = "alts"
"""What is written of a colour: one description a picture, in the order of the pictures."""


@dataclass(frozen=True, slots=True)
class Unwritten:
    """One language of a product, a colour or a category, and the names of its texts that a model may write.

    `slug` is its address (`kolos-tee`, `kolos-tee/coal`, `t-shirts`), `facts` are plain values, `group` is where texts
    that should not resemble it stand. `consent` is false where people keep the writing to themselves.
    """

    subject: str
    id: int
    slug: str
    lang: str
    wanted: tuple[str, ...]
    facts: Mapping[str, object]
    group: str
    consent: bool = True
    people: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What several subjects ask: the names of categories by id and language, and the colours of a product."""

    categories: Mapping[int, Mapping[str, str]]
    colours: Mapping[int, Sequence[tuple[int, str, Mapping[str, str]]]]


async def products(languages: Sequence[str], slugs: Iterable[str] | None = None) -> list[Unwritten]:
    """Every language of every product that is not archived, by slug; `slugs` limits them. Four statements."""
    rows = await _rows(slugs)
    shelf = await _shelf([row["id"] for row in rows])
    texts = await _texts([row["id"] for row in rows])
    return [
        _product(row, text, shelf)
        for row in rows
        for lang in languages
        if (text := texts[row["id"]].get(lang)) is not None and text["name"]
    ]


async def colours(languages: Sequence[str], slugs: Iterable[str] | None = None) -> list[Unwritten]:
    """Every language of every colour of those products whose pictures are not all described by people."""
    rows = await _rows(slugs)
    ids = [row["id"] for row in rows]
    shelf, texts = await _shelf(ids), await _texts(ids)
    pictures: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for picture in (
        await models.ProductImage.filter(variant__active=True, variant__product_id__in=ids)
        .order_by("position")
        .values("variant_id", "side", "alt", "alt_by_model")
    ):
        pictures[picture["variant_id"]].append(picture)
    found = []
    for row in rows:
        for variant_id, colour, names in shelf.colours.get(row["id"], ()):
            for lang in languages:
                text = texts[row["id"]].get(lang)
                open_ = [one for one in pictures[variant_id] if open_alt(one["alt"], one["alt_by_model"], lang)]
                if text is None or not text["name"] or not open_:
                    continue
                facts = {
                    **_garment(row, shelf, lang),
                    "name": text["name"],
                    "colour": names.get(lang, colour),
                    "pictures": [one["side"] for one in open_],
                    **({"about": text["lead"]} if "lead" not in (text["by_model"] or ()) and text["lead"] else {}),
                }
                found.append(
                    Unwritten(
                        "variant", variant_id, f"{row['slug']}/{colour}", lang, (ALT,), facts, row["slug"],
                        row["ai_texts"],
                    )
                )  # fmt: skip
    return found


async def categories(languages: Sequence[str]) -> list[Unwritten]:
    """Every language of every category, in their order."""
    found = []
    for row in (
        await models.CategoryText.filter(lang__in=list(languages))
        .order_by("category__position", "lang")
        .values("lang", "name", "by_model", *CATEGORY_COLUMNS.values(), id="category_id", slug="category__slug",
                kind="category__kind")
    ):  # fmt: skip
        values = {name: row[column] for name, column in CATEGORY_COLUMNS.items()}
        kind = kinds.KINDS[row["kind"].value]
        people = by_people(values, row["by_model"])
        facts: dict[str, object] = {
            "name": row["name"],
            "garment": row["kind"].value,
            "fibres": [fibre for fibre, _ in kind.material],
            "sizes": list(kind.sizes),
        }
        found.append(
            Unwritten(
                "category", row["id"], row["slug"], row["lang"], open_to_model(values, row["by_model"]), facts,
                "categories", people=people,
            )
        )  # fmt: skip
    return found


async def _rows(slugs: Iterable[str] | None) -> list[dict[str, Any]]:
    named: dict[str, Any] = {} if slugs is None else {"slug__in": list(slugs)}
    return (
        await models.Product.filter(**named)
        .exclude(status=ProductStatus.ARCHIVED)
        .order_by("slug")
        .values(
            "id", "slug", "category_id", "kind", "print", "fits", "material", "care", "size_table", "ai_texts",
            category="category__slug",
        )
    )  # fmt: skip


async def _texts(ids: Sequence[int]) -> Mapping[int, dict[str, dict[str, Any]]]:
    texts: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for text in await models.ProductText.filter(product_id__in=ids).values(
        "product_id", "lang", "name", "by_model", *PRODUCT_COLUMNS.values()
    ):
        texts[text["product_id"]][text["lang"]] = text
    return texts


async def _shelf(ids: Sequence[int]) -> _Shelf:
    categories: dict[int, dict[str, str]] = defaultdict(dict)
    for id_, lang, name in await models.CategoryText.all().values_list("category_id", "lang", "name"):
        categories[id_][lang] = name
    colours: dict[int, list[tuple[int, str, Mapping[str, str]]]] = defaultdict(list)
    for product_id, *colour in (
        await models.ColorVariant.filter(product_id__in=ids, active=True)
        .order_by("position")
        .values_list("product_id", "id", "colour__slug", "colour__names")
    ):
        colours[product_id].append((colour[0], colour[1], colour[2]))
    return _Shelf(categories, colours)


def _garment(row: Mapping[str, Any], shelf: _Shelf, lang: str) -> dict[str, object]:
    names = shelf.categories.get(row["category_id"], {})
    return {"garment": row["kind"].value, "category": names.get(lang, row["category"]), "drawing": row["print"]}


def _product(row: Mapping[str, Any], text: Mapping[str, Any], shelf: _Shelf) -> Unwritten:
    lang = text["lang"]
    kind = kinds.KINDS[row["kind"].value]
    material = kinds.by_share(row["material"]) if row["material"] else kind.material
    table = kinds.in_size_order(row["size_table"]) if row["size_table"] else kind.size_table
    values = {name: text[column] for name, column in PRODUCT_COLUMNS.items()}
    facts: dict[str, object] = {
        **_garment(row, shelf, lang),
        "name": text["name"],
        "colours": [names.get(lang, slug) for _, slug, names in shelf.colours.get(row["id"], ())],
        "fits": list(row["fits"]),
        "sizes": [size.size for size in table],
        "fibres": [fibre for fibre, _ in material],
        "care": list(row["care"] or kind.care),
    }
    if not row["material"] and kind.jersey:
        facts["cloth_g_per_m2"] = kind.jersey
    return Unwritten(
        "product", row["id"], row["slug"], lang, open_to_model(values, text["by_model"]), facts, row["category"],
        row["ai_texts"], by_people(values, text["by_model"]),
    )  # fmt: skip


async def beside(category: str, lang: str, product_id: int, limit: int) -> list[str]:
    """Descriptions and stories of the newest other products of a category, Markdown; at most `limit`."""
    rows = (
        await models.ProductText.filter(lang=lang, product__category__slug=category)
        .exclude(product_id=product_id)
        .order_by("-product_id")
        .limit(limit)
        .values_list("description_md", "story_md")
    )
    return [f"{description}\n{story or ''}".strip() for description, story in rows]
