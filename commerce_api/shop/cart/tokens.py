"""What opens a cart: a secret that the browser keeps, or the account that is signed in.

An account's cart is found by its number, so that every device shows the same one. No visitor can ask for it by that
name: what comes from outside and looks like it is not looked at.
"""

from typing import Final

_ACCOUNT: Final = "account:"


def account_token(account_id: int) -> str:
    """What opens the cart of an account. Never sent to anybody."""
    return f"{_ACCOUNT}{account_id}"


def owner_of(token: str | None) -> int | None:
    """The account whose cart a token opens; None for a guest's."""
    return int(token.removeprefix(_ACCOUNT)) if token and token.startswith(_ACCOUNT) else None


def guest_token(given: str | None) -> str | None:
    """What a browser or program sent, if it can be a guest's secret."""
    return None if given is None or ":" in given else given or None
