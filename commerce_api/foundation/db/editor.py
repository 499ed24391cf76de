"""How a change of the models becomes a change of tables: Tortoise's schema editors with their holes closed.

Tortoise 1.1.9 records `Meta.constraints` of a new model and creates none of them; on SQLite it rebuilds a table without
its indexes, unique constraints and unique foreign keys, cannot remove or rename a CHECK, and keeps the column of a
removed foreign key; on both databases it adds no index for a new indexed field, and cannot add a required column to a
table that has rows. So here:

- A new table has its constraints in its CREATE TABLE (SQLite: unique ones as indexes, which a rebuild recreates).
- On SQLite every change of a table builds the table of the *new* models beside it, copies the rows, and takes its
  place. The result is what a fresh database gets, whatever the table went through before.
- On PostgreSQL a required column is added with its default filled in, and changes of a foreign key are carried out.

Foreign keys of SQLite must be off meanwhile: with them on, dropping the old table deletes or empties its children.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.fields.base import DB_DEFAULT_NOT_SET, Field
from tortoise.fields.data import DatetimeField
from tortoise.fields.relational import ForeignKeyFieldInstance, ManyToManyFieldInstance
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_editor.data import ModelSqlData
from tortoise.migrations.schema_generator.state import State
from tortoise.models import Model

from commerce_api.foundation.kit import clock

TABLE_CHANGES: Final = (
    ops.AddField,
    ops.RemoveField,
    ops.AlterField,
    ops.RenameField,
    ops.AddConstraint,
    ops.RemoveConstraint,
    ops.RenameConstraint,
)


def statements(script: str) -> Iterator[str]:
    """The statements of an SQL script, one by one; a semicolon inside a text or a comment ends none."""
    gathered = ""
    for part in script.split(";"):
        gathered += part
        if not gathered.strip():
            gathered = ""
            continue
        gathered += ";"
        if sqlite3.complete_statement(gathered):
            yield gathered.strip()
            gathered = ""
    if gathered.strip():
        yield gathered.strip()


def fill_value(field: Field[Any]) -> object | None:
    """What rows that are there already get in a new required column: the field's default; None when it has none."""
    if isinstance(field, DatetimeField) and (field.auto_now or field.auto_now_add):
        return clock.now()
    if field.default in (dict, list):
        return field.default()  # type: ignore[no-any-return]
    return None if callable(field.default) else field.default


def _columns(model: type[Model]) -> dict[str, str]:
    """Field name -> column, foreign keys by the name of their key field."""
    return dict(model._meta.fields_db_projection)


class _Constrained(BaseSchemaEditor):
    """An editor whose new tables have the constraints of their models."""

    inner: tuple[str, ...] = ()

    def _get_inner_statements(self) -> list[str]:
        return list(self.inner)

    def _get_model_sql_data(self, model: type[Model]) -> ModelSqlData:
        self.inner = tuple(self._inner_constraints(model))
        try:
            return super()._get_model_sql_data(model)
        finally:
            self.inner = ()

    def _inner_constraints(self, model: type[Model]) -> Iterator[str]:
        for constraint in model._meta.constraints or ():
            if isinstance(constraint, CheckConstraint):
                yield self.CHECK_CONSTRAINT_CREATE_TEMPLATE.format(name=constraint.name, check=constraint.check)
            elif isinstance(constraint, UniqueConstraint):
                yield self._inner_unique(model, constraint)

    def _inner_unique(self, model: type[Model], constraint: UniqueConstraint) -> str:
        columns = self._resolve_fields_to_columns(model, constraint.fields)
        name = self._constraint_name_for_model(model, UniqueConstraint(tuple(columns), constraint.name))
        return self.UNIQUE_CONSTRAINT_CREATE_TEMPLATE.format(
            index_name=name, fields=", ".join(self.quote(column) for column in columns)
        )

    def _escape_default_value(self, default: object) -> str:
        # Tortoise writes a quote with a backslash, which ends the text on both databases.
        return (
            "'" + default.replace("'", "''") + "'"
            if isinstance(default, str)
            else super()._escape_default_value(default)
        )

    def _fill_sql(self, model: type[Model], field: Field[Any]) -> str | None:
        """The SQL text of a field's fill value; None when there is none or the database has a default of its own."""
        value = fill_value(field)
        if value is None or field.has_db_default():
            return None
        return self._escape_default_value(field.to_db_value(value, model))

    async def forward(self, operation: ops.Operation, label: str, old: State, new: State) -> None:
        """Carries an operation out: from the tables of `old` to those of `new`."""
        await operation.database_forward(label, old, new, self)

    async def backward(self, operation: ops.Operation, label: str, old: State, new: State) -> None:
        """Takes an operation back: from the tables of `old` (with it) to those of `new` (without it)."""
        await operation.database_backward(label, old, new, self)


