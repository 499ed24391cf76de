"""Letters as text and as HTML, from one description: paragraphs, buttons, tables of sums.

    letter = compose(to, lang, subject, (paragraph, Button(label, url), Table(rows)), site_url=..., key=...)

The HTML is the theme's `mails/letter.html`. The text says all of it, for whoever reads letters without pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Template

from commerce_api.foundation import theming
from commerce_api.foundation.kit import money
from commerce_api.foundation.theming import Texts, texts
from commerce_api.office.notifications.mail import Mail
from commerce_api.shop.orders.queries import OrderView

PREVIEW: Final = 140
"""Signs of the first paragraph that a list of letters shows beside the subject."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its words, and the whole address it leads to."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a thing and a sum, ready to read."""

    rows: tuple[tuple[str, str], ...]


Block = str | Button | Table
"""A part of a letter; a text is one paragraph, which may have several lines."""


@cache
def _template() -> Template:
    def no_asset(name: str) -> str:
        raise LookupError(f"a letter has no {name}: mail programs load nothing from us")

    return theming.environment(no_asset).get_template("mails/letter.html")


def _plain(block: Block) -> str:
    if isinstance(block, Button):
        return f"{block.label}:\n{block.url}"
    if isinstance(block, Table):
        return "\n".join(f"{what}: {amount}" for what, amount in block.rows)
    return block


def compose(
    to: str,
    lang: str,
    subject: str,
    blocks: Sequence[Block],
    *,
    site_url: str,
    key: str,
    quiet: Button | None = None,
) -> Mail:
    """A letter ready to be sent. `key` names the occasion: sent twice, it is known to be the same letter. `quiet` leads
    to where such letters can be switched off."""
    t = texts(lang)
    first = next((block for block in blocks if isinstance(block, str)), "")
    html = _template().render(
        lang=lang,
        subject=subject,
        preview=" ".join(first.split())[:PREVIEW],
        blocks=blocks,
        footer=t("mails.footer"),
        quiet=quiet,
        site_url=site_url,
        site_name=urlsplit(site_url).netloc,
    )
    below = f"{t('mails.footer')}\n{site_url}/"
    if quiet:
        below += f"\n{quiet.label}: {quiet.url}"
    text = "\n\n".join((*map(_plain, blocks), f"-- \n{below}"))
    return Mail(to, subject, text, html=html, key=key, unsubscribe=quiet.url if quiet else "")


def order_table(order: OrderView) -> Table:
    """The lines of an order with their sums, then what was taken off, delivery and the total."""
    t = texts(order.lang)
    rows = [(_line(line.name, line.colour, line.size, line.quantity), line.line_total) for line in order.lines]
    if order.discount:
        rows.append((t("mails.discount"), -order.discount))
    if order.shipping:
        rows.append((t("mails.shipping"), order.shipping))
    rows.append((t("mails.total"), order.payable))
    return Table(tuple((what, money.format_amount(amount)) for what, amount in rows))


def _line(name: str, colour: str, size: str, quantity: int) -> str:
    return f"{name}, {', '.join(filter(None, (colour, size)))} × {quantity}"


def letter_of(words: str, link: str, button: str, t: Texts, n: int | None = None) -> tuple[Block, ...]:
    """The blocks of a text with a `{link}`, in the form for `n` where it has several: where the address stands on a
    line of its own, there is a button."""
    blocks: list[Block] = []
    for paragraph in t(words, n, link=link).split("\n\n"):
        kept = "\n".join(line for line in paragraph.split("\n") if line != link)
        blocks += [kept] if kept else []
        blocks += [Button(button, link)] if kept != paragraph else []
    return tuple(blocks)
