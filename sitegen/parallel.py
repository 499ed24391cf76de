"""Rendering and writing many pages: in this process, or in forked copies of it when there are many."""

import gc
import os
import pickle
import signal
import threading
from collections.abc import Sequence
from typing import Final

from sitegen.page import Stream
from sitegen.pages import expand
from sitegen.render import Renderer
from sitegen.store import Folder

WORTH_FORKING: Final = 500
"""Groups of pages below which a second process costs more than it brings."""


class PageFailed(Exception):
    """A page could not be made; the message names its file and the cause."""


def write_groups(renderer: Renderer, folder: Folder, keys: Sequence[str], workers: int) -> None:
    """Render every page of `keys` into `folder`.

    With many keys, `workers` processes share the work: each takes a run of neighbouring groups, so that a
    product card is rendered by one of them only. Forking is for pure rendering; a process that runs threads
    does it all by itself, because a fork would copy their locks.

    Raises PageFailed for the first page that cannot be made.
    """
    alone = workers < 2 or len(keys) < WORTH_FORKING or threading.active_count() > 1
    if alone:
        write_serially(renderer, folder, keys)
        return
    share = -(-len(keys) // workers)
    mine, *others = (keys[start : start + share] for start in range(0, len(keys), share))
    gc.collect()
    gc.freeze()
    helpers = [_start_helper(renderer, folder, part) for part in others]
    try:
        write_serially(renderer, folder, mine)
        while helpers:
            _collect(folder, *helpers.pop())
    finally:
        for pid, pipe in helpers:
            os.close(pipe)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        gc.unfreeze()


def write_serially(renderer: Renderer, folder: Folder, keys: Sequence[str]) -> None:
    """Render every page of `keys` into `folder`, in this process.

    Raises PageFailed for the first page that cannot be made.
    """
    # Page contexts form no cycles; looking for some takes a fifth of the time of a large build.
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        for key in keys:
            for output in expand(renderer.shop, key):
                try:
                    if isinstance(output, Stream):
                        folder.put_stream(output.file, output.parts())
                        continue
                    data = renderer.render(output)
                except Exception as cause:
                    raise PageFailed(f"{output.file}: {type(cause).__name__}: {cause}") from cause
                folder.put_all(output.files, data)
    finally:
        if was_enabled:
            gc.enable()


def _start_helper(renderer: Renderer, folder: Folder, keys: Sequence[str]) -> tuple[int, int]:
    reader, writer = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writer)
        return pid, reader
    # From here on this is the copy: whatever happens, it must end here and run no exit handlers of the original.
    try:
        os.close(reader)
        before, kept, written = dict(folder.sums), set(folder.kept), len(folder.written)
        problem = ""
        try:
            write_serially(renderer, folder, keys)
        except (PageFailed, OSError) as failure:
            problem = str(failure)
        news = {file: digest for file, digest in folder.sums.items() if before.get(file) != digest}
        with os.fdopen(writer, "wb") as out:
            pickle.dump((problem, news, folder.written[written:], folder.kept - kept), out)
    finally:
        os._exit(0)


def _collect(folder: Folder, pid: int, pipe: int) -> None:
    with os.fdopen(pipe, "rb") as stream:
        answer = stream.read()
    os.waitpid(pid, 0)
    if not answer:
        raise PageFailed("a rendering process ended before it was done")
    problem, news, written, kept = pickle.loads(answer)  # noqa: S301 - from our own fork
    if problem:
        raise PageFailed(problem)
    folder.absorb(news, written, kept)
