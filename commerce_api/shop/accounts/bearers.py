"""Tokens that programs carry in the name of an account. Only their digests are stored."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.foundation.errors import Conflict
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.accounts.models import AccessToken

MOST: Final = 20
"""Tokens of one account."""
PREFIX: Final = "twc_"
"""So that a token that leaked into a file can be found there."""
SHAPE: Final = re.compile(r"twc_[A-Za-z0-9_-]{32}")


class TooManyTokens(Conflict):
    """`limit`."""

    code = "too_many_tokens"


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it: never the token itself."""

    id: int
    name: str
    created_at: datetime


async def make(account_id: int, name: str) -> tuple[int, str]:
    """A new token and its id; shown this once. Raises TooManyTokens, and NoTransaction."""
    require_transaction()
    if await AccessToken.filter(account_id=account_id).count() >= MOST:
        raise TooManyTokens(limit=MOST)
    token = PREFIX + ids.token()
    row = await AccessToken.create(account_id=account_id, digest=ids.digest(token), name=name, created_at=clock.now())
    return row.id, token


async def tokens_of(account_id: int) -> list[TokenView]:
    """The tokens of an account, newest first."""
    rows = await AccessToken.filter(account_id=account_id).order_by("-id")
    return [TokenView(row.id, row.name, row.created_at) for row in rows]


async def revoke(account_id: int, token_id: int) -> bool:
    """Whether the account had such a token; it opens nothing from now on."""
    return bool(await AccessToken.filter(account_id=account_id, id=token_id).delete())


async def revoke_all(account_id: int) -> None:
    """No token of the account opens anything any more. Raises NoTransaction."""
    require_transaction()
    await AccessToken.filter(account_id=account_id).delete()


async def account_of_token(token: str) -> int | None:
    """Whose token it is, or None."""
    if not SHAPE.fullmatch(token):
        return None
    row = await AccessToken.get_or_none(digest=ids.digest(token)).only("account_id")
    return row.account_id if row else None
