"""Runs of the text writer in the staff office: how far each is, what it cost, and a button that begins one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action
from starlette_admin.fields import ComputedField, DateTimeField, EnumField, IntegerField, StringField
from starlette_admin.flash import flash

from commerce_api.foundation.web.access import account_of
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.staff_views import ServiceView, word
from commerce_api.office.copywriting import service
from commerce_api.office.copywriting.costs import DOLLAR
from commerce_api.office.copywriting.models import AiRun
from commerce_api.office.copywriting.planning import Wishes
from commerce_api.office.copywriting.queries import written_of
from commerce_api.office.copywriting.service import actor_of
from commerce_api.office.copywriting.staff import reason_told
from commerce_api.office.copywriting.statuses import RunState


@dataclass
class MoneyOfModels(ComputedField):
    """What a run cost and may cost, in US dollars, and the prices by which that is reckoned."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        shop = settings_of(request).shop
        prices = word("texts.prices").format(into=f"{shop.ai_cents_in / 100:.2f}", out=f"{shop.ai_cents_out / 100:.2f}")
        return f"{obj.cost / DOLLAR:.2f} / {obj.budget_cost / DOLLAR:.2f} ({prices})"


@dataclass
class ProgressField(ComputedField):
    """How many texts of a run are written."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        known: dict[int, int] = getattr(request.state, "written", {})
        written = known[obj.id] if obj.id in known else (await written_of([obj.id])).get(obj.id, 0)
        return f"{written} / {obj.total}"


@dataclass
class FoundReason(ComputedField):
    """Why a run ended, or will end, otherwise than by being done."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        return reason_told(obj.reason)


class RunView(ServiceView):
    """The runs, the newest first, and the button that begins one."""

    role: ClassVar[str] = "staff_content"

    async def find_all(self, request: Request, *arguments: Any, **named: Any) -> Sequence[Any]:
        rows = await super().find_all(request, *arguments, **named)
        found = await written_of([row.id for row in rows])
        request.state.written = {row.id: found.get(row.id, 0) for row in rows}
        return rows

    def __init__(self) -> None:
        states = [(state.value, word(f"texts.states.{state.value}")) for state in RunState]
        self.fields = [
            IntegerField("id", label=word("texts.run"), read_only=True),
            EnumField("state", label=word("texts.state"), choices=states, read_only=True),
            FoundReason("why_ended", label=word("texts.found")),
            ProgressField("progress", label=word("texts.progress")),
            IntegerField("tokens", label=word("texts.tokens"), read_only=True),
            MoneyOfModels("money", label=word("texts.cost")),
            StringField("actor", label=word("texts.asked_by"), read_only=True),
            DateTimeField("created_at", label=word("texts.created_at"), read_only=True),
        ]
        self.fields_default_sort = [("id", True)]
        self.searchable_fields = ["actor"]
        self.row_actions = ["view"]
        self.actions = ["start"]
        super().__init__(
            AiRun,
            icon="fa fa-pen-nib",
            key="text-runs",
            display_name=word("texts.run_one"),
            menu_label=word("texts.run_many"),
        )

    @action(
        name="start",
        text=word("texts.start"),
        confirmation=word("texts.start_confirm"),
        icon_class="fa fa-pen-nib",
        allow_empty_selection=True,
        dedicated_button=True,
    )
    async def start(self, request: Request, selection: ActionSelection) -> None:
        """Have everything written that people have not; the worker does it."""
        settings, account = settings_of(request), account_of(request)
        refused = service.refusal(settings.outside.openai)
        work = partial(service.start_run, Wishes(), service.budget(settings.shop), actor_of(account), refused)
        await self.write(request, lambda _account: work(), action="ai.run", subject="all", changes={})
        flash(request, word(f"texts.reasons.{refused.value}" if refused else "texts.started"), "success")
