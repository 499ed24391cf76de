"""Pictures: an SVG composed of garment and print, rasterised, grained and encoded.

The cloth is flat shapes in the garment's colour, the print lies on it, and folds lie over both.
The close-up is made otherwise: a height field of folds bends the print and lights the cloth.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Literal

import pyvips
import resvg_py

from sitegen.garments.canvas import HEIGHT, WIDTH, at, dice, number
from sitegen.garments.cloth import Cloth, Inks, fold_strength, luminance
from sitegen.garments.hoodie import hoodie
from sitegen.garments.longsleeve import longsleeve
from sitegen.garments.outlines import Kind
from sitegen.garments.prints.base import Print
from sitegen.garments.shade import DEFS, backdrop
from sitegen.garments.tee import tee

Frame = Literal["front", "back", "print"]
FRAMES: tuple[Frame, ...] = ("front", "back", "print")
FONT = Path(__file__).with_name("fonts") / "unbounded-800.ttf"
GARMENTS = {"tee": tee, "hoodie": hoodie, "longsleeve": longsleeve}
GRAIN = 2.5  # more looks no better on a screen and doubles the bytes of an AVIF
HEAVIEST = 40_000  # bytes of a master
QUALITIES = (54, 46, 38, 30, 22, 15)
SOFTNESS = (0, 0.7, 1.2)  # pixels of blur
EFFORT = 2
REACH = 60  # pixels of a master that a slope of one moves the print
READABLE_KNIT = 0.05  # luminance above which stitches show without help
_GRID = 10  # master pixels between two points of the folds' height field
_STITCH = (
    (0.010, -0.004, -0.030, -0.030, -0.004, 0.010),
    (-0.014, 0.010, 0.0, 0.0, 0.010, -0.014),
    (-0.024, -0.010, 0.014, 0.014, -0.010, -0.024),
    (0.0, -0.024, 0.0, 0.0, -0.024, 0.0),
)
_BILINEAR = pyvips.Interpolate.new("bilinear")


class TooHeavy(Exception):
    """No quality brings a picture under the limit."""


def compose(kind: Kind, cloth: Cloth, art: Print, side: Literal["front", "back"], inks: Inks) -> str:
    """The SVG of a whole garment."""
    draw = art.front if side == "front" else art.back
    garment = GARMENTS[kind](cloth, draw(inks.ink, inks.second, kind), side)
    return _sheet(DEFS + backdrop() + garment)


def flat_print(cloth: Cloth, art: Print, inks: Inks) -> str:
    """The SVG of the print on flat cloth, its close-up box filling the sheet's width."""
    box = art.closeup
    scale = min(WIDTH * 0.94 / box.width, HEIGHT * 0.94 / box.height)
    x = (WIDTH - box.width * scale) / 2 - box.x * scale
    y = (HEIGHT - box.height * scale) / 2 - box.y * scale
    drawing = at(x, y, round(scale, 4), art.draw(inks.ink, inks.second))
    turn = f'<g transform="rotate(-5 {number(WIDTH / 2)} {number(HEIGHT / 2)})">{drawing}</g>'
    return _sheet(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{cloth.body}"/>{turn}')


def picture(kind: Kind, cloth: Cloth, art: Print, frame: Frame, inks: Inks, width: int = WIDTH) -> pyvips.Image:
    """A finished picture, `width` pixels wide and five quarters as high."""
    if frame == "print":
        image = drape(rasterise(flat_print(cloth, art, inks), width), cloth, f"{art.slug}{cloth.slug}")
    else:
        image = rasterise(compose(kind, cloth, art, frame, inks), width)
    return _grained(image)


def rasterise(svg: str, width: int) -> pyvips.Image:
    """An SVG as pixels: three bands, no alpha."""
    png = resvg_py.svg_to_bytes(svg_string=svg, width=width, font_files=[str(FONT)], skip_system_fonts=True)
    image = pyvips.Image.new_from_buffer(bytes(png), "")
    return image.flatten() if image.hasalpha() else image


def encode(image: pyvips.Image, *, heaviest: int = HEAVIEST) -> bytes:
    """The picture as AVIF, at the best quality that stays within that many bytes.

    Where even the lowest quality is too heavy, fine grain is what weighs: it is softened away.
    """
    for softness in SOFTNESS:
        softened = (image.gaussblur(softness) if softness else image).copy_memory()
        for quality in QUALITIES:
            data: bytes = softened.heifsave_buffer(compression="av1", Q=quality, effort=EFFORT)
            if len(data) <= heaviest:
                return data
    raise TooHeavy(f"{len(data)} bytes at quality {QUALITIES[-1]}, more than {heaviest}")


def drape(flat: pyvips.Image, cloth: Cloth, seed: str) -> pyvips.Image:
    """Flat cloth laid in folds, knitted and lit from the upper left."""
    across, down = _slopes(flat.width, flat.height, seed)
    places = pyvips.Image.xyz(flat.width, flat.height)
    bend = across.bandjoin(down) * (REACH * flat.width / WIDTH)
    knitted = flat * _knit(flat.width, flat.height, cloth)
    # The rim of the sheet is not bent: past it there is no cloth to show.
    bent = knitted.mapim(places + bend * _inwards(places), interpolate=_BILINEAR, extend="copy")
    light = (across * 0.8 + down * 0.6) * -fold_strength(cloth.body)
    # Light multiplies pale cloth well, but on dark cloth it must also be added to be seen.
    lift = 70 * max(0.0, 1 - 4 * luminance(cloth.body))
    lit = bent * (light * 1.3 + 1) + light * lift
    away = (places[0] / flat.width - 0.42) ** 2 + (places[1] / flat.height - 0.38) ** 2
    return (lit * (away * -0.42 + 1.06)).cast("uchar").copy(interpretation="srgb")


def _inwards(places: pyvips.Image) -> pyvips.Image:
    """Zero at the rim of the sheet, one from a little way in."""
    x, y = places[0] / places.width, places[1] / places.height
    return _least(x * (1 - x) * y * (1 - y) * 60, 1)


def _least(image: pyvips.Image, limit: float) -> pyvips.Image:
    return (image < limit).ifthenelse(image, limit)


def _slopes(width: int, height: int, seed: str) -> tuple[pyvips.Image, pyvips.Image]:
    """How steeply the folds rise rightwards and downwards at each pixel.

    The height field is a few long ridges across the sheet, wavering, over a slow swell; it is
    computed on a coarse grid, because folds are smooth, and its slopes are enlarged.
    """
    thrown = dice(seed)
    columns, rows = WIDTH // _GRID, HEIGHT // _GRID
    grid = pyvips.Image.xyz(columns, rows) * _GRID
    x, y = grid[0], grid[1]
    swell = pyvips.Image.gaussnoise(columns, rows, sigma=1, seed=thrown.randrange(1000))
    swell = swell.gaussblur(13, min_ampl=0.01, precision="float")
    field = (swell - swell.avg()) / max(swell.deviate(), 1e-6) * 9
    lean = thrown.choice((-1, 1)) * thrown.uniform(28, 62)
    for _ in range(6):
        angle = math.radians(lean + thrown.uniform(-16, 16))
        along = x * math.cos(angle) + y * math.sin(angle)
        across = y * math.cos(angle) - x * math.sin(angle)
        middle = across.avg() + thrown.uniform(-560, 560)
        start = thrown.uniform(0, 360)
        off = across - middle + (along * thrown.uniform(0.1, 0.22) + start).sin() * 46
        breadth = thrown.uniform(50, 105)
        ridge = (off * off * (-1 / (2 * breadth * breadth))).exp()
        faded = ((along * thrown.uniform(0.08, 0.16) + start).sin() + 1.3) / 2.3
        field += ridge * faded * thrown.uniform(20, 38)
    rightwards = field.conv(pyvips.Image.new_from_array([[-1, 0, 1]], scale=2 * _GRID))
    downwards = field.conv(pyvips.Image.new_from_array([[-1], [0], [1]], scale=2 * _GRID))
    return _enlarged(rightwards, width, height), _enlarged(downwards, width, height)


def _enlarged(field: pyvips.Image, width: int, height: int) -> pyvips.Image:
    return field.resize(width / field.width, vscale=height / field.height, kernel="cubic")


def _knit(width: int, height: int, cloth: Cloth) -> pyvips.Image:
    """Rows of tiny stitches, a factor near one for each pixel; dark cloth hides them."""
    deep = 1.0 if luminance(cloth.body) > READABLE_KNIT else 1.8
    tile = pyvips.Image.new_from_array([[1 + deep * part for part in row] for row in _STITCH])
    return tile.replicate(width // 6 + 1, height // 4 + 1).crop(0, 0, width, height)


def _grained(image: pyvips.Image) -> pyvips.Image:
    grain = pyvips.Image.gaussnoise(image.width, image.height, mean=0, sigma=GRAIN, seed=7)
    return (image + grain.gaussblur(0.55)).cast("uchar").copy(interpretation="srgb")


def _sheet(art: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}">{art}</svg>'
    )
