"""Runs of the writer and the texts that come of them."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model

from commerce_api.office.copywriting.statuses import DraftStatus, RunState


class AiRun(Model):
    """Somebody asked for texts. `tokens` and `cost` (millionths of a US dollar) hold what was spent and what calls in
    hand may still spend: no call begins that could pass a budget. `skipped` counts the texts that were not asked for,
    by reason; `pauses` are the failures in a row that the service may recover from, until `resume_at`."""

    id = fields.IntField(primary_key=True)
    state = fields.CharEnumField(RunState, max_length=32, default=RunState.QUEUED)
    reason = fields.CharField(max_length=32, default="")
    wishes: fields.JSONField[dict[str, Any]] = fields.JSONField()
    actor = fields.CharField(max_length=64)
    created_at = fields.DatetimeField()
    pauses = fields.IntField(default=0)
    resume_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    total = fields.IntField(default=0)
    skipped: fields.JSONField[dict[str, int] | None] = fields.JSONField(null=True)
    tokens = fields.BigIntField(default=0)
    budget_tokens = fields.BigIntField()
    cost = fields.BigIntField(default=0)
    budget_cost = fields.BigIntField()
    locked_until = fields.DatetimeField(null=True)
    locked_by = fields.CharField(max_length=64, null=True)
    drafts: fields.ReverseRelation["Draft"]

    class Meta:
        table = "ai_run"
        indexes = (Index(fields=("state", "id"), name="ai_run_state"),)


class Draft(Model):
    """One language of one product, colour or category, as a model was asked to write it.

    `input_hash` names everything that the model was told; `take` counts what was written of the same input. `content`
    is text by name, `problems` what the guard found in it. `held_tokens` and `held_cost` are counted in the run while a
    call is in hand. `slug` is what staff know the thing by; `author` is model, or the account that edited the text.
    """

    id = fields.IntField(primary_key=True)
    run: fields.ForeignKeyRelation[AiRun] = fields.ForeignKeyField(
        "shop.AiRun", related_name="drafts", on_delete=fields.OnDelete.RESTRICT
    )
    run_id: int
    subject = fields.CharField(max_length=16)
    subject_id = fields.IntField()
    slug = fields.CharField(max_length=96)
    lang = fields.CharField(max_length=8)
    kin = fields.CharField(max_length=64)
    input_hash = fields.CharField(max_length=64)
    take = fields.IntField(default=0)
    prompt_version = fields.CharField(max_length=16)
    facts: fields.JSONField[dict[str, Any]] = fields.JSONField()
    wanted: fields.JSONField[list[str]] = fields.JSONField()
    model = fields.CharField(max_length=64, default="")
    content: fields.JSONField[dict[str, Any] | None] = fields.JSONField(null=True)
    problems: fields.JSONField[list[str] | None] = fields.JSONField(null=True)
    status = fields.CharEnumField(DraftStatus, max_length=32, default=DraftStatus.WAITING)
    reason = fields.CharField(max_length=32, default="")
    detail = fields.CharField(max_length=300, default="")
    author = fields.CharField(max_length=64, default="model")
    attempts = fields.IntField(default=0)
    held_tokens = fields.BigIntField(default=0)
    held_cost = fields.BigIntField(default=0)
    tokens_in = fields.IntField(default=0)
    tokens_out = fields.IntField(default=0)
    cost = fields.BigIntField(default=0)
    locked_until = fields.DatetimeField(null=True)
    locked_by = fields.CharField(max_length=64, null=True)
    created_at = fields.DatetimeField()
    written_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.CharField(max_length=64, default="")

    class Meta:
        table = "ai_draft"
        indexes = (
            Index(fields=("run_id", "status", "id"), name="ai_draft_run"),
            Index(fields=("kin", "lang", "status"), name="ai_draft_kin"),
            Index(fields=("status", "id"), name="ai_draft_status"),
        )
        constraints = (
            UniqueConstraint(fields=("subject", "subject_id", "lang", "input_hash", "take"), name="ai_draft_once"),
        )
