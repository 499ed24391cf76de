"""What a second process does in the tests of this package: `python -m ...hammer migrate|count ADDRESS TIMES`."""

import asyncio
import sys
import tempfile
from pathlib import Path

from commerce_api.foundation.db import migrate, setup
from commerce_api.foundation.db.tx import lock_rows, transact
from commerce_api.foundation.settings import ROOT, Settings
from commerce_api.shop.orders.models import NumberCounter
from tests.services import make_settings


async def hammered(deed: str, settings: Settings, times: int = 0) -> str:
    """What a process of its own wrote while it did `deed` on the database of `settings`; fails when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        __spec__.name,
        deed,
        settings.database_url,
        str(times),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode().strip()


async def count_up(times: int) -> None:
    """Reads the counter and writes one more, `times` times, each in a transaction of its own."""

    async def once() -> None:
        (counter,) = await lock_rows(NumberCounter.filter(kind="hammer"))
        await asyncio.sleep(0)
        await NumberCounter.filter(id=counter.id).update(value=counter.value + 1)

    for _ in range(times):
        await transact(once)


async def main(deed: str, address: str, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = make_settings(Path(folder), DATABASE_URL=address)
        if deed == "migrate":
            sys.stdout.write(" ".join(await migrate.migrate(settings)))
            return
        async with setup.opened(settings):
            await count_up(times)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
