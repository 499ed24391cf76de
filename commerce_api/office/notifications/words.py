"""What a customer is told about an order, ready for a chat or a letter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from commerce_api.foundation.kit import money, urls
from commerce_api.foundation.theming import Texts, texts
from commerce_api.office.notifications.channels import escaped
from commerce_api.shop.orders.queries import LineView, OrderView

TRACK: Final = "https://novaposhta.ua/tracking/"
"""Where the carrier shows a parcel, by the number of its waybill."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where a notice leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Words:
    """A notice in one language: a headline, paragraphs, links, and a line below them for letters."""

    subject: str
    paragraphs: tuple[str, ...]
    links: tuple[Link, ...]
    quiet: Link | None = None

    def html(self) -> str:
        """As a message of the bot. There the way to silence is a command, so it needs no link."""
        links = [f'<a href="{escaped(link.url)}">{escaped(link.label)}</a>' for link in self.links]
        head = f"<b>{escaped(self.subject)}</b>"
        return "\n\n".join((head, *map(escaped, self.paragraphs), "\n".join(links))).strip()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a customer is to be told. `kind` finds the words (`notices.customer.<kind>`), `key` is the stored mark;
    what is `essential` is told whatever somebody chose: it is about their money or ends their order."""

    kind: str
    key: str
    essential: bool = False
    facts: Mapping[str, object] | None = None
    links: tuple[tuple[str, str], ...] = ()
    with_lines: bool = False


def line_words(line: LineView, t: Texts) -> str:
    """One line of an order with its sum."""
    return t(
        "notices.staff.line",
        name=line.name,
        colour=line.colour,
        size=line.size,
        quantity=line.quantity,
        total=money.format_amount(line.line_total),
    )


def worded(notice: Notice, order: OrderView, site_url: str) -> Words:
    """The notice in the order's language. The link to the order's page opens it, so it is for the customer alone."""
    t = texts(order.lang)
    base = f"notices.customer.{notice.kind}"
    facts = {"number": order.number, "total": money.format_amount(order.payable), **(notice.facts or {})}
    lines = ("\n".join(line_words(line, t) for line in order.lines),) if notice.with_lines else ()
    page = Link(t("notices.customer.order_page"), site_url + urls.order(order.token, order.lang))
    more = tuple(Link(t(f"notices.customer.{label}"), url) for label, url in notice.links)
    return Words(
        subject=t(f"{base}.subject", None, **facts),
        paragraphs=(t(f"{base}.text", None, **facts), *lines),
        links=(*more, page),
        quiet=None if notice.essential else Link(t("notices.customer.quiet"), site_url + quiet_path(order)),
    )


def quiet_path(order: OrderView) -> str:
    """Where its customer chooses what to hear: in the account, or for a guest behind the order's own link."""
    if order.account_id is not None:
        return urls.account_page("notices", order.lang)
    return urls.order_notices(order.token, order.lang)
