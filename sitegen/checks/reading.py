"""One page as machines see it: where it leads, what it says of itself, and what is wrong within it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

DATA_SCRIPTS: Final = frozenset({"application/ld+json", "speculationrules"})
PRICE: Final = re.compile(r"\d[\d\s\u00a0\u202f]*")
TEMPLATE: Final = re.compile(r"\{[{%#]")
HINTS: Final = frozenset({"preconnect", "dns-prefetch"})


@dataclass(slots=True)
class Reading:
    """What one page holds. `pages` are addresses a person may follow, `parts` those the browser fetches by itself."""

    pages: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    lang: str = ""
    title: str = ""
    heading: str = ""
    canonical: str = ""
    alternates: tuple[tuple[str, str], ...] = ()
    meta: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    sells: bool = False
    price: int | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def hidden(self) -> bool:
        """Whether the page asks search engines to leave it out."""
        return "noindex" in self.meta.get("robots", "")


def read_page(html: str) -> Reading:
    """The reading of one page."""
    reading = Reading()
    if not html.rstrip().endswith("</html>"):
        reading.problems.append("breaks off before its end")
    if left := TEMPLATE.search(html):
        reading.problems.append(f"a piece of its template is left in it: {html[left.start() : left.start() + 18]!r}")
    page = LexborHTMLParser(html)
    for node in page.root.traverse() if page.root else ():
        _note(reading, node)
    reading.sells = page.css_first("body.page-product") is not None
    shown = page.css_first("body.page-product main .price-now")
    amount = PRICE.search(shown.text()) if shown else None
    reading.price = int("".join(amount[0].split())) if amount else None
    headings = page.css("h1")
    reading.heading = " ".join(heading.text() for heading in headings)
    if len(headings) != 1:
        reading.problems.append(f"{len(headings)} headings of the first level where one belongs")
    # Elsewhere a picture may repeat the words beside it; one in a figure is looked at for itself (lessons.md 58).
    if any(not (picture.attributes.get("alt") or "").strip() for picture in page.css("figure img")):
        reading.problems.append("a figure whose picture has no words")
    return reading


def _note(reading: Reading, node: LexborNode) -> None:
    given = node.attributes
    own = given.get("id")
    if own:
        if own in reading.ids:
            reading.problems.append(f"two elements with the id {own}")
        reading.ids.add(own)
    for name in given:
        if name == "style":
            reading.problems.append("inline style")
        elif name.startswith("on"):
            reading.problems.append(f"inline handler {name}")
    readers = READERS.get(node.tag or "")
    if readers:
        readers(reading, node, given)


Given = Mapping[str, str | None]


def _html(reading: Reading, node: LexborNode, given: Given) -> None:
    reading.lang = given.get("lang") or ""
    if not reading.lang:
        reading.problems.append("no language")


def _title(reading: Reading, node: LexborNode, given: Given) -> None:
    # Drawings have titles of their own.
    if node.parent is not None and node.parent.tag == "head":
        reading.title = node.text().strip()


def _meta(reading: Reading, node: LexborNode, given: Given) -> None:
    name = given.get("name") or given.get("property")
    if name:
        reading.meta.setdefault(name, given.get("content") or "")
    if name == "og:image":
        reading.parts.append(given.get("content") or "")
    elif (given.get("http-equiv") or "").lower() == "refresh":
        reading.problems.append("leads away by itself")


def _anchor(reading: Reading, node: LexborNode, given: Given) -> None:
    if "href" in given:
        reading.pages.append(given["href"] or "")


def _form(reading: Reading, node: LexborNode, given: Given) -> None:
    if "action" in given:
        reading.pages.append(given["action"] or "")


def _button(reading: Reading, node: LexborNode, given: Given) -> None:
    if "formaction" in given:
        reading.pages.append(given["formaction"] or "")


def _link(reading: Reading, node: LexborNode, given: Given) -> None:
    kinds, address = (given.get("rel") or "").split(), given.get("href") or ""
    if "canonical" in kinds:
        reading.canonical = address
    elif "alternate" in kinds and given.get("hreflang"):
        reading.alternates += (((given["hreflang"] or ""), address),)
    elif not HINTS & set(kinds):
        reading.parts += [address] if address else []
        reading.parts += candidates(given.get("imagesrcset"))
        if "stylesheet" in kinds:
            reading.styles.append(address)


def _script(reading: Reading, node: LexborNode, given: Given) -> None:
    address = given.get("src")
    if address:
        # What a script fetches by itself after the first paint is named beside it.
        named = [each for each in (address, given.get("data-more")) if each]
        reading.parts += named
        reading.scripts += named
    elif given.get("type") not in DATA_SCRIPTS:
        reading.problems.append("inline script")
    elif given.get("type") == "application/ld+json":
        reading.data.append(node.text())


def _style(reading: Reading, node: LexborNode, given: Given) -> None:
    reading.problems.append("inline style")


def _picture(reading: Reading, node: LexborNode, given: Given) -> None:
    reading.problems += [f"a picture without {name}" for name in ("alt", "width", "height") if name not in given]
    _fetched(reading, node, given)


def _fetched(reading: Reading, node: LexborNode, given: Given) -> None:
    reading.parts += [address for name in ("src", "poster", "data", "href") if (address := given.get(name))]
    reading.parts += candidates(given.get("srcset"))


def candidates(listed: str | None) -> list[str]:
    """The addresses of a `srcset`."""
    return [part.split()[0] for part in (listed or "").split(",") if part.strip()]


READERS: Final[Mapping[str, Callable[[Reading, LexborNode, Given], None]]] = {
    "html": _html, "title": _title, "meta": _meta, "a": _anchor, "area": _anchor, "form": _form, "link": _link,
    "script": _script, "style": _style, "img": _picture, "source": _fetched, "video": _fetched, "iframe": _fetched,
    "object": _fetched, "embed": _fetched, "use": _fetched, "button": _button,
}  # fmt: skip
