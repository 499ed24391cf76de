"""Migrations that stand on their own: what they say about a field is the table's side of it, and nothing of the shop.

Tortoise writes the shop's enums, default functions and JSON codecs into migrations by import. An enum that is renamed
or moved years later would then break the very first migration, and a fresh database with it. So models are compared
with the history in a frozen form: an enum field is the text column that it is, its default the text that is stored.
"""

from enum import Enum
from typing import Any, Final

from tortoise.context import require_context
from tortoise.fields import base
from tortoise.fields.relational import RelationalField
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import ImportManager, MigrationWriter, _render_call
from tortoise.models import Model

PYTHON_ONLY: Final = {"enum_type", "description", "encoder", "decoder", "validators", "field_type"}
"""Arguments of fields that no column knows about."""
DIALECTS: Final = ("sqlite", "postgres", "mysql")


def frozen_default(default: object) -> object:
    """A default as a migration may hold it: an enum member as its value, a function not at all."""
    if isinstance(default, Enum):
        return default.value
    if callable(default) and default not in (dict, list):
        return None
    return default


def _plain_class(field: base.Field[Any]) -> type[base.Field[Any]]:
    """The class of Tortoise that makes the same column: the field's own, or the nearest it descends from."""
    for candidate in type(field).__mro__:
        if candidate.__module__.startswith("tortoise.fields.") and not candidate.__name__.endswith("EnumFieldInstance"):
            return candidate
    raise TypeError(f"{type(field)} descends from no field of Tortoise")


def frozen(field: base.Field[Any]) -> base.Field[Any]:
    """The field as a migration describes it. Raises TypeError for a field whose column no field of Tortoise makes."""
    if isinstance(field, RelationalField):
        field.description = None
        return field
    kwargs = {name: value for name, value in field.deconstruct()[2].items() if name not in PYTHON_ONLY}
    if "default" in kwargs:
        kwargs["default"] = frozen_default(kwargs["default"])
    made = _plain_class(field)(**kwargs)
    made.model_field_name = field.model_field_name
    for dialect in DIALECTS:
        if made.get_for_dialect(dialect, "SQL_TYPE") != field.get_for_dialect(dialect, "SQL_TYPE"):
            raise TypeError(
                f"{field.model_field_name}: {type(field).__name__} makes a column that Tortoise has no field for"
            )
    return made


class Writer(MigrationWriter):
    """Writes a migration without the functions that a JSON field is read and written with."""

    def _render_field(self, field: Any, imports: ImportManager) -> str:
        path, args, kwargs = field.deconstruct()
        return _render_call(path, args, {name: kwargs[name] for name in kwargs if name not in PYTHON_ONLY}, imports)


class Detector(MigrationAutodetector):
    """Compares frozen models with the history."""

    def _current_state(self) -> State:
        state = super()._current_state()
        for model in state.models.values():
            model.bases = (Model,)
            model.options.pop("table_description", None)
            model.fields = {name: frozen(field) for name, field in model.fields.items()}
        return state

    async def writers(self) -> list[Writer]:
        """One writer per label whose models the migrations do not describe; one at most, the shop has one label."""
        return [
            Writer(
                made.name,
                made.app_label,
                made.operations,
                dependencies=made.dependencies,
                initial=made.initial,
                migrations_module=made.migrations_module,
            )
            for made in await self.changes()
        ]


def detector(apps: dict[str, Any]) -> Detector:
    """A detector for the models that Tortoise has loaded; `apps` is the configuration's part of that name."""
    loaded = require_context().apps
    if loaded is None:
        raise RuntimeError("Tortoise has no models loaded")
    return Detector(loaded, apps)


async def changes(apps: dict[str, Any]) -> list[str]:
    """What the models have and the migrations do not say, one sentence each."""
    return [operation.describe() for writer in await detector(apps).writers() for operation in writer.operations]
