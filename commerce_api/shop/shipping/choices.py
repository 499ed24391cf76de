"""Signed choices: a token proves that city and branch came from our own list (rules.md 6).

The hash covers the name as well. A point that has moved has another name since, so that its token does not open any
more, and the shopper is asked to look again.
"""

from commerce_api.foundation.kit import ids


def city_token(ref: str, name: str, key: str) -> str:
    """What a shopper sends back for a city; the same for everybody, so that lists can be kept by caches."""
    return ids.sign(ref, key, f"city:{name}")


def branch_token(ref: str, city_ref: str, name: str, key: str) -> str:
    """What a shopper sends back for a point of a city."""
    return ids.sign(ref, key, f"branch:{city_ref}:{name}")


def ref_of(token: str) -> str:
    """The reference a token speaks of, not believed yet."""
    return token.rpartition(".")[0]


def is_city(token: str, name: str, key: str) -> bool:
    """Whether a token is the one that we gave for a city of that name."""
    return ids.unsign(token, key, f"city:{name}") is not None


def is_branch(token: str, city_ref: str, name: str, key: str) -> bool:
    """Whether a token is the one that we gave for a point of that name in that city."""
    return ids.unsign(token, key, f"branch:{city_ref}:{name}") is not None
