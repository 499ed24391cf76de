"""Same key, same answer: a retry, a double click and a lost reply all end in one order (rules.md 5, lessons.md 18).

The answer is stored in the transaction of the order, under a unique key. Nobody asks for it beforehand: who comes
second waits at the lock of the cart and finds it empty, or fails at the latest at the unique key, is rolled back, and
finds the answer of the first. Refusals store nothing, so that a mended order may go under the same key.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tortoise.exceptions import IntegrityError

from commerce_api.foundation import crash
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import clock, ids
from commerce_api.shop.checkout.errors import IdempotencyMismatch
from commerce_api.shop.checkout.models import CheckoutAnswer


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body; `again` when they were given before."""

    status: int
    body: Mapping[str, Any]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try under a key: `stored_key` and `digest` are what is kept of key and request."""

    stored_key: str
    digest: str


def attempt(key: str, cart_token: str | None, asked: Mapping[str, Any]) -> Attempt:
    """The attempt of a shopper's key (1 to 255 characters); keys of different carts never meet."""
    body = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return Attempt(ids.digest(f"{cart_token or ''}\n{key}"), hashlib.sha256(body.encode()).hexdigest())


async def once(tried: Attempt, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """The answer of `work`, done in a transaction of its own at most once for a key; else the answer stored first.

    This is an edge: it opens the transaction. Raises what `work` raises when nothing is stored under the key, and
    IdempotencyMismatch when what is stored answered another request.
    """

    async def work_and_keep() -> Answer:
        answer = await work()
        await CheckoutAnswer.create(
            key=tried.stored_key,
            body_digest=tried.digest,
            status=answer.status,
            answer=dict(answer.body),
            created_at=clock.now(),
        )
        crash.point("before_commit")
        return answer

    try:
        answer = await transact(work_and_keep)
    except (ShopError, IntegrityError):
        stored = await CheckoutAnswer.get_or_none(key=tried.stored_key)
        if stored is None:
            raise
        if stored.body_digest != tried.digest:
            raise IdempotencyMismatch() from None
        return Answer(stored.status, stored.answer, again=True)
    crash.point("after_commit")
    return answer
