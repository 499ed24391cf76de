"""Where a bench works: a folder in memory or on disk with a shop of its own, removed at the end."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from commerce_api.foundation import settings
from commerce_api.foundation.settings import ROOT, Settings
from sitegen.config import Config, load

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - the memory file system of Linux, used through mkdtemp
SITE: Final = "http://shop.test"
PRODUCTS_OF_THE_DROP: Final = re.compile(r"(?m)^products = .*$")


@dataclass(frozen=True, slots=True)
class Place:
    """A shop below `root`: database, content, build."""

    root: Path
    database_url: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What processes of this shop are started with: nothing of the caller's own shop."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TWOCOMMS_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "TWOCOMMS_ENV": "test",
            "TWOCOMMS_SITE_URL": SITE,
            "TWOCOMMS_VAR_DIR": str(self.root / "var"),
            "TWOCOMMS_BUILD_DIR": str(self.root / "build"),
            "TWOCOMMS_CONTENT_DIR": str(self.root / "content"),
            "TWOCOMMS_SHOP_LANGUAGES": "uk",
            # In the test environment visits are counted only when asked for, and a shop counts them.
            "TWOCOMMS_LIMITS": "on",
            "DATABASE_URL": self.database_url,
        }

    @property
    def settings(self) -> Settings:
        """The same for code of this process."""
        return self.given({})

    def given(self, more: Mapping[str, str]) -> Settings:
        """The same with settings beside."""
        names = ("TWOCOMMS_", "DATABASE_URL")
        own = {name: value for name, value in self.environment.items() if name.startswith(names)}
        return settings.parse({**own, **more})

    @property
    def config(self) -> Config:
        """The site generator's view of it."""
        return load(self.settings)

    def write_content(self) -> None:
        """The real words of the shop without pages of text: those are few and would only be counted."""
        for name in ("pages", "legal", "journal"):
            (self.root / "content" / name).mkdir(parents=True, exist_ok=True)
        text = (ROOT / "content" / "site.toml").read_text("utf-8")
        (self.root / "content" / "site.toml").write_text(PRODUCTS_OF_THE_DROP.sub("products = []", text), "utf-8")

    def forget_site(self) -> None:
        """Take the built site away; derived pictures, merged assets and compiled templates stay cached."""
        build = self.root / "build"
        shutil.rmtree(build / "releases", ignore_errors=True)
        for name in ("current", "state.json"):
            (build / name).unlink(missing_ok=True)


def sqlite_place(root: Path) -> Place:
    """A shop with its database in the same folder."""
    return Place(root, f"sqlite://{root}/shop.sqlite3")


@contextmanager
def folder(base: Path | None) -> Iterator[Path]:
    """A new folder below `base`, the system's own place for such when None. Others may walk through it."""
    path = Path(tempfile.mkdtemp(prefix="twocomms-bench-", dir=base))
    # PostgreSQL runs as a user of its own and has to get through to its part.
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def python(module: str, *arguments: str) -> list[str]:
    """The command line of a module of this checkout."""
    return [sys.executable, "-m", module, *arguments]
