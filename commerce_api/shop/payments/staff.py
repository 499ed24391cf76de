"""Payments and refunds as lists of the office. What staff do with them, settlement adds (settlement/staff.py), where
money meets its order."""

from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.fields import DateTimeField, EnumField, StringField
from tortoise.expressions import Q

from commerce_api.foundation.web.staff_views import MoneyField, ServiceView, word
from commerce_api.shop.payments.models import Payment, Refund
from commerce_api.shop.payments.status import AttemptStatus, RefundReason, RefundStatus


def choices(kind: str, values: type[AttemptStatus] | type[RefundStatus] | type[RefundReason]) -> list[tuple[str, str]]:
    """Values with their words in the office."""
    return [(value.value, word(f"{kind}.{value.value}")) for value in values]


class PaymentList(ServiceView):
    """Every attempt to pay, newest first; the reference begins with the number of its order."""

    role: ClassVar[str] = "staff_orders"

    def __init__(self) -> None:
        self.fields = [
            StringField("reference", label=word("payments.reference"), read_only=True),
            EnumField(
                "status",
                label=word("payments.status"),
                choices=choices("payments.statuses", AttemptStatus),
                read_only=True,
            ),
            *(
                MoneyField(name, label=word(f"payments.{name}"), read_only=True)
                for name in ("amount", "received", "credited", "returned")
            ),
            StringField("failure", label=word("payments.failure"), read_only=True, exclude_from_list=True),
            StringField("invoice_id", label=word("payments.invoice"), read_only=True, exclude_from_list=True),
            StringField("receipt_url", label=word("payments.receipt"), read_only=True, exclude_from_list=True),
            DateTimeField("created_at", label=word("payments.created_at"), read_only=True),
            DateTimeField("expires_at", label=word("payments.expires_at"), read_only=True, exclude_from_list=True),
        ]
        self.fields_default_sort = [("created_at", True)]
        self.searchable_fields = ["reference"]
        self.sortable_fields = ["created_at", "amount"]
        super().__init__(
            Payment,
            icon="fa fa-credit-card",
            key="payments",
            display_name=word("payments.one"),
            menu_label=word("payments.many"),
        )

    def get_search_query(self, request: Request, term: str) -> Q:
        """Part of the reference or of an order's number."""
        return Q(reference__contains=term.strip().upper())


class RefundList(ServiceView):
    """Money that goes back; what still has to, first."""

    role: ClassVar[str] = "staff_orders"

    def __init__(self) -> None:
        self.fields = [
            StringField("reference", label=word("refunds.reference"), read_only=True),
            EnumField(
                "status",
                label=word("refunds.status"),
                choices=choices("refunds.statuses", RefundStatus),
                read_only=True,
            ),
            MoneyField("amount", label=word("refunds.amount"), read_only=True),
            EnumField(
                "reason", label=word("refunds.reason"), choices=choices("refunds.reasons", RefundReason), read_only=True
            ),
            StringField("note", label=word("refunds.note"), read_only=True),
            StringField("failure", label=word("refunds.failure"), read_only=True),
            StringField("actor", label=word("refunds.actor"), read_only=True, exclude_from_list=True),
            DateTimeField("created_at", label=word("refunds.created_at"), read_only=True),
            DateTimeField("changed_at", label=word("refunds.changed_at"), read_only=True, exclude_from_list=True),
        ]
        self.fields_default_sort = [("id", True)]
        self.searchable_fields = ["reference"]
        self.sortable_fields = ["created_at", "amount", "status"]
        super().__init__(
            Refund,
            icon="fa fa-rotate-left",
            key="refunds",
            display_name=word("refunds.one"),
            menu_label=word("refunds.many"),
        )

    def get_search_query(self, request: Request, term: str) -> Q:
        """Part of the reference or of an order's number."""
        return Q(reference__contains=term.strip().upper())

    @staticmethod
    def waits(row: Any) -> bool:
        """Whether staff can still do something about a refund."""
        return row.status in {RefundStatus.QUEUED, RefundStatus.FAILED}
