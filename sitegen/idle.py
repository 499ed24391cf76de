"""A build that has nothing to do, known before anything large is loaded."""

import time
from collections.abc import Sequence
from typing import Final

from commerce_api.foundation import settings
from commerce_api.foundation.publishing import stamp as stamps
from sitegen import publish
from sitegen.config import Config, load
from sitegen.inputs import fingerprint
from sitegen.receipt import Receipt

COMMAND: Final = "build"
AS_JSON: Final = "--json"


def answered(arguments: Sequence[str]) -> str:
    """What the command line `build [--json]` answers when there is nothing to do; empty when it has to be run.

    Never where a release may still have to be sent somewhere, and never for another command or switch.
    """
    if [*arguments][:1] != [COMMAND] or not set(arguments[1:]) <= {AS_JSON}:
        return ""
    try:
        own = settings.load()
    except settings.BadSettings:
        return ""
    config = load(own)
    if config.publish_url or config.purge_url:
        return ""
    receipt = unchanged(config, stamps.read(own))
    if receipt is None:
        return ""
    return receipt.json() if AS_JSON in arguments else receipt.sentence()


def unchanged(config: Config, stamp: str) -> Receipt | None:
    """The receipt of a build that has nothing to do, known without reading the catalogue; None when it must be read.

    `stamp` is what `Source.read_stamp` gives, empty when there is none.
    """
    started = time.perf_counter()
    if not stamp:
        return None
    with publish.lock(config.build):
        state = publish.read_state(config.build)
        if state.stamp != stamp:
            return None
        if differences(config, state, fingerprint(config, state.fingerprint.get("catalogue", ""))):
            return None
    return Receipt("full", state.release, milliseconds=since(started))


def differences(config: Config, state: publish.State, inputs: dict[str, str]) -> list[str]:
    """Why the site that is served is not what `inputs` would make; empty when it is."""
    if not publish.current(config.build):
        return ["first build"]
    if state.paused:
        return ["end of a rollback"]
    if not state.fingerprint:
        return ["the last build is not known"]
    if state.owing:
        return ["what comes after the pages was never made"]
    return [f"{kind} changed" for kind, value in inputs.items() if state.fingerprint.get(kind) != value]


def since(started: float) -> int:
    """Milliseconds since a moment of `time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000)
