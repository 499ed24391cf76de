"""The documented shapes of what the services answer, written from their documents (integrations.md names them).

Nothing but what is listed may be there; what has a default here may be missing, but is never null. An answer that fits
is read; one that does not raises pydantic's ValidationError.
"""

from tests.sandbox.shapes import bank, bot, carrier, issuer, model
from tests.sandbox.shapes.base import Shape

__all__ = ["Shape", "bank", "bot", "carrier", "issuer", "model"]
