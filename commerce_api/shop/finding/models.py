"""What shoppers looked for and did not find."""

from tortoise import fields
from tortoise.migrations.constraints import UniqueConstraint
from tortoise.models import Model


class SearchMiss(Model):
    """A search of a day that found nothing, and how often: no visitor, no time of day, no address."""

    id = fields.IntField(primary_key=True)
    day = fields.DateField()
    lang = fields.CharField(max_length=8)
    query = fields.CharField(max_length=60)
    count = fields.IntField(default=1)

    class Meta:
        table = "search_miss"
        constraints = (UniqueConstraint(fields=("day", "lang", "query"), name="search_miss_query"),)

    def __str__(self) -> str:
        return self.query
