"""Remakes the shop's fonts from their packages: `python themes/twocomms/fonts/make.py` (or `make fonts`).

Unbounded is pinned at 800 and keeps capitals only, because headings and buttons are set in capitals. Onest stays
variable from 400 to 700. Each is one file for both scripts: a page in either language has words of the other (sizes,
names, the link to its twin), and every file more is a connection more that the first picture waits for. Letters that
are drawn alike in both scripts are kept once. Only Unbounded keeps its kerning: it is read at the size of a
poster, while the pairs of Onest cost 2 kB and are not seen in a text. The fallback faces in `css/fonts.css` are
stretched until a line of system type takes the room of a line of ours: nothing moves when the fonts arrive.
"""

import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

FONTS: Final = Path(__file__).resolve().parent
STYLESHEET: Final = FONTS.parent / "css" / "fonts.css"
BUDGET: Final = 26_000

UNITS_PER_EM: Final = 512
"""Both are drawn on 1000: no size that we use shows the difference, and the files are up to a tenth smaller."""

HRYVNIA: Final = 0x20B4
SIGNS: Final = "\u00a0 .,:;!?…'’ʼ\"“”«»()/+&%×·–—-−"
DIGITS: Final = "0123456789"
LATIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC: Final = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ"
DISPLAY_TEXT: Final = f"{SIGNS}{DIGITS}{LATIN}{CYRILLIC}№#"
CYRILLIC_TEXT: Final = f"{CYRILLIC}{CYRILLIC.lower()}ЁЪЫЭёъыэ№"
TEXT: Final = f"{SIGNS}{DIGITS}{LATIN}{LATIN.lower()}@#=°²{CYRILLIC_TEXT}"

SAMPLE: Final = (
    "Футболки, худі й лонгсліви з Харкова. Кожен малюнок надруковано рівно двома фарбами, третьої немає. "
    "T-shirts, hoodies and long sleeves from Kharkiv, printed in exactly two inks. Доставка від 2 500 - 890, 1 299."
)


@dataclass(frozen=True, slots=True)
class Fallback:
    """A system font; `text` and `display` are mean advances of SAMPLE in em: regular, and bold in capitals."""

    name: str
    local: tuple[str, ...]
    local_bold: tuple[str, ...]
    text: float
    display: float


FALLBACKS: Final = (
    Fallback("arial", ("Arial", "Liberation Sans"), ("Arial Bold", "Liberation Sans Bold"), 0.4646, 0.5888),
    Fallback("roboto", ("Roboto",), ("Roboto Bold",), 0.4676, 0.5587),
    Fallback("dejavu", ("DejaVu Sans",), ("DejaVu Sans Bold",), 0.5316, 0.6766),
)
"""Measured once from the files themselves: Arial stands for its metric twins."""


