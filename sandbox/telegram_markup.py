"""Messages as Telegram reads them: few tags, all of them closed."""

from html.parser import HTMLParser
from typing import Final

TAGS: Final = frozenset({"b", "strong", "i", "em", "u", "s", "code", "pre", "a", "blockquote"})


class Refused(Exception):
    """What Telegram answers instead of a result."""

    def __init__(self, status: int, words: str, **parameters: object) -> None:
        super().__init__(words)
        self.status, self.words, self.parameters = status, words, parameters


class _Markup(HTMLParser):
    """Collects the text, and refuses what Telegram refuses."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise Refused(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(400, "Bad Request: can't parse entities: Unexpected end tag")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_markup(text: str) -> str:
    """The text of a message without its markup. Raises Refused."""
    reader = _Markup()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise Refused(400, "Bad Request: can't parse entities: Can't find end tag")
    return reader.text
