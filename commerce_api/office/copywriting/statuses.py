"""How far a text and a run of the writer can come, importable without the tables."""

from enum import StrEnum


class DraftStatus(StrEnum):
    """waiting > writing > draft > published; or failed, with a reason, or rejected by a person.

    Approving puts a text onto its page in the same transaction, so that none rests between the two.
    """

    WAITING = "waiting"
    WRITING = "writing"
    DRAFT = "draft"
    PUBLISHED = "published"
    REJECTED = "rejected"
    FAILED = "failed"


class RunState(StrEnum):
    """queued > running > done; stopped keeps what is left for the next run, skipped never began."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    SKIPPED = "skipped"


class Reason(StrEnum):
    """Why a text or a run came no further."""

    AI_OFF = "ai_off"
    NOT_CONNECTED = "not_connected"
    BUDGET = "budget"
    KEY_REFUSED = "key_refused"
    RATE_LIMITED = "rate_limited"
    UNREACHABLE = "unreachable"
    REQUEST_REFUSED = "request_refused"
    REFUSED = "refused"
    TRUNCATED = "truncated"
    WRONG_SHAPE = "wrong_shape"
    GUARDED = "guarded"
    LOST = "lost"
    DRY_RUN = "dry_run"


class Skipped(StrEnum):
    """Why nothing is asked for a text."""

    BY_PEOPLE = "by_people"
    NO_CONSENT = "no_consent"
    UNCHANGED = "unchanged"
    WAITS_FOR_APPROVAL = "waits_for_approval"
    REJECTED = "rejected"
    IN_HAND = "in_hand"
