"""What can go wrong with accounts."""

from commerce_api.foundation.errors import Conflict, Invalid, SignInNeeded


class WrongCredentials(SignInNeeded):
    """One answer for an unknown address, a wrong password and a disabled account."""

    code = "wrong_credentials"


class WeakPassword(Invalid):
    code = "weak_password"


class EmailTaken(Conflict):
    code = "email_taken"


class BadEmail(Invalid):
    code = "bad_email"
