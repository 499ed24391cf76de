"""What payments refuse, and how a bank fails.

ShopError
+- NotFound
|  +- RefundUnknown      404  no such refund
+- Conflict
|  +- NothingToPay       409  the order is paid, closed, or paid on receipt
|  +- PayTooLate         409  the goods are held for too short a time to pay for them
|  +- PaymentUnderWay    409  the bank has not said yet how the last try ended
|  +- RefundTooBig       409  there is less to give back
|  +- RefundMoved        409  somebody has sent it, or it is done
|  +- NothingHeld        409  no money is held for the order
|  +- BankNotConnected   409  the shop has no bank: nothing that asking again would mend
+- Unavailable
   +- BankSilent         503  the bank does not answer; nothing changed

GatewayError
+- BankAway              it never heard us, or told us to come later: ask again
+- BankUnsure            it may have done what we asked: look it up before asking again
+- BankRefused           it said no; `bank_code` is its own
+- NoticeForged          the message is not from the bank
"""

from commerce_api.foundation.errors import Conflict, NotFound, Unavailable


class RefundUnknown(NotFound):
    code = "refund_unknown"


class NothingToPay(Conflict):
    """`number`."""

    code = "nothing_to_pay"


class PayTooLate(Conflict):
    """`number`."""

    code = "pay_too_late"


class PaymentUnderWay(Conflict):
    """`number`."""

    code = "payment_under_way"


class RefundTooBig(Conflict):
    """`number`, `left`: kopiyky that can be given back."""

    code = "refund_too_big"


class RefundMoved(Conflict):
    """`reference`, `status`."""

    code = "refund_moved"


class NothingHeld(Conflict):
    """`number`."""

    code = "nothing_held"


class BankNotConnected(Conflict):
    code = "bank_not_connected"


class BankSilent(Unavailable):
    code = "bank_silent"


class GatewayError(Exception):
    """What went wrong between the shop and its bank. `bank_code` is short and carries no personal data."""

    def __init__(self, bank_code: str = "") -> None:
        super().__init__(bank_code or type(self).__name__)
        self.bank_code = bank_code[:64]


class BankAway(GatewayError):
    """The bank was not reached or did nothing."""


class BankUnsure(GatewayError):
    """The bank may have done it."""


class BankRefused(GatewayError):
    """The bank said no."""


class NoticeForged(GatewayError):
    """The signature is not the bank's."""
