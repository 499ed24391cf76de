"""The masters: which pictures of the catalogue are drawn, which are left alone.

A record of the hashes of drawn files tells a drawing from a photo put in its place: a file that
the record does not know is somebody's photo and is never overwritten.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from sitegen.garments.canvas import WIDTH
from sitegen.garments.picture import TooHeavy, encode, picture
from sitegen.garments.prints import PRINTS
from sitegen.garments.products import Order

RECORD = ".drawn.json"
PROCESSES = 2


@dataclass(frozen=True)
class Plan:
    """What is to be drawn, and the files that are left alone because they are not ours."""

    draw: list[Order] = field(default_factory=list)
    present: list[Order] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)


def plan_masters(catalog: Path, orders: Sequence[Order], *, only: str = "", force: bool = False) -> Plan:
    """Sort the orders whose file name holds `only` into what to draw and what to leave."""
    record = read_record(catalog)
    plan = Plan()
    for order in orders:
        if only not in order.file:
            continue
        file = catalog / order.file
        if not file.exists():
            plan.draw.append(order)
        elif record.get(order.file) != _digest(file.read_bytes()):
            plan.photos.append(order.file)
        elif force:
            plan.draw.append(order)
        else:
            plan.present.append(order)
    return plan


def draw_masters(
    catalog: Path, orders: Sequence[Order], *, width: int = WIDTH, processes: int = PROCESSES
) -> Iterator[str]:
    """Draw the orders into the catalogue; yields each file as it is written.

    Only this process writes, and it records each file at once: a picture that another process
    finished after an interruption would look like a photo to the next run.
    """
    record = read_record(catalog)
    for order, data in _drawn(orders, width, processes):
        _replace(catalog / order.file, data)
        record[order.file] = _digest(data)
        text = json.dumps(dict(sorted(record.items())), indent=1, ensure_ascii=False)
        _replace(catalog / RECORD, f"{text}\n".encode())
        yield order.file


def draw_master(order: Order, width: int) -> tuple[Order, bytes]:
    """Draw one picture; returns its order with the AVIF."""
    art = PRINTS[order.print_slug]
    try:
        data = encode(picture(order.kind, order.cloth, art, order.frame, order.inks, width))
    except TooHeavy as error:
        raise TooHeavy(f"{order.file}: {error}") from error
    return order, data


def read_record(catalog: Path) -> dict[str, str]:
    """The sha256 of each drawn file, by its path inside the catalogue."""
    file = catalog / RECORD
    if not file.exists():
        return {}
    record: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return record


def _drawn(orders: Sequence[Order], width: int, processes: int) -> Iterator[tuple[Order, bytes]]:
    if processes < 2 or len(orders) < 2:
        for order in orders:
            yield draw_master(order, width)
        return
    # Two processes with one libvips thread each are faster than one with two.
    os.environ["VIPS_CONCURRENCY"] = "1"
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting = [pool.submit(draw_master, order, width) for order in orders]
        try:
            for done in as_completed(waiting):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _replace(file: Path, data: bytes) -> None:
    aside = file.with_name(f"{file.name}.part")
    aside.write_bytes(data)
    aside.replace(file)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
