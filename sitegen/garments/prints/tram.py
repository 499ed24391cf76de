"""«Трамвай»: the face of an old city tram, its lamp lit, under the wire."""

from __future__ import annotations

from sitegen.garments.canvas import bar, both, cut, disc, fill, line, polar, ring, taper
from sitegen.garments.marks import caption, words
from sitegen.garments.prints.base import Box, Print

_WIDTH = 600
_SHELL = (
    "M188 214C188 170 206 146 250 138C282 133 318 133 350 138C394 146 412 170 412 214L424 470"
    "C425 506 414 520 386 524L214 524C186 520 175 506 176 470Z"
)


def _pantograph(ink: str) -> str:
    arms = both(line("M270 132L226 88L284 34", ink, 7) + line("M330 132L262 84", ink, 0.01), _WIDTH)
    return (
        arms
        + bar(222, 24, 156, 10, ink)
        + line("M226 88L374 88", ink, 4)
        + bar(246, 122, 108, 12, ink)
        + both(line("M222 29Q206 30 200 42", ink, 7), _WIDTH)
        + line("M40 14L560 22", ink, 3.4)
    )


def _beams(second: str) -> str:
    out = ""
    for k in range(20):
        angle = 9 + k * 18
        inner, outer = 56, 84 if k % 2 else 72
        (ax, ay), (bx, by) = polar(300, 424, inner, angle), polar(300, 424, outer, angle)
        out += fill(taper(((ax, ay), ((ax + bx) / 2, (ay + by) / 2), (bx, by)), (3, 7, 2)), second)
    return out


def draw(ink: str, second: str) -> str:
    """The body is solid ink; windows, board and lamp are gaps, lit by the second ink."""
    panes = both(
        "".join(
            fill(d, "#000")
            for d in (
                "M212 232C212 216 222 210 234 209L293 207L293 338L206 338Z",
                "M196 392L232 390L230 404L195 406Z",
            )
        ),
        _WIDTH,
    )
    gaps = (
        panes
        + fill("M226 160L374 160L378 194L222 194Z", "#000")
        + disc(300, 424, 92, "#000")
        + both(disc(214, 462, 17, "#000"), _WIDTH)
        + line("M184 362L416 362", "#000", 6)
        + line("M180 494L420 494", "#000", 5)
    )
    body = cut("tram-shell", fill(_SHELL, ink), gaps)
    glass = both(fill("M222 238C222 226 230 220 240 219L284 217L284 328L217 328Z", second), _WIDTH)
    shine = "".join(
        line(d, "#000", w)
        for d, w in (
            ("M226 318L280 232", 9),
            ("M250 328L286 272", 5),
            ("M330 300L372 224", 9),
            ("M352 318L380 270", 5),
        )
    )
    driver = fill("M344 328C342 300 350 292 358 290A17 19 0 1 1 374 290C384 294 390 304 390 328Z", "#000")
    lamp = disc(300, 424, 44, second) + ring(300, 424, 50, ink, 7)
    lens = "".join(
        line(f"M{x} {424 - h}L{x} {424 + h}", "#000", 4) for x, h in ((276, 34), (292, 42), (308, 42), (324, 34))
    )
    front = (
        both(disc(214, 462, 11, second), _WIDTH)
        + bar(196, 532, 208, 16, ink)
        + bar(280, 540, 40, 26, ink)
        + both(fill("M206 552L256 552L250 578L214 578Z", ink), _WIDTH)
        + both(line("M186 252L166 256L166 304L184 308", ink, 6), _WIDTH)
    )
    rails = both(
        fill("M248 590L258 590L196 640L176 640Z", ink)
        + "".join(bar(300, 592 + k * 12, 34 + k * 22, 3 + k, second) for k in range(4)),
        _WIDTH,
    )
    return (
        _pantograph(ink)
        + body
        + cut("tram-glass", glass, shine + driver)
        + words(("ДВА",), 27, ink, 300, 187, spacing=4)
        + cut("tram-lamp", lamp, lens)
        + _beams(second)
        + front
        + rails
        + caption("ТРАМВАЙ", "ОСТАННІЙ РЕЙС ДОДОМУ", ink, second, 300, 724)
    )


PRINT = Print(
    slug="tram",
    names={"uk": "Трамвай", "en": "Tram"},
    width=600,
    height=778,
    draw=draw,
    closeup=Box(80, 80, 440, 550),
    accents=("#f2b705", "#d4351c"),
)
