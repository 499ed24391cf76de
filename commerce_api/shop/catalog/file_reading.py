"""The text of a product.md -> a value, or problems that name file, line, field and what to do."""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce_api.foundation.kit.money import hryvnias
from commerce_api.shop.catalog import file_checks, kinds
from commerce_api.shop.catalog.file_tables import Notes, Table, hex_colour, line_index, parse_toml, unseen
from commerce_api.shop.catalog.files import (
    CATEGORY_LENGTH,
    COLOUR_LENGTH,
    FITS,
    LEAD_LENGTH,
    NAME_LENGTH,
    PRODUCT_FILE,
    SEO_DESCRIPTION_LENGTH,
    SEO_TITLE_LENGTH,
    SIDES,
    SLUG_LENGTH,
    STATUSES,
    Count,
    Known,
    Picture,
    Problem,
    ProductColour,
    ProductFile,
    Words,
    stock_key,
)

FENCE: Final = "+++"
SECTION: Final = re.compile(r"--- ([a-z]{2})( story)? ---")
PICTURE: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}\.(?:avif|jpe?g|png|webp)")

MOST_HRYVNIAS: Final = 100_000
MOST_STOCK: Final = 100_000
ALT_LENGTH: Final = 300

PRODUCT_KEYS: Final = (
    "category", "kind", "status", "publish_at", "print", "price", "discount_percent", "points", "added", "fits",
    "weight_g", "material", "care", "size_table", "renamed_from", "colours",
)  # fmt: skip
WORDS_KEYS: Final = ("name", "lead", "seo_title", "seo_description")
COLOUR_KEYS: Final = ("slug", "price", "fits", "stock", "inks", "pictures")
PICTURE_KEYS: Final = ("file", "side", "alt")


def read_product(
    slug: str, content: str, languages: Sequence[str], known: Known | None = None
) -> tuple[ProductFile | None, tuple[Problem, ...]]:
    """The product that `content`, the text of `<slug>/product.md`, tells of, None when it is broken; and all problems.

    `known` adds checks against categories, palette and picture files; without it the file is looked at alone.
    """
    file = f"{slug}/{PRODUCT_FILE}"
    plain = _plain(content)
    lines = plain.split("\n")
    if lines[0].rstrip() != FENCE or FENCE not in (line.rstrip() for line in lines[1:]):
        return None, (Problem(file, 1, "", f"should begin with facts between two lines of {FENCE}"),)
    end = next(number for number in range(1, len(lines)) if lines[number].rstrip() == FENCE)
    if found := unseen(plain, file):
        return None, tuple(found)
    front = "\n".join(lines[1:end])
    values = parse_toml(front, file, first_line=2)
    if isinstance(values, Problem):
        return None, (values,)
    notes = Notes(file, line_index(front, first_line=2))
    file_checks.check_slug(slug, notes)
    sections = _sections(lines[end + 1 :], end + 2, languages, notes)
    product = _product(slug, Table(values, notes), sections, languages)
    file_checks.check_product(product, languages[0], notes)
    if known:
        file_checks.check_around(product, known, notes)
    return (None if notes.broken else product), tuple(notes.problems)


def _plain(content: str) -> str:
    return content.removeprefix("\ufeff").replace("\r\n", "\n")


