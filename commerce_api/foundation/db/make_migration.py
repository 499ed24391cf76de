"""Writes the next migration: `python -m commerce_api.foundation.db.make_migration add_cart_note`.

Compares the models with the migrations, not with a database, and needs none. Read what it wrote before it is
committed: a renamed field is a guess, and a removed one takes its contents along. `twocomms db check` and the tests of
this package prove the result on both databases.
"""

import asyncio
import importlib
import sys
import tempfile
from pathlib import Path
from typing import Final

from tortoise.context import TortoiseContext
from tortoise.migrations.writer import format_migration_name

from commerce_api.foundation.db.frozen import detector
from commerce_api.foundation.db.migrate import on_disk
from commerce_api.foundation.db.setup import SHOP, Schema, config

HEAD: Final = '"""{title}"""\n\n'


async def make_migration(name: str, *, schema: Schema = SHOP) -> Path | None:
    """The file written for what the models have and the migrations do not say; None when they agree.

    `name` follows the number in the file's name, in a few words joined by underscores.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = config(f"sqlite://{folder}/none.sqlite3", schema=schema)
        async with TortoiseContext() as context:
            await context.init(config=made, init_connections=False)
            writers = await detector(made["apps"]).writers()
    if not writers:
        return None
    writer = writers[0]
    last = on_disk(schema)[-1:]
    writer.name = format_migration_name(int(last[0][:4]) + 1 if last else 1, name)
    path = writer.path()
    title = name.replace("_", " ").strip().capitalize() + "."
    path.write_text(HEAD.format(title=title) + writer.as_string(), encoding="utf-8")
    importlib.invalidate_caches()
    return path


def main(arguments: list[str]) -> int:
    """Exit code 0 when a migration was written or none is needed, 2 for a missing name."""
    if len(arguments) != 1:
        sys.stderr.write(
            "Give the migration a name: python -m commerce_api.foundation.db.make_migration add_cart_note\n"
        )
        return 2
    path = asyncio.run(make_migration(arguments[0]))
    sys.stdout.write(f"Wrote {path}\n" if path else "The migrations describe the models already\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
