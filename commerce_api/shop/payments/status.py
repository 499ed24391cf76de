"""The states of a payment attempt and of a refund, and which follows which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class AttemptStatus(StrEnum):
    """`starting`: written down, the bank not asked yet or its answer not here; `unknown`: its answer was lost."""

    STARTING = "starting"
    CREATED = "created"
    PROCESSING = "processing"
    HOLD = "hold"
    SUCCESS = "success"
    FAILURE = "failure"
    EXPIRED = "expired"
    REVERSED = "reversed"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class RefundStatus(StrEnum):
    """`queued` waits for staff, `sent` for the bank's word; `unknown`: the bank's answer was lost."""

    QUEUED = "queued"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"


class RefundReason(StrEnum):
    """Why money goes back. All but `staff` and `bank` are said by the shop itself; `bank`: the bank did it unasked."""

    LATE = "late"
    SECOND = "second"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_CURRENCY = "wrong_currency"
    TOO_MUCH = "too_much"
    CANCELLED = "cancelled"
    EDITED = "edited"
    STAFF = "staff"
    BANK = "bank"


S = AttemptStatus

OPEN: Final = frozenset({S.STARTING, S.CREATED, S.PROCESSING, S.HOLD, S.UNKNOWN})
"""While an attempt stands here its order gets no other: one payment page at a time."""
ON_PAGE: Final = frozenset({S.CREATED, S.PROCESSING})
"""The bank's page is there to be shown."""
CLOSED: Final = frozenset({S.EXPIRED, S.REMOVED})
"""Ended without money; only money opens it again."""
MONEY: Final = frozenset({S.HOLD, S.SUCCESS, S.REVERSED})
WATCHED: Final = frozenset({S.STARTING, S.UNKNOWN, S.CREATED, S.PROCESSING, S.HOLD})
"""The poller asks about these."""
OWED: Final = frozenset({RefundStatus.QUEUED, RefundStatus.SENT, RefundStatus.FAILED, RefundStatus.UNKNOWN})
"""Money that is still to go back."""

_ENDS: Final = frozenset({S.SUCCESS, S.FAILURE, S.EXPIRED, S.REVERSED})
NEXT: Final[Mapping[AttemptStatus, frozenset[AttemptStatus]]] = {
    S.STARTING: frozenset({S.CREATED, S.PROCESSING, S.HOLD, S.UNKNOWN, S.REMOVED}) | _ENDS,
    S.UNKNOWN: frozenset({S.CREATED, S.PROCESSING, S.HOLD, S.REMOVED}) | _ENDS,
    S.CREATED: frozenset({S.PROCESSING, S.HOLD, S.REMOVED}) | _ENDS,
    S.PROCESSING: frozenset({S.HOLD, S.REMOVED}) | _ENDS,
    S.HOLD: frozenset({S.SUCCESS, S.FAILURE, S.REVERSED}),
    # Whether a failed invoice can be paid again on its page is not documented; money that comes is counted.
    S.FAILURE: frozenset({S.PROCESSING, S.HOLD, S.SUCCESS, S.REVERSED, S.EXPIRED, S.REMOVED}),
    S.EXPIRED: MONEY,
    S.REMOVED: MONEY,
    S.SUCCESS: frozenset({S.REVERSED}),
    S.REVERSED: frozenset(),
}
"""Money that was taken stays taken until the bank says that it went back: no later failure undoes a success."""


def may_follow(old: AttemptStatus, new: AttemptStatus) -> bool:
    """Whether an attempt at `old` may become `new`."""
    return new in NEXT[old]