def fetch(package: str, folder: Path) -> Path:
    """The unpacked npm package below `folder`."""
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    [archive] = folder.glob(f"*{package.rsplit('/', 1)[-1]}-*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / archive.stem, filter="data")
    return folder / archive.stem / "package"


def cut(font: TTFont, text: str, features: list[str]) -> TTFont:
    """`font` with only the glyphs of `text`, without hinting and without names nobody reads."""
    options = subset.Options(
        layout_features=features,
        hinting=False,
        name_IDs=[1, 2, 6, 13, 14],
        notdef_outline=True,
        drop_tables=["HVAR", "MVAR", "STAT", "DSIG"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text)
    subsetter.subset(font)
    return font


def adopt_letter(font: TTFont, source: TTFont, code: int) -> None:
    """Lets `font` show a letter of `source` in all its weights; both files were cut from one variable master."""
    name = source.getBestCmap()[code]
    adopt_glyph(font, source, name)
    twin = next((other for other in font.getBestCmap().values() if drawn_alike(font, name, other)), name)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap[code] = twin


def adopt_glyph(font: TTFont, source: TTFont, name: str) -> None:
    """Copies a glyph, and before it the parts that it is put together of."""
    font.ensureDecompiled()
    glyphs: Any = font["glyf"]
    if name in glyphs.glyphs:
        return
    glyph = source["glyf"][name]
    for part in glyph.getComponentNames(source["glyf"]):
        adopt_glyph(font, source, part)
    glyphs[name] = glyph
    font.setGlyphOrder(glyphs.glyphOrder)
    font["hmtx"].metrics[name] = source["hmtx"].metrics[name]
    font["gvar"].variations[name] = source["gvar"].variations[name]


def drawn_alike(font: TTFont, name: str, other: str) -> bool:
    """Whether two glyphs are the same drawing, equally wide, in every weight."""
    glyphs: Any = font["glyf"]
    variations: Any = font["gvar"].variations
    alike = font["hmtx"][name] == font["hmtx"][other] and glyphs[name] == glyphs[other]
    return bool(alike and variations[name] == variations[other])


def save(font: TTFont, name: str) -> Path:
    path = FONTS / name
    scale_upem(font, UNITS_PER_EM)
    font.flavor = "woff2"
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 0
    font.save(path)
    return path


def make_unbounded(files: Path, scratch: Path) -> Path:
    """One static file: 800, capitals of both scripts, digits, signs."""
    parts = []
    for script in ("latin", "cyrillic", "cyrillic-ext"):
        font = instancer.instantiateVariableFont(TTFont(files / f"unbounded-{script}-wght-normal.woff2"), {"wght": 800})
        font.flavor = None
        part = scratch / f"{script}.ttf"
        cut(font, DISPLAY_TEXT + chr(HRYVNIA), ["kern"]).save(part)
        parts.append(str(part))
    return save(cut(Merger().merge(parts), DISPLAY_TEXT + chr(HRYVNIA), ["kern"]), "unbounded.woff2")


def make_onest(files: Path) -> Path:
    """One file, variable from 400 to 700."""

    def load(script: str) -> TTFont:
        font = TTFont(files / f"onest-{script}-wght-normal.woff2")
        del font["HVAR"]
        return instancer.instantiateVariableFont(font, {"wght": (400, 700)})

    font, cyrillic = load("latin"), load("cyrillic")
    adopt_letter(font, load("cyrillic-ext"), HRYVNIA)
    for letter in CYRILLIC_TEXT:
        adopt_letter(font, cyrillic, ord(letter))
    return save(cut(font, TEXT + chr(HRYVNIA), ["locl", "tnum"]), "onest.woff2")


def mean_advance(font: TTFont, text: str) -> float:
    """The mean advance of a letter of `text` in em."""
    names = font.getBestCmap()
    return sum(font["hmtx"][names[ord(letter)]][0] for letter in text) / font["head"].unitsPerEm / len(text)


def unicode_range(font: TTFont) -> str:
    codes = sorted(font.getBestCmap())
    spans: list[list[int]] = []
    for code in codes:
        if spans and code == spans[-1][1] + 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return ",".join(f"U+{a:X}" if a == b else f"U+{a:X}-{b:X}" for a, b in spans)


def face(family: str, weight: str, file: str, span: str) -> str:
    return (
        f'@font-face {{\n  font-family: "{family}";\n  font-weight: {weight};\n  font-display: swap;\n'
        f'  src: url("../fonts/{file}") format("woff2");\n  unicode-range: {span};\n}}\n'
    )


def stand_in(family: str, font: TTFont, advance: float, fallback: Fallback, bold: bool) -> str:
    """A system font stretched to the width of `font` and set on its ascent, descent and line gap."""
    stretch = advance / (fallback.display if bold else fallback.text)
    em = font["head"].unitsPerEm * stretch
    metrics: Any = font["hhea"]
    sources = ", ".join(f'local("{name}")' for name in (fallback.local_bold if bold else fallback.local))
    return (
        f'@font-face {{\n  font-family: "{family} {fallback.name}";\n  src: {sources};\n  size-adjust: {stretch:.2%};\n'
        f"  ascent-override: {metrics.ascent / em:.2%};\n  descent-override: {-metrics.descent / em:.2%};\n"
        f"  line-gap-override: {metrics.lineGap / em:.2%};\n}}\n"
    )


def write_stylesheet(display: TTFont, text: TTFont) -> None:
    wide, narrow = mean_advance(display, SAMPLE.upper()), mean_advance(text, SAMPLE)
    parts = [
        "/* Written by fonts/make.py. */\n",
        face("Unbounded", "800", "unbounded.woff2", unicode_range(display)),
        face("Onest", "400 700", "onest.woff2", unicode_range(text)),
        *(stand_in("Unbounded", display, wide, fallback, bold=True) for fallback in FALLBACKS),
        *(stand_in("Onest", text, narrow, fallback, bold=False) for fallback in FALLBACKS),
    ]
    STYLESHEET.write_text("".join(parts), "utf-8")


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        unbounded = fetch("@fontsource-variable/unbounded", scratch)
        onest = fetch("@fontsource-variable/onest", scratch)
        made = (make_unbounded(unbounded / "files", scratch), make_onest(onest / "files"))
        shutil.copy(unbounded / "LICENSE", FONTS / "OFL-unbounded.txt")
        shutil.copy(onest / "LICENSE", FONTS / "OFL-onest.txt")
    display, text = (TTFont(path) for path in made)
    write_stylesheet(display, text)
    for path in made:
        print(f"{path.stat().st_size:>7}  {path.name}")
    total = sum(path.stat().st_size for path in made)
    print(f"{total:>7}  of {BUDGET}")
    if total > BUDGET:
        raise SystemExit("the fonts are over their budget")


if __name__ == "__main__":
    main()
