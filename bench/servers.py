"""Server processes of a bench: started on free ports of loopback, waited for, and ended by who started them."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.http import BadAnswer, Connection
from bench.places import SITE, python
from commerce_api.foundation.settings import ROOT
from deploy.services import free_port

READY: Final = "/readyz"
PATIENCE: Final = 60.0
GLANCE: Final = 0.01
MOST_COMPLAINTS: Final = 20
OK: Final = 200


class NotStarted(Exception):
    """A server ended or did not answer in time; the message holds its last words."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running process, where it listens, and the seconds from its start to its first good answer."""

    pid: int
    address: str
    start: float


async def _answers(address: str) -> bool:
    connection = Connection(address, SITE)
    try:
        return (await connection.send("GET", READY)).status == OK
    except (OSError, BadAnswer):
        return False
    finally:
        await connection.close()


async def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> float:
    started = perf_counter()
    while not await _answers(address):
        if process.poll() is not None or perf_counter() - started > PATIENCE:
            raise NotStarted(_last_words(log))
        await asyncio.sleep(GLANCE)
    return perf_counter() - started


def _last_words(log: Path) -> str:
    return f"{log.name}: {log.read_text(errors='replace')[-1500:]}"


def _complaints(folder: Path) -> str:
    said: list[str] = []
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()
        said += [log.name, *[line for line in lines if '"level":"info"' not in line][-MOST_COMPLAINTS:]]
    return "\n".join(said)


@asynccontextmanager
async def running(
    application: str, count: int, environment: Mapping[str, str], folder: Path, module: str = "commerce_api.serve"
) -> AsyncIterator[Sequence[Server]]:
    """`count` processes of an application factory, ready to answer. Raises NotStarted."""
    started: list[subprocess.Popen[bytes]] = []
    servers: list[Server] = []
    try:
        for number in range(count):
            address = f"127.0.0.1:{free_port()}"
            log = folder / f"{application.replace(':', '.')}-{number}.log"
            with log.open("wb") as out:
                process = subprocess.Popen(  # noqa: ASYNC220 - a fork is over in a moment
                    python(module, application, address), cwd=ROOT, env=dict(environment), stdout=out, stderr=out
                )
            started.append(process)
            servers.append(Server(process.pid, address, await _wait(process, address, log)))
        yield servers
    except Exception as error:
        # The logs are gone with their folder, and they know why.
        error.add_note(_complaints(folder))
        raise
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(PATIENCE)
