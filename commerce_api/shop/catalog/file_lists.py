"""The text of categories.toml and colours.toml -> values; an entry that is broken stops no other."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from commerce_api.shop.catalog import kinds
from commerce_api.shop.catalog.file_tables import Notes, Table, line_index, parse_toml
from commerce_api.shop.catalog.files import (
    CATEGORIES_FILE,
    CATEGORY_LENGTH,
    COLOUR_LENGTH,
    COLOURS_FILE,
    LEAD_LENGTH,
    SEO_DESCRIPTION_LENGTH,
    SEO_TITLE_LENGTH,
    CategoryEntry,
    CategoryWords,
    ColourEntry,
    Problem,
)

Entry = TypeVar("Entry", bound=CategoryEntry | ColourEntry)
Reader = Callable[[str, Sequence[str]], tuple[tuple[Entry, ...], tuple[Problem, ...]]]
"""Text and languages -> the entries that can be used, and the problems of the others."""

CATEGORY_NAME_LENGTH: Final = 80


def read_categories(content: str, languages: Sequence[str]) -> tuple[tuple[CategoryEntry, ...], tuple[Problem, ...]]:
    """The categories that can be used, in order, and the problems of the others."""
    return _entries(CATEGORIES_FILE, content, "category", lambda table: _category(table, languages))


def read_colours(content: str, languages: Sequence[str]) -> tuple[tuple[ColourEntry, ...], tuple[Problem, ...]]:
    """The colours that can be used, in order, and the problems of the others."""
    return _entries(COLOURS_FILE, content, "colour", lambda table: _colour(table, languages))


def _entries(
    file: str, content: str, key: str, read: Callable[[Table], Entry]
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    content = content.removeprefix("\ufeff").replace("\r\n", "\n")
    values = parse_toml(content, file)
    if isinstance(values, Problem):
        return (), (values,)
    lines = line_index(content)
    notes = Notes(file, lines)
    root = Table(values, notes)
    root.only((key,))
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    for place in root.tables(key):
        # Notes of its own, so that one broken entry does not spoil the others.
        own = Notes(file, lines)
        entry = read(Table(place.values, own, place.path))
        if entry.slug in found:
            own.add(f"{place.path}.slug", f"{entry.slug} stands twice")
        if not own.broken:
            found[entry.slug] = entry
        problems += own.problems
    return tuple(found.values()), (*notes.problems, *problems)


def _category(table: Table, languages: Sequence[str]) -> CategoryEntry:
    table.only(("slug", "kind", *languages))
    words = {}
    for lang in languages:
        part = table.table(lang)
        if part is not None:
            part.only(("name", "lead", "seo_title", "seo_description"))
            words[lang] = CategoryWords(
                name=part.text("name", CATEGORY_NAME_LENGTH, needed=True),
                lead=part.text("lead", LEAD_LENGTH, needed=True),
                seo_title=part.text("seo_title", SEO_TITLE_LENGTH),
                seo_description=part.text("seo_description", SEO_DESCRIPTION_LENGTH),
            )
    if languages[0] not in words:
        table.refuse(languages[0], f"a table with name and lead in {languages[0]}")
    return CategoryEntry(table.slug("slug", CATEGORY_LENGTH), table.choice("kind", tuple(kinds.KINDS)), words)


def _colour(table: Table, languages: Sequence[str]) -> ColourEntry:
    table.only(("slug", "hex", "second_hex", *languages))
    names = {lang: name for lang in languages if (name := table.text(lang, COLOUR_LENGTH))}
    if languages[0] not in names:
        table.refuse(languages[0], f"the colour's name in {languages[0]}")
    main = table.colour("hex")
    if "hex" not in table.values:
        table.refuse("hex", 'a colour such as "#1c1d20"')
    return ColourEntry(table.slug("slug", COLOUR_LENGTH), main or "", table.colour("second_hex"), names)