class SqliteEditor(_Constrained, SqliteSchemaEditor):
    """Changes a table by building the new one beside it."""

    async def _run_sql(self, sql: str) -> None:
        for statement in statements(sql):
            await self.client.execute_query(statement)

    def _get_model_sql_data(self, model: type[Model]) -> ModelSqlData:
        made = super()._get_model_sql_data(model)
        uniques = [
            self.UNIQUE_INDEX_CREATE_TEMPLATE.format(
                index_name=self._constraint_name_for_model(model, UniqueConstraint(tuple(columns), constraint.name)),
                table_name=self.quote(model._meta.db_table),
                fields=", ".join(self.quote(column) for column in columns),
                extra="",
            )
            for constraint in model._meta.constraints or ()
            if isinstance(constraint, UniqueConstraint)
            for columns in [self._resolve_fields_to_columns(model, constraint.fields)]
        ]
        made.table_sql = "\n".join([made.table_sql, *uniques])
        return made

    def _inner_constraints(self, model: type[Model]) -> Iterator[str]:
        for constraint in model._meta.constraints or ():
            if isinstance(constraint, CheckConstraint):
                yield self.CHECK_CONSTRAINT_CREATE_TEMPLATE.format(name=constraint.name, check=constraint.check)

    async def forward(self, operation: ops.Operation, label: str, old: State, new: State) -> None:
        if not await self._rebuilt(operation, label, old, new, forward=True):
            await super().forward(operation, label, old, new)

    async def backward(self, operation: ops.Operation, label: str, old: State, new: State) -> None:
        if not await self._rebuilt(operation, label, old, new, forward=False):
            await super().backward(operation, label, old, new)

    async def _rebuilt(self, operation: ops.Operation, label: str, old: State, new: State, *, forward: bool) -> bool:
        if not isinstance(operation, TABLE_CHANGES):
            return False
        before = old.apps.get_model(f"{label}.{operation.model_name}")
        after = new.apps.get_model(f"{label}.{operation.model_name}")
        if before._meta.m2m_fields != after._meta.m2m_fields:
            return False
        renamed: dict[str, str] = {}
        if isinstance(operation, ops.RenameField):
            names = (operation.new_name, operation.old_name)
            fresh, former = names if forward else names[::-1]
            renamed[fresh] = former
            fresh_key, former_key = after._meta.fields_map[fresh], before._meta.fields_map[former]
            renamed[fresh_key.source_field or fresh] = former_key.source_field or former
        await self._rebuild(before, after, renamed)
        return True

    async def _rebuild(self, before: type[Model], after: type[Model], renamed: dict[str, str]) -> None:
        table = after._meta.db_table
        create, *indexes = statements(self._get_model_sql_data(after).table_sql)
        _, *former_indexes = statements(self._get_model_sql_data(before).table_sql)
        by_hand = await self._made_by_hand(table, set(former_indexes) | set(indexes))
        last_id = await self._last_id(table)
        await self._run_sql(create.replace(f'CREATE TABLE "{table}"', f'CREATE TABLE "new__{table}"', 1))
        copied = dict(self._copied(before, after, renamed))
        await self._run_sql(
            f'INSERT INTO "new__{table}" ({", ".join(copied)}) SELECT {", ".join(copied.values())} FROM "{table}"'  # noqa: S608 - names of the models
        )
        await self._run_sql(f'DROP TABLE "{table}"')
        await self._run_sql(f'ALTER TABLE "new__{table}" RENAME TO "{table}"')
        for statement in (*indexes, *by_hand):
            await self._run_sql(statement)
        if last_id is not None:
            # Else the numbers of rows that were deleted would be given out a second time.
            await self.client.execute_query("DELETE FROM sqlite_sequence WHERE name = ?", [table])
            await self.client.execute_query("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", [table, last_id])

    async def _last_id(self, table: str) -> int | None:
        """The highest number that the table's counter gave out; None for a table without a counter."""
        if not await self.client.execute_query_dict("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'"):
            return None
        rows = await self.client.execute_query_dict("SELECT seq FROM sqlite_sequence WHERE name = ?", [table])
        return rows[0]["seq"] if rows else None

    def _copied(self, before: type[Model], after: type[Model], renamed: dict[str, str]) -> Iterator[tuple[str, str]]:
        """New column -> what it gets from the old row; a column that is left out gets the table's default."""
        former = _columns(before)
        for name, column in _columns(after).items():
            field = after._meta.fields_map[name]
            fill = None if field.null else self._fill_sql(after, field)
            source = former.get(renamed.get(name, name))
            if source is None:
                if fill is not None:
                    yield self.quote(column), fill
            elif fill is not None and before._meta.fields_map[renamed.get(name, name)].null:
                yield self.quote(column), f"COALESCE({self.quote(source)}, {fill})"
            else:
                yield self.quote(column), self.quote(source)

    async def _made_by_hand(self, table: str, known: set[str]) -> list[str]:
        """Indexes and triggers of the table that no model names: a migration made them with plain SQL."""
        rows = await self.client.execute_query_dict(
            "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            [table],
        )
        return [row["sql"] for row in rows if row["sql"].rstrip(";") + ";" not in known]


