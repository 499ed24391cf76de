"""Shapes of the account: what its forms and calls take, and what they answer. Amounts are kopiyky."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from commerce_api.foundation.kit.email import normalize_email
from commerce_api.foundation.kit.phone import normalize_phone
from commerce_api.foundation.web.parsing import RowId, Schema, refuse
from commerce_api.shop.pricing.payments import PayType


def _email(typed: str) -> str:
    return normalize_email(typed) or refuse("malformed")


def _phone(typed: str) -> str:
    return (normalize_phone(typed) or refuse("malformed")) if typed else ""


Email = Annotated[str, Field(max_length=254), AfterValidator(_email)]
Phone = Annotated[str, Field(max_length=24), AfterValidator(_phone)]
Password = Annotated[str, Field(min_length=1, max_length=256)]
Code = Annotated[str, Field(min_length=6, max_length=32)]


class RegisterIn(Schema):
    """A new account; agreeing to the terms is said beside the button."""

    email: Email
    password: Password


class SignInIn(Schema):
    """`code` is of the second factor, for accounts that have one."""

    email: Annotated[str, Field(max_length=254)]
    password: Password
    code: Annotated[str, Field(max_length=32)] = ""


class SignInForm(Schema):
    """The door; `next` is where to go afterwards."""

    email: Annotated[str, Field(max_length=254)]
    password: Password
    next: Annotated[str, Field(max_length=500)] = ""


class ResetIn(Schema):
    """An address that a link is sent to; or, with the token of that link, the new password."""

    email: Email | None = None
    token: Annotated[str, Field(max_length=64)] = ""
    password: Annotated[str, Field(max_length=256)] = ""


class EmailForm(Schema):
    email: Email


class PasswordForm(Schema):
    password: Password


class NewPasswordForm(Schema):
    """The password in force, and the one to come."""

    current: Password
    password: Password


class CodeForm(Schema):
    code: Code
    next: Annotated[str, Field(max_length=500)] = ""


class ClaimForm(Schema):
    phone: Annotated[str, Field(max_length=24), AfterValidator(_phone)]


class SessionForm(Schema):
    """Which session to end; 0 for all others."""

    session: Annotated[int, Field(ge=0)]


class WayForm(Schema):
    """Which way in to close."""

    way: RowId


class KeyForm(Schema):
    """A form that does something once: `key` is its own; `points` for a donation."""

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    points: Annotated[int | None, Field(ge=1, le=1_000_000)] = None


class ProfileIn(Schema):
    """What a person tells of themselves; what is left out becomes empty."""

    name: Annotated[str, Field(max_length=120)] = ""
    phone: Phone = ""
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "uk"
    city: Annotated[str, Field(max_length=120)] = ""
    branch: Annotated[str, Field(max_length=200)] = ""
    payment: PayType | Literal[""] = ""


class ProfilePatch(Schema):
    """Only what is named changes."""

    name: Annotated[str | None, Field(max_length=120)] = None
    phone: Phone | None = None
    language: Annotated[str | None, Field(pattern=r"^[a-z]{2}$")] = None
    city: Annotated[str | None, Field(max_length=120)] = None
    branch: Annotated[str | None, Field(max_length=200)] = None
    payment: PayType | None = None


class AccountOut(Schema):
    """An account as its owner sees it."""

    email: str
    name: str
    phone: str
    language: str
    city: str
    branch: str
    payment: str
    roles: list[str]
    second_factor: bool


class Said(Schema):
    """An answer that is the same whether or not there is such an account."""

    sent: bool


class SessionOut(Schema):
    """A browser that is signed in."""

    id: int
    device: str
    since: datetime
    seen: datetime
    current: bool


class OwnOrderOut(Schema):
    """An order in the owner's history; `url` leads its owner to its page."""

    number: str
    url: str
    status: str
    payment_status: str
    payable: int
    placed_at: datetime


class OwnOrdersOut(Schema):
    items: list[OwnOrderOut]
    page: int
    pages: int
    total: int


class ChoiceForm(Schema):
    """Ways to hear by; a box without its tick is not sent."""

    mail: bool = False
    telegram: bool = False


class QuietForm(Schema):
    """Whether a guest wants only what they must be told."""

    quiet: bool


class NoticesPatch(Schema):
    """Only what is named changes."""

    mail: bool | None = None
    telegram: bool | None = None


class NoticesOut(Schema):
    """The ways an account hears by."""

    mail: bool
    telegram: bool
    telegram_joined: bool


class InvitationOut(Schema):
    """A link into the bot, good once for fifteen minutes."""

    url: str


class PageQuery(Schema):
    page: Annotated[int, Field(ge=1, le=10_000)] = 1


class MovementOut(Schema):
    at: datetime
    kind: str
    amount: int


class PointsOut(Schema):
    """Points: those to spend (below zero after a late return), those on the way, and what happened."""

    spendable: int
    pending: int
    movements: list[MovementOut]


class TokenIn(Schema):
    """The password is asked for again: a token outlives the session it was made in."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    password: Password


class TokenOut(Schema):
    """`token` is shown this once."""

    id: int
    name: str
    token: str


class TokenQuery(Schema):
    id: Annotated[int, Field(ge=1)]
