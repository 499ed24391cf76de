"""Errors that nobody foresaw, told to Sentry when the shop has an address there (`SENTRY_DSN`).

A door of its own without the SDK, which takes two seconds to import: a process without the address never loads it.
"""

import importlib

from commerce_api.foundation import telemetry
from commerce_api.foundation.settings import Settings

PACKAGE = "sentry_sdk"

log = telemetry.logger(__name__)


def start_alerts(settings: Settings, *, process: str) -> bool:
    """Tell Sentry of the errors of this process from now on; called once, after `configure_logging`. Whether it does:
    without an address nothing happens, and without the package one line of the log says what to install."""
    if not settings.sentry_dsn:
        return False
    try:
        sentry = importlib.import_module("commerce_api.integrations.sentry")
    except ModuleNotFoundError as missing:
        if missing.name != PACKAGE:
            raise
        log.warning("SENTRY_DSN is set, but its package is not there: run .venv/bin/python -m pip install sentry-sdk")
        return False
    telemetry.listen(sentry.listener(settings, process=process))
    return True
