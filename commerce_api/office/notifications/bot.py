"""What the bot answers people in their private chats. Groups are not answered: there it only has buttons."""

from collections.abc import Awaitable, Callable
from typing import Final

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.kit import money, urls
from commerce_api.foundation.kit.email import mask_email
from commerce_api.foundation.kit.paging import PageRequest
from commerce_api.foundation.theming import Texts, texts
from commerce_api.office.notifications.channels import escaped
from commerce_api.office.notifications.updates import Spoken
from commerce_api.office.notifications.words import TRACK
from commerce_api.shop.accounts import chats
from commerce_api.shop.accounts.errors import LinkUsed
from commerce_api.shop.accounts.queries import Person
from commerce_api.shop.orders import queries as orders
from commerce_api.shop.orders.queries import OrderView
from commerce_api.shop.orders.status import OrderStatus
from commerce_api.shop.shipping import shipments
from commerce_api.shop.shipping.shipments import ShipmentView

SHOWN: Final = 5
"""Orders in one answer."""
ON_THE_WAY: Final = frozenset({"new", "confirmed", "packed", "shipped"})

Answer = Callable[[Spoken, Person | None, Texts, str], Awaitable[str]]


async def answer(said: Spoken, site_url: str) -> str:
    """What to say to a message, as the Bot API's HTML; "" for nothing. Writes only in transactions of its own."""
    if not said.private:
        return ""
    command, _, rest = said.text.strip().partition(" ")
    who = await chats.owner_of_chat(said.chat_id)
    if command == "/start" and rest.strip():
        return await _join(said, rest.strip(), site_url)
    do = COMMANDS.get(command.partition("@")[0].lower(), _unknown)
    return await do(said, who, texts(language_of(said, who)), site_url)


def language_of(said: Spoken, who: Person | None) -> str:
    """The account's language; before there is one, Ukrainian, unless the person's Telegram speaks English."""
    if who is not None:
        return who.language
    return "en" if said.lang.lower().startswith("en") else "uk"


async def _join(said: Spoken, token: str, site_url: str) -> str:
    try:
        who = await transact(lambda: chats.join(token, said.chat_id))
    except LinkUsed:
        # The answer to an update may have been lost: whoever comes again is told where they stand.
        known = await chats.owner_of_chat(said.chat_id)
        t = texts(language_of(said, known))
        if known is not None:
            return t("bot.joined_already", email=escaped(mask_email(known.email)))
        return t("bot.link_used", link=escaped(site_url + urls.account_page("notices", t.lang)))
    t = texts(who.language)
    return t("bot.joined", email=escaped(mask_email(who.email))) + "\n\n" + t("bot.help")


async def _start(_said: Spoken, who: Person | None, t: Texts, site_url: str) -> str:
    if who is None:
        return t("bot.hello", link=escaped(site_url + urls.account_page("notices", t.lang)))
    return t("bot.hello_again") + "\n\n" + t("bot.help")


async def _help(_said: Spoken, _who: Person | None, t: Texts, _site_url: str) -> str:
    return t("bot.help")


async def _unknown(_said: Spoken, _who: Person | None, t: Texts, _site_url: str) -> str:
    return t("bot.unknown") + "\n\n" + t("bot.help")


async def _leave(said: Spoken, who: Person | None, t: Texts, _site_url: str) -> str:
    if who is not None:
        await transact(lambda: chats.leave(who.id))
    return t("bot.left")


async def _orders(_said: Spoken, who: Person | None, t: Texts, site_url: str) -> str:
    if who is None:
        return _not_joined(t, site_url)
    found = await _newest(who)
    if not found:
        return t("bot.no_orders", link=escaped(site_url + urls.catalog(t.lang)))
    return "\n".join([t("bot.orders"), *(_line(order, t, site_url) for order in found)])


async def _track(said: Spoken, who: Person | None, t: Texts, site_url: str) -> str:
    if who is None:
        return _not_joined(t, site_url)
    wanted = said.text.partition(" ")[2].strip().upper()
    found = [order for order in await _newest(who) if order.number == wanted or (not wanted and _moves(order))]
    if not found:
        return t("bot.nothing_moves")
    parcels = await shipments.of_orders([order.id for order in found])
    return "\n\n".join(_where(order, parcels.get(order.id), t, site_url) for order in found)


def _where(order: OrderView, parcel: ShipmentView | None, t: Texts, site_url: str) -> str:
    """Where one order is: its line, what comes next, and the carrier's page of its parcel."""
    told = _line(order, t, site_url) + "\n" + escaped(_next(order, t))
    if parcel is None or not parcel.waybill:
        return told
    return told + "\n" + t("bot.parcel", link=TRACK + parcel.waybill, waybill=parcel.waybill)


def _next(order: OrderView, t: Texts) -> str:
    """What comes next. An order that waits for its money is confirmed by that and by nobody (rules.md 5)."""
    waits = order.status is OrderStatus.NEW and not order.refunded and order.due_now > order.paid
    return t("order.unpaid" if waits else f"order.next.{order.status.value}")


def _moves(order: OrderView) -> bool:
    return order.status.value in ON_THE_WAY


async def _newest(who: Person) -> list[OrderView]:
    rows = await orders.of_account(who.id, PageRequest(1, SHOWN))
    return [await orders.order_by_number(row.number) for row in rows.items]


def _line(order: OrderView, t: Texts, site_url: str) -> str:
    return t(
        "bot.order",
        link=escaped(site_url + urls.order(order.token, t.lang)),
        number=escaped(order.number),
        total=money.format_amount(order.payable),
        status=t(f"order.status.{order.status.value}"),
    )


def _not_joined(t: Texts, site_url: str) -> str:
    return t("bot.not_joined", link=escaped(site_url + urls.account_page("notices", t.lang)))


COMMANDS: Final[dict[str, Answer]] = {
    "/start": _start,
    "/orders": _orders,
    "/track": _track,
    "/stop": _leave,
    "/unlink": _leave,
    "/help": _help,
}
"""What may be written to the bot."""
MENU: Final = ("orders", "track", "stop", "help")
"""Of these the ones that its menu offers."""
