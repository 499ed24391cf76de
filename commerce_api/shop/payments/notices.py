"""Messages of the bank: each is dealt with once, however often it comes."""

from datetime import timedelta
from typing import Final

from tortoise.exceptions import IntegrityError

from commerce_api.foundation.db import plain
from commerce_api.foundation.db.retention import Retention
from commerce_api.foundation.db.tx import require_transaction, savepoint
from commerce_api.foundation.kit import clock
from commerce_api.shop.payments.gateway import Notice
from commerce_api.shop.payments.models import BankNotice

RETENTIONS: Final = (Retention("bank_notice", BankNotice, "received_at", timedelta(days=90)),)


async def keep(notice: Notice) -> bool:
    """Keep a signed message; False when it came before and was dealt with. Raises NoTransaction."""
    require_transaction()
    row = {"invoice_id": notice.invoice_id, "modified_at": notice.modified_at, "status": notice.status}
    try:
        async with savepoint():
            await plain.insert(BankNotice, {**row, "received_at": clock.now()})
    except IntegrityError:
        return await BankNotice.filter(**row, done_at__isnull=True).exists()
    return True


async def done(notice: Notice) -> None:
    """The bank was asked and its answer applied."""
    row = {"invoice_id": notice.invoice_id, "modified_at": notice.modified_at, "status": notice.status}
    await BankNotice.filter(**row).update(done_at=clock.now())
