"""The long sleeve: the T-shirt's body, sleeves to the wrist and ribbed cuffs."""

from __future__ import annotations

from sitegen.garments.canvas import both
from sitegen.garments.cloth import Cloth, fold_strength
from sitegen.garments.outlines import LONGSLEEVE, Side
from sitegen.garments.shade import fold, piece, rib, seam
from sitegen.garments.tee import knit_body

_FOLDS = (
    ("M336 330C280 440 256 560 250 720", "#000", 22, 0.26),
    ("M350 300C362 400 352 500 300 580", "#000", 26, 0.34),
    ("M206 620C242 664 268 680 300 684", "#000", 14, 0.28),
    ("M198 690C236 742 264 760 296 764", "#000", 16, 0.26),
    ("M190 780C216 836 250 868 292 880", "#000", 16, 0.20),
    ("M200 650C236 700 262 716 298 722", "#fff", 9, 0.14),
    ("M170 990C200 1022 240 1034 282 1030", "#000", 16, 0.26),
    ("M160 1056C200 1090 236 1096 276 1088", "#000", 14, 0.28),
    ("M164 1024C200 1058 240 1066 280 1058", "#fff", 9, 0.14),
    ("M236 450C206 620 180 820 168 980", "#fff", 18, 0.13),
)


def longsleeve(cloth: Cloth, art: str, side: Side) -> str:
    """A long sleeve with set-in sleeves; art is the print of that side, on the sheet."""
    s = fold_strength(cloth.sleeves)
    folds = "".join(fold(d, tone, width, share * s) for d, tone, width, share in _FOLDS)
    sleeve = (
        piece("sleeve", LONGSLEEVE.left, cloth.sleeves, "arm", folds)
        + rib(LONGSLEEVE.cuff, cloth.sleeves)
        + seam("M139 1140C180 1154 226 1154 263 1144", 3, 0.4)
    )
    return both(sleeve) + knit_body(LONGSLEEVE, cloth, art, side)
