"""Drawing the picture that stands beside a link to a product: 1200 x 630, a garment on paper, a name in two inks."""

from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any, Final

import pyvips

from sitegen.garments.marks import commas

WIDTH: Final = 1200
HEIGHT: Final = 630
PICTURE: Final = 504
"""Width of the garment's picture, which is as high as the card."""
PAPER: Final = "#f3efe6"
COAL: Final = "#121316"
RYE: Final = "#f2b705"
MARGIN: Final = 64
COLUMN: Final = WIDTH - PICTURE - 24 - 2 * MARGIN
"""Width of the words."""
TALLEST: Final = 280
SIZES: Final = (80, 72, 64, 58, 52, 46, 40, 34)
HEAVIEST: Final = 80_000
QUALITIES: Final = (82, 74, 66, 56, 46, 34, 22)
FONT: Final = Path(__file__).parent / "garments" / "fonts" / "unbounded-800.ttf"


@dataclass(frozen=True, slots=True)
class CardJob:
    """One card to draw: the product's picture as a file, the words, and where the card goes."""

    key: str
    picture: str
    name: str
    colour: str
    brand: str
    folder: str
    file: str


def draw(job: CardJob) -> bytes:
    """The card as a JPEG of at most 80 kB.

    Raises pyvips.Error when the picture cannot be read.
    """
    picture = pyvips.Image.thumbnail(job.picture, PICTURE, height=HEIGHT, crop="centre")
    card = _sheet(True).insert(picture, WIDTH - PICTURE, 0)
    card = _write(card, _fitted(job.name.upper(), COLUMN, TALLEST), MARGIN, 206)
    card = _write(card, _line(job.brand.upper(), 26), MARGIN + 104, 77)
    return jpeg(_write(card, _line(job.colour.upper(), 24), MARGIN + 84, HEIGHT - MARGIN - 26))


def draw_default(brand: str, words: str) -> bytes:
    """The card of the shop itself: its name and what it does."""
    card = _write(_sheet(False), _line(brand.upper(), 112), MARGIN, 250)
    return jpeg(_write(card, _fitted(words.upper(), WIDTH - 3 * MARGIN, 60), MARGIN, 400))


def jpeg(image: Any) -> bytes:
    """A picture as a JPEG of at most 80 kB, as good as that allows."""
    data = b""
    for quality in QUALITIES:
        data = image.jpegsave_buffer(Q=quality, keep="none", optimize_coding=True)
        if len(data) <= HEAVIEST:
            break
    return data


@lru_cache(maxsize=2)
def _sheet(with_picture: bool) -> Any:
    """The paper with its ornament: the mark, the colour bar of the press, crop marks."""
    right = WIDTH - PICTURE - 24 if with_picture else WIDTH - 24
    band = f'<rect x="{right}" width="24" height="{HEIGHT}" fill="{RYE}"/>'
    mark = f'<g transform="translate({MARGIN} {MARGIN}) scale(.2)">{commas(RYE, COAL)}</g>'
    foot = HEIGHT - MARGIN - 30
    bar = (
        f'<rect x="{MARGIN}" y="{foot}" width="30" height="30" fill="{COAL}"/>'
        f'<rect x="{MARGIN + 34}" y="{foot}" width="30" height="30" fill="{RYE}"/>'
    )
    crops = "".join(f"M{x} {y}h{dx}M{x} {y}v{dy}" for x, y, dx, dy in _corners(right))
    cropped = f'<path d="{crops}" stroke="{COAL}" stroke-width="1.5" fill="none"/>'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>{band}{mark}{bar}{cropped}</svg>'
    )
    return pyvips.Image.svgload_buffer(svg.encode()).flatten().copy_memory()


def _corners(right: int) -> tuple[tuple[int, int, int, int], ...]:
    gap, arm = 24, 18
    return (
        (gap, gap, arm, arm),
        (right - gap, gap, -arm, arm),
        (gap, HEIGHT - gap, arm, -arm),
        (right - gap, HEIGHT - gap, -arm, -arm),
    )


def _fitted(words: str, width: int, height: int) -> Any:
    """Words in lines, as large as the box allows."""
    mask = None
    for size in SIZES:
        mask = _text(words, size, width)
        if mask.width <= width and mask.height <= height:
            break
    return mask


def _line(words: str, size: int) -> Any:
    return _text(words, size, 0)


def _text(words: str, size: int, width: int) -> Any:
    wrapped = {"width": width} if width else {}
    # Pango reads markup in texts, so that an ampersand in a name must be written as one.
    marked = escape(words, quote=False)
    return pyvips.Image.text(marked, font=f"Unbounded {size}", fontfile=str(FONT), dpi=72, **wrapped)


def _write(card: Any, mask: Any, x: int, y: int) -> Any:
    """Words in coal at a place of the card."""
    colour = [int(COAL[place : place + 2], 16) for place in (1, 3, 5)]
    placed = mask.embed(x, y, card.width, card.height)
    return placed.ifthenelse(colour, card, blend=True).cast("uchar").copy(interpretation="srgb")
