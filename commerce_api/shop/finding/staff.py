"""Searches without results, in the staff office."""

from typing import ClassVar

from starlette_admin.fields import DateField, IntegerField, StringField

from commerce_api.foundation.web.staff_views import ServiceView, word
from commerce_api.shop.finding.models import SearchMiss


class SearchMissView(ServiceView):
    """What was looked for in vain, the last days and the most wanted first."""

    role: ClassVar[str] = "staff_catalogue"

    def __init__(self) -> None:
        self.fields = [
            DateField("day", label=word("misses.day"), read_only=True),
            StringField("query", label=word("misses.query"), read_only=True),
            StringField("lang", label=word("misses.lang"), read_only=True),
            IntegerField("count", label=word("misses.count"), read_only=True),
        ]
        self.fields_default_sort = [("day", True), ("count", True)]
        self.searchable_fields = ["query"]
        self.sortable_fields = ["day", "query", "lang", "count"]
        self.row_actions = ["view"]
        self.actions = []
        super().__init__(
            SearchMiss,
            icon="fa fa-magnifying-glass",
            key="search-misses",
            display_name=word("misses.one"),
            menu_label=word("misses.many"),
        )
