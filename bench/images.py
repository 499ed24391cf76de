"""Encoding the product pictures: quickly at the first start, and better at leisure.

python -m bench.images [--quick] [--masters N] [--no-store]
"""

import resource
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Final

from bench import catalogue, command, report
from bench.figures import Figure, Results
from bench.places import Place, folder, sqlite_place
from commerce_api.foundation.settings import ROOT
from commerce_api.shop.catalog.views import ImageView, ProductView
from sitegen import images
from sitegen.encoder import key_of

MASTERS: Final = 24
"""Of those in content/catalog, spread over it."""
QUICK: Final = 1
MB: Final = 2**20
KB: Final = 2**10


class NoMasters(Exception):
    """There are no pictures to encode."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of wall and CPU, and what lay in the folder afterwards."""

    wall: float
    cpu: float
    size: int


def put_masters(place: Place, count: int, source: Path = ROOT / "content" / "catalog") -> tuple[ProductView, int]:
    """Copy masters into a shop of their own: a product that shows all of them, and their bytes. Raises NoMasters."""
    found = sorted(source.glob("*/*.avif"))
    if not found:
        raise NoMasters(f"no pictures below {source}")
    step = max(1, len(found) // count)
    shown, size = [], 0
    for path in found[::step][:count]:
        data = path.read_bytes()
        size += len(data)
        name = path.relative_to(source)
        target = place.config.masters / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        shown.append(ImageView(key_of(data), name.as_posix(), "front", {catalogue.LANG: ""}, 1200, 1500))
    product = catalogue.make(1).products[0]
    return replace(product, variants=(replace(product.variants[0], images=tuple(shown)),)), size


def timed(work: Callable[[], object], made: Path) -> Cost:
    """Do the work; CPU is that of the encoding processes, which have ended by then."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    work()
    wall, after = perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu, sum(path.stat().st_size for path in made.iterdir() if path.suffix != ".json"))


def measure_all(count: int) -> Results:
    """Both encodings of the same masters, one after the other as in life."""
    with folder(None) as root:
        place = sqlite_place(root)
        product, size = put_masters(place, count)
        config, done = place.config, len(product.variants[0].images)
        first = timed(lambda: _derived(place, product), config.images)
        better = timed(lambda: images.improve(config, [product]), config.images)

    def figures(name: str, cost: Cost, processes: int) -> list[Figure]:
        how = f"{name}, {done} masters"
        return [
            Figure("", f"{how}: wall ({processes} process{'es' if processes > 1 else ''})", cost.wall, "s"),
            Figure("", f"{how}: CPU a master", cost.cpu / done, "s"),
            Figure("", f"{how}: bytes of all sizes of a master", cost.size / done / KB, "kB"),
        ]

    lines = [
        *figures(f"first start, effort {images.FIRST_EFFORT}", first, images.PROCESSES),
        *figures(f"improved, effort {images.BEST_EFFORT}", better, 1),
        Figure("", "bytes after improving against before", better.size / MB, "MB", first.size / MB),
    ]
    note = f"A master is {size / done / KB:.0f} kB on average; {len(images.names(''))} pictures are made of each."
    return Results("images", "before", tuple(lines), (note,))


def _derived(place: Place, product: ProductView) -> None:
    problems = images.derive(place.config, [product])
    if problems:
        raise NoMasters("; ".join(problems))


def main() -> None:
    """The command."""
    asked = command.asked(__doc__, "one master", masters=MASTERS)
    results = measure_all(QUICK if asked.quick else asked.masters)
    report.finish(results, store=asked.store)


if __name__ == "__main__":
    main()
