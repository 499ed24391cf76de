"""Values of the catalogue -> the text of its files, always the same text for the same value.

`write_product` writes a file anew; `amended` changes single facts of an existing text and keeps everything else of it,
comments included.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from commerce_api.foundation.kit.money import KOPIYKY
from commerce_api.shop.catalog.files import (
    CategoryEntry,
    ColourEntry,
    Picture,
    ProductColour,
    ProductFile,
    Words,
    stock_key,
)

FENCE: Final = "+++"
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}

FACTS: Final = (
    "category", "kind", "status", "publish_at", "print", "price", "discount_percent", "points", "added", "fits",
    "weight_g", "material", "care", "size_table", "renamed_from",
)  # fmt: skip
"""Facts of a product in the order they are written."""


def _text(value: str) -> str:
    escaped = (
        _ESCAPES.get(letter) or (f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter)
        for letter in value
    )
    return f'"{"".join(escaped)}"'


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _inline(pairs: Iterable[tuple[str, str]]) -> str:
    return f"{{ {', '.join(f'{_key(name)} = {value}' for name, value in pairs)} }}"


def _hryvnias(kopiyky: int) -> str:
    return str(kopiyky // KOPIYKY)


def _moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def facts(product: ProductFile) -> dict[str, str]:
    """What stands above the texts: only facts that differ from what their absence would say, in order."""
    written = {
        "category": _text(product.category),
        "kind": _text(product.kind),
        "status": _text(product.status),
        "publish_at": _moment(product.publish_at) if product.publish_at else "",
        "print": _text(product.print),
        "price": _hryvnias(product.price),
        "discount_percent": str(product.discount_percent) if product.discount_percent else "",
        "points": str(product.points) if product.points else "",
        "added": product.added.isoformat(),
        "fits": _list(product.fits),
        "weight_g": str(product.weight_g) if product.weight_g is not None else "",
        "material": _inline((fibre, str(share)) for fibre, share in product.material) if product.material else "",
        "care": _list(product.care) if product.care else "",
        "size_table": _size_table(product),
        "renamed_from": _text(product.renamed_from) if product.renamed_from else "",
    }
    return {name: value for name, value in written.items() if value}


def _size_table(product: ProductFile) -> str:
    if not product.size_table:
        return ""
    return _inline((size, f"[{', '.join(map(_number, cm))}]") for size, cm in product.size_table)


def write_product(product: ProductFile, languages: Sequence[str]) -> str:
    """The text of a product.md. Prices must be whole hryvnias."""
    lines = [FENCE, *_assigned(facts(product))]
    for lang in languages:
        if lang in product.words:
            lines += _words(lang, product.words[lang])
    for colour in product.colours:
        lines += _colour(colour, languages)
    lines += ["", FENCE]
    for lang in languages:
        words = product.words.get(lang, Words())
        for title, text in ((lang, words.description), (f"{lang} story", words.story)):
            if text:
                lines += ["", f"--- {title} ---", "", text]
    return "\n".join(lines) + "\n"


def _assigned(values: Mapping[str, str]) -> list[str]:
    return [f"{name} = {value}" for name, value in values.items()]


def _words(lang: str, words: Words) -> list[str]:
    values = {
        "name": words.name,
        "lead": words.lead,
        "seo_title": words.seo_title,
        "seo_description": words.seo_description,
    }
    return ["", f"[{lang}]", *_assigned({name: _text(value) for name, value in values.items() if value})]


def _colour(colour: ProductColour, languages: Sequence[str]) -> list[str]:
    lines = ["", "[[colours]]", f"slug = {_text(colour.slug)}"]
    if colour.price is not None:
        lines.append(f"price = {_hryvnias(colour.price)}")
    if colour.fits:
        lines.append(f"fits = {_list(colour.fits)}")
    if colour.stock:
        counts = ((stock_key(count.size, count.fit), str(count.stock)) for count in colour.stock)
        lines.append(f"stock = {_inline(counts)}")
    if colour.inks:
        lines.append(f"inks = {_list(colour.inks)}")
    for picture in colour.pictures:
        lines += _picture(picture, languages)
    return lines


def _picture(picture: Picture, languages: Sequence[str]) -> list[str]:
    lines = ["", "[[colours.pictures]]", f"file = {_text(picture.file)}", f"side = {_text(picture.side)}"]
    if picture.alt:
        lines.append(f"alt = {_inline((lang, _text(picture.alt[lang])) for lang in languages if lang in picture.alt)}")
    return lines


def amended(content: str, old: ProductFile, new: ProductFile) -> str:
    """`content`, the text that says `old`, with the facts that differ in `new` changed line by line.

    Only facts above the texts are looked at; the caller reads the answer back and writes anew when it says too little.
    """
    before, after = facts(old), facts(new)
    lines = content.split("\n")
    start = next((i for i, line in enumerate(lines) if line.startswith("[")), len(lines))
    for name in FACTS:
        if before.get(name) != after.get(name):
            lines, start = _with_fact(lines, start, name, after.get(name), after)
    return "\n".join(lines)


def _with_fact(
    lines: list[str], start: int, name: str, value: str | None, facts_: Mapping[str, str]
) -> tuple[list[str], int]:
    """The lines with one fact set, added after the fact that comes before it, or taken out."""
    at = {match[1]: i for i in range(start) if (match := re.match(r"([a-z_]+)\s*=", lines[i]))}
    if name in at:
        comment = re.search(r"(\s+#[^\"']*)?$", lines[at[name]])
        kept = [] if value is None else [f"{name} = {value}{comment[1] or '' if comment else ''}"]
        return lines[: at[name]] + kept + lines[at[name] + 1 :], start - 1 + len(kept)
    if value is None:
        return lines, start
    earlier = [at[other] for other in FACTS[: FACTS.index(name)] if other in at]
    place = max(earlier, default=0) + 1
    return [*lines[:place], f"{name} = {value}", *lines[place:]], start + 1


def write_categories(categories: Sequence[CategoryEntry], languages: Sequence[str]) -> str:
    """The text of categories.toml."""
    parts = []
    for category in categories:
        lines = ["[[category]]", f"slug = {_text(category.slug)}", f"kind = {_text(category.kind)}"]
        for lang in languages:
            if lang in category.words:
                words = category.words[lang]
                lines += _words(
                    f"category.{lang}", Words(words.name, words.lead, words.seo_title, words.seo_description)
                )
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def write_colours(colours: Sequence[ColourEntry], languages: Sequence[str]) -> str:
    """The text of colours.toml."""
    parts = []
    for colour in colours:
        values = {"slug": colour.slug, "hex": colour.hex, "second_hex": colour.second_hex or ""}
        values |= {lang: colour.names[lang] for lang in languages if lang in colour.names}
        parts.append(
            "\n".join(["[[colour]]", *_assigned({name: _text(value) for name, value in values.items() if value})])
        )
    return "\n\n".join(parts) + "\n"
