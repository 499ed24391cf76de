"""Reading accounts: who somebody is and what they may do."""

from dataclasses import dataclass

from commerce_api.foundation.kit.email import normalize_email
from commerce_api.shop.accounts.models import Account, AccountRole
from commerce_api.shop.accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """An account as other rooms see it."""

    id: int
    email: str
    name: str
    language: str
    roles: frozenset[Role]

    @property
    def is_staff(self) -> bool:
        return bool(self.roles)

    def may(self, role: Role) -> bool:
        """Whether the person has a right; the owner has all of them."""
        return role in self.roles or Role.OWNER in self.roles


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person told of themselves, for the checkout to fill in; "" where they said nothing. `phone` is E.164."""

    name: str
    phone: str
    language: str
    city: str
    branch: str
    payment: str


async def profile_of(account_id: int) -> Profile:
    """The profile of an account that is there."""
    row = await Account.get(id=account_id)
    return Profile(row.name, row.phone, row.language, row.city, row.branch, row.payment)


async def person(account_id: int) -> Person | None:
    """An account by id, or None when it is gone or disabled."""
    row = await Account.get_or_none(id=account_id, disabled_at__isnull=True)
    if row is None:
        return None
    roles = await AccountRole.filter(account_id=account_id).values_list("role", flat=True)
    return Person(row.id, row.email, row.name, row.language, frozenset(Role(str(role)) for role in roles))


async def email_of(account_id: int) -> str | None:
    """The address of an account as it is stored; None when it is gone."""
    row = await Account.get_or_none(id=account_id).only("email")
    return row.email if row else None


async def account_by_email(email: str) -> Account | None:
    """The account of an address in any spelling, closed or not; None for what is no address either."""
    address = normalize_email(email)
    return await Account.get_or_none(email=address) if address else None


async def staff_exists() -> bool:
    """Whether anybody can sign in as staff yet."""
    return await AccountRole.all().exists()


async def roles_of(account_id: int) -> frozenset[str] | None:
    """The roles of an account for the web layer, or None when it may not sign in any more."""
    known = await person(account_id)
    return None if known is None else frozenset(role.value for role in known.roles)
