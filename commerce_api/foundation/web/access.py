"""Who may call a route. Which roles exist is decided floors above; here they are words."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

from starlette.requests import HTTPConnection, Request

from commerce_api.foundation.errors import Forbidden, SignInNeeded

P = ParamSpec("P")
R = TypeVar("R")

ROLES: Final = "__roles__"
"""Attribute of a guarded handler: the roles it asks for; an empty set asks only for a sign-in."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in: the id of the account and its roles."""

    id: int
    roles: frozenset[str] = frozenset()


RolesOf = Callable[[int], Awaitable[frozenset[str] | None]]
"""The roles of an account, or None when it may not sign in any more; rooms above supply it."""


BearerOf = Callable[[str], Awaitable[int | None]]
"""The account whose bearer token this is, or None; rooms above supply it."""


Audit = Callable[[int, str, str, Mapping[str, object]], Awaitable[None]]
"""Writes a deed of staff down, in the transaction of the deed: account id, deed, subject, values. The office gives one,
wiring hands it over."""


async def no_bearer(_token: str) -> int | None:
    """The BearerOf of an application without tokens."""
    return None


async def nobody(_account_id: int) -> frozenset[str] | None:
    """The RolesOf of an application without accounts."""
    return None


def signed_in(request: HTTPConnection) -> Identity | None:
    """The signed-in account, or None."""
    account = getattr(request.state, "account", None)
    return account if isinstance(account, Identity) else None


def account_of(request: HTTPConnection) -> Identity:
    """The signed-in account; raises SignInNeeded when there is none."""
    account = signed_in(request)
    if account is None:
        raise SignInNeeded()
    return account


def requires(
    *roles: str,
) -> Callable[[Callable[Concatenate[Request, P], Awaitable[R]]], Callable[Concatenate[Request, P], Awaitable[R]]]:
    """Lets only accounts with one of the roles in; without roles, anybody who is signed in.

    Raises SignInNeeded or Forbidden before the handler runs and before its body is read.
    """

    def guard(
        handler: Callable[Concatenate[Request, P], Awaitable[R]],
    ) -> Callable[Concatenate[Request, P], Awaitable[R]]:
        @wraps(handler)
        async def guarded(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> R:
            check_access(request, frozenset(roles))
            return await handler(request, *args, **kwargs)

        setattr(guarded, ROLES, frozenset(roles))
        return guarded

    return guard


def check_access(request: HTTPConnection, roles: frozenset[str]) -> None:
    """Raises SignInNeeded or Forbidden unless the account has one of `roles` (any account when there are none)."""
    account = account_of(request)
    if roles and not roles & account.roles:
        raise Forbidden()
