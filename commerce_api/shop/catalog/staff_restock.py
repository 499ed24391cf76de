"""Who waits for what, in the staff office: read only, so that nobody is told twice by hand."""

from dataclasses import dataclass
from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.fields import ComputedField, DateTimeField, StringField

from commerce_api.foundation.web.staff_views import ServiceView, word
from commerce_api.shop.catalog.models import RestockRequest


@dataclass
class SkuField(ComputedField):
    """The code of what is waited for."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        return str(obj.sku.code)


class RestockView(ServiceView):
    """Wishes, newest first. Contacts disappear by themselves some weeks after they were told."""

    role: ClassVar[str] = "staff_catalogue"

    def __init__(self) -> None:
        self.fields = [
            SkuField("code", label=word("restock.sku"), read_only=True),
            StringField("contact", label=word("restock.contact"), read_only=True),
            StringField("lang", label=word("restock.lang"), read_only=True),
            DateTimeField("created_at", label=word("restock.created_at"), read_only=True),
            DateTimeField("notified_at", label=word("restock.notified_at"), read_only=True),
        ]
        self.fields_default_sort = [("created_at", True)]
        self.searchable_fields = ["contact"]
        self.sortable_fields = ["created_at", "notified_at"]
        self.row_actions = ["view"]
        self.actions = []
        super().__init__(
            RestockRequest,
            icon="fa fa-bell",
            key="restock",
            display_name=word("restock.one"),
            menu_label=word("restock.many"),
        )

    def _prefetch_names(self, request: Request) -> list[str]:
        # The base class fetches only relations that are fields of the list.
        return [*super()._prefetch_names(request), "sku"]
