"""The roles there are (rules.md 7), importable without the tables."""

from enum import StrEnum


class Role(StrEnum):
    """Rights of an account; an account without one is a shopper."""

    OWNER = "owner"
    CATALOGUE = "staff_catalogue"
    ORDERS = "staff_orders"
    MARKETING = "staff_marketing"
    CONTENT = "staff_content"
    SUPPORT = "staff_support"


class ProofOf(StrEnum):
    """What a link that works once is for."""

    ADDRESS = "address"
    RESET = "reset"
    CHAT = "chat"


class Letter(StrEnum):
    """What an account is written about."""

    VERIFY = "verify"
    RESET = "reset"
    KNOWN = "known"
    CHAT_JOINED = "chat_joined"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of a letter
    WAY_ADDED = "way_added"
