"""The worker in a test: it does at once what is owed."""

from commerce_api.foundation.outbox.relay import run_due
from commerce_api.foundation.settings import Settings
from commerce_api.wiring import Adapters, handlers


async def work(settings: Settings, adapters: Adapters | None = None) -> None:
    """Lets every event be heard, and those that this records; by default no service outside is connected."""
    while await run_due(handlers(settings, adapters or Adapters())):
        pass
