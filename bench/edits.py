"""One price edit after another while the watcher runs: from the commit to the last of its pages in place."""

import asyncio
import gzip
import json
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from bench import measure
from bench.catalogue import LANG
from bench.places import Place, python
from commerce_api.foundation.db import setup
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import urls
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.settings import ROOT
from commerce_api.shop.catalog import service
from commerce_api.shop.catalog.views import ProductView
from sitegen.page import file_of

LINE: Final = 64 * 2**20
"""Bytes a receipt may have: that of a full build names every page."""
START: Final = 600.0
PATIENCE: Final = 60.0
REST: Final = 0.1
"""Seconds between an answer and the next edit: the watcher tidies up after it has published."""
FIRST_PRICE: Final = 77_700
STEP: Final = 100


class NotPublished(Exception):
    """The watcher said that it was done, and a page does not show the new price."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Seconds of each edit from its commit to its pages, files written by each, memory of the watcher in bytes."""

    seconds: tuple[float, ...]
    building: tuple[float, ...]
    files: tuple[int, ...]
    start: float
    memory: int


@asynccontextmanager
async def _watcher(place: Place) -> AsyncIterator[Process]:
    command = python("sitegen", "watch", "--json")
    with (place.root / "watcher.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=dict(place.environment), stdout=PIPE, stderr=log, limit=LINE
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _receipt(process: Process, patience: float) -> dict[str, Any]:
    if process.stdout is None:
        raise RuntimeError("the watcher has no output to read")
    line = await asyncio.wait_for(process.stdout.readline(), patience)
    if not line:
        raise NotPublished(f"the watcher ended with {await process.wait()}")
    receipt: dict[str, Any] = json.loads(line)
    if receipt["errors"]:
        raise NotPublished(str(receipt["errors"]))
    return receipt


def _check(place: Place, product: ProductView, price: int, files: Sequence[str]) -> None:
    """All four pages of the product and its list show the price, in the file and in its twin."""
    current = place.root / "build" / "current"
    paths = [urls.product(product.slug, LANG)]
    paths += [urls.product(product.slug, LANG, variant.colour.slug) for variant in product.variants]
    for file in map(file_of, paths):
        _check_page(current / file, price)
        if file not in files:
            raise NotPublished(f"{file} is not on the receipt")
    if not any(file.startswith("catalog/") for file in files):
        raise NotPublished(f"no list of {product.slug} is on the receipt")


def _check_page(path: Path, price: int) -> None:
    page = path.read_bytes()
    if format_amount(price).encode() not in page:
        raise NotPublished(f"{path} does not show {price}")
    if gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) != page:
        raise NotPublished(f"{path}.gz is not the page")


async def edit_prices(place: Place, products: Sequence[ProductView], count: int) -> Edits:
    """Change the price of `count` products spread over the catalogue. The site must be built.

    Raises NotPublished when what was published is not what was asked.
    """
    seconds: list[float] = []
    building: list[float] = []
    files: list[int] = []
    async with setup.opened(place.settings):
        begun = perf_counter()
        async with _watcher(place) as process:
            await _receipt(process, START)
            # The receipt comes before the watcher is ready: the first edit is for warming up and is not counted.
            for number in range(count + 1):
                product = products[number * (len(products) // (count + 1))]
                price = FIRST_PRICE + number * STEP
                await transact(partial(service.change_price, product.slug, price, 0))
                committed = perf_counter()
                receipt = await _receipt(process, START if number == 0 else PATIENCE)
                if number == 0:
                    start = perf_counter() - begun
                else:
                    seconds.append(perf_counter() - committed)
                    building.append(receipt["milliseconds"] / 1000)
                    files.append(len(receipt["pages"]))
                _check(place, product, price, receipt["pages"])
                await asyncio.sleep(REST)
            pss, _ = measure.memory_of(process.pid)
    return Edits(tuple(seconds), tuple(building), tuple(files), start, pss)
