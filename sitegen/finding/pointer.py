"""The one file of a language whose name never changes: where all other search data lies now, and what slugs mean."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import orjson

from sitegen.finding import cards, facets, terms
from sitegen.finding.order import products_in_order
from sitegen.finding.parts import FOLDER, Part
from sitegen.page import Document
from sitegen.snapshot import Snapshot

VERSION: Final = 1
POINTER: Final = "where"
"""The group of the pointer itself. Late groups are made in the order of their names, so it comes after the parts."""

PARTS: Final[Mapping[str, Callable[[Snapshot, str], Part]]] = {
    "cards": cards.part,
    "facets": facets.part,
    "search": terms.part,
}
"""Every part by its name in the pointer; a new one needs a line here and nothing else."""


def keys(shop: Snapshot) -> list[str]:
    """The groups of search data: one for each part and one for the pointer, in each language."""
    return [f"finding:{lang}:{name}" for lang in shop.languages for name in _groups(shop, lang)]


def _groups(shop: Snapshot, lang: str) -> list[str]:
    """A group for each part, but for each file of facets: one takes long enough to keep a price waiting."""
    facets_of = [f"facets:{name}" for name in facets.names(shop, lang)]
    return [*facets_of, *(name for name in PARTS if name != "facets"), POINTER]


def finding(shop: Snapshot, rest: str) -> Iterator[Document]:
    """The files of one group: `<lang>:<part>`, or one file of facets, `<lang>:facets:<category>`.

    Raises KeyError for a part that does not exist.
    """
    lang, _, name = rest.partition(":")
    name, _, category = name.partition(":")
    if name == POINTER:
        yield Document(f"finding:{rest}", f"{FOLDER}/find-{lang}.json", orjson.dumps(pointer(shop, lang)).decode())
    elif name == "facets":
        if category in facets.names(shop, lang):
            yield facets.facets(shop, lang, category)
    else:
        yield from PARTS[name](shop, lang).documents


def pointer(shop: Snapshot, lang: str) -> dict[str, Any]:
    """What `/data/find-<lang>.json` says."""
    return {
        "version": VERSION,
        "total": len(products_in_order(shop, lang)),
        "shard": cards.SHARD,
        "categories": {view.slug: view.texts[lang].name for view in shop.categories(lang)},
        "colours": {
            colour.slug: [colour.names[lang], *filter(None, (colour.hex, colour.second_hex))]
            for colour in shop.colours
            if lang in colour.names
        },
        **{name: part(shop, lang).addresses for name, part in PARTS.items()},
    }
