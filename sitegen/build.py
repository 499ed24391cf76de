"""The full build: fingerprint, Pelican, publish, receipt."""

import contextlib
import io
import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from sitegen import publish
from sitegen.config import Config
from sitegen.fingerprint import Catalogue, fingerprint
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
) -> Receipt:
    """Build and publish the whole site, waiting for a build that is under way.

    Nothing is rendered when nothing changed since the last build, unless `force`; `reasons` only explain the
    build on its receipt. Ends the pause of a rollback. Raises what `sitegen.plugin.run` and
    `sitegen.publish.finish` raise; the earlier site then stays as it was.
    """
    started = time.perf_counter()
    with publish.lock(config.build):
        state = publish.read_state(config.build)
        inputs = fingerprint(config, Catalogue(view).digest)
        why = differences(config, state, inputs)
        if not why and not force:
            return Receipt("full", state.release, (), (), (), _since(started), (), tuple(request_ids))
        folder = publish.begin(config.build, config.compress)
        try:
            site = _run_pelican(config, view, folder)
            release = publish.finish(config.build, folder)
        except BaseException:
            publish.abandon(folder)
            raise
        publish.write_state(config.build, publish.State(release, inputs))
    return Receipt(
        kind="full",
        release=release,
        pages=tuple(sorted(folder.written)),
        removed=tuple(sorted(set(folder.earlier.sums) - set(folder.sums))) if folder.earlier else (),
        reasons=tuple(reasons) or tuple(why) or ("asked for",),
        milliseconds=_since(started),
        errors=tuple(site.errors),
        request_ids=tuple(request_ids),
    )


def differences(config: Config, state: publish.State, inputs: dict[str, str]) -> list[str]:
    """Why the site that is served is not what `inputs` would make; empty when it is."""
    if not publish.current(config.build):
        return ["first build"]
    if state.paused:
        return ["end of a rollback"]
    if not state.fingerprint:
        return ["the last build is not known"]
    return [f"{kind} changed" for kind, value in inputs.items() if state.fingerprint.get(kind) != value]


def roll_back(config: Config) -> Receipt:
    """Serve the release before the current one; no build happens by itself until one is asked for.

    Raises sitegen.publish.NothingToRollBack, and sitegen.publish.NotWhole when the earlier release is damaged.
    """
    started = time.perf_counter()
    with publish.lock(config.build):
        left, entered = publish.rollback(config.build)
    return Receipt("rollback", entered, reasons=(f"left {left}",), milliseconds=_since(started))


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _run_pelican(config: Config, view: CatalogView, folder: Folder) -> Any:
    # Starting Pelican takes longer than finding out that there is nothing to build, so it is loaded only here.
    plugin = import_module("sitegen.plugin")
    # Pelican says how many articles it saw; the receipt says it better, and stdout may be read by a program.
    with contextlib.redirect_stdout(io.StringIO()):
        return plugin.run(config, view, folder)
