"""The shop's own HTML as Markdown: paragraphs, headings, lists, quotations, links, stress, plain tables of words."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

BLOCKS: Final = frozenset({"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "tr"})
STRESS: Final = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`"}
LIKE_LAYOUT: Final = re.compile(r"(\d{1,9})([.)])(?=\s|$)|(?:#{1,6}|[-+])(?=\s|$)|>|-[-\s|:]*$|=+\s*$|~{3}")
"""What makes a heading, an item, a quotation, a rule, a table or code of a line that begins with it."""
SPECIAL: Final = re.compile(r"([\\`*_\[\]<])")
BREAK: Final = "\n"
"""In words on their way to a block: every other line end of HTML is a space."""


class _Holder:
    """A quotation or an item of a list: what begins its first line, and what begins the others so that they stay in."""

    def __init__(self, sign: str, *, is_item: bool) -> None:
        self.is_item = is_item
        self.rest = " " * len(sign) if is_item else sign
        self._sign = sign

    @property
    def is_new_item(self) -> bool:
        return self._sign != self.rest

    def begin(self) -> str:
        """What stands before the next line; the sign once."""
        sign, self._sign = self._sign, self.rest
        return sign


@dataclass(slots=True)
class _List:
    number: int | None
    depth: int
    """How many holders stand around the list."""


class _Writer(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.lines: list[str] = []
        self._words: list[str] = []
        self._heading = ""
        self._lists: list[_List] = []
        self._links: list[str] = []
        self._holders: list[_Holder] = []
        self._before: list[_Holder] = []
        self._is_item = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.close_block()
            self._open(tag)
        elif tag in ("ul", "ol"):
            self.close_block()
            self._lists.append(_List(0 if tag == "ol" else None, len(self._holders)))
        elif tag in STRESS:
            self._words.append(STRESS[tag])
        elif tag == "a":
            address = dict(attrs).get("href") or ""
            self._links.append(self.url + address if address.startswith("/") else address)
            self._words.append("[")
        elif tag == "br":
            self._words.append(BREAK)
        elif tag in ("td", "th"):
            self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.close_block()
            self._close(tag)
        elif tag in ("ul", "ol") and self._lists:
            self.close_block()
            del self._holders[self._lists.pop().depth :]
        elif tag in STRESS:
            self._words.append(STRESS[tag])
        elif tag == "a" and self._links:
            self._words.append(f"]({self._links.pop()})")

    def handle_data(self, data: str) -> None:
        self._words.append(SPECIAL.sub(r"\\\1", re.sub(r"\s+", " ", data)))

    def _open(self, tag: str) -> None:
        if tag == "blockquote":
            self._holders.append(_Holder("> ", is_item=False))
        elif tag == "li" and self._lists:
            own = self._lists[-1]
            del self._holders[own.depth :]
            if own.number is not None:
                own.number += 1
            self._holders.append(_Holder("- " if own.number is None else f"{own.number}. ", is_item=True))
        elif tag.startswith("h"):
            self._heading = "#" * max(int(tag[1]), 3) + " "

    def _close(self, tag: str) -> None:
        self._heading = ""
        if tag == "li" and self._lists:
            del self._holders[self._lists[-1].depth :]
        elif tag == "blockquote" and self._holders and not self._holders[-1].is_item:
            self._holders.pop()

    def close_block(self) -> None:
        lines = [line for each in "".join(self._words).split(BREAK) if (line := each.strip())]
        self._words = []
        if not lines:
            return
        if self._heading:
            lines, self._heading = [self._heading + " ".join(lines)], ""
        else:
            lines = [_as_words(line) for line in lines]
        self._put_gap()
        first = "".join(holder.begin() for holder in self._holders)
        rest = "".join(holder.rest for holder in self._holders)
        self.lines.append("  \n".join([first + lines[0], *(rest + line for line in lines[1:])]))

    def _put_gap(self) -> None:
        """The empty line before a block, with the signs of what holds both; items of a list need none between."""
        before, self._before = self._before, [*self._holders]
        was_item, self._is_item = self._is_item, any(holder.is_new_item for holder in self._holders)
        shared = [holder for holder in self._holders if holder in before]
        apart = {*before, *self._holders} - {*shared}
        are_items = was_item and self._is_item and all(holder.is_item for holder in apart)
        if self.lines and not are_items:
            self.lines.append("".join(holder.rest for holder in shared).rstrip())


def markdown(html: str, url: str) -> str:
    """HTML as Markdown without headings above the third level; paths become addresses of the site at `url`."""
    writer = _Writer(url)
    writer.feed(html)
    writer.close()
    writer.close_block()
    return "\n".join(writer.lines)


def _as_words(line: str) -> str:
    """A line that is nothing else, whatever it begins with."""
    found = LIKE_LAYOUT.match(line)
    if not found:
        return line
    number, after = found[1], found[2]
    return f"{number}\\{after}{line[found.end() :]}" if number else f"\\{line}"


def escaped(words: str) -> str:
    """Plain words that Markdown takes for nothing else."""
    return SPECIAL.sub(r"\\\1", words)
