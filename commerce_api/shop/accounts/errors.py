"""What can go wrong with accounts.

ShopError
+- SignInNeeded
|  +- WrongCredentials   401  unknown address, wrong password, closed account: one answer
|     +- NotVerified     401  the same answer; the address was never proven
|  +- CodeNeeded         401  the password is right, a code of the second factor is missing
|  +- NotVouched         401  what a provider answered proves nothing
+- Conflict
|  +- EmailTaken         409
|  +- LinkUsed           409  the link of a letter is used, too old, or was never sent
|  +- LastWayIn          409  without it nobody could come in any more
|  +- WayTaken           409  it opens another account
|  +- NoBot              409  the shop has no Telegram bot
+- Invalid
|  +- WeakPassword       422
|  +- BadEmail           422
|  +- WrongCode          422
|  +- WrongPassword      422  the password asked for as a proof
+- Unavailable
   +- ProviderDown       503  a provider does not answer
"""

from commerce_api.foundation.errors import Conflict, Invalid, SignInNeeded, Unavailable


class WrongCredentials(SignInNeeded):
    """One answer for an unknown address, a wrong password and a disabled account."""

    code = "wrong_credentials"


class NotVerified(WrongCredentials):
    """The password is right and the address unproven. Outside nobody sees a difference: who registered somebody else's
    address must not learn whether it was free."""


class CodeNeeded(SignInNeeded):
    code = "code_needed"


class WeakPassword(Invalid):
    code = "weak_password"


class EmailTaken(Conflict):
    code = "email_taken"


class BadEmail(Invalid):
    code = "bad_email"


class LinkUsed(Conflict):
    code = "link_used"


class NoBot(Conflict):
    code = "no_bot"


class WrongCode(Invalid):
    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__({"code": "code_wrong"})


class WrongPassword(Invalid):
    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__({"password": "password_wrong"})


class NotVouched(SignInNeeded):
    """An ID token with a wrong claim, a code that was used before, an answer for somebody else's shop: one refusal.
    `why` is for the log and names the check, never a value."""

    code = "not_vouched"

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


class ProviderDown(Unavailable):
    """Google or Telegram does not answer in time; the password still opens."""

    code = "provider_down"


class WayTaken(Conflict):
    code = "way_taken"


class LastWayIn(Conflict):
    code = "last_way_in"