def _sections(lines: Sequence[str], first_line: int, languages: Sequence[str], notes: Notes) -> dict[str, str]:
    """Markdown by section: `uk`, `uk story`."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, line in enumerate(lines, start=first_line):
        header = SECTION.fullmatch(line.strip())
        if header:
            name = header[1] + (header[2] or "")
            if header[1] not in languages or name in found:
                why = "stands twice" if name in found else f"is in no language of the shop ({', '.join(languages)})"
                notes.problems.append(Problem(notes.file, number, line.strip(), why))
            current = found.setdefault(name, [])
        elif current is not None:
            current.append(line)
        elif line.strip():
            notes.problems.append(
                Problem(notes.file, number, "", f"text before the first section: put --- {languages[0]} --- above it")
            )
            current = []
    return {name: "\n".join(part).strip() for name, part in found.items()}


def _product(slug: str, table: Table, sections: Mapping[str, str], languages: Sequence[str]) -> ProductFile:
    table.only((*PRODUCT_KEYS, *languages))
    kind = table.choice("kind", tuple(kinds.KINDS))
    fits = table.choices("fits", FITS) or FITS[:1]
    size_table = _size_table(table)
    sizes = tuple(size for size, _ in size_table) if size_table else kinds.KINDS[kind].sizes
    return ProductFile(
        slug=slug,
        category=table.slug("category", CATEGORY_LENGTH),
        kind=kind,
        print=table.slug("print", COLOUR_LENGTH),
        price=_price(table) or _missing_price(table),
        added=table.day("added"),
        status=table.choice("status", STATUSES, "draft"),
        publish_at=table.moment("publish_at"),
        discount_percent=table.whole("discount_percent", 0, 90, "percent") or 0,
        points=table.whole("points", 0, 100_000, "points") or 0,
        fits=fits,
        weight_g=table.whole("weight_g", 1, 10_000, "grams"),
        material=_material(table),
        care=table.choices("care", kinds.CARE),
        size_table=size_table,
        words=_words(table, sections, languages),
        colours=tuple(table.each("colours", lambda colour: _colour(colour, fits, sizes, languages))),
        renamed_from=table.slug("renamed_from", SLUG_LENGTH) if "renamed_from" in table.values else None,
    )


def _price(table: Table) -> int | None:
    price = table.whole("price", 1, MOST_HRYVNIAS, "hryvnias")
    return None if price is None else hryvnias(price)


def _missing_price(table: Table) -> int:
    if "price" not in table.values:
        table.refuse("price", "hryvnias, a whole number")
    return hryvnias(1)


def _words(table: Table, sections: Mapping[str, str], languages: Sequence[str]) -> dict[str, Words]:
    words = {}
    for lang in languages:
        part = table.table(lang)
        description, story = sections.get(lang, ""), sections.get(f"{lang} story") or None
        if part is None and not description and not story:
            continue
        part = part or Table({}, table.notes, lang)
        part.only(WORDS_KEYS)
        words[lang] = Words(
            name=part.text("name", NAME_LENGTH),
            lead=part.text("lead", LEAD_LENGTH),
            seo_title=part.text("seo_title", SEO_TITLE_LENGTH),
            seo_description=part.text("seo_description", SEO_DESCRIPTION_LENGTH),
            description=description,
            story=story,
        )
        file_checks.check_letters(part, lang)
    return words


def _material(table: Table) -> tuple[tuple[str, int], ...] | None:
    part = table.table("material")
    if part is None:
        return None
    part.only(kinds.FIBRES)
    shares = {fibre: part.whole(fibre, 1, 100, "percent") or 0 for fibre in part.values}
    if sum(shares.values()) != 100:
        table.notes.add(table.at("material"), f"should add up to 100 percent, and adds up to {sum(shares.values())}")
    return kinds.by_share(shares)


def _is_cm(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value) and 1 <= value <= 300


def _size_table(table: Table) -> tuple[tuple[str, tuple[float, ...]], ...] | None:
    part = table.table("size_table")
    if part is None:
        return None
    rows: dict[str, tuple[float, ...]] = {}
    for key, value in part.values.items():
        size = kinds.read_size(key)
        if size is None or size in rows:
            part.notes.add(part.at(key), f"is no size, or stands twice; sizes are {', '.join(kinds.SIZES)}")
        elif not isinstance(value, list) or len(value) not in (2, 3) or not all(map(_is_cm, value)):
            part.refuse(key, "[length, width] or [length, width, sleeve] in centimetres")
        else:
            rows[size] = tuple(map(float, value))
    if len({len(row) for row in rows.values()}) > 1:
        table.notes.add(table.at("size_table"), "has rows of different lengths: give every size the same columns")
    if not rows:
        table.refuse("size_table", "at least one size")
        return None
    return tuple(sorted(rows.items(), key=lambda row: kinds.size_order(row[0])))


def _colour(table: Table, fits: Sequence[str], sizes: Sequence[str], languages: Sequence[str]) -> ProductColour:
    table.only(COLOUR_KEYS)
    own_fits = table.choices("fits", fits)
    return ProductColour(
        slug=table.slug("slug", COLOUR_LENGTH),
        price=_price(table),
        fits=own_fits,
        stock=_stock(table, own_fits or tuple(fits), sizes),
        inks=_inks(table),
        pictures=tuple(table.each("pictures", lambda picture: _picture(picture, languages))),
    )


def _stock(table: Table, fits: Sequence[str], sizes: Sequence[str]) -> tuple[Count, ...]:
    part = table.table("stock")
    if part is None:
        return ()
    counts: dict[tuple[int, int], Count] = {}
    for key in part.values:
        name, _, fit = key.partition(" ")
        size, fit = kinds.read_size(name), fit.strip() or fits[0]
        stock = part.whole(key, 0, MOST_STOCK, "pieces")
        if size is None or size not in sizes or fit not in fits:
            known = ", ".join(stock_key(known, fit) for fit in fits for known in sizes)
            part.notes.add(part.at(key), f"is not sold in this colour; known are {known}")
        elif (place := (FITS.index(fit), kinds.size_order(size))) in counts:
            part.notes.add(part.at(key), "stands twice")
        elif stock is not None:
            counts[place] = Count(size, fit, stock)
    return tuple(counts[place] for place in sorted(counts))


def _inks(table: Table) -> tuple[str, ...] | None:
    value = table.values.get("inks")
    if value is None:
        return None
    inks = tuple(map(hex_colour, value)) if isinstance(value, list) else ()
    if len(inks) != 2 or None in inks:
        table.refuse("inks", 'two colours such as ["#f3efe6", "#f2b705"]')
        return None
    return tuple(ink for ink in inks if ink)


def _picture(table: Table, languages: Sequence[str]) -> Picture:
    table.only(PICTURE_KEYS)
    file = table.text("file", 100, needed=True)
    if file and not PICTURE.fullmatch(file):
        table.refuse("file", "the name of a picture in this folder, such as coal-front.avif")
    return Picture(file, table.choice("side", SIDES), table.languages("alt", languages, ALT_LENGTH))
