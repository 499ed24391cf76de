"""«Сад»: an apple branch in blossom and in fruit at once, with a bird in it."""

from __future__ import annotations

from sitegen.garments.canvas import (
    Point,
    at,
    cut,
    disc,
    fill,
    leaf,
    line,
    points,
    polar,
    smooth,
    taper,
)
from sitegen.garments.cloth import luminance
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_BRANCH: tuple[tuple[tuple[Point, ...], tuple[float, ...]], ...] = (
    (
        points("20 560, 110 500, 210 440, 320 400, 440 330, 560 220"),
        (34, 30, 24, 19, 14, 4),
    ),
    (((184, 456), (186, 380), (150, 290), (184, 140)), (20, 14, 10, 3)),
    (((320, 400), (390, 410), (460, 450), (540, 456)), (16, 12, 9, 3)),
    (((440, 330), (440, 260), (470, 190), (452, 120)), (13, 10, 8, 3)),
    (((154, 306), (120, 270), (72, 206)), (10, 7, 3)),
    (((110, 500), (110, 430), (70, 380)), (16, 10, 3)),
)
_FLOWERS = (
    (186, 124, 1.06, 0),
    (66, 200, 0.84, 20),
    (462, 96, 1.0, 34),
    (548, 206, 0.9, 10),
    (70, 356, 0.78, 50),
    (140, 420, 0.6, 10),
)
_LEAVES = (
    (142, 292, 24, 66),
    (164, 226, 62, 70),
    (470, 300, 64, 86),
    (458, 220, -64, 78),
    (520, 268, 100, 74),
    (250, 420, 20, 70),
    (110, 440, 60, 74),
    (400, 408, 30, 70),
    (500, 456, 140, 78),
    (70, 530, -30, 76),
    (160, 474, 170, 80),
    (452, 156, 66, 60),
    (540, 456, 70, 66),
)


_PETAL = "M0 -8C-36 -18 -44 -60 -17 -68C-8 -70 -4 -64 0 -58C4 -64 8 -70 17 -68C44 -60 36 -18 0 -8Z"


def _turned(art: str) -> str:
    """One petal's drawing, five times round."""
    return "".join(f'<g transform="rotate({k * 72})">{art}</g>' for k in range(5))


def _flower(ident: str, ink: str, second: str) -> str:
    """Five notched petals, 140 wide; apple blossom is white, so dark ink only draws its edge."""
    veins = "M0 -28L0 -46M-9 -30L-15 -50M9 -30L15 -50"
    heart = "".join(disc(*polar(0, 0, 20, k * 45), 4.4, second) for k in range(8))
    heart += disc(0, 0, 9, second)
    if luminance(ink) > 0.4:
        petals = _turned(fill(_PETAL, ink))
        return cut(ident, petals, _turned(line(veins, "#000", 3)) + disc(0, 0, 28, "#000")) + heart
    # Only the outside of the united petals is drawn, else their edges would cross.
    edge = cut(ident, _turned(line(_PETAL, ink, 13)), _turned(fill(_PETAL, "#000")))
    parting = _turned(f'<g transform="rotate(36)">{line("M0 -31L0 -41", ink, 5)}</g>')
    return edge + parting + _turned(line(veins, ink, 3)) + heart


def _apple(ident: str, ink: str, second: str) -> str:
    """An apple hanging from the origin, 130 wide."""
    skin = smooth(points("0 34, 30 22, 58 38, 66 78, 50 124, 22 142, 0 136, -22 142, -50 124, -66 78, -58 38, -30 22"))
    light = fill(taper(((-44, 54), (-52, 80), (-42, 110)), (3, 12, 3)), "#000") + "".join(
        fill(taper(((x, 60), (x + 6, 86), (x - 2, 116)), (1, 5, 1)), "#000") for x in (22, 38, 52)
    )
    dip = line("M-20 36Q0 50 20 36", "#000", 5)
    return cut(ident, fill(skin, second), light + dip) + line("M0 42Q-4 18 6 0", ink, 7)


