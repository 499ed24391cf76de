"""Notices and the Telegram chat of an account, for scripts and programs."""

from starlette.requests import Request

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import NotFound, Unavailable
from commerce_api.foundation.web.access import account_of, requires
from commerce_api.foundation.web.openapi import Operations, api
from commerce_api.shop.accounts import chats, choices
from commerce_api.shop.accounts.errors import NoBot
from commerce_api.shop.customer_area.notice_pages import invitation
from commerce_api.shop.customer_area.schemas import InvitationOut, NoticesOut, NoticesPatch

ACCOUNT = "account"


@api("GET", "/api/v1/account/notices", summary="What the account hears, by which way", tag=ACCOUNT)
@requires()
async def read_notices(request: Request) -> NoticesOut:
    """`telegram_joined` says whether a chat is joined; without one, letters are sent."""
    return await _notices(account_of(request).id)


@api("PATCH", "/api/v1/account/notices", summary="Choose what the account hears", tag=ACCOUNT)
@requires()
async def change_notices(request: Request, body: NoticesPatch) -> NoticesOut:
    """Only what is named changes. Money and cancelled orders are told in any case."""
    account = account_of(request)
    await transact(lambda: choices.choose(account.id, mail=body.mail, telegram=body.telegram))
    return await _notices(account.id)


@api(
    "POST",
    "/api/v1/account/telegram",
    summary="A link that joins a Telegram chat",
    status=201,
    errors=(NoBot, Unavailable),
    tag=ACCOUNT,
)
@requires()
async def invite(request: Request) -> InvitationOut:
    """Good once, for fifteen minutes. Whoever opens it in Telegram gets the notices of this account."""
    return InvitationOut(url=await invitation(request))


@api("DELETE", "/api/v1/account/telegram", summary="Forget the Telegram chat", errors=(NotFound,), tag=ACCOUNT)
@requires()
async def leave(request: Request) -> None:
    """Notices come by letter again."""
    account = account_of(request)
    if not await transact(lambda: chats.leave(account.id)):
        raise NotFound()


async def _notices(account_id: int) -> NoticesOut:
    choice = await choices.choice_of(account_id)
    return NoticesOut(mail=choice.mail, telegram=choice.telegram, telegram_joined=await chats.is_joined(account_id))


OPERATIONS: Operations = (read_notices, change_notices, invite, leave)
