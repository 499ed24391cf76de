"""The shop's own HTML as Markdown: paragraphs, headings, lists, quotations, links, stress, plain tables of words."""

import re
from html.parser import HTMLParser
from typing import Final

BLOCKS: Final = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr"})
STRESS: Final = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
ITEM: Final = re.compile(r" *(?:-|\d+\.) ")
LIKE_LAYOUT: Final = re.compile(r"(\d+)([.)])(?=\s|$)|(#{1,6}|[-+])(?=\s|$)|(>)")
"""What makes a heading, an item or a quotation of a paragraph that begins with it."""
SPECIAL: Final = re.compile(r"([\\`*_\[\]<])")


class _Writer(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._front = ""
        self._lists: list[int | None] = []
        self._links: list[str] = []
        self._quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.close_block()
            self._quotes += tag == "blockquote"
            self._front = self._front_of(tag)
        elif tag in ("ul", "ol"):
            self.close_block()
            self._lists.append(0 if tag == "ol" else None)
        elif tag in STRESS:
            self._words.append(STRESS[tag])
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._links.append(self.url + address if address.startswith("/") else address)
            self._words.append("[")
        elif tag == "br":
            self._words.append("  \n")
        elif tag in ("td", "th"):
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.close_block()
            self._front = ""
            self._quotes -= tag == "blockquote" and self._quotes > 0
        elif tag in ("ul", "ol") and self._lists:
            self.close_block()
            self._lists.pop()
        elif tag in STRESS:
            self._words.append(STRESS[tag])
        elif tag == "a" and self._links:
            self._words.append(f"]({self._links.pop()})")

    def handle_data(self, data: str) -> None:
        self._words.append(SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", data)))

    def close_block(self) -> None:
        words, self._words = "".join(self._words).strip(), []
        if words:
            self.blocks.append("> " * self._quotes + self._front + _as_words(words))
            self._front = ""

    def _front_of(self, tag: str) -> str:
        if tag.startswith("h"):
            return "#" * max(int(tag[1]), 3) + " "
        if tag == "li" and self._lists:
            indent, number = "  " * (len(self._lists) - 1), self._lists[-1]
            if number is None:
                return f"{indent}- "
            self._lists[-1] = number + 1
            return f"{indent}{number + 1}. "
        # The first paragraph of a list item stands beside its sign, the others below its words.
        return self._front or "  " * len(self._lists)


def markdown(html: str, url: str) -> str:
    """HTML as Markdown without headings above the third level; paths become addresses of the site at `url`."""
    writer = _Writer(url)
    writer.feed(html)
    writer.close()
    writer.close_block()
    return "\n\n".join("\n".join(group) for group in _grouped(writer.blocks))


def _as_words(words: str) -> str:
    """A paragraph that is nothing else, whatever it begins with."""
    found = LIKE_LAYOUT.match(words)
    if not found:
        return words
    number, after = found[1], found[2]
    return f"{number}\\{after}{words[found.end() :]}" if number else f"\\{words}"


def _grouped(blocks: list[str]) -> list[list[str]]:
    """Neighbouring items of a list together, every other block alone."""
    groups: list[list[str]] = []
    for block in blocks:
        if groups and ITEM.match(block) and ITEM.match(groups[-1][-1]):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def escaped(words: str) -> str:
    """Plain words that Markdown takes for nothing else."""
    return SPECIAL.sub(r"\\\1", words)
