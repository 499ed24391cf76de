"""Every kind of page can be used by everybody: small screens, dark rooms, large letters, screen readers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from bench.grade.browser import violations
from tests.e2e.conftest import DESKTOP, Shop, window
from tests.e2e.states import STATES

pytestmark = pytest.mark.browser

NARROWEST: ViewportSize = {"width": 320, "height": 640}
TWICE_AS_LARGE: ViewportSize = {"width": 720, "height": 450}
"""What a window of 1440 by 900 shows at 200 %."""
MARK = 24
"""Pixels: a smaller mark is a speck."""
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }"""
"""The distances of WCAG 1.4.12."""
TORN = r"""() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), torn = new Set();
  for (let node; (node = walker.nextNode()); ) {
    const box = node.parentElement;
    if (!box.checkVisibility({ visibilityProperty: true }) || box.getBoundingClientRect().width <= 1) continue;
    for (const { 0: word, index } of node.data.matchAll(/[^\s\u2010-\u2015/-]+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (new Set([...range.getClientRects()].map((line) => Math.round(line.top))).size > 1) torn.add(word);
    }
  }
  return [...torn];
}"""
"""Words that begin on one line and end on the next; a hyphen or a slash may end a line."""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def arrived(chromium: Browser, shop: Shop, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone on the page that the test is about. Policies are off, because axe-core is handed in as text."""
    with window(chromium, shop, bypass_csp=True) as context:
        page = context.new_page()
        STATES[request.param](page)
        page.wait_for_load_state("networkidle")
        yield page


@pytest.mark.parametrize("arrived", STATES, indirect=True)
def test_a_page_serves_everybody(arrived: Page) -> None:
    # given a page in one of its states, when it is looked at by day and by night, on a phone and on a desk
    found = [f"phone, light: {each}" for each in violations(arrived)]
    arrived.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"phone, dark: {each}" for each in violations(arrived, ("color-contrast",))]
    arrived.set_viewport_size(DESKTOP)
    found += [f"desktop, dark: {each}" for each in violations(arrived)]
    arrived.emulate_media(color_scheme="light", reduced_motion="reduce")
    found += [f"desktop, light: {each}" for each in violations(arrived, ("color-contrast",))]
    # then axe has no word against it
    assert found == []


@pytest.mark.parametrize("arrived", STATES, indirect=True)
def test_a_page_never_scrolls_sideways(arrived: Page) -> None:
    # given a page in one of its states, when its window is the narrowest, its letters are twice as large or far apart
    wide: dict[str, int] = {}
    arrived.set_viewport_size(TWICE_AS_LARGE)
    wide["at 200 %"] = arrived.evaluate(SIDEWAYS)
    arrived.set_viewport_size(NARROWEST)
    wide["at 320 px"] = arrived.evaluate(SIDEWAYS)
    arrived.add_style_tag(content=SPACED)
    wide["with wide text"] = arrived.evaluate(SIDEWAYS)
    # then everything can be read by scrolling down alone
    assert {how: width for how, width in wide.items() if width} == {}


@pytest.mark.parametrize("arrived", STATES, indirect=True)
def test_words_and_the_mark_stay_whole_on_the_narrowest_phone(arrived: Page) -> None:
    # given a page in one of its states, when its window is the narrowest
    arrived.set_viewport_size(NARROWEST)
    # then no word is torn in two, and the commas of the header keep their size beside the name
    assert arrived.evaluate(TORN) == []
    marks = arrived.locator("header .mark").all()
    assert marks
    for mark in marks:
        box = mark.bounding_box()
        assert box
        assert box["width"] >= MARK
