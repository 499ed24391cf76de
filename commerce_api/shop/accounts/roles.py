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
