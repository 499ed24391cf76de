"""Who of the staff did what."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model


class AuditEntry(Model):
    """One deed of a staff member: appended, never changed."""

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    account_id = fields.IntField()
    actor = fields.CharField(max_length=254)
    action = fields.CharField(max_length=64)
    subject = fields.CharField(max_length=120)
    changes: fields.JSONField[dict[str, object]] = fields.JSONField()

    class Meta:
        table = "audit_entry"
        indexes = (
            Index(fields=("at",), name="audit_entry_time"),
            Index(fields=("subject", "at"), name="audit_entry_subject"),
        )
