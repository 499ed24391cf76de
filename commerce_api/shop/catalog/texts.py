"""Markdown of people -> HTML that may stand on our pages."""

from typing import Final

import nh3
from markdown import Markdown

TAGS: Final = frozenset(
    {"p", "br", "hr", "strong", "em", "ul", "ol", "li", "blockquote", "h2", "h3", "h4", "a", "code", "table", "thead",
     "tbody", "tr", "th", "td"}
)  # fmt: skip
ATTRIBUTES: Final = {"a": {"href", "title"}}
SCHEMES: Final = frozenset({"https", "mailto", "tel"})

SEARCH_LENGTH: Final = 500


def to_html(markdown: str) -> str:
    """HTML of a text, made safe: tags, attributes and addresses that are not listed above are taken out.

    No attribute of style or event survives, so the strict policy of our pages holds (lessons.md 41).
    """
    html = Markdown(extensions=["tables"], output_format="html").convert(markdown)
    return nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel=None)


def search_text(*parts: str) -> str:
    """What a search looks through: folded once here, because databases fold Cyrillic letters differently."""
    return " ".join(part.casefold() for part in parts if part)[:SEARCH_LENGTH]
