"""Where the generator reads and writes, and how hard it works."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from commerce_api.foundation import settings, theming


@dataclass(frozen=True, slots=True)
class Config:
    """Folders and switches of one site.

    `fixture` is a JSON file of a `CatalogView` that replaces the database. `workers` is the number of
    processes that render a large catalogue. `compress` writes `.br` and `.gz` beside text files. `extras` makes what
    stands beside the pages: Markdown twins, feeds, search data, sharing cards (`pages.EXTRAS`). `publish_url`,
    `purge_url` and `purge_token` say where releases go besides `build`, and who is told of it (afterwards.py).
    """

    root: Path
    content: Path
    theme: Path
    build: Path
    site_url: str
    compress: bool = True
    extras: bool = True
    workers: int = 2
    fixture: Path | None = None
    publish_url: str = ""
    purge_url: str = ""
    purge_token: str = field(default="", repr=False)

    @property
    def cache(self) -> Path:
        """Derived pictures, merged assets and compiled templates: costly to make, safe to delete."""
        return self.build / "cache"

    @property
    def images(self) -> Path:
        """Derived pictures by the hash of their master."""
        return self.cache / "images"

    @property
    def assets(self) -> Path:
        """Merged stylesheets and scripts, fonts and icons, under hashed names."""
        return self.cache / "assets"

    @property
    def masters(self) -> Path:
        """The pictures people put beside the texts of a product."""
        return self.content / "catalog"

    @property
    def conf(self) -> Path:
        """Pelican's settings file."""
        return self.root / "pelicanconf.py"


def load(own: settings.Settings | None = None) -> Config:
    """The site of this checkout; `own` replaces the process's settings.

    Raises commerce_api.foundation.settings.BadSettings when the environment cannot be used.
    """
    own = own or settings.load()
    return Config(
        root=settings.ROOT,
        content=own.content_dir,
        theme=theming.THEME,
        build=own.build_dir,
        site_url=own.site_url,
        publish_url=own.publish_url,
        purge_url=own.purge_url,
        purge_token=own.purge_token,
    )


def from_pelican(given: Mapping[str, Any]) -> Config:
    """The site that Pelican was asked to build.

    Its folders win over the environment, so that `pelican -t theme -o folder path` does as it says; the
    settings SITEGEN_BUILD, SITEGEN_FIXTURE, SITEGEN_SITE_URL and SITEGEN_COMPRESS replace the rest.
    """
    ready = given.get("SITEGEN_CONFIG")
    if isinstance(ready, Config):
        return ready
    config = load()
    return replace(
        config,
        content=Path(given["PATH"]),
        theme=Path(given["THEME"]),
        build=Path(given.get("SITEGEN_BUILD") or config.build),
        site_url=given.get("SITEGEN_SITE_URL") or config.site_url,
        fixture=Path(given["SITEGEN_FIXTURE"]) if given.get("SITEGEN_FIXTURE") else None,
        compress=given.get("SITEGEN_COMPRESS", True),
    )
