"""The audit log as a list: readable by the owner, changeable by nobody."""

from typing import ClassVar

from starlette_admin.fields import DateTimeField, StringField

from commerce_api.foundation.web.staff_views import OWNER, ServiceView, word
from commerce_api.office.admin.models import AuditEntry


class AuditView(ServiceView):
    """Who did what, newest first."""

    role: ClassVar[str] = OWNER

    def __init__(self) -> None:
        self.fields = [
            DateTimeField("at", label=word("audit.at"), read_only=True),
            StringField("actor", label=word("audit.actor"), read_only=True),
            StringField("action", label=word("audit.action"), read_only=True),
            StringField("subject", label=word("audit.subject"), read_only=True),
            StringField("changes", label=word("audit.changes"), read_only=True),
        ]
        self.fields_default_sort = [("at", True)]
        self.searchable_fields = ["subject", "actor"]
        self.row_actions = ["view"]
        self.actions = []
        super().__init__(
            AuditEntry,
            icon="fa fa-clipboard-list",
            key="audit",
            display_name=word("audit.one"),
            menu_label=word("audit.many"),
        )
