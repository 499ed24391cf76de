"""Hashes of the files and switches a site is made of. Loads next to nothing: a build with nothing to do begins here."""

from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Final

from commerce_api.foundation import theming
from commerce_api.foundation.kit import money, searching, urls
from sitegen.config import Config

CODE: Final = Path(__file__).parent
SKIPPED: Final = frozenset({"__pycache__", "garments", "catalog"})
"""Folders that no page is made of: the catalogue's files reach pages through the database."""


def fingerprint(config: Config, catalogue: str) -> dict[str, str]:
    """The inputs of a build by kind; `catalogue` comes from `Catalogue.digest`."""
    shared = [Path(module.__file__ or "") for module in (theming, money, urls)]
    shared += _files(Path(searching.__file__).parent)
    return {
        "switches": f"{config.site_url} {config.compress} {config.extras}",
        "code": _of_files(CODE.parent, [*_files(CODE), *shared, config.conf]),
        "theme": _of_files(config.theme, _files(config.theme)),
        "content": _of_files(config.content, _files(config.content)),
        "catalogue": catalogue,
    }


def hash_of(data: bytes) -> str:
    """A short name of some bytes."""
    return blake2b(data, digest_size=16).hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in SKIPPED or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix != ".pyc":
            yield path


def _of_files(base: Path, files: Iterable[Path]) -> str:
    sums = blake2b(digest_size=16)
    for path in files:
        sums.update(f"{path.relative_to(base) if path.is_relative_to(base) else path.name}\0".encode())
        sums.update(hash_of(path.read_bytes()).encode())
    return sums.hexdigest()
