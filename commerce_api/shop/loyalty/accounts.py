"""Whose points stand where: the accounts of the ledger that this room moves points between."""

from typing import Final

from commerce_api.shop.ledger.service import AccountKey

SHOP: Final = AccountKey("points_given", "shop")
"""Where points come from and where spent ones return to; with `forfeited` it owes what shoppers have."""
DONATED: Final = AccountKey("points_donated", "shop")


def forfeited(order_id: int) -> AccountKey:
    """Points of an order that went with money given back: how many are taken already."""
    return AccountKey("points_forfeited", f"order:{order_id}")


def pending(account_id: int) -> AccountKey:
    """Points of orders on their way."""
    return AccountKey("points_pending", f"account:{account_id}")


def spendable(account_id: int) -> AccountKey:
    """Points that can be spent. May fall below zero when goods or money are returned after their points were spent."""
    return AccountKey("points", f"account:{account_id}")
