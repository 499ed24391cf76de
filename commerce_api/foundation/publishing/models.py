"""What the static site has to learn: pages that became stale, builds that were asked for, builds that were made."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class PageChange(Model):
    """A page key that became stale. Rows are only inserted, and marked when built: ids may commit out of order, so a
    cursor would skip some (architecture 6A)."""

    id = fields.BigIntField(primary_key=True)
    key = fields.CharField(max_length=96)
    reason = fields.CharField(max_length=200)
    created_at = fields.DatetimeField()
    built_at = fields.DatetimeField(null=True)

    class Meta:
        table = "page_change"
        indexes = (Index(fields=("built_at", "id"), name="page_change_pending"),)


class RequestState(StrEnum):
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class RebuildRequest(Model):
    """A rebuild that a person or a program asked for; the site watcher pulls it."""

    id = fields.IntField(primary_key=True)
    scope = fields.CharField(max_length=16)
    keys: fields.JSONField[list[str]] = fields.JSONField()
    requested_by = fields.CharField(max_length=120)
    state = fields.CharEnumField(RequestState, max_length=32, default=RequestState.QUEUED)
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    pages = fields.IntField(default=0)
    milliseconds = fields.IntField(default=0)
    errors: fields.JSONField[list[str]] = fields.JSONField()

    class Meta:
        table = "rebuild_request"
        indexes = (Index(fields=("state", "id"), name="rebuild_request_queue"),)


class BuildReceipt(Model):
    """What a build changed, why, and how long it took."""

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=16)
    release = fields.CharField(max_length=64)
    page_count = fields.IntField()
    pages: fields.JSONField[list[str]] = fields.JSONField()
    removed: fields.JSONField[list[str]] = fields.JSONField()
    reasons: fields.JSONField[list[str]] = fields.JSONField()
    errors: fields.JSONField[list[str]] = fields.JSONField()
    milliseconds = fields.IntField()
    created_at = fields.DatetimeField()

    class Meta:
        table = "build_receipt"
        indexes = (Index(fields=("created_at",), name="build_receipt_time"),)
