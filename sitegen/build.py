"""The full build: fingerprint, Pelican, publish, receipt."""

import contextlib
import io
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any

from sitegen import publish
from sitegen.config import Config
from sitegen.fingerprint import Catalogue
from sitegen.idle import differences, since
from sitegen.inputs import fingerprint
from sitegen.receipt import Receipt
from sitegen.source import CatalogView
from sitegen.store import Folder


def build(
    config: Config,
    view: CatalogView,
    *,
    force: bool = False,
    reasons: Sequence[str] = (),
    request_ids: Sequence[int] = (),
    stamp: str = "",
    ends_pause: bool = True,
) -> Receipt:
    """Build and publish the whole site, waiting for a build that is under way.

    Nothing is rendered when nothing changed since the last build, unless `force`; `reasons` only explain the
    build on its receipt; `stamp` was read before `view`. Ends the pause of a rollback, or does nothing while it lasts
    where `ends_pause` is false. Raises what `sitegen.plugin.run` and `sitegen.publish.finish` raise; the earlier site
    then stays as it was.
    """
    started = time.perf_counter()
    with publish.lock(config.build):
        state = publish.read_state(config.build)
        inputs = fingerprint(config, Catalogue(view).digest)
        why = differences(config, state, inputs)
        if state.paused and not ends_pause:
            return Receipt("full", state.release, milliseconds=since(started))
        if not why and not force:
            if stamp:
                publish.write_state(config.build, replace(state, stamp=stamp))
            return Receipt("full", state.release, (), (), (), since(started), (), tuple(request_ids))
        folder = publish.begin(config.build, config.compress)
        try:
            site = _run_pelican(config, view, folder)
            release = publish.finish(config.build, folder)
        except BaseException:
            publish.abandon(folder)
            raise
        publish.write_state(config.build, publish.State(release, inputs, stamp=stamp))
    return Receipt(
        kind="full",
        release=release,
        pages=tuple(sorted(folder.written)),
        removed=tuple(sorted(set(folder.earlier.sums) - set(folder.sums))) if folder.earlier else (),
        reasons=tuple(reasons) or tuple(why) or ("asked for",),
        milliseconds=since(started),
        errors=tuple(site.errors),
        request_ids=tuple(request_ids),
    )


def roll_back(config: Config) -> Receipt:
    """Serve the release before the current one; no build happens by itself until one is asked for.

    Raises sitegen.publish.NothingToRollBack, and sitegen.publish.NotWhole when the earlier release is damaged.
    """
    started = time.perf_counter()
    with publish.lock(config.build):
        left, entered = publish.rollback(config.build)
        before, now = (publish.read_sums(config.build, release) for release in (left, entered))
    return Receipt(
        "rollback",
        entered,
        pages=tuple(sorted(file for file, digest in now.items() if before.get(file) != digest)),
        removed=tuple(sorted(before.keys() - now.keys())),
        reasons=(f"left {left}",),
        milliseconds=since(started),
    )


def _run_pelican(config: Config, view: CatalogView, folder: Folder) -> Any:
    # Starting Pelican takes longer than finding out that there is nothing to build, so it is loaded only here.
    plugin = import_module("sitegen.plugin")
    # Pelican says how many articles it saw; the receipt says it better, and stdout may be read by a program.
    with contextlib.redirect_stdout(io.StringIO()):
        return plugin.run(config, view, folder)
