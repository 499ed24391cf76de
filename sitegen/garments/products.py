"""What the catalogue asks to be drawn: read from `product.md` and `colours.toml`.

Errors name the file, then the field, in one line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sitegen.garments.cloth import Cloth, Inks
from sitegen.garments.outlines import KINDS, Kind
from sitegen.garments.picture import FRAMES, Frame
from sitegen.garments.prints import PRINTS

Word = TypeVar("Word", bound=str)
_HEX = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_FILE = re.compile(r"[a-z0-9][a-z0-9-]*\.avif")


class BadData(Exception):
    """The catalogue asks for something that cannot be drawn."""


@dataclass(frozen=True)
class Order:
    """One picture to draw: where it belongs and what is on it."""

    file: str  # "<product>/<name>.avif"
    kind: Kind
    print_slug: str
    cloth: Cloth
    inks: Inks
    frame: Frame


def read_cloths(catalog: Path) -> dict[str, Cloth]:
    """The palette of `colours.toml`, by slug."""
    where = "colours.toml"
    cloths: dict[str, Cloth] = {}
    for entry in _parse(_read(catalog / where, where), where).get("colour", []):
        slug = _text(entry, "slug", where)
        second = entry.get("second_hex")
        cloths[slug] = Cloth(
            slug,
            _colour(entry.get("hex"), f"{where}: {slug}: hex"),
            None if second is None else _colour(second, f"{where}: {slug}: second_hex"),
        )
    return cloths


def read_orders(catalog: Path) -> list[Order]:
    """Every picture that the products of a catalogue name and that can be drawn."""
    cloths = read_cloths(catalog)
    orders: list[Order] = []
    for file in sorted(catalog.glob("*/product.md")):
        orders += _orders_of(file, cloths)
    return orders


def _orders_of(file: Path, cloths: dict[str, Cloth]) -> Iterator[Order]:
    slug = file.parent.name
    where = f"{slug}/product.md"
    facts = _parse(_front_matter(_read(file, where), where), where)
    kind = _one_of(_text(facts, "kind", where), KINDS, f"{where}: kind")
    drawing = _text(facts, "print", where)
    for colour in facts.get("colours", []):
        name = _text(colour, "slug", f"{where}: colours")
        place = f"{where}: colours: {name}"
        if name not in cloths:
            raise BadData(f"{place}: slug: not in colours.toml")
        cloth = cloths[name]
        chosen = _inks(colour.get("inks"), place)
        for picture in colour.get("pictures", []):
            path = _text(picture, "file", f"{place}: pictures")
            side = _text(picture, "side", f"{place}: pictures")
            if side == "detail":
                continue  # a detail is always a photo
            frame = _one_of(side, FRAMES, f"{place}: side")
            drawable = drawing in PRINTS and _FILE.fullmatch(path)
            if not drawable and (file.parent / path).is_file():
                continue  # somebody's photo, of a print that nobody has to draw
            _one_of(drawing, tuple(PRINTS), f"{where}: print")
            if not _FILE.fullmatch(path):
                raise BadData(f"{place}: file: {path!r} is not a plain .avif name")
            inks = chosen or cloth.inks(PRINTS[drawing].accents)
            yield Order(f"{slug}/{path}", kind, drawing, cloth, inks, frame)


def _read(file: Path, where: str) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{where}: is not UTF-8 at byte {error.start}: save it as UTF-8") from error


def _front_matter(text: str, where: str) -> str:
    lines = [line.rstrip() for line in text.split("\n")]
    if lines[0] != "+++" or "+++" not in lines[1:]:
        raise BadData(f"{where}: front matter: no TOML between two lines of +++")
    return "\n".join(lines[1 : lines.index("+++", 1)])


def _parse(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Not every refusal of tomllib is its own: a number of five thousand digits is Python's.
        raise BadData(f"{where}: TOML: {error}") from error


def _text(table: dict[str, Any], field: str, where: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value:
        raise BadData(f"{where}: {field}: missing or not a text")
    return value


def _one_of(value: str, known: tuple[Word, ...], where: str) -> Word:
    for word in known:
        if word == value:
            return word
    raise BadData(f"{where}: {value!r} is unknown; known are {', '.join(known)}")


def _colour(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise BadData(f'{where}: is not a text such as "#1c1d20"')
    if not _HEX.fullmatch(value):
        raise BadData(f"{where}: {value!r} is not a colour such as #1c1d20")
    return value.lower()


def _inks(value: object, where: str) -> Inks | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise BadData(f"{where}: inks: not two colours")
    return Inks(*(_colour(ink, f"{where}: inks") for ink in value))
