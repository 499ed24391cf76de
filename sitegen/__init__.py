"""The static site: a Pelican plugin and the publisher above it.

Pelican finds `register` here. The plugin itself is loaded only then, so that image encoders and a build
with nothing to do never pay for starting Pelican.
"""

from importlib import import_module


def register() -> None:
    """Connect the generators, the writer and the templates to Pelican's signals."""
    import_module("sitegen.plugin").connect()
