"""The second factor: codes of an application, and a few codes on paper for the day the telephone is gone."""

from dataclasses import dataclass, field
from typing import Final

from commerce_api.foundation.db.tx import lock_rows, require_transaction
from commerce_api.foundation.kit import clock, ids, sealing
from commerce_api.shop.accounts import totp
from commerce_api.shop.accounts.errors import WrongCode
from commerce_api.shop.accounts.models import RecoveryCode, SecondFactor

RECOVERY_CODES: Final = 10
CODE_LENGTH: Final = 16

Keys = tuple[str, ...]
"""TWOCOMMS_DATA_KEYS: the first seals, all of them open."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an application has to know: `secret` in base32. Shown to its owner alone, while it is not confirmed."""

    secret: str = field(repr=False)


async def has_factor(account_id: int) -> bool:
    """Whether the account asks for codes."""
    return await SecondFactor.filter(account_id=account_id, confirmed_at__isnull=False).exists()


async def codes_left(account_id: int) -> int:
    """How many recovery codes are unused."""
    return await RecoveryCode.filter(account_id=account_id).count()


async def begin(account_id: int, keys: Keys) -> Offer:
    """The secret to scan; the same one until it is confirmed. Raises WrongCode when a factor is in force already, and
    NoTransaction."""
    require_transaction()
    known = await SecondFactor.get_or_none(account_id=account_id)
    if known and known.confirmed_at:
        raise WrongCode()
    if known:
        return Offer(sealing.unseal(known.secret, keys))
    secret = totp.new_secret()
    await SecondFactor.create(account_id=account_id, secret=sealing.seal(secret, keys), created_at=clock.now())
    return Offer(secret)


async def offered(account_id: int, keys: Keys) -> Offer | None:
    """The secret that waits for its first code, if there is one; changes nothing."""
    known = await SecondFactor.get_or_none(account_id=account_id, confirmed_at__isnull=True)
    return Offer(sealing.unseal(known.secret, keys)) if known else None


async def confirm(account_id: int, code: str, keys: Keys) -> list[str]:
    """Put the factor in force by a first code; the recovery codes, which are never shown again.

    Raises WrongCode, and NoTransaction.
    """
    require_transaction()
    rows = await lock_rows(SecondFactor.filter(account_id=account_id, confirmed_at__isnull=True))
    if not rows:
        raise WrongCode()
    step = totp.matching_step(
        sealing.unseal(rows[0].secret, keys), plain(code), clock.now().timestamp(), rows[0].last_step
    )
    if step is None:
        raise WrongCode()
    await SecondFactor.filter(id=rows[0].id).update(confirmed_at=clock.now(), last_step=step)
    return await _new_codes(account_id)


async def check(account_id: int, code: str, keys: Keys) -> None:
    """Take a code of the application or a recovery code; neither opens twice, however many try at once.

    Raises WrongCode, and NoTransaction.
    """
    require_transaction()
    typed = plain(code)
    if len(typed) != totp.DIGITS:
        used = await RecoveryCode.filter(account_id=account_id, digest=_digest(account_id, typed)).delete()
        if not used:
            raise WrongCode()
        return
    rows = await lock_rows(SecondFactor.filter(account_id=account_id, confirmed_at__isnull=False))
    if not rows:
        raise WrongCode()
    secret = sealing.unseal(rows[0].secret, keys)
    step = totp.matching_step(secret, typed, clock.now().timestamp(), rows[0].last_step)
    if step is None or not await SecondFactor.filter(id=rows[0].id, last_step__lt=step).update(last_step=step):
        raise WrongCode()


async def drop(account_id: int) -> None:
    """Sign in by password alone again. Who may ask for it, the caller decides. Raises NoTransaction."""
    require_transaction()
    await SecondFactor.filter(account_id=account_id).delete()
    await RecoveryCode.filter(account_id=account_id).delete()


async def rotate(keys: Keys) -> int:
    """Seal every secret under the first key; how many there are. Raises sealing.CannotOpen, and NoTransaction."""
    require_transaction()
    rows = await SecondFactor.all().order_by("id")
    for row in rows:
        await SecondFactor.filter(id=row.id).update(secret=sealing.renew(row.secret, keys))
    return len(rows)


def plain(code: str) -> str:
    """A code as typed, without the spaces and dashes that people put in."""
    return code.replace(" ", "").replace("-", "").replace("\u00a0", "").upper()


def shown(code: str) -> str:
    """A recovery code in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


async def _new_codes(account_id: int) -> list[str]:
    await RecoveryCode.filter(account_id=account_id).delete()
    codes = [ids.readable_code(CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    await RecoveryCode.bulk_create(
        [RecoveryCode(account_id=account_id, digest=_digest(account_id, code)) for code in codes]
    )
    return [shown(code) for code in codes]


def _digest(account_id: int, code: str) -> str:
    return ids.digest(f"recovery:{account_id}:{code}")
