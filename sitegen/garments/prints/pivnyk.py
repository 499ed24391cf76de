"""«Півник»: the majolica rooster that stayed on its kitchen cupboard."""

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
    ring,
    smooth,
    taper,
)
from sitegen.garments.marks import caption
from sitegen.garments.prints.base import Box, Print

_BODY = smooth(
    points(
        "150 96, 196 84, 232 108, 246 156, 262 216, 306 258, 366 268, 412 250, 446 286, "
        "446 350, 416 420, 366 470, 300 496, 230 490, 170 458, 132 404, 116 340, 120 276, "
        "134 216, 134 160, 128 124"
    )
)
_TAIL: tuple[tuple[tuple[Point, ...], float], ...] = (
    (((410, 300), (420, 210), (400, 120), (340, 66)), 44),
    (((424, 310), (456, 220), (452, 120), (400, 34)), 48),
    (((432, 330), (492, 250), (508, 150), (472, 50)), 50),
    (((436, 350), (520, 290), (556, 210), (540, 116)), 48),
    (((430, 376), (520, 346), (578, 290), (588, 212)), 44),
    (((416, 404), (500, 400), (566, 366), (596, 306)), 36),
)


def _feather(spine: tuple[Point, ...], width: float) -> str:
    return taper(spine, (width * 0.6, width, width * 0.86, width * 0.12))


def _tail(ink: str, second: str) -> str:
    out = ""
    for k, (spine, width) in enumerate(_TAIL):
        dots = "".join(
            disc(
                spine[1][0] + (spine[2][0] - spine[1][0]) * t + bend,
                spine[1][1] + (spine[2][1] - spine[1][1]) * t,
                7 - abs(t - 0.2) * 3.4,
                "#000",
            )
            for t, bend in points("-0.5 -6, -0.15 -1, 0.2 3, 0.55 3, 0.9 1")
        )
        later = _TAIL[k + 1 :]
        rims = "".join(fill(_feather(s, w + 16), "#000") for s, w in later)
        tone = second if k % 2 else ink
        out += cut(f"pivnyk-tail{k}", fill(_feather(spine, width), tone), dots + rims)
    rim = line(_BODY, "#000", 16) + fill(_BODY, "#000")
    return cut("pivnyk-tail", out, rim)


def _flower(ink: str, second: str) -> str:
    """The painted flower of the breast, 170 wide, on the gap left for it."""
    out = ""
    for k in range(8):
        out += at(0, 0, 1, at(0, -34, 1, fill(leaf(46, 34, belly=0.55), second)), turn=k * 45)
        out += at(0, 0, 1, disc(0, -66, 5.5, ink), turn=22.5 + k * 45)
    return out + ring(0, 0, 22, ink, 8) + disc(0, 0, 9, second)


def draw(ink: str, second: str) -> str:
    """A jug of a bird: ornament is cut out of the glaze and partly filled with the second ink."""
    scales = ""
    for row in range(4):
        for k in range(5 - row % 2):
            x = 148 + k * 24 + (12 if row % 2 else 0) + row * 2
            y = 176 + row * 26
            scales += line(
                f"M{x - 11} {y}Q{x - 10} {y + 16} {x} {y + 17}Q{x + 10} {y + 16} {x + 11} {y}",
                "#000",
                5,
            )
    wing = smooth(points("250 330, 300 298, 370 300, 416 322, 404 372, 358 420, 300 428, 262 396"))
    wing_bars = "".join(
        fill(
            taper(
                (
                    (300 + k * 22, 318 + k * 2),
                    (330 + k * 20, 346 + k * 4),
                    (318 + k * 12, 404 - k * 10),
                ),
                (2, 12, 2),
            ),
            "#000",
        )
        for k in range(5)
    )
    breast = disc(184, 376, 82, "#000")
    hem = "".join(disc(*p, 6, "#000") for p in points("236 474, 262 480, 288 481, 314 477, 340 468, 364 453"))
    eye = disc(172, 126, 19, "#000")
    gaps = scales + breast + hem + eye + line(wing, "#000", 9) + line("M132 262C170 284 220 282 268 262", "#000", 6)
    body = cut("pivnyk-body", cut("pivnyk-body-gaps", fill(_BODY, ink), gaps), wing_bars)
    wing_art = cut("pivnyk-wing", fill(wing, second), wing_bars + line(wing, "#000", 9))
    comb = fill(
        "M140 92C128 64 138 46 154 40C156 54 162 60 166 62C166 38 178 22 196 18C196 38 202 48 208 52"
        "C214 36 228 28 244 30C240 52 240 84 224 98C200 78 168 80 140 92Z",
        second,
    )
    beak = fill("M126 122C104 124 86 136 74 152C94 158 116 158 132 150Z", second)
    wattle = fill("M132 158C112 172 104 204 122 220C142 212 150 180 142 160Z", second)
    face_rim = line("M140 92C168 80 200 78 224 98", "#000", 9)
    foot = fill("M262 486L276 540L246 548L246 556L354 556L354 548L324 540L338 484Z", ink) + fill(
        "M176 564L424 564L452 604L148 604Z", ink
    )
    foot_gaps = "".join(fill(f"M{186 + k * 33} 600L{200 + k * 33} 572L{214 + k * 33} 600Z", "#000") for k in range(7))
    foot_gaps += line(_BODY, "#000", 9) + line("M240 549L360 549", "#000", 4)
    eye_art = ring(172, 126, 12, second, 6) + disc(172, 126, 4.5, ink)
    return (
        _tail(ink, second)
        + cut("pivnyk-foot", foot, foot_gaps)
        + cut(
            "pivnyk-face",
            body,
            face_rim + line("M132 158C112 172 104 204 122 220C142 212 150 180 142 160Z", "#000", 12),
        )
        + cut("pivnyk-behind", wing_art, "")
        + comb
        + beak
        + wattle
        + eye_art
        + at(184, 376, 0.94, _flower(ink, second))
        + caption("ПІВНИК", "СТОЇТЬ, ДЕ СТОЯВ", ink, second, 300, 690)
    )


PRINT = Print(
    slug="pivnyk",
    names={"uk": "Півник", "en": "Rooster"},
    width=620,
    height=744,
    draw=draw,
    closeup=Box(84, 16, 464, 580),
    accents=("#f2b705", "#1f6b8a", "#d4351c"),
)
