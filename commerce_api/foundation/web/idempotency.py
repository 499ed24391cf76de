"""Same key, same answer: a retry, a double click and a lost reply all end in one deed (rules.md 5, lessons.md 18).

The answer is stored under a unique key, in the transaction of the deed (`once`). Nobody asks for it beforehand: who
comes second waits at a lock and finds things changed, or fails at the latest at the unique key, is rolled back, and
finds the answer of the first. A deed that speaks to another machine has no such transaction: it is guarded by what it
does itself, and its answer is looked up before it (`kept`) and stored behind it (`keep`). Refusals store nothing, so
that a mended request may go under the same key.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from pydantic import Field
from tortoise.exceptions import IntegrityError

from commerce_api.foundation import crash
from commerce_api.foundation.db import plain
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import clock, ids
from commerce_api.foundation.web.models import KeptAnswer

IdempotencyKey = Annotated[str, Field(min_length=1, max_length=255)]


class IdempotencyMismatch(Invalid):
    """422: the key has had its answer already, to another request."""

    code = "idempotency_mismatch"


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


def attempt(key: str, owner: str | None, asked: Mapping[str, Any]) -> Attempt:
    """The attempt of somebody's key (1 to 255 characters); keys of different owners never meet. An owner is a cart by
    its token, or a staff member."""
    body = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return Attempt(ids.digest(f"{owner or ''}\n{key}"), hashlib.sha256(body.encode()).hexdigest())


async def once(tried: Attempt, work: Callable[[], Awaitable[Answer]], *, whole: bool = True) -> Answer:
    """The answer of `work`, done in a transaction of its own at most once for a key; else the answer stored first.

    This is an edge: it opens the transaction, `whole` as tx.transact means it. Raises what `work` raises when nothing
    is stored under the key, and IdempotencyMismatch when what is stored answered another request.
    """

    async def work_and_keep() -> Answer:
        answer = await work()
        await _store(tried, answer)
        crash.point("before_commit")
        return answer

    try:
        answer = await transact(work_and_keep, whole=whole)
    except (ShopError, IntegrityError):
        stored = await kept(tried)
        if stored is None:
            raise
        return stored
    crash.point("after_commit")
    return answer


async def kept(tried: Attempt) -> Answer | None:
    """What was answered under the key; None when nothing was yet. Raises IdempotencyMismatch."""
    stored = await KeptAnswer.get_or_none(key=tried.stored_key)
    if stored is None:
        return None
    if stored.body_digest != tried.digest:
        raise IdempotencyMismatch()
    return Answer(stored.status, stored.answer, again=True)


async def keep(tried: Attempt, answer: Answer) -> Answer:
    """Store the answer of a deed that is done; the one that counts, for somebody may have been faster. This is an edge.

    Raises IdempotencyMismatch.
    """
    try:
        await transact(partial(_store, tried, answer))
    except IntegrityError:
        return await kept(tried) or answer
    return answer


async def _store(tried: Attempt, answer: Answer) -> None:
    told = {"key": tried.stored_key, "body_digest": tried.digest, "status": answer.status, "answer": answer.body}
    await plain.insert(KeptAnswer, {**told, "created_at": clock.now()})
