"""Business errors: each a class with an HTTP status, a stable code and the objects involved.

    ShopError
    +- NotFound            404  there is no such thing, or it is somebody else's: both look the same
    +- Forbidden           403  known person, not allowed
    +- SignInNeeded        401  nobody is signed in
    +- Conflict            409  the world has changed, or the state does not allow it
    +- Invalid             422  well-formed, but against a rule; `fields` says where
    +- TooMany             429  slow down; `retry_after` seconds
    +- Unavailable         503  try again later; `retry_after` seconds

Rooms subclass these in their own errors.py. The words a person reads stand in themes/*/texts under `errors.<code>` and
take the error's `details` as places, so that an error never carries a language.
"""

from collections.abc import Mapping
from typing import ClassVar


class ShopError(Exception):
    """A refusal that a person or a program can act on.

    `details` are plain values (ids, amounts in kopiyky, names) shown in the text and the problem document.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"

    def __init__(self, **details: object) -> None:
        super().__init__(f"{self.code} {details}" if details else self.code)
        self.details: Mapping[str, object] = details

    @property
    def headers(self) -> Mapping[str, str]:
        """Response headers that belong to the error."""
        return {}


class NotFound(ShopError):
    status = 404
    code = "not_found"


class Forbidden(ShopError):
    status = 403
    code = "forbidden"


class SignInNeeded(ShopError):
    status = 401
    code = "sign_in_needed"


class Conflict(ShopError):
    status = 409
    code = "conflict"


class Invalid(ShopError):
    """`fields` maps a field name to the text key of what is wrong with it."""

    status = 422
    code = "invalid"

    def __init__(self, fields: Mapping[str, str] | None = None, **details: object) -> None:
        super().__init__(**details)
        self.fields: Mapping[str, str] = fields or {}


class _Later(ShopError):
    def __init__(self, retry_after: int = 1, **details: object) -> None:
        super().__init__(**details)
        self.retry_after = retry_after

    @property
    def headers(self) -> Mapping[str, str]:
        return {"retry-after": str(self.retry_after)}


class TooMany(_Later):
    status = 429
    code = "too_many"


class Unavailable(_Later):
    status = 503
    code = "unavailable"
