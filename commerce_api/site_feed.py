"""The bridge: what the static site may know of the shop, and what it tells back.

    async with opened(settings):
        catalog = await read_all()
        while await wait_for_changes(60.0):
            changes = await pending_changes()
            ...
            await report_build(BuildReport(...))
            await mark_built([change.id for change in changes])

No object of the database passes: views are frozen and carry finished prices. Changes are pulled; the shop never calls
the site. Change rows are marked, not counted past, so that one committed during a build is never swallowed.
"""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from commerce_api.foundation.db import setup
from commerce_api.foundation.publishing import service as publishing
from commerce_api.foundation.publishing.service import BuildReport
from commerce_api.foundation.publishing.stamp import stamp_of
from commerce_api.foundation.settings import Settings
from commerce_api.shop.catalog import feed, waking
from commerce_api.shop.catalog.views import (
    CatalogView,
    CategoryText,
    CategoryView,
    CityView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    ShopFacts,
    SizeRow,
    SkuView,
    VariantView,
)
from commerce_api.shop.shipping.top_cities import top_cities

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
    "VariantView",
    "mark_built",
    "opened",
    "pending_changes",
    "read_all",
    "read_products",
    "read_stamp",
    "rebuild_requests",
    "report_build",
    "wait_for_changes",
]

PageChange = publishing.StaleKey
"""A page key (page_keys.py) that waits to be built, with the row's id and the reason."""


@dataclass(frozen=True, slots=True)
class RebuildRequest:
    """A rebuild that somebody asked for: `scope` is `all`, `keys` or `product`; `keys` are page keys, empty for all."""

    id: int
    scope: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Bridge:
    settings: Settings
    ear: waking.Ear


class _Open:
    bridge: _Bridge | None = None


def _bridge() -> _Bridge:
    if _Open.bridge is None:
        raise RuntimeError("the bridge is closed: use it inside `async with site_feed.opened(settings)`")
    return _Open.bridge


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """The shop's database, open for this process, and an ear for its changes.

    Raises foundation.db.setup.DatabaseUnavailable, which says what to do.
    """
    async with setup.opened(settings):
        ear = waking.ear(settings)
        _Open.bridge = _Bridge(settings, ear)
        try:
            yield
        finally:
            _Open.bridge = None
            await ear.close()


async def read_all() -> CatalogView:
    """Everything that static pages show."""
    own = _bridge().settings
    return replace(await feed.read_catalog(own.shop), cities=await top_cities(own.secret_key))


async def read_stamp() -> str:
    """Another text whenever `read_all` may answer differently: after a noted change, and with other settings.

    Read it before the catalogue; a change in between then only costs reading all once more.
    """
    return stamp_of(*await publishing.changes_noted(), _bridge().settings)


async def read_products(slugs: Sequence[str]) -> tuple[ProductView, ...]:
    """The products of `slugs` that are published, newest first; one that is missing here has no page."""
    return await feed.read_products(slugs, _bridge().settings.shop.languages)


async def pending_changes() -> tuple[PageChange, ...]:
    """Changes that no build has taken up, oldest first; one key may stand several times."""
    return await publishing.stale_keys()


async def rebuild_requests() -> tuple[RebuildRequest, ...]:
    """Rebuilds asked for and not yet made, oldest first. `report_build` with their ids answers them."""
    rows = await publishing.queued_requests()
    return tuple(RebuildRequest(row.id, row.scope, tuple(row.keys)) for row in rows)


async def wait_for_changes(timeout: float) -> bool:  # noqa: ASYNC109 - the name that sitegen's Source gives it
    """True as soon as changes or rebuild requests wait (at once when they already do), False after `timeout` seconds.

    What stays unmarked after a failed build still waits: the caller pauses by itself before it tries again.
    """
    ear = _bridge().ear
    deadline = time.monotonic() + timeout
    while not await _something_waits():
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        await ear.sleep(min(left, waking.PATROL))
    return True


async def _something_waits() -> bool:
    return bool(await publishing.stale_keys(limit=1) or await publishing.queued_requests())


async def mark_built(ids: Sequence[int]) -> None:
    """The build that took these changes up is published."""
    await publishing.mark_built(ids)


async def report_build(report: BuildReport) -> None:
    """Keep a receipt of a build and answer the requests that caused it."""
    await publishing.keep_report(report)
