"""Imports what is saved in content/catalog, while a shop runs on a desk: `python -m commerce_api.catalogue_watch`."""

import asyncio
import signal

from commerce_api.foundation import telemetry
from commerce_api.foundation.db import setup
from commerce_api.foundation.settings import Settings, load
from commerce_api.integrations.alerts import start_alerts
from commerce_api.shop.catalog.importing import ImportReport, import_catalog
from commerce_api.shop.catalog.watching import watch_catalog

log = telemetry.logger(__name__)


def note(report: ImportReport) -> None:
    """Write what an import did into the log: problems by file, changes by slug."""
    for problem in report.broken:
        log.error("catalogue_file_broken", problem=str(problem))
    for slug in report.conflicts:
        log.warning("catalogue_conflict", product=slug, advice="export first, or import with --force")
    if report.created or report.updated:
        log.info("catalogue_imported", created=report.created, updated=report.updated)


async def watch(settings: Settings) -> None:
    """Import what changed while nobody watched, then after each save, until SIGTERM or SIGINT."""
    async with setup.opened(settings):
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - we run in one
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        log.info("catalogue_watched", folder=str(settings.content_dir))

        async def import_now() -> ImportReport:
            return await import_catalog(
                settings.content_dir, var_dir=settings.var_dir, languages=settings.shop.languages
            )

        try:
            note(await import_now())
            await watch_catalog(settings.content_dir, import_now, note)
        except asyncio.CancelledError:
            log.info("catalogue_watch_stopped")


def main(settings: Settings) -> None:
    """Watch in this process until it is told to stop."""
    telemetry.configure_logging(settings, process="catalogue")
    start_alerts(settings, process="catalogue")
    asyncio.run(watch(settings))


if __name__ == "__main__":
    main(load())
