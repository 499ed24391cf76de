"""The one Jinja environment that static pages, sidecar pages and mails share.

Templates see finished views, the texts of `themes/twocomms/texts/<lang>.toml` through `t`, the paths of `kit.urls`
through `urls`, and hashed asset addresses through `asset`. A name that is missing anywhere is an error, never an empty
space on a page.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.dates import format_date
from babel.plural import PluralRule
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from commerce_api.foundation.kit import money, toml_files, urls
from commerce_api.foundation.kit.clock import KYIV
from commerce_api.foundation.kit.shelf_filters import FILTERS
from commerce_api.foundation.kit.typesetting import unbroken

THEME = Path(__file__).resolve().parents[2] / "themes" / "twocomms"
PLURAL_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
"""Names of plural forms in CLDR, in its order: a table of nothing else is one text in its forms."""
WHOLE_NUMBERS = range(200)
"""Among them every language shows all forms that a whole number of a shop can take."""


class ThemeIncomplete(Exception):
    """A text or an asset that a template asks for does not exist."""


@dataclass(frozen=True, slots=True)
class PageMeta:
    """What the layout says about a page: `kind` picks its stylesheet and script, `path` its canonical address.

    `alternates` maps each language the page exists in to its path; `robots` is set only to keep a page out of
    indexes; `image` is the absolute or site path of the sharing picture, 1200 x 630, and `image_alt` its words;
    `markdown` is the path of the same words for programs.
    """

    kind: str
    lang: str
    title: str
    description: str
    path: str
    alternates: Mapping[str, str]
    robots: str | None = None
    image: str | None = None
    image_alt: str | None = None
    markdown: str | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one language, by dotted key; plural texts are tables of CLDR categories."""

    lang: str
    entries: Mapping[str, str | Mapping[str, str]]

    def __call__(self, key: str, /, n: int | None = None, **values: object) -> str:
        """The text of `key` with `{name}` places filled; `n=` chooses the plural form.

        Raises ThemeIncomplete for a key or plural form that this language lacks.
        """
        entry = self.entries.get(key)
        if isinstance(entry, Mapping):
            entry = entry.get(plural_form(self.lang, n or 0))
        if entry is None:
            raise ThemeIncomplete(f"no text {key!r} in {self.lang}")
        if n is not None:
            values["n"] = n
        return entry.format(**values) if values else entry


@lru_cache(maxsize=8)
def _plural_rule(lang: str) -> PluralRule:
    return Locale.parse(lang).plural_form


@lru_cache(maxsize=4096)
def plural_form(lang: str, n: int) -> str:
    """The CLDR name of the form that a noun takes beside `n`: `one` for 21 in Ukrainian, `other` in English."""
    form: str = _plural_rule(lang)(n)
    return form


@lru_cache(maxsize=8)
def whole_forms(lang: str) -> tuple[str, ...]:
    """The forms that nouns take beside whole numbers, in the order of CLDR: one, few, many in Ukrainian."""
    taken = {plural_form(lang, n) for n in WHOLE_NUMBERS}
    return tuple(form for form in PLURAL_CATEGORIES if form in taken)


def flattened(table: Mapping[str, Any], prefix: str = "") -> dict[str, str | Mapping[str, str]]:
    """The texts of a TOML table by dotted key; a table of plural forms alone stays one text."""
    flat: dict[str, str | Mapping[str, str]] = {}
    for key, value in table.items():
        if isinstance(value, dict) and not ("other" in value and value.keys() <= set(PLURAL_CATEGORIES)):
            flat |= flattened(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


@lru_cache(maxsize=8)
def texts(lang: str, theme: Path = THEME) -> Texts:
    """The texts of a language, read once a process: `texts/<lang>.toml` and those of other readers, `*.<lang>.toml`.

    Raises ThemeIncomplete when the theme does not speak it.
    """
    folder = theme / "texts"
    if not (folder / f"{lang}.toml").is_file():
        raise ThemeIncomplete(f"no texts for language {lang!r}: {lang}.toml is missing")
    entries: dict[str, str | Mapping[str, str]] = {}
    for path in (folder / f"{lang}.toml", *sorted(folder.glob(f"*.{lang}.toml"))):
        try:
            entries |= flattened(toml_files.read(path))
        except toml_files.BadToml as error:
            raise ThemeIncomplete(str(error)) from error
    return Texts(lang, entries)


def read_assets(manifest: Path) -> dict[str, str]:
    """Logical asset name (`css/product.css`) to hashed address, and address of a script or style to its digest."""
    loaded: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return loaded


def kyiv_day(moment: date | datetime, lang: str) -> str:
    """A day as people write it, in Kyiv time: `23 листопада 2026`."""
    day = moment.astimezone(KYIV).date() if isinstance(moment, datetime) else moment
    return format_date(day, format="d MMMM y", locale=lang)


def weekday(day: date, lang: str) -> str:
    """A day that is near, with its day of the week: `вт, 24 листопада`; number and month stay on one line."""
    return format_date(day, format="EEE, d\u00a0MMMM", locale=lang)


def kyiv_moment(moment: datetime, lang: str) -> str:
    """A moment in Kyiv time: `23 листопада 2026, 14:05`."""
    return f"{kyiv_day(moment, lang)}, {moment.astimezone(KYIV):%H:%M}"


def _integrity(digest: str) -> Markup:
    """The attribute of a script or stylesheet; nothing where the build knows no digest."""
    return Markup(' integrity="{}"').format(digest) if digest else Markup()


def _no_assets() -> Mapping[str, str]:
    return {}


def environment(
    asset: Callable[[str], str],
    theme: Path = THEME,
    bytecode: Path | None = None,
    manifest: Callable[[], Mapping[str, str]] = _no_assets,
) -> Environment:
    """A Jinja environment over the theme.

    `asset` turns a logical name into an address; `bytecode` is a folder where compiled templates are kept between
    builds; `manifest` gives the asset manifest of the moment, whose digests pages state as `integrity`. Undefined names
    raise; HTML is escaped everywhere.
    """
    env = Environment(
        loader=FileSystemLoader(theme / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        bytecode_cache=FileSystemBytecodeCache(str(bytecode)) if bytecode else None,
    )
    env.filters["money"] = money.format_amount
    env.filters["day"] = kyiv_day
    env.filters["moment"] = kyiv_moment
    env.filters["weekday"] = weekday
    env.filters["unbroken"] = unbroken
    env.filters.update(FILTERS)
    env.globals["urls"] = urls
    env.globals["asset"] = asset
    env.globals["integrity"] = lambda address: _integrity(manifest().get(address, ""))
    env.globals["texts"] = texts
    env.globals["Markup"] = Markup
    return env
