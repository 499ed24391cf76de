"""The T-shirt, and what it shares with the long sleeve: collar, label, hem."""

from __future__ import annotations

from sitegen.garments.canvas import at, both
from sitegen.garments.cloth import Cloth, fold_strength
from sitegen.garments.marks import commas
from sitegen.garments.outlines import TEE, Pattern, Side
from sitegen.garments.shade import body_folds, fold, piece, rib, seam, stitches

_INSIDE = "M470 234C520 252 560 258 600 258C640 258 680 252 730 234C714 304 668 340 600 340C532 340 486 304 470 234Z"


def label(x: float, y: float) -> str:
    """The woven label in the neck, 58 x 32."""
    mark = at(x + 12, y + 6, 0.085, commas("#121316", "#d4351c"))
    return f'<rect x="{x:g}" y="{y:g}" width="58" height="32" fill="#f3efe6" opacity=".9"/>{mark}'


def knit_body(pattern: Pattern, cloth: Cloth, art: str, side: Side) -> str:
    """Body, neck and hem of a T-shirt or a long sleeve, with the print on it."""
    body = pattern.body(side)
    behind = ""
    if side == "front":
        behind = (
            f'<path d="{_INSIDE}" fill="{cloth.body}"/><path d="{_INSIDE}" fill="#000" opacity=".42"/>{label(571, 270)}'
        )
    shades = f'<path d="{body}" fill="url(#fall)"/>' + body_folds(cloth.body, 1284)
    lit = '<path d="M338 296C356 356 360 424 344 490" fill="none" stroke="#fff"'
    edge = f'{lit} stroke-opacity=".10" stroke-width="2"/>'
    return (
        behind
        + piece("body", body, cloth.body, "turn", shades, art)
        + both(seam(pattern.armhole, 2.6, 0.40) + edge)
        + stitches(pattern.hem)
        + stitches("M292 1271C500 1295 700 1295 908 1271")
        + rib(pattern.collar(side), cloth.sleeves)
    )


def tee(cloth: Cloth, art: str, side: Side) -> str:
    """A T-shirt with set-in sleeves; art is the print of that side, on the sheet."""
    s = fold_strength(cloth.sleeves)
    folds = (
        fold("M334 330C286 400 268 480 258 610", "#000", 20, 0.28 * s)
        + fold("M204 500C234 570 254 640 262 706", "#000", 14, 0.22 * s)
        + fold("M246 410C224 490 200 570 180 650", "#fff", 16, 0.13 * s)
        + fold("M350 300C362 400 352 500 300 570", "#000", 26, 0.34 * s)
    )
    hem = stitches("M136 652C182 678 232 694 291 704")
    sleeve = piece("sleeve", TEE.left, cloth.sleeves, "arm", folds) + hem
    return both(sleeve) + knit_body(TEE, cloth, art, side)
