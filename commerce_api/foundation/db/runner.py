"""Carrying migrations out, one transaction each: the tables, the proof that no row lost its parent, and the record.

Tortoise's executor plans; it does not run. It writes the record of an applied migration after the transaction of its
tables, so that a crash between leaves tables that no record knows, and its next start fails on them.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget, PlanStep
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import CreateModel, RunPython
from tortoise.migrations.schema_generator.state import State

from commerce_api.foundation.db.editor import PostgresEditor, SqliteEditor, editor_for
from commerce_api.foundation.db.setup import LABEL

LATEST: Final = MigrationTarget(LABEL, "__latest__")
ZERO: Final = MigrationTarget(LABEL, "__first__")

Progress = Callable[[str, bool], object]
"""Hears the name of each migration before it runs, and whether it is taken back."""


class MigrationFailed(Exception):
    """A migration could not be carried out; the database is as before it."""


class Runner(MigrationExecutor):
    """Runs the migrations of one label on one connection."""

    def __init__(self, connection: BaseDBAsyncClient, apps: dict[str, Any]) -> None:
        super().__init__(connection, apps)

    async def run(self, targets: Iterable[MigrationTarget], progress: Progress) -> list[str]:
        """Brings the database to `targets`; the names of the migrations applied or taken back, in that order.

        Raises MigrationFailed for the first that cannot be; those before it stay.
        """
        await self.loader.build_graph()
        await self.recorder.ensure_schema(editor_for(self.connection))
        applied = set(await self.recorder.applied_migrations())
        done = []
        steps = self._migration_plan(targets, applied, self.loader.graph)
        # To gather a state takes longer than a step itself: going back all are gathered at once, and going forward a
        # step begins with what the one before has left.
        before = await self._project_state_cache(applied) if any(step.backward for step in steps) else {}
        state: State | None = None
        for step in steps:
            key = MigrationKey(step.migration.app_label, step.migration.name)
            progress(key.name, step.backward)
            if step.backward:
                state = before[key]
            elif state is None:
                state = await self._project_state(applied)
            try:
                await self._step(step, state)
            except Exception as error:
                raise MigrationFailed(f"{key.name}: {error.__cause__ or error}") from error
            state = None if step.backward else state
            (applied.discard if step.backward else applied.add)(key)
            done.append(key.name)
        return done

    async def _step(self, step: PlanStep, state: State) -> None:
        migration = step.migration
        async with self.connection._in_transaction() as client:
            editor = editor_for(client)
            if step.backward:
                await _take_back(migration, state, editor)
            else:
                await _apply(migration, state, editor)
            await _check_references(client)
            self.recorder.connection = client
            try:
                if step.backward:
                    await self.recorder.record_unapplied(migration.app_label, migration.name)
                else:
                    await self.recorder.record_applied(migration.app_label, migration.name)
            finally:
                self.recorder.connection = self.connection


async def _apply(migration: Migration, state: State, editor: SqliteEditor | PostgresEditor) -> None:
    """`state` goes along: from before the migration to after it."""
    for operation in migration.operations:
        # A copy of the state costs as much as making all its models: a new table does not look back.
        old = state if isinstance(operation, CreateModel) else state.clone()
        operation.state_forward(migration.app_label, state)
        await editor.forward(operation, migration.app_label, old, state)
    state.validate_relations_initialized()


async def _take_back(migration: Migration, state: State, editor: SqliteEditor | PostgresEditor) -> None:
    steps = []
    for operation in migration.operations:
        if isinstance(operation, RunPython) and operation.reverse_code is None:
            raise MigrationFailed(f"{migration.name} has a step that cannot be taken back")
        old, state = state, state.clone()
        operation.state_forward(migration.app_label, state)
        steps.append((operation, state, old))
    for operation, with_it, without_it in reversed(steps):
        await editor.backward(operation, migration.app_label, with_it, without_it)


async def _check_references(client: BaseDBAsyncClient) -> None:
    """Raises MigrationFailed when a row of SQLite points to a parent that is gone: foreign keys were off."""
    if client.capabilities.dialect != "sqlite":
        return
    lost = await client.execute_query_dict("PRAGMA foreign_key_check")
    if lost:
        tables = ", ".join(sorted({f"{row['table']} -> {row['parent']}" for row in lost}))
        raise MigrationFailed(f"{len(lost)} rows would lose their parent ({tables})")
