"""The sidecar and the worker of a shop in processes of their own, killed at any moment and started again."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from commerce_api import worker
from commerce_api.foundation.settings import load
from commerce_api.serve import serve
from commerce_api.supervisor import answers
from sandbox import smtp
from sandbox.serve import server
from sandbox.world import World
from tests.stress.racers import FORKS, PATIENCE
from tests.waiting import until

GLANCE: Final = 0.02


def _live(part: str, address: str, environment: Mapping[str, str], log: str) -> None:
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    # What a library prints past the log belongs into it: nothing secret may stand there either.
    for stream in (1, 2):
        os.dup2(said, stream)
    if part == "worker":
        worker.main(load())
    else:
        serve("commerce_api.app:create", address)


class Kept:
    """A sidecar or a worker that is started again after each kill; `kills` counts them, `log` holds all it ever said.

    `address` is where a sidecar listens. `wanted` ends with the last start.
    """

    def __init__(self, part: str, address: str, environment: Mapping[str, str], log: Path) -> None:
        self.part, self.address, self.environment, self.log = part, address, environment, log
        self.kills = 0
        self.start()

    def start(self) -> None:
        """Begin a new process."""
        self.process = FORKS.Process(
            target=_live, args=(self.part, self.address, dict(self.environment), str(self.log)), daemon=True
        )
        self.process.start()

    def kill(self) -> None:
        """End it as the machine's power would: by SIGKILL, whatever it does."""
        self.process.kill()
        self.process.join(PATIENCE)
        self.kills += 1

    async def stop(self) -> None:
        """Let it end by itself; one that does not is killed."""
        if self.process.pid is not None and self.process.is_alive():
            os.kill(self.process.pid, signal.SIGTERM)
        await asyncio.to_thread(self.process.join, 15)
        self.process.kill()

    async def ready(self) -> None:
        """Wait until a sidecar answers. Raises TimeoutError with its last words."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await asyncio.to_thread(answers, self.address, "/readyz"):  # noqa: ASYNC110 - another process
                    await asyncio.sleep(GLANCE)
        except TimeoutError as error:
            error.add_note(self.said()[-2000:])
            raise

    def said(self) -> str:
        """All that it ever wrote."""
        return self.log.read_text("utf-8", errors="replace")


@asynccontextmanager
async def open_sandbox(world: World) -> AsyncIterator[int]:
    """Serve a world at the port of its public address; the port of its mail server."""
    mail = await smtp.listen(world, 0)
    serving = server(world, int(world.public_url.rpartition(":")[2]))
    # Its own way to serve would take over the signals of whoever runs this.
    task = asyncio.ensure_future(serving._serve())
    try:
        await until(lambda: serving.started, "the sandbox serves")
        yield smtp.port_of(mail)
    finally:
        mail.close()
        serving.should_exit = True
        await task
