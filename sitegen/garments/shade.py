"""Light and folds: what is drawn over cloth in black and white, so that any colour works."""

from __future__ import annotations

from sitegen.garments.canvas import HEIGHT, WIDTH, both
from sitegen.garments.cloth import fold_strength

STUDIO = (
    '<linearGradient id="floor" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#e9e3d7"/>'
    '<stop offset=".78" stop-color="#e2dbcd"/><stop offset="1" stop-color="#d5cdbd"/>'
    "</linearGradient>"
    '<radialGradient id="spot" cx=".42" cy=".34" r=".75">'
    '<stop offset="0" stop-color="#fff" stop-opacity=".55"/>'
    '<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>'
    '<filter id="ground" x="-30%" y="-200%" width="160%" height="500%">'
    '<feGaussianBlur stdDeviation="26 12"/></filter>'
)


def _stops(*stops: tuple[float, str, float]) -> str:
    return "".join(
        f'<stop offset="{offset}" stop-color="{tone}" stop-opacity="{opacity}"/>' for offset, tone, opacity in stops
    )


_TURN = _stops(
    (0, "#000", 0.30),
    (0.1, "#000", 0.06),
    (0.32, "#fff", 0.10),
    (0.55, "#fff", 0),
    (0.88, "#000", 0.12),
    (1, "#000", 0.38),
)
_FALL = _stops((0, "#fff", 0.10), (0.35, "#fff", 0), (1, "#000", 0.18))
_ARM = _stops((0, "#000", 0.24), (0.35, "#fff", 0.07), (1, "#000", 0.24))

DEFS = (
    "<defs>" + STUDIO + '<linearGradient id="turn" x1="280" y1="0" x2="920" y2="0"'
    f' gradientUnits="userSpaceOnUse">{_TURN}</linearGradient>'
    f'<linearGradient id="fall" x1="0" y1="0" x2="0" y2="1">{_FALL}</linearGradient>'
    f'<linearGradient id="arm" x1="1" y1="0" x2="0" y2=".5">{_ARM}</linearGradient>'
    '<filter id="f1" x="-20%" y="-20%" width="140%" height="140%">'
    '<feGaussianBlur stdDeviation="3"/></filter>'
    '<filter id="f2" x="-40%" y="-40%" width="180%" height="180%">'
    '<feGaussianBlur stdDeviation="9"/></filter>'
    '<filter id="f3" x="-60%" y="-60%" width="220%" height="220%">'
    '<feGaussianBlur stdDeviation="20"/></filter>'
    '<pattern id="rib" width="9" height="9" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="9" fill="#000" opacity=".16"/>'
    '<rect x="4" width="2" height="9" fill="#fff" opacity=".06"/></pattern></defs>'
)


def backdrop() -> str:
    """A studio sweep with a printer's crop marks in its corners."""
    corners = (
        (56, 56, 1, 1),
        (WIDTH - 56, 56, -1, 1),
        (56, HEIGHT - 56, 1, -1),
        (WIDTH - 56, HEIGHT - 56, -1, -1),
    )
    marks = "".join(
        f'<path d="M{x} {y + down * 26}L{x} {y}L{x + right * 26} {y}" fill="none"'
        ' stroke="#121316" stroke-opacity=".55" stroke-width="2"/>'
        for x, y, right, down in corners
    )
    sheet = f'<rect width="{WIDTH}" height="{HEIGHT}" '
    return (
        f'{sheet}fill="url(#floor)"/>{sheet}fill="url(#spot)"/>{marks}<ellipse cx="600" cy="1356"'
        ' rx="330" ry="20" fill="#3a3122" opacity=".34" filter="url(#ground)"/>'
    )


def fold(d: str, tone: str, width: float, opacity: float, blur: str = "f2") -> str:
    """A soft fold: a blurred stroke, dark ("#000") or lit ("#fff")."""
    return (
        f'<path d="{d}" fill="none" stroke="{tone}" stroke-width="{width:g}" stroke-linecap="round"'
        f' opacity="{opacity:.3f}" filter="url(#{blur})"/>'
    )


def seam(d: str, width: float = 2.6, opacity: float = 0.42) -> str:
    """A seam: a thin dark line."""
    return f'<path d="{d}" fill="none" stroke="#000" stroke-opacity="{opacity:g}" stroke-width="{width:g}"/>'


def stitches(d: str) -> str:
    """A row of stitches."""
    return f'<path d="{d}" fill="none" stroke="#000" stroke-opacity=".3" stroke-width="2" stroke-dasharray="8 4"/>'


def piece(ident: str, d: str, colour: str, light: str, folds: str, art: str = "") -> str:
    """One cut of cloth: colour, print, then light and folds over both, held in its outline."""
    return (
        f'<clipPath id="{ident}"><path d="{d}"/></clipPath><path d="{d}" fill="{colour}"/>'
        f'<g clip-path="url(#{ident})">{art}<path d="{d}" fill="url(#{light})"/>{folds}</g>'
        f"{seam(d, 1.6, 0.28)}"
    )


def rib(d: str, colour: str, *, light: str = "") -> str:
    """A cut of ribbed knit."""
    lit = f'<path d="{d}" fill="url(#{light})"/>' if light else ""
    return (
        f'<path d="{d}" fill="{colour}"/><path d="{d}" fill="#000" opacity=".10"/>'
        f'<path d="{d}" fill="url(#rib)"/>{lit}{seam(d, 1.6, 0.3)}'
    )


def body_folds(colour: str, hem: float, *, weight: float = 1.0) -> str:
    """Creases that hang from the armholes and gather above the hem; hem is its height."""
    s = weight * fold_strength(colour)
    dark, lit = "#000", "#fff"
    return "".join(
        (
            both(fold("M322 520C366 590 424 650 500 706", dark, 26, 0.32 * s)),
            both(fold("M312 548C356 620 410 700 472 764", lit, 12, 0.16 * s)),
            both(fold("M304 640C338 770 352 900 340 1060", dark, 30, 0.28 * s, "f3")),
            fold(f"M420 820C450 960 448 1100 428 {hem}", dark, 22, 0.26 * s, "f3"),
            fold(f"M470 860C496 990 496 1110 482 {hem}", lit, 18, 0.15 * s, "f3"),
            fold(f"M770 780C742 930 748 1080 776 {hem}", dark, 26, 0.28 * s, "f3"),
            fold(f"M716 840C700 960 704 1100 722 {hem}", lit, 16, 0.13 * s, "f3"),
            fold(f"M600 {hem - 230}C640 {hem - 130} 650 {hem - 60} 640 {hem}", dark, 18, 0.2 * s),
            fold(f"M540 {hem - 190}C560 {hem - 110} 564 {hem - 60} 556 {hem}", lit, 12, 0.12 * s),
            fold("M398 330C438 420 450 470 446 540", dark, 16, 0.15 * s),
            fold("M802 330C762 420 750 470 754 540", dark, 16, 0.19 * s),
            fold("M372 640C470 700 560 706 640 690", lit, 14, 0.09 * s, "f3"),
        )
    )
