"""Garments as plain outlines: the paths that pictures, icons and size drawings share.

Every path lies on the 1200 x 1500 sheet of `canvas`; a left part mirrors about the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sitegen.garments.canvas import mirrored

Kind = Literal["tee", "hoodie", "longsleeve"]
Side = Literal["front", "back"]
KINDS: tuple[Kind, ...] = ("tee", "hoodie", "longsleeve")
SIDES: tuple[Side, ...] = ("front", "back")


@dataclass(frozen=True)
class Pattern:
    """The cuts of a garment, as paths; `left`, `cuff` and `armhole` have mirrored twins."""

    left: str
    body_front: str
    body_back: str
    collar_front: str
    collar_back: str
    armhole: str
    hem: str
    cuff: str = ""
    band: str = ""
    pocket: str = ""
    hood: str = ""
    hood_opening: str = ""

    def body(self, side: Side) -> str:
        """The body's outline from that side."""
        return self.body_front if side == "front" else self.body_back

    def collar(self, side: Side) -> str:
        """The neck rib, or the hood of a hoodie, from that side."""
        return self.collar_front if side == "front" else self.collar_back


# Left neck point, shoulder, armhole (it curves inwards, as a set-in sleeve does), side, hem.
_KNIT_LEFT = "M470 234C430 250 378 268 330 288C348 350 352 420 336 486C328 516 314 538 298 556"
_KNIT_SIDE = "C304 740 304 1000 292 1284"
_KNIT_HEM = "C500 1308 700 1308 908 1284"
_KNIT_RIGHT = "C896 1000 896 740 902 556C886 538 872 516 864 486C848 420 852 350 870 288C822 268 770 250 730 234"
_KNIT_BODY = _KNIT_LEFT + _KNIT_SIDE + _KNIT_HEM + _KNIT_RIGHT
_CREW_FRONT = "C714 304 668 340 600 340C532 340 486 304 470 234Z"
_CREW_BACK = "C700 262 652 272 600 272C548 272 500 262 470 234Z"
_RIB_FRONT = (
    "M470 234C486 304 532 340 600 340C668 340 714 304 730 234L750 240C738 328 678 372 600 372C522 372 462 328 450 240Z"
)
_RIB_BACK = (
    "M450 240C490 276 546 292 600 292C654 292 710 276 750 240L730 226C690 252 648 260 600 260C552 260 510 252 470 226Z"
)
_KNIT_ARMHOLE = "M330 288C348 350 352 420 336 486C328 516 314 538 298 556"

TEE = Pattern(
    left=(
        "M330 288C290 304 262 332 244 372C208 452 166 556 130 646C126 658 130 666 142 672"
        "C182 692 230 710 274 718C284 720 290 714 291 704C294 652 297 604 298 556"
        "C340 540 380 500 380 420C380 360 370 310 330 288Z"
    ),
    body_front=_KNIT_BODY + _CREW_FRONT,
    body_back=_KNIT_BODY + _CREW_BACK,
    collar_front=_RIB_FRONT,
    collar_back=_RIB_BACK,
    armhole=_KNIT_ARMHOLE,
    hem="M292 1262C500 1286 700 1286 908 1262",
)

LONGSLEEVE = Pattern(
    left=(
        "M330 288C288 306 260 338 244 388C206 520 172 720 152 920C144 1000 140 1080 140 1146"
        "C180 1160 226 1160 262 1150C276 1010 290 850 298 690C299 640 299 600 298 556"
        "C340 540 380 500 380 420C380 360 370 310 330 288Z"
    ),
    body_front=_KNIT_BODY + _CREW_FRONT,
    body_back=_KNIT_BODY + _CREW_BACK,
    collar_front=_RIB_FRONT,
    collar_back=_RIB_BACK,
    armhole=_KNIT_ARMHOLE,
    hem="M292 1262C500 1286 700 1286 908 1262",
    cuff=(
        "M139 1140C180 1154 226 1154 263 1144C264 1174 260 1202 254 1226C252 1234 246 1238 238 1239"
        "C212 1242 182 1241 158 1236C150 1234 146 1230 145 1222C140 1196 138 1168 139 1140Z"
    ),
)

_FLEECE_BODY = (
    "M462 262C418 278 370 296 322 318C336 390 338 460 324 520C318 552 306 580 290 602"
    "C298 800 296 1010 284 1240C500 1266 700 1266 916 1240C904 1010 902 800 910 602"
    "C894 580 882 552 876 520C862 460 864 390 878 318C830 296 782 278 738 262"
)

HOODIE = Pattern(
    left=(
        "M322 318C280 338 254 374 240 428C202 580 172 780 154 1000C150 1050 148 1100 150 1146"
        "C164 1170 170 1172 184 1174C214 1178 246 1178 272 1172C284 1170 290 1160 288 1146"
        "C292 960 294 780 290 602C340 590 376 540 376 440C376 380 362 334 322 318Z"
    ),
    body_front=_FLEECE_BODY + "C712 330 660 372 600 380C540 372 488 330 462 262Z",
    body_back=_FLEECE_BODY + "C700 300 652 312 600 312C548 312 500 300 462 262Z",
    collar_front=(
        "M446 288C416 190 456 94 600 86C744 94 784 190 754 288C736 350 672 402 600 426C528 402 464 350 446 288Z"
    ),
    collar_back=(
        "M452 276C436 192 468 114 600 106C732 114 764 192 748 276C726 342 668 380 600 384C532 380 474 342 452 276Z"
    ),
    armhole="M322 318C336 390 338 460 324 520C318 552 306 580 290 602",
    hem="M284 1240C500 1266 700 1266 916 1240",
    cuff=(
        "M146 1140C190 1156 246 1156 290 1142C292 1178 288 1212 280 1240C277 1250 272 1255 262 1257"
        "C236 1262 204 1261 178 1257C168 1255 162 1251 159 1242C151 1212 146 1176 146 1140Z"
    ),
    band=(
        "M284 1236C500 1262 700 1262 916 1236C920 1272 918 1302 910 1326C700 1352 500 1352 290 1326"
        "C282 1302 280 1272 284 1236Z"
    ),
    pocket=(
        "M430 956L770 956C790 1010 818 1062 846 1110L846 1216C680 1238 520 1238 354 1216L354 1110"
        "C382 1062 410 1010 430 956Z"
    ),
    hood=("M446 288C416 190 456 94 600 86C744 94 784 190 754 288C736 350 672 402 600 426C528 402 464 350 446 288Z"),
    hood_opening=(
        "M494 266C476 198 506 142 600 136C694 142 724 198 706 266C690 326 648 366 600 390C552 366 510 326 494 266Z"
    ),
)

PATTERNS: dict[Kind, Pattern] = {"tee": TEE, "hoodie": HOODIE, "longsleeve": LONGSLEEVE}


def shown_parts(kind: Kind) -> tuple[str, ...]:
    """The parts of a front from the lowest to the uppermost: each hides what runs on beneath it."""
    pattern = PATTERNS[kind]
    sleeves = (pattern.left, mirrored(pattern.left), pattern.cuff, mirrored(pattern.cuff) if pattern.cuff else "")
    over = (pattern.body_front, pattern.collar_front, pattern.pocket, pattern.band, pattern.hood_opening)
    return tuple(part for part in (*sleeves, *over) if part)
