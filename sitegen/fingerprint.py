"""Hashes of everything a site is made of, so that a build with nothing to do ends at once."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Final

from commerce_api.foundation import theming
from commerce_api.foundation.kit import money, urls
from sitegen.config import Config
from sitegen.snapshot import Left
from sitegen.source import CatalogView, ProductView, encode

CODE: Final = Path(__file__).parent
SKIPPED: Final = frozenset({"__pycache__", "garments", "catalog"})
"""Folders that no page is made of: the catalogue's files reach pages through the database."""


def fingerprint(config: Config, catalogue: str) -> dict[str, str]:
    """The inputs of a build by kind; `catalogue` comes from `Catalogue.digest`."""
    shared = (Path(module.__file__ or "") for module in (theming, money, urls))
    return {
        "switches": f"{config.site_url} {config.compress}",
        "code": _of_files(CODE.parent, [*_files(CODE), *shared, config.conf]),
        "theme": _of_files(config.theme, _files(config.theme)),
        "content": _of_files(config.content, _files(config.content)),
        "catalogue": catalogue,
    }


class Catalogue:
    """The fingerprint of a catalogue, kept per product: after a price edit one product is hashed, not all."""

    def __init__(self, view: CatalogView) -> None:
        self._rest = _hash(encode([view.languages, view.categories, view.colours, view.facts]))
        self._left = _hash(encode(Left.of(view)))
        self._products = {product.slug: _hash(encode(product)) for product in view.products}

    def change(self, changed: Mapping[str, ProductView | None], left: Left) -> None:
        """Take over some products as they are now, None for those no longer published, and all left addresses."""
        self._left = _hash(encode(left))
        for slug, product in changed.items():
            if product is None:
                self._products.pop(slug, None)
            else:
                self._products[slug] = _hash(encode(product))

    @property
    def digest(self) -> str:
        """One hash of all."""
        parts = (f"{slug}:{self._products[slug]}" for slug in sorted(self._products))
        return _hash("\n".join([self._rest, self._left, *parts]).encode())


def _hash(data: bytes) -> str:
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
        sums.update(_hash(path.read_bytes()).encode())
    return sums.hexdigest()
