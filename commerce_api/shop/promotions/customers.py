"""Who may use a code once more: a customer is known by phone and e-mail, and neither can be read back (rules.md 4)."""

from dataclasses import dataclass

from commerce_api.foundation.kit import ids
from commerce_api.shop.pricing.codes import CodeTerms


@dataclass(frozen=True, slots=True)
class Customer:
    """Who orders: `phone` in E.164, `email` as typed. `key` is the secret under which both are hashed."""

    phone: str
    email: str | None
    key: str


@dataclass(frozen=True, slots=True)
class UseKeys:
    """What two uses by one person cannot both have; None where nothing forbids a second use."""

    phone: str | None
    email: str | None


def use_keys(terms: CodeTerms, customer: Customer) -> UseKeys:
    """The unique keys of one use.

    A group is used up by any of its codes, so its keys name the group; a code that may be used once by a customer has
    keys of its own. A code of a group needs no more: one use in the group is one use of the code.
    """
    if terms.group:
        scope = f"group:{terms.group.casefold()}"
    elif terms.once_per_customer:
        scope = f"code:{terms.id}"
    else:
        return UseKeys(None, None)
    email = customer.email.strip().lower() if customer.email else ""
    return UseKeys(
        ids.keyed_hash(f"promo:{scope}:phone:{customer.phone}", customer.key),
        ids.keyed_hash(f"promo:{scope}:email:{email}", customer.key) if email else None,
    )
