"""Contrast, computed from the token file: every text pair, in both schemes, with every pair of inks."""

import re
from collections.abc import Iterator, Mapping

import pytest

from commerce_api.foundation.theming import THEME

TEXT = 4.5
CONTROL = 3.0
SHEETS = ("paper", "card")
ON_SHEETS = ("coal", "mute", "alert", "ok", "link", "ink-1")
BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
DECLARATION = re.compile(r"--([\w-]+):\s*([^;]+);")

Tokens = dict[str, str]
"""Name of a token to its value."""


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2)."""

    def linear(part: str) -> float:
        value = int(part, 16) / 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(colour[i : i + 2]) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def blocks(css: str) -> dict[str, Tokens]:
    """Declarations by selector."""
    found: dict[str, Tokens] = {}
    for selector, body in BLOCK.findall(css):
        found.setdefault(selector.strip().splitlines()[-1].strip(), {}).update(DECLARATION.findall(body))
    return found


def schemes() -> Iterator[tuple[str, Tokens]]:
    """Every set of tokens a page can be shown in: scheme and pair of inks."""
    css = re.sub(r"/\*.*?\*/", "", (THEME / "css" / "tokens.css").read_text("utf-8"), flags=re.S)
    light_part, dark_part = css.split("@media (prefers-color-scheme: dark) {")
    light, dark = blocks(light_part), blocks(dark_part.split("@media")[0])
    names = [selector for selector in light if selector.startswith("[data-inks")]
    assert set(names) == {s for s in dark if s.startswith("[data-inks")}, "an ink pair has no dark twin"
    base: Mapping[str, str] = next(tokens for selector, tokens in light.items() if selector.endswith(":root"))
    night = {**base, **next(tokens for selector, tokens in dark.items() if selector.endswith(":root"))}
    yield "light", dict(base)
    yield "dark", night
    for name in names:
        yield f"light {name}", {**base, **light[name]}
        yield f"dark {name}", {**night, **light[name], **dark[name]}


SCHEMES = list(schemes())


@pytest.mark.parametrize("tokens", [tokens for _, tokens in SCHEMES], ids=[name for name, _ in SCHEMES])
def test_every_text_can_be_read_on_every_sheet(tokens: Tokens) -> None:
    # given a scheme and its inks, when each text colour is laid on each sheet, then it stands out 4.5 : 1
    weak = {
        f"{text} on {sheet}": round(contrast(tokens[text], tokens[sheet]), 2)
        for text in ON_SHEETS
        for sheet in SHEETS
        if contrast(tokens[text], tokens[sheet]) < TEXT
    }
    assert weak == {}


@pytest.mark.parametrize("tokens", [tokens for _, tokens in SCHEMES], ids=[name for name, _ in SCHEMES])
def test_text_on_a_filled_ink_can_be_read(tokens: Tokens) -> None:
    # given a scheme and its inks, when text stands on a filled ink, then it stands out 4.5 : 1
    assert contrast(tokens["on-1"], tokens["ink-1"]) >= TEXT
    assert contrast(tokens["on-2"], tokens["ink-2"]) >= TEXT


@pytest.mark.parametrize("tokens", [tokens for _, tokens in SCHEMES], ids=[name for name, _ in SCHEMES])
def test_borders_of_controls_and_the_focus_ring_can_be_seen(tokens: Tokens) -> None:
    # given a scheme, when the border of a control or the focus ring is drawn on paper, then it stands out 3 : 1
    for name in ("edge", "link", "coal"):
        for sheet in SHEETS:
            assert contrast(tokens[name], tokens[sheet]) >= CONTROL, f"{name} on {sheet}"


RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
FILL = re.compile(r"background(?:-color)?:\s*var\(--([\w-]+)\)")
TEXT_COLOUR = re.compile(r"(?<![-\w])color:\s*var\(--([\w-]+)\)")


def laid_pairs() -> dict[tuple[str, str], str]:
    """Every text colour that a rule lays on a fill of its own, with one selector that does."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted((THEME / "css").rglob("*.css")):
        css = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.S)
        for selector, body in RULE.findall(css):
            fill, text = FILL.search(body), TEXT_COLOUR.search(body)
            if fill and text:
                found.setdefault((text[1], fill[1]), selector.strip())
    return found


@pytest.mark.parametrize("tokens", [tokens for _, tokens in SCHEMES], ids=[name for name, _ in SCHEMES])
def test_every_pair_that_a_rule_lays_can_be_read(tokens: Tokens) -> None:
    # given all rules that set a text and its fill together, when they are shown in this scheme, then 4.5 : 1
    pairs = {pair: selector for pair, selector in laid_pairs().items() if set(pair) <= tokens.keys()}
    assert len(pairs) > 3
    weak = {
        f"{selector}: {text} on {fill}": round(contrast(tokens[text], tokens[fill]), 2)
        for (text, fill), selector in pairs.items()
        if contrast(tokens[text], tokens[fill]) < TEXT
    }
    assert weak == {}