def _bird(ink: str, second: str) -> str:
    """A tit looking left; its feet are at (300, 398)."""
    body = smooth(
        points(
            "214 268, 226 240, 254 226, 284 232, 306 254, 338 286, 368 326, 388 366, 352 372, "
            "312 388, 272 380, 242 352, 228 316, 218 290"
        )
    )
    tail = fill("M352 346L386 354L452 420L430 434L400 416Z", ink)
    wing = smooth(points("286 292, 318 296, 350 326, 376 366, 336 362, 300 346, 280 320"))
    cheek = smooth(points("232 262, 252 254, 268 264, 262 284, 242 288"))
    belly = smooth(points("234 312, 256 318, 276 344, 290 374, 268 370, 246 346"))
    gaps = (
        line(wing, "#000", 8)
        + fill(cheek, "#000")
        + disc(238, 244, 5, "#000")
        + line(belly, "#000", 8)
        + fill(belly, "#000")
        + "".join(
            fill(
                taper(
                    (
                        (304 + k * 6, 310 + k * 14),
                        (330 + k * 6, 326 + k * 11),
                        (358 + k * 2, 352 + k * 4),
                    ),
                    (1, 6, 1),
                ),
                "#000",
            )
            for k in range(3)
        )
        + line("M396 372L440 416M380 372L420 420", "#000", 4)
    )
    return (
        cut("sad-bird", fill(body, ink) + tail, gaps)
        + fill(belly, second)
        + fill("M216 262L184 276L218 284Z", second)
        + line("M290 384L286 410M312 384L314 406", second, 6)
    )


def draw(ink: str, second: str) -> str:
    """Flowers lie over leaves and branch; a gap round each keeps them apart."""
    wood = "".join(fill(taper(spine, widths), ink) for spine, widths in _BRANCH)
    bark = "".join(
        line(f"M{x} {y}L{x + 34} {y - 19}", "#000", 3.4)
        for x, y in points("60 542, 96 512, 150 484, 186 458, 236 434, 280 420, 370 374")
    )
    leaves = "".join(at(x, y, 1, fill(leaf(size, size * 0.5), ink), turn=turn) for x, y, turn, size in _LEAVES)
    ribs = "".join(
        at(x, y, 1, line(f"M0 -8L0 {-size * 0.82:.0f}", "#000", 4), turn=turn) for x, y, turn, size in _LEAVES
    )
    halos = "".join(disc(x, y, 70 * s, "#000") for x, y, s, _ in _FLOWERS)
    apples = ((330, 430, 1.0, -4), (480, 462, 0.86, 5))
    hollow = "".join(disc(x, y + 82 * s, 74 * s, "#000") for x, y, s, _ in apples)
    bird = "M214 268C226 220 290 220 312 254C350 290 380 330 392 366L456 424L430 440L380 384C330 400 260 400 236 352Z"
    hollow += line(bird, "#000", 10) + fill(bird, "#000")
    fruit = "".join(
        at(x, y, s, _apple(f"sad-apple{k}", ink, second), turn=turn) for k, (x, y, s, turn) in enumerate(apples)
    )
    flowers = "".join(
        at(x, y, s, _flower(f"sad-flower{k}", ink, second), turn=turn) for k, (x, y, s, turn) in enumerate(_FLOWERS)
    )
    buds = "".join(disc(x, y, 9, second) for x, y in ((108, 250), (440, 170), (556, 268), (96, 404)))
    return (
        cut("sad-wood", wood + leaves, bark + ribs + halos + hollow)
        + fruit
        + flowers
        + _bird(ink, second)
        + buds
        + caption("САД", "ВІД ЦВІТУ ДО ЯБЛУКА", ink, second, 300, 690)
    )


PRINT = Print(
    slug="sad",
    names={"uk": "Сад", "en": "Orchard"},
    width=600,
    height=744,
    draw=draw,
    closeup=Box(70, 50, 440, 550),
    accents=("#ff8f73", "#d4351c", "#a11a10"),
)
