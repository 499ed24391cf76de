"""Ai texts."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index
from tortoise.migrations.constraints import UniqueConstraint

class Migration(migrations.Migration):
    dependencies = [('shop', '0011_telegram')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AiRun',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('state', fields.CharField(default='queued', max_length=32)),
                ('reason', fields.CharField(default='', max_length=32)),
                ('wishes', fields.JSONField()),
                ('actor', fields.CharField(max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('pauses', fields.IntField(default=0)),
                ('resume_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('finished_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('total', fields.IntField(default=0)),
                ('skipped', fields.JSONField(null=True)),
                ('tokens', fields.BigIntField(default=0)),
                ('budget_tokens', fields.BigIntField()),
                ('cost', fields.BigIntField(default=0)),
                ('budget_cost', fields.BigIntField()),
                ('locked_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('locked_by', fields.CharField(null=True, max_length=64)),
            ],
            options={'table': 'ai_run', 'app': 'shop', 'indexes': [Index(fields=['state', 'id'], name='ai_run_state')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Draft',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('run', fields.ForeignKeyField('shop.AiRun', source_field='run_id', db_constraint=True, to_field='id', related_name='drafts', on_delete=OnDelete.RESTRICT)),
                ('subject', fields.CharField(max_length=16)),
                ('subject_id', fields.IntField()),
                ('slug', fields.CharField(max_length=96)),
                ('lang', fields.CharField(max_length=8)),
                ('kin', fields.CharField(max_length=64)),
                ('input_hash', fields.CharField(max_length=64)),
                ('take', fields.IntField(default=0)),
                ('prompt_version', fields.CharField(max_length=16)),
                ('facts', fields.JSONField()),
                ('wanted', fields.JSONField()),
                ('model', fields.CharField(default='', max_length=64)),
                ('content', fields.JSONField(null=True)),
                ('problems', fields.JSONField(null=True)),
                ('status', fields.CharField(default='waiting', max_length=32)),
                ('reason', fields.CharField(default='', max_length=32)),
                ('detail', fields.CharField(default='', max_length=300)),
                ('author', fields.CharField(default='model', max_length=64)),
                ('attempts', fields.IntField(default=0)),
                ('held_tokens', fields.BigIntField(default=0)),
                ('held_cost', fields.BigIntField(default=0)),
                ('tokens_in', fields.IntField(default=0)),
                ('tokens_out', fields.IntField(default=0)),
                ('cost', fields.BigIntField(default=0)),
                ('locked_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('locked_by', fields.CharField(null=True, max_length=64)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('written_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('decided_by', fields.CharField(default='', max_length=64)),
            ],
            options={'table': 'ai_draft', 'app': 'shop', 'constraints': [UniqueConstraint(fields=('subject', 'subject_id', 'lang', 'input_hash', 'take'), name='ai_draft_once')], 'indexes': [Index(fields=['run_id', 'status', 'id'], name='ai_draft_run'), Index(fields=['kin', 'lang', 'status'], name='ai_draft_kin'), Index(fields=['status', 'id'], name='ai_draft_status')], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='CategoryText',
            name='by_model',
            field=fields.JSONField(null=True),
        ),
        ops.AddField(
            model_name='Product',
            name='ai_texts',
            field=fields.BooleanField(default=True),
        ),
        ops.AddField(
            model_name='ProductImage',
            name='alt_by_model',
            field=fields.JSONField(null=True),
        ),
        ops.AddField(
            model_name='ProductText',
            name='by_model',
            field=fields.JSONField(null=True),
        ),
        ops.AddField(
            model_name='ProductText',
            name='faq',
            field=fields.JSONField(null=True),
        ),
        ops.AddField(
            model_name='ProductText',
            name='keywords',
            field=fields.JSONField(null=True),
        ),
    ]
