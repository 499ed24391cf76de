"""Who keeps the schedule, and when each of its jobs comes next."""

from tortoise import fields
from tortoise.models import Model


class ScheduleLease(Model):
    """One row: the worker that keeps the schedule, until when by the database's clock."""

    name = fields.CharField(max_length=32, primary_key=True)
    holder = fields.CharField(max_length=64)
    until = fields.DatetimeField()

    class Meta:
        table = "schedule_lease"


class ScheduledJob(Model):
    """One job: when it comes next, and how its last run went. `every` is seconds between two runs."""

    name = fields.CharField(max_length=64, primary_key=True)
    every = fields.FloatField()
    next_at = fields.DatetimeField()
    started_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)
    last_error = fields.TextField(null=True)

    class Meta:
        table = "schedule_job"
