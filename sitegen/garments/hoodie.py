"""The hoodie: set-in sleeves, hood with cord, kangaroo pocket, ribbed cuffs and band."""

from __future__ import annotations

from sitegen.garments.canvas import both
from sitegen.garments.cloth import Cloth, fold_strength, luminance
from sitegen.garments.outlines import HOODIE, Side
from sitegen.garments.shade import body_folds, fold, piece, rib, seam, stitches
from sitegen.garments.tee import label

_WEIGHT = 1.12  # fleece folds deeper than a thin knit
_METAL = "#8b8378"
_ARM_FOLDS = (
    ("M330 360C280 460 258 570 252 710", "#000", 24, 0.28),
    ("M346 330C356 430 346 530 294 620", "#000", 28, 0.34),
    ("M208 640C246 680 272 690 300 694", "#000", 16, 0.28),
    ("M200 720C240 764 268 778 298 782", "#000", 18, 0.26),
    ("M190 820C218 868 252 896 294 906", "#000", 16, 0.22),
    ("M204 680C242 722 268 732 298 736", "#fff", 10, 0.13),
    ("M178 1010C206 1040 248 1054 294 1050", "#000", 20, 0.30),
    ("M172 1070C210 1104 248 1110 292 1100", "#000", 16, 0.28),
    ("M174 1042C210 1074 248 1082 292 1076", "#fff", 10, 0.14),
    ("M236 500C208 660 186 820 176 990", "#fff", 20, 0.12),
)


def _sleeve(cloth: Cloth) -> str:
    s = _WEIGHT * fold_strength(cloth.sleeves)
    folds = "".join(fold(d, tone, width, share * s) for d, tone, width, share in _ARM_FOLDS)
    return (
        piece("sleeve", HOODIE.left, cloth.sleeves, "arm", folds)
        + rib(HOODIE.cuff, cloth.sleeves)
        + seam("M146 1140C190 1156 246 1156 290 1142", 3, 0.4)
    )


def _shadow(d: str, drop: float, blur: str) -> str:
    return f'<path d="{d}" fill="#000" opacity=".46" transform="translate(0 {drop:g})" filter="url(#{blur})"/>'


def _pocket(cloth: Cloth) -> str:
    s = _WEIGHT * fold_strength(cloth.body)
    folds = fold("M440 990C520 1064 680 1064 764 990", "#000", 22, 0.2 * s, "f3") + fold(
        "M380 1150C480 1196 720 1196 820 1150", "#000", 22, 0.24 * s, "f3"
    )
    return (
        _shadow(HOODIE.pocket, 6, "f1")
        + piece("pocket", HOODIE.pocket, cloth.body, "turn", folds)
        + seam("M354 1110C382 1062 410 1010 430 956L770 956C790 1010 818 1062 846 1110", 3, 0.45)
        + stitches("M434 966L766 966")
        + both(stitches("M446 960C424 1016 396 1066 368 1114"))
    )


def _hood_front(cloth: Cloth) -> str:
    s = _WEIGHT * fold_strength(cloth.sleeves)
    rim = both(fold("M462 184C450 264 490 344 590 408", "#000", 16, 0.36 * s)) + both(
        fold("M478 164C470 244 500 324 580 384", "#fff", 10, 0.16)
    )
    deep = both(fold("M520 154C530 234 560 304 600 354", "#000", 34, 0.5, "f3")) + fold(
        "M600 138C602 192 600 232 600 302", "#000", 6, 0.5, "f1"
    )
    hole = HOODIE.hood_opening
    dim = f'<path d="{hole}" fill="#000" opacity=".52"/>'
    return (
        _shadow(HOODIE.hood, 14, "f2")
        + piece("hood", HOODIE.hood, cloth.sleeves, "turn", rim)
        + piece("opening", hole, cloth.sleeves, "fall", dim + deep)
        + seam(hole, 3, 0.5)
        + seam("M600 390L600 426", 3, 0.5)
        + label(571, 198)
        + _cords(cloth)
    )


def _cords(cloth: Cloth) -> str:
    tone = "#efe9dc" if luminance(cloth.body) < 0.3 else "#2a2a2c"
    out: list[str] = []
    for x, sway, end in ((548, -22, 494), (652, 24, 480)):
        tip = round(x + sway * 0.6)
        d = f"M{x} 370C{x + sway} 420 {x - sway * 0.6:.0f} 450 {tip} {end}"
        out += (
            f'<path d="{d}" fill="none" stroke="#000" stroke-width="12" opacity=".32"'
            ' transform="translate(5 6)" filter="url(#f1)"/>'
            f'<path d="{d}" fill="none" stroke="{tone}" stroke-width="9" stroke-linecap="round"/>'
            f'<path d="{d}" fill="none" stroke="#000" stroke-opacity=".25" stroke-width="9"'
            ' stroke-dasharray="2 5"/>'
            f'<rect x="{tip - 6}" y="{end - 4}" width="12" height="30" rx="3" fill="{_METAL}"/>'
            f'<circle cx="{x}" cy="370" r="9" fill="{_METAL}" stroke="#000" stroke-opacity=".4"'
            ' stroke-width="2"/>',
        )
    return "".join(out)


def _hood_back(cloth: Cloth) -> str:
    s = _WEIGHT * fold_strength(cloth.sleeves)
    folds = (
        fold("M600 112C604 202 602 292 600 380", "#000", 5, 0.5, "f1")
        + both(fold("M480 164C500 244 540 314 596 354", "#000", 26, 0.34 * s))
        + both(fold("M520 144C530 214 552 274 590 314", "#fff", 18, 0.12))
        + fold("M450 268C500 356 556 382 600 382C644 382 700 356 750 268", "#000", 20, 0.4)
    )
    return _shadow(HOODIE.collar_back, 16, "f2") + piece("hood", HOODIE.collar_back, cloth.sleeves, "turn", folds)


def hoodie(cloth: Cloth, art: str, side: Side) -> str:
    """A hoodie; art is the print of that side, on the sheet."""
    body = HOODIE.body(side)
    shades = f'<path d="{body}" fill="url(#fall)"/>' + body_folds(cloth.body, 1240, weight=_WEIGHT)
    over = _pocket(cloth) + _hood_front(cloth) if side == "front" else _hood_back(cloth)
    return (
        both(_sleeve(cloth))
        + piece("body", body, cloth.body, "turn", shades, art)
        + both(seam(HOODIE.armhole, 3, 0.42))
        + rib(HOODIE.band, cloth.sleeves, light="turn")
        + seam(HOODIE.hem, 3.4, 0.45)
        + over
    )
