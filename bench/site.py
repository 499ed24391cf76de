"""The site build against Hugo, one price change, nothing changed.

python -m bench.site [--quick] [--products N ...] [--no-store]
"""

import asyncio
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bench import catalogue, command, edits, hugo, measure, report, same_pages, shelves
from bench.figures import Figure, Results
from bench.measure import Usage
from bench.places import MEMORY, Place, folder, python, sqlite_place
from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.settings import ROOT
from commerce_api.shop.catalog.views import CatalogView
from sitegen import card_files
from sitegen.plugin import warm
from sitegen.snapshot import Snapshot

SIZES: Final = (1_000, 10_000)
QUICK: Final = (12,)
EDITS: Final = 30
RUNS: Final = 3
REPEATED_UP_TO: Final = 1_000
"""Catalogues up to this size are built several times and the median counts, larger ones once."""
COMPARED: Final = 2_000
"""Pages that are read and compared of both builds."""
MB: Final = 2**20


@dataclass(frozen=True, slots=True)
class Builds:
    """One size in one place: ours without and with compressed twins, and Hugo's."""

    plain: Usage
    complete: Usage
    hugo: Usage
    comparison: same_pages.Comparison
    our_bytes: int
    hugo_bytes: int


async def _fill(place: Place, view: CatalogView) -> None:
    await migrate.migrate(place.settings)
    async with setup.opened(place.settings):
        await shelves.fill(view)


def prepare(place: Place, view: CatalogView) -> None:
    """A shop with the catalogue in its database, and the same as a Hugo site beside it."""
    asyncio.run(_fill(place, view))
    place.write_content()
    catalogue.put_pictures(place.config.images)
    shop, renderer, _ = warm(place.config, view)
    put_cards(place, shop)
    hugo.write_site(place.root / "hugo", shop, renderer)


def put_cards(place: Place, shop: Snapshot) -> None:
    """Lay the sharing cards of all products where the build keeps those it has drawn: pictures are not measured."""
    for file in card_files.names(shop, shop.products.values()):
        (place.config.images / Path(file).name).write_bytes(f"stands for {file}".encode())


def build_ours(place: Place, kind: str, runs: int) -> Usage:
    """Our build from nothing, the median of some runs; the last one is left in place."""
    done = []
    for _ in range(runs):
        place.forget_site()
        command = python("bench.our_build", kind)
        done.append(measure.run(command, cwd=ROOT, env=place.environment, log=place.root / "ours.log"))
    return measure.middle(done)


def build_hugo(place: Place, runs: int) -> Usage:
    """Hugo's build from nothing, the same way."""
    done = []
    for _ in range(runs):
        for name in ("public", "hugo/cache", "hugo/resources"):
            shutil.rmtree(place.root / name, ignore_errors=True)
        command = hugo.command(place.root / "hugo", place.root / "public")
        done.append(measure.run(command, cwd=place.root, log=place.root / "hugo.log"))
    return measure.middle(done)