class PostgresEditor(_Constrained, AsyncpgSchemaEditor):
    """Changes a table in place."""

    async def add_field(self, model: type[Model], field_name: str) -> None:
        field = model._meta.fields_map[field_name]
        if isinstance(field, ManyToManyFieldInstance):
            await super().add_field(model, field_name)
            return
        fill = None if field.null else self._fill_sql(model, field)
        if fill is not None:
            field.db_default = fill_value(field)
        await super().add_field(model, field_name)
        key = model._meta.fields_map[field.source_field or field_name]
        column = key.source_field or key.model_field_name
        if fill is not None:
            field.db_default = DB_DEFAULT_NOT_SET
            await self._alter(model, f"ALTER COLUMN {self.quote(column)} DROP DEFAULT")
        if key.index and not key.pk:
            await self.add_index(model, Index(fields=(column,)))

    async def _alter_field(self, model: type[Model], old_field: Field[Any], new_field: Field[Any]) -> None:
        column = self.quote(old_field.source_field or old_field.model_field_name)
        fill = self._fill_sql(model, new_field)
        if old_field.null and not new_field.null and fill is not None:
            table = self.quote(model._meta.db_table)
            update = f"UPDATE {table} SET {column} = {fill} WHERE {column} IS NULL"  # noqa: S608 - names of the models
            await self._run_sql(update)
        await super()._alter_field(model, old_field, new_field)

    async def alter_field(self, old_model: type[Model], new_model: type[Model], field_name: str) -> None:
        await super().alter_field(old_model, new_model, field_name)
        former, fresh = old_model._meta.fields_map[field_name], new_model._meta.fields_map[field_name]
        if not isinstance(former, ForeignKeyFieldInstance) or not isinstance(fresh, ForeignKeyFieldInstance):
            return
        if (former.on_delete, former.model_name) != (fresh.on_delete, fresh.model_name):
            await self._replace_reference(new_model, fresh)

    async def _replace_reference(self, model: type[Model], field: ForeignKeyFieldInstance[Any]) -> None:
        """A foreign key as the new model has it; Tortoise leaves the old one standing."""
        column = field.source_field or field.model_field_name
        rows = await self.client.execute_query_dict(
            "SELECT conname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
            "WHERE c.contype = 'f' AND cardinality(c.conkey) = 1 "
            "AND c.conrelid = $1::text::regclass AND a.attname = $2",
            [self.quote(model._meta.db_table), column],
        )
        for row in rows:
            await self._alter(model, f"DROP CONSTRAINT {self.quote(row['conname'])}")
        target = field.related_model._meta
        await self._alter(
            model,
            f"ADD FOREIGN KEY ({self.quote(column)}) REFERENCES {self.quote(target.db_table)} "
            f"({self.quote(target.db_pk_column)}) ON DELETE {field.on_delete.value}",
        )

    async def _alter(self, model: type[Model], change: str) -> None:
        await self._run_sql(f"ALTER TABLE {self.quote(model._meta.db_table)} {change}")


def editor_for(client: BaseDBAsyncClient) -> SqliteEditor | PostgresEditor:
    """The editor of a connection's database."""
    editor = SqliteEditor if client.capabilities.dialect == "sqlite" else PostgresEditor
    return editor(client)
