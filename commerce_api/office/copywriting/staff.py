"""Texts of a model in the staff office: beside their facts, to edit, approve or reject."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from markupsafe import escape
from starlette.requests import Request
from starlette_admin.actions import ActionSelection, action, row_action
from starlette_admin.exceptions import FormValidationError
from starlette_admin.fields import (
    ComputedField,
    DateTimeField,
    EnumField,
    IntegerField,
    StringField,
    TextAreaField,
)
from starlette_admin.flash import flash

from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.staff_views import ServiceView, word
from commerce_api.office.copywriting import parts, service
from commerce_api.office.copywriting.errors import DraftUnfit
from commerce_api.office.copywriting.models import Draft
from commerce_api.office.copywriting.planning import SUBJECTS
from commerce_api.office.copywriting.service import EDITABLE, actor_of
from commerce_api.office.copywriting.statuses import DraftStatus

LARGEST_BOX, SMALLEST_BOX = 16, 2


def reason_told(reason: str) -> str:
    """Why a text or a run came no further, in words; "" where it did."""
    return word(f"texts.reasons.{reason}") if reason else ""


def reject_form(_request: Request, _draft: Any) -> str:
    """A line for why."""
    label = escape(word("texts.why"))
    return (
        f'<form><label class="form-label" for="why">{label}</label>'
        '<input class="form-control" id="why" name="why" maxlength="300"></form>'
    )


@dataclass
class PartField(TextAreaField):
    """One part of a text, as staff read and type it."""

    exclude_from_list: bool = True
    searchable: bool = False
    orderable: bool = False

    async def parse_obj(self, request: Request, obj: Any) -> str | None:
        content = obj.content or {}
        return parts.as_text(content[self.name]) if self.name in content else None


@dataclass
class FoundField(ComputedField):
    """What the guard found, or why there is no text, in words."""

    async def parse_obj(self, request: Request, obj: Any) -> str:
        if obj.problems:
            found = (problem.partition(": ") for problem in obj.problems)
            return "; ".join(
                f"{word(f'texts.parts.{part}')}: {word(f'texts.problems.{what}')}" for part, _, what in found
            )
        return reason_told(obj.reason)


def shown(draft: Draft) -> dict[str, Any]:
    """A text as its pages show it: the facts by name, and its parts with the room that each needs."""
    return {
        "facts": [
            (word(f"texts.facts.{name}"), ", ".join(map(str, value)) if isinstance(value, list) else value)
            for name, value in draft.facts.items()
            if value not in ("", [], None)
        ],
        "parts": [
            (name, word(f"texts.parts.{name}"), max(SMALLEST_BOX, min(LARGEST_BOX, parts.PARTS[name].longest // 100)))
            for name in draft.wanted
        ],
        "editable": draft.status in EDITABLE,
    }


class DraftView(ServiceView):
    """The texts, those that wait for a decision first to be looked for by their status."""

    role: ClassVar[str] = "staff_content"
    facts_title = word("texts.facts_title")
    detail_template = "draft.html"
    edit_template = "draft_edit.html"

    def __init__(self) -> None:
        statuses = [(status.value, word(f"texts.statuses.{status.value}")) for status in DraftStatus]
        subjects = [(name, word(f"texts.subjects.{name}")) for name in SUBJECTS]
        self.fields = [
            StringField("slug", label=word("texts.slug"), read_only=True),
            EnumField("subject", label=word("texts.subject"), choices=subjects, read_only=True),
            StringField("lang", label=word("texts.lang"), read_only=True),
            EnumField("status", label=word("texts.status"), choices=statuses, read_only=True),
            FoundField("found", label=word("texts.found")),
            *(PartField(name, label=word(f"texts.parts.{name}")) for name in parts.PARTS),
            StringField("model", label=word("texts.model"), read_only=True, exclude_from_list=True),
            StringField("author", label=word("texts.author"), read_only=True, exclude_from_list=True),
            IntegerField("run_id", label=word("texts.run"), read_only=True),
            DateTimeField("written_at", label=word("texts.written_at"), read_only=True),
        ]
        self.fields_default_sort = [("id", True)]
        self.searchable_fields = ["slug", "lang"]
        self.sortable_fields = ["slug", "lang", "status", "written_at"]
        self.row_actions = ["view", "edit", "approve", "reject"]
        self.actions = ["approve_all", "approve_some", "reject_some"]
        super().__init__(
            Draft,
            icon="fa fa-feather",
            key="texts",
            display_name=word("texts.one"),
            menu_label=word("texts.many"),
        )

    def can_edit(self, request: Request) -> bool:
        return self.allowed(request)

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        """The text; its facts and parts are laid out for the pages that show it."""
        draft = await super().find_by_pk(request, pk)
        if draft is not None:
            request.state.draft = shown(draft)
        return draft

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:
        open_ = obj.status in EDITABLE
        fitting = {"view": True, "edit": open_, "reject": open_, "approve": obj.status is DraftStatus.DRAFT}
        return fitting.get(name, False) and await self.is_row_action_allowed(request, name)

    async def edit(self, request: Request, pk: Any, data: dict[str, Any]) -> Any:
        """Keep what was typed, once the guard has read it."""
        draft = await self.find_by_pk(request, pk)
        try:
            typed = {name: parts.from_text(name, data.get(name) or "") for name in draft.wanted}
        except parts.BadShape as error:
            raise FormValidationError({"faq": word("texts.faq_wrong")}) from error
        changed = sorted(name for name in typed if typed[name] != (draft.content or {}).get(name))
        try:
            await self.write(
                request,
                lambda account: service.edit(draft.id, typed, actor_of(account)),
                action="text.edit",
                subject=draft.slug,
                changes={"lang": draft.lang, "parts": changed},
            )
        except DraftUnfit as error:
            raise FormValidationError(_told(error)) from error
        return await self.find_by_pk(request, pk)

    async def approve_ids(self, request: Request, ids: list[int]) -> None:
        """Publish texts, fifty a transaction, and say how many went onto their pages."""
        published = 0
        for start in range(0, len(ids), service.BATCH):
            some = ids[start : start + service.BATCH]
            work, changes = partial(_approve, some), {"texts": some}
            done = await self.write(request, work, action="text.approve", subject=f"{len(some)}", changes=changes)
            published += done.get(DraftStatus.PUBLISHED, 0)
        flash(request, word("texts.published").format(count=published), "success")

    async def reject_ids(self, request: Request, ids: list[int], why: str) -> None:
        """Decide against texts."""
        await self.write(
            request,
            lambda account: service.reject(ids, why, actor_of(account)),
            action="text.reject",
            subject=f"{len(ids)}",
            changes={"texts": ids, "why": why},
        )
        flash(request, word("texts.rejected"), "success")

    @row_action(
        name="approve", text=word("texts.approve"), icon_class="fa fa-check", action_btn_class="btn btn-success"
    )
    async def approve(self, request: Request, pk: Any) -> None:
        """The text goes onto its page."""
        await self.approve_ids(request, [(await self.row(request, pk)).id])

    @row_action(
        name="reject",
        text=word("texts.reject"),
        confirmation=word("texts.reject_confirm"),
        icon_class="fa fa-ban",
        action_btn_class="btn btn-outline-danger",
        form=reject_form,
    )
    async def reject(self, request: Request, pk: Any) -> None:
        """The text stays away, and is not written again."""
        draft, why = await self.row(request, pk), (await request.form()).get("why")
        await self.reject_ids(request, [draft.id], why if isinstance(why, str) else "")

    @action(
        name="approve_all",
        text=word("texts.approve_all"),
        confirmation=word("texts.approve_all_confirm"),
        icon_class="fa fa-check-double",
        allow_empty_selection=True,
        dedicated_button=True,
    )
    async def approve_all(self, request: Request, selection: ActionSelection) -> None:
        """Every text that passed the guard goes onto its page."""
        await self.approve_ids(request, await service.approvable())

    @action(name="approve_some", text=word("texts.approve_some"), confirmation=word("texts.approve_some_confirm"))
    async def approve_some(self, request: Request, selection: ActionSelection) -> None:
        """The selected texts go onto their pages; the first that cannot stops its fifty with the reason."""
        await self.approve_ids(request, [draft.id for draft in await selection.rows()])

    @action(name="reject_some", text=word("texts.reject_some"), confirmation=word("texts.reject_confirm"))
    async def reject_some(self, request: Request, selection: ActionSelection) -> None:
        """The selected texts stay away."""
        await self.reject_ids(request, [draft.id for draft in await selection.rows()], "")


async def _approve(ids: list[int], account: Identity) -> Mapping[DraftStatus, int]:
    return await service.approve(ids, actor_of(account))


def _told(error: DraftUnfit) -> dict[str | int, Any]:
    """What the guard found, at the parts in which it did."""
    found: dict[str | int, Any] = {}
    problems: Any = error.details["problems"]
    for problem in problems:
        part, _, what = problem.partition(": ")
        said = word(f"texts.problems.{what}")
        found[part] = f"{found[part]}; {said}" if part in found else said
    return found
