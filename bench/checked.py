"""Every check of `make check-site` over a catalogue of any size: the demo shop is too small to show what only many
products bring, such as two pages of one title or a sitemap in parts.

    python -m bench.checked [--products 10000]

Ends with status 1 when anything is wrong. Ten thousand products take some five minutes and 4 GB of memory.
"""

import argparse
import re
import shutil
import subprocess
import sys
from typing import Final

from bench import catalogue, site
from bench.places import MEMORY, Place, folder, python, sqlite_place
from commerce_api.foundation.settings import ROOT

WORDS: Final = ("pages", "legal", "journal")
TO_PRODUCT: Final = re.compile(r"\[([^]]*)\]\(/(?:en/)?product/[^)]*\)")
LISTS: Final = ("colours.toml", "search.toml")


def write_content(place: Place) -> None:
    """The real words of the shop, without links to products that are not here."""
    place.write_content()
    content = place.root / "content"
    for name in WORDS:
        for path in sorted((ROOT / "content" / name).glob("*.md")):
            (content / name / path.name).write_text(TO_PRODUCT.sub(r"\1", path.read_text("utf-8")), "utf-8")
    for name in LISTS:
        shutil.copy(ROOT / "content" / name, content)


def main() -> int:
    """Fill a shop, build its site with everything beside the pages, and look through it."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--products", type=int, default=10_000)
    products = parser.parse_args().products
    with folder(MEMORY if MEMORY.is_dir() else None) as root:
        place = sqlite_place(root)
        site.prepare(place, catalogue.make(products))
        shutil.rmtree(root / "hugo")
        write_content(place)
        built = site.build_ours(place, "complete", 1)
        print(f"{products} products built in {built.wall:.0f} s", flush=True)
        return subprocess.run(python("sitegen", "check"), cwd=ROOT, env=dict(place.environment), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
