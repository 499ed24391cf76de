"""Where the catalogue comes from: the one importer of the bridge, and a JSON file in its place.

Everything else in sitegen, the theme and their tests takes the views and the bridge's records from here.
"""

import types
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import orjson

from commerce_api import site_feed
from commerce_api.foundation import settings
from commerce_api.site_feed import (
    BuildReport,
    CatalogView,
    CategoryText,
    CategoryView,
    CityView,
    ColourView,
    ImageView,
    PageChange,
    ProductText,
    ProductView,
    RebuildRequest,
    ShopFacts,
    SizeRow,
    SkuView,
    VariantView,
)
from sitegen.config import Config
from sitegen.receipt import Receipt

__all__ = [
    "BuildReport",
    "CatalogView",
    "CategoryText",
    "CategoryView",
    "CityView",
    "ColourView",
    "ImageView",
    "PageChange",
    "ProductText",
    "ProductView",
    "RebuildRequest",
    "ShopFacts",
    "SizeRow",
    "SkuView",
    "Source",
    "VariantView",
    "encode",
    "opened",
    "read_fixture",
    "report_of",
]

T = TypeVar("T")


class Source(Protocol):
    """What the generator asks of the shop."""

    async def read_all(self) -> CatalogView: ...

    async def read_products(self, slugs: Sequence[str]) -> tuple[ProductView, ...]: ...

    async def read_stamp(self) -> str: ...

    async def pending_changes(self) -> tuple[PageChange, ...]: ...

    async def rebuild_requests(self) -> tuple[RebuildRequest, ...]: ...

    async def wait_for_changes(self, timeout: float) -> bool: ...  # noqa: ASYNC109 - the bridge's name

    async def mark_built(self, ids: Sequence[int]) -> None: ...

    async def report_build(self, report: BuildReport) -> None: ...


@dataclass(frozen=True, slots=True)
class Fixture:
    """A catalogue in a JSON file: never changes, remembers nothing."""

    path: Path

    async def read_all(self) -> CatalogView:
        return read_fixture(self.path)

    async def read_products(self, slugs: Sequence[str]) -> tuple[ProductView, ...]:
        wanted = set(slugs)
        return tuple(p for p in read_fixture(self.path).products if p.slug in wanted)

    async def read_stamp(self) -> str:
        return ""

    async def pending_changes(self) -> tuple[PageChange, ...]:
        return ()

    async def rebuild_requests(self) -> tuple[RebuildRequest, ...]:
        return ()

    async def wait_for_changes(self, timeout: float) -> bool:  # noqa: ASYNC109 - the bridge's name
        return False

    async def mark_built(self, ids: Sequence[int]) -> None:
        return None

    async def report_build(self, report: BuildReport) -> None:
        return None


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Source]:
    """The shop that `config` names, open for reading."""
    if config.fixture:
        yield Fixture(config.fixture)
        return
    async with site_feed.opened(settings.load()):
        yield cast(Source, site_feed)


def report_of(receipt: Receipt) -> BuildReport:
    """A receipt as the bridge stores it."""
    return BuildReport(**asdict(receipt))


def encode(view: object) -> bytes:
    """A view as JSON: the fixture format, and the bytes that fingerprints are taken of."""
    return orjson.dumps(view, default=dict, option=orjson.OPT_SORT_KEYS)


def read_fixture(path: Path) -> CatalogView:
    """The catalogue of a JSON file that `encode` wrote.

    Raises FileNotFoundError, and KeyError for a field that is missing and has no usual value.
    """
    return cast(CatalogView, _decode(CatalogView, orjson.loads(path.read_bytes())))


def _decode(kind: Any, value: Any) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        given = [f.name for f in fields(kind) if f.name in value or f.default is MISSING]
        return kind(**{name: _decode(hints[name], value[name]) for name in given})
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _decode(args[0], value)
    if origin is tuple:
        repeated = len(args) == 2 and args[1] is Ellipsis
        return tuple(_decode(args[0] if repeated else args[i], v) for i, v in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        return {key: _decode(args[1], item) for key, item in value.items()}
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return value
