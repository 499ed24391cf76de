"""One full build as `python -m sitegen build --force` makes it, with a switch that the command has not: no twins and
nothing beside the pages.

    python -m bench.our_build plain|complete

Hugo writes no compressed twins, so that the fair comparison is a build without them.
"""

import asyncio
import sys
from dataclasses import replace

from sitegen.build import build
from sitegen.config import Config, load
from sitegen.receipt import Receipt
from sitegen.source import opened, report_of


async def full(config: Config) -> Receipt:
    """Read the catalogue, build, report: the steps of the command."""
    async with opened(config) as source:
        stamp = await source.read_stamp()
        view = await source.read_all()
    receipt = build(config, view, force=True, stamp=stamp)
    async with opened(config) as source:
        await source.report_build(report_of(receipt))
    return receipt


if __name__ == "__main__":
    made = asyncio.run(full(replace(load(), compress=sys.argv[1] == "complete", extras=sys.argv[1] == "complete")))
    sys.stdout.write(f"{len(made.pages)} files in {made.milliseconds} ms; problems: {list(made.errors)}\n")
