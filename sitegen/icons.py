"""`python -m sitegen.icons`: makes the theme's icons from one drawing, and the shop's own sharing cards.

The results are part of the theme and are kept with it; remake them when the mark, the name or its line changes.
"""

from pathlib import Path
from typing import Any, Final

import pyvips
from rich.console import Console

from commerce_api.foundation.kit import toml_files
from sitegen.cards import COAL, PAPER, RYE, draw_default
from sitegen.config import Config, load
from sitegen.garments.marks import commas

SIDE: Final = 512
MARK_WIDTH: Final = 396
MARK_HEIGHT: Final = 236
ICONS: Final = {
    "favicon-32.png": (32, 0.8),
    "apple-touch-180.png": (180, 0.66),
    "app-192.png": (192, 0.72),
    "app-512.png": (512, 0.72),
    "app-maskable-192.png": (192, 0.56),
    "app-maskable-512.png": (512, 0.56),
}
"""File, side in pixels, and the share of it that the mark takes; a mask may cut off all but the middle 80 %."""
VECTOR: Final = "favicon.svg"


def drawing(share: float) -> str:
    """The mark on coal, 512 x 512, taking this share of the width."""
    scale = SIDE * share / MARK_WIDTH
    x, y = SIDE * (1 - share) / 2, (SIDE - MARK_HEIGHT * scale) / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<path fill="{COAL}" d="M0 0h{SIDE}v{SIDE}H0z"/>'
        f'<g transform="translate({x:.1f} {y:.1f}) scale({scale:.4f})">{commas(RYE, PAPER)}</g></svg>'
    )


def png(share: float, side: int) -> bytes:
    """The mark as a picture `side` pixels wide."""
    image: Any = pyvips.Image.svgload_buffer(drawing(share).encode(), scale=side / SIDE)
    data: bytes = image.flatten().pngsave_buffer(compression=9, palette=True, keep="none")
    return data


def make(config: Config) -> list[Path]:
    """Write all icons and cards; the files that were written."""
    folder, site = config.theme / "icons", toml_files.read(config.content / "site.toml")
    made = {VECTOR: drawing(0.8).encode()}
    made |= {name: png(share, side) for name, (side, share) in ICONS.items()}
    for lang, words in site["brand"].items():
        if isinstance(words, dict):
            made[f"card-{lang}.jpg"] = draw_default(site["brand"]["name"], words["tagline"])
    for name, data in made.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in made]


if __name__ == "__main__":
    console = Console()
    for path in make(load()):
        console.print(f"{path.stat().st_size:>7}  {path.name}", highlight=False)
