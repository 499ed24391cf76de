"""The states of parcels, their money and the directory, as other rooms may name them."""

from enum import StrEnum


class PointKind(StrEnum):
    """What a receiver goes to: people behind a counter, or a wall of lockers."""

    BRANCH = "branch"
    LOCKER = "locker"


class MirrorStage(StrEnum):
    """How far a mirror of the directory got."""

    CITIES = "cities"
    BRANCHES = "branches"
    DONE = "done"


class ShipmentState(StrEnum):
    """A waybill's life: asked for, there, perhaps there (no answer came), not made, taken back."""

    WANTED = "wanted"
    MADE = "made"
    UNKNOWN = "unknown"
    FAILED = "failed"
    VOID = "void"


class Direction(StrEnum):
    """To the customer, or back to us."""

    OUT = "out"
    BACK = "back"


class CashState(StrEnum):
    """The money that the carrier collects for us: nothing to collect, still to come, in its hands, in ours."""

    NONE = "none"
    AWAITED = "awaited"
    WITH_CARRIER = "with_carrier"
    SETTLED = "settled"