def build_both(place: Place, runs: int) -> Builds:
    """Everything that is built of one catalogue in one place. Leaves our complete site."""
    plain = build_ours(place, "plain", runs)
    theirs = build_hugo(place, runs)
    ours, public = place.root / "build" / "current", place.root / "public"
    sizes = same_pages.pages_below(ours), same_pages.pages_below(public)
    comparison = same_pages.compare(ours, public, every=max(1, len(sizes[0]) // COMPARED))
    shutil.rmtree(public)
    complete = build_ours(place, "complete", runs)
    return Builds(plain, complete, theirs, comparison, sum(sizes[0].values()), sum(sizes[1].values()))


def nothing_changed(place: Place) -> tuple[Usage, int]:
    """The build command again, with nothing to do: its cost, and how many files it wrote."""
    command = python("sitegen", "build", "--json")
    # Somebody may have saved a file of the theme since the build before: then the first of the two takes it up.
    for _ in range(2):
        usage = measure.run(command, cwd=ROOT, env=place.environment, log=place.root / "again.log")
        receipt = json.loads(usage.output.strip().splitlines()[-1])
        if not receipt["reasons"]:
            break
    return usage, len(receipt["pages"]) + len(receipt["removed"])


def named_size(products: int) -> str:
    """`10 000 products`."""
    return f"{products:,} products".replace(",", "\u202f")


def build_figures(builds: Builds, products: int, where: str, *, is_judged: bool) -> list[Figure]:
    """The lines of one size and place; the bars hold for the largest catalogue in memory."""

    def named(name: str) -> str:
        return f"site.{name}" if is_judged else ""

    size = f"{named_size(products)}, {where}"
    plain, full, theirs = builds.plain, builds.complete, builds.hugo
    return [
        Figure(named("cpu"), f"full build, {size}: CPU", plain.cpu, "s", theirs.cpu),
        Figure(named("wall"), f"full build, {size}: wall", plain.wall, "s", theirs.wall),
        Figure(named("memory"), f"full build, {size}: peak memory, PSS", plain.pss / MB, "MB", theirs.pss / MB),
        Figure("", f"full build, {size}: peak memory, RSS", plain.rss / MB, "MB", theirs.rss / MB),
        Figure("", f"complete output (brotli, gzip), {size}: CPU", full.cpu, "s", theirs.cpu),
        Figure("", f"complete output (brotli, gzip), {size}: wall", full.wall, "s", theirs.wall),
        Figure("", f"HTML of all pages, {size}", builds.our_bytes / MB, "MB", builds.hugo_bytes / MB),
    ]


def edit_figures(done: edits.Edits, products: int) -> list[Figure]:
    """The lines of the price edits."""
    size = named_size(products)
    return [
        Figure("", f"one price change, {size}: p50", 1000 * measure.percentile(done.seconds, 50), "ms"),
        Figure("site.change.p95", f"one price change, {size}: p95", 1000 * measure.percentile(done.seconds, 95), "ms"),
        Figure(
            "", f"one price change, {size}: of it building, p95", 1000 * measure.percentile(done.building, 95), "ms"
        ),
        Figure("", f"one price change, {size}: pages written, at most", max(done.files), ""),
        Figure("", f"watcher, {size}: start", done.start, "s"),
        Figure("", f"watcher, {size}: memory, PSS", done.memory / MB, "MB"),
    ]


def idle_figures(usage: Usage, files: int, products: int) -> list[Figure]:
    """The lines of the build that has nothing to do."""
    size = named_size(products)
    return [
        Figure("site.nothing.seconds", f"build with nothing changed, {size}: wall", usage.wall, "s"),
        Figure("site.nothing.files", f"build with nothing changed, {size}: files written", files, ""),
    ]


def notes_of(builds: Builds, products: int) -> str:
    """What the comparison of the pages of both found."""
    found = builds.comparison
    odd = [*(f"only ours: {file}" for file in found.only_one), *(f"only Hugo's: {file}" for file in found.only_other)]
    detail = "; ".join([*odd, *found.differences][:3])
    return (
        f"{products} products: {found.pages} pages; of {found.compared} that were read {found.same} are the same"
        f"{'' if found.equal else f', NOT ALL: {detail}'}."
    )


def measure_size(
    products: int, *, is_last: bool, disk: Path | None, edit_count: int, runs: int
) -> tuple[list[Figure], list[str]]:
    """One catalogue in memory; the largest one also on disk, with edits and a build that has nothing to do."""
    view = catalogue.make(products)
    figures: list[Figure] = []
    with folder(MEMORY if MEMORY.is_dir() else None) as root:
        place = sqlite_place(root)
        prepare(place, view)
        builds = build_both(place, runs)
        figures += build_figures(builds, products, "memory", is_judged=is_last)
        if is_last:
            figures += idle_figures(*nothing_changed(place), products)
            figures += edit_figures(asyncio.run(edits.edit_prices(place, view.products, edit_count)), products)
    if is_last and disk is not None:
        with folder(disk) as root:
            place = sqlite_place(root)
            prepare(place, view)
            on_disk = build_figures(build_both(place, runs), products, "disk", is_judged=False)
            figures += [figure for figure in on_disk if not figure.what.startswith("HTML") and "RSS" not in figure.what]
    return figures, [notes_of(builds, products)]


def measure_all(sizes: Sequence[int], *, disk: Path | None, edit_count: int = EDITS, most_runs: int = RUNS) -> Results:
    """Every size, the smallest first; small ones are built `most_runs` times."""
    results = Results("site", "Hugo", ())
    for products in sorted(sizes):
        report.console.print(f"bench site: {products} products")
        figures, notes = measure_size(
            products,
            is_last=products == max(sizes),
            disk=disk,
            edit_count=min(edit_count, products - 1),
            runs=most_runs if products <= REPEATED_UP_TO else 1,
        )
        results = replace(results, figures=(*results.figures, *figures), notes=(*results.notes, *notes))
    return results


def main() -> None:
    """The command."""
    asked = command.asked(__doc__, "a tiny catalogue", products=SIZES)
    sizes = QUICK if asked.quick else asked.products
    disk = None if asked.quick else ROOT / "var"
    if disk:
        disk.mkdir(exist_ok=True)
    report.finish(measure_all(sizes, disk=disk, most_runs=1 if asked.quick else RUNS), store=asked.store)


if __name__ == "__main__":
    main()
