"""What this room knows of a person: handed out and forgotten with the account."""

from commerce_api.foundation.db.tx import require_transaction
from commerce_api.shop.accounts.models import (
    AccessToken,
    Account,
    AccountRole,
    Consent,
    LinkedIdentity,
    NoticeChoice,
    Proof,
    RecoveryCode,
    SecondFactor,
    TelegramChat,
)

Plain = dict[str, object]
"""What can stand in a JSON file."""


async def export(account_id: int) -> Plain:
    """The account with its consents; no hashes and no secrets, which are nobody's data."""
    row = await Account.get(id=account_id)
    consents = await Consent.filter(account_id=account_id).order_by("id")
    ways = await LinkedIdentity.filter(account_id=account_id).order_by("id")
    tokens = await AccessToken.filter(account_id=account_id).order_by("id")
    chat = await TelegramChat.get_or_none(account_id=account_id)
    choice = await NoticeChoice.get_or_none(account_id=account_id)
    return {
        "email": row.email,
        "name": row.name,
        "phone": row.phone,
        "language": row.language,
        "city": row.city,
        "branch": row.branch,
        "payment": row.payment,
        "created_at": row.created_at.isoformat(),
        "verified_at": row.verified_at.isoformat() if row.verified_at else None,
        "signed_in_at": row.signed_in_at.isoformat() if row.signed_in_at else None,
        "second_factor": await SecondFactor.filter(account_id=account_id, confirmed_at__isnull=False).exists(),
        "consents": [{"kind": one.kind, "version": one.version, "at": one.at.isoformat()} for one in consents],
        "ways_in": [
            {"provider": one.provider, "subject": one.subject, "joined_at": one.joined_at.isoformat()} for one in ways
        ],
        "telegram": {"chat": chat.chat_id, "joined_at": chat.joined_at.isoformat()} if chat else None,
        "notices": {"mail": choice.mail, "telegram": choice.telegram} if choice else None,
        "programs": [{"name": one.name, "created_at": one.created_at.isoformat()} for one in tokens],
    }


async def erase(account_id: int) -> None:
    """Delete the account and everything that hangs on it; its number is never given out again.

    Raises NoTransaction.
    """
    require_transaction()
    for rows in (
        Proof,
        SecondFactor,
        RecoveryCode,
        AccessToken,
        LinkedIdentity,
        Consent,
        TelegramChat,
        NoticeChoice,
        AccountRole,
    ):
        await rows.filter(account_id=account_id).delete()
    await Account.filter(id=account_id).delete()
