"""Pictures in the sizes that pages name, made from the master that lies beside the texts of a product.

A derived picture is called after the content of its master, so it is made once and never goes stale. The first
encoding is quick; `improve` makes the same picture again at leisure, in fewer bytes under the same address.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from commerce_api.foundation.kit.urls import IMAGE_WIDTHS, JPEG_WIDTH
from sitegen.cards import CardJob
from sitegen.config import Config
from sitegen.encoder import AVIF_QUALITY, Job
from sitegen.source import ProductView

FIRST_EFFORT: Final = 1
"""libvips 0 to 9: at 1 a master takes 0.2 s of CPU and files are a seventh larger than at 4, which takes 2.6 s."""
BEST_EFFORT: Final = 4
PROCESSES: Final = 2


def names(key: str) -> list[str]:
    """The derived pictures of a master."""
    return [*(f"{key}-{width}.avif" for width in IMAGE_WIDTHS), f"{key}-{JPEG_WIDTH}.jpg"]


def files(config: Config, products: Iterable[ProductView]) -> Iterator[tuple[str, Path]]:
    """Each published picture that exists as (file of the site, finished source), once."""
    masters = _masters(products)
    have = _made(config) if masters else set()
    for key in masters:
        for name in names(key):
            if name in have:
                yield f"images/{name}", config.images / name


def derive(config: Config, products: Iterable[ProductView]) -> list[str]:
    """Make every derived picture that is missing; masters that cannot be read are returned as errors.

    An interrupted run goes on where it stopped. Progress is shown on the terminal.
    """
    masters = _masters(products)
    # To list the folder of a large shop takes longer than to publish a price, which has no pictures.
    have = _made(config) if masters else set()
    missing = {key: path for key, path in masters.items() if not have.issuperset(names(key))}
    absent = {key: path for key, path in missing.items() if not (config.masters / path).is_file()}
    jobs = [_job(config, key, path, FIRST_EFFORT) for key, path in missing.items() if key not in absent]
    problems = dict.fromkeys(absent, "there is no such picture")
    problems |= {key: problem for key, problem in run(jobs, "pictures", PROCESSES) if problem}
    return sorted(f"{missing[key]}: {problem}" for key, problem in problems.items())


def improve(config: Config, products: Iterable[ProductView], limit: int | None = None, processes: int = 1) -> int:
    """Make up to `limit` masters' pictures again at the best effort; how many were done.

    Meant for quiet hours: a master takes seconds. Files that come out larger keep their first form. Releases keep
    the files they link, so the smaller ones reach shoppers with the next full build.
    """
    # At another quality all of them are made again.
    state = config.images / f"improved-{AVIF_QUALITY}.json"
    efforts: dict[str, int] = json.loads(state.read_text()) if state.is_file() else {}
    have = _made(config)
    waiting = [
        _job(config, key, path, BEST_EFFORT, replace=True)
        for key, path in _masters(products).items()
        if efforts.get(key, FIRST_EFFORT) < BEST_EFFORT and have.issuperset(names(key))
    ]
    done = 0
    for key, problem in run(waiting[:limit], "smaller pictures", processes):
        if not problem:
            efforts[key] = BEST_EFFORT
            done += 1
            part = state.with_suffix(".part")
            part.write_text(json.dumps(efforts))
            part.rename(state)
    return done


def _masters(products: Iterable[ProductView]) -> dict[str, str]:
    return {image.key: image.path for product in products for variant in product.variants for image in variant.images}


def _made(config: Config) -> set[str]:
    return set(os.listdir(config.images)) if config.images.is_dir() else set()


def _job(config: Config, key: str, path: str, effort: int, replace: bool = False) -> Job:
    return Job(key, str(config.masters / path), str(config.images), effort, replace)


def run(jobs: Sequence[Job | CardJob], title: str, processes: int) -> Iterator[tuple[str, str]]:
    """Do the jobs in processes of their own; (key, problem or nothing) of each, in the order they end."""
    if not jobs:
        return
    Path(jobs[0].folder).mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    encoders = [Encoder() for _ in range(min(processes, len(jobs)))]
    idle: SimpleQueue[Encoder] = SimpleQueue()
    for encoder in encoders:
        idle.put(encoder)

    def do(job: Job | CardJob) -> tuple[str, str]:
        encoder = idle.get()
        try:
            return job.key, encoder.encode(job)
        finally:
            idle.put(encoder)

    pool = ThreadPoolExecutor(len(encoders))
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task(title, total=len(jobs))
            for future in as_completed([pool.submit(do, job) for job in jobs]):
                progress.advance(task)
                yield future.result()
    finally:
        pool.shutdown(cancel_futures=True)
        for encoder in encoders:
            encoder.stop()


class Encoder:
    """One encoding process, started anew when a picture has killed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def encode(self, job: Job | CardJob) -> str:
        """What is wrong with a job's picture; empty when the job is done."""
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("an encoder without pipes")
        try:
            process.stdin.write(json.dumps([type(job).__name__, asdict(job)]) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.stop()
            return "the picture stopped the encoder"
        problem: str = json.loads(answer)
        return problem

    def stop(self) -> None:
        """End the process, letting go of its pipes."""
        if self._process:
            process, self._process = self._process, None
            process.terminate()
            process.communicate()

    def _start(self) -> subprocess.Popen[str]:
        # The threads of libvips would only fight over the same two cores.
        quiet: Mapping[str, str] = {**os.environ, "VIPS_CONCURRENCY": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sitegen.encoder"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=quiet,
            cwd=Path(__file__).parents[1],
        )
        return self._process
