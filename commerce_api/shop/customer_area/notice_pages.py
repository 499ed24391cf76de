"""What people want to hear of their orders, and by which way: letters, Telegram, or only what they must be told."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.carried import port_of, settings_of
from commerce_api.foundation.web.flash import flash, take_flashes
from commerce_api.foundation.web.language import language
from commerce_api.foundation.web.pages import Pages, page
from commerce_api.foundation.web.parsing import read_form, validated
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.rendering import render
from commerce_api.shop.accounts import chats, choices
from commerce_api.shop.accounts.chats import ChatBot
from commerce_api.shop.accounts.errors import NoBot
from commerce_api.shop.accounts.proofs import minutes_of
from commerce_api.shop.accounts.roles import ProofOf
from commerce_api.shop.customer_area.guard import members
from commerce_api.shop.customer_area.schemas import ChoiceForm, QuietForm
from commerce_api.shop.customer_area.showing import show
from commerce_api.shop.orders.errors import OrderUnknown
from commerce_api.shop.orders.queries import OrderView, order_by_token

PAGE: Final = "account_notices.html"
MINUTES: Final = minutes_of(ProofOf.CHAT)
"""How long an invitation of the bot is good."""


@page("GET", "/account/notices/")
@members
async def show_notices(request: Request) -> Response:
    """The ways there are, and which of them are wanted."""
    return await _page(request)


@page("POST", "/account/notices/")
@members
async def post_notices(request: Request) -> Response:
    """Store what is wanted: a box that is not ticked is not sent."""
    form = validated(ChoiceForm, await read_form(request))
    account = account_of(request)
    await transact(lambda: choices.choose(account.id, mail=form.mail, telegram=form.telegram))
    flash(request, "account.notices.saved")
    return see_other(urls.account_page("notices", language(request)))


@page("POST", "/account/notices/telegram")
@members
async def invite_chat(request: Request) -> Response:
    """Make a link into the bot and show it; a press there joins the chat."""
    try:
        return await _page(request, invitation=await invitation(request))
    except ShopError as refused:
        return await _page(request, refused=refused)


@page("POST", "/account/notices/telegram-off")
@members
async def leave_chat(request: Request) -> Response:
    """Forget the chat."""
    account = account_of(request)
    await transact(lambda: chats.leave(account.id))
    flash(request, "account.notices.left")
    return see_other(urls.account_page("notices", language(request)))


async def invitation(request: Request) -> str:
    """The address that joins a chat to the account of the session, good once. Raises NoBot, Unavailable."""
    bot = port_of(request, ChatBot)
    if bot is None:
        raise NoBot()
    account = account_of(request)
    # The bot first, which may have to be asked over the network: no transaction waits for it.
    address = await bot.address()
    token = await transact(lambda: chats.invite(account.id))
    return f"{address}?start={token}"


async def _page(request: Request, invitation: str = "", refused: ShopError | None = None) -> Response:
    account = account_of(request)
    choice = await choices.choice_of(account.id)
    return show(
        request,
        PAGE,
        "notices",
        refused=refused,
        choice=choice,
        joined=await chats.is_joined(account.id),
        reachable=await chats.chat_of(account.id) is not None,
        bot=port_of(request, ChatBot) is not None,
        invitation=invitation,
        minutes=MINUTES,
    )


@page("GET", "/order/{token}/notices/")
async def show_guest_notices(request: Request, token: str) -> Response:
    """What a guest is written of an order: the link in its letters is proof enough, and looking changes nothing."""
    order = await _guest_order(token)
    return render(
        request,
        "order_notices.html",
        kind="account",
        title="account.notices.title",
        context={
            "notices": take_flashes(request),
            "back": urls.order(token, language(request)),
            "quiet": await choices.is_quiet(order.email or "", settings_of(request).secret_key),
        },
    )


@page("POST", "/order/{token}/notices/")
async def post_guest_notices(request: Request, token: str) -> Response:
    """Write to the order's address everything, or only what it must be told."""
    order = await _guest_order(token)
    form = validated(QuietForm, await read_form(request))
    key = settings_of(request).secret_key
    await transact(lambda: choices.set_quiet(order.email or "", form.quiet, key))
    flash(request, "account.notices.saved")
    return see_other(urls.order_notices(token, language(request)))


async def _guest_order(token: str) -> OrderView:
    """An order that somebody without an account placed with an address. Raises OrderUnknown for any other."""
    order = await order_by_token(token)
    if order.account_id is not None or not order.email:
        raise OrderUnknown()
    return order


PAGES: Pages = (
    show_notices,
    post_notices,
    invite_chat,
    leave_chat,
    show_guest_notices,
    post_guest_notices,
)
