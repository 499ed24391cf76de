"""What the ledger refuses.

ShopError
+- Conflict
   +- NotEnough         409  the account does not hold what is to be spent
   +- AlreadyPosted     409  this cause has moved something before
"""

from commerce_api.foundation.errors import Conflict


class NotEnough(Conflict):
    """`kind`, `balance`, `wanted`: in the account's unit."""

    code = "not_enough"


class AlreadyPosted(Conflict):
    """`cause`."""

    code = "already_posted"


class Unbalanced(ValueError):
    """Entries that do not sum to zero, or move nothing: a fault of the program."""
