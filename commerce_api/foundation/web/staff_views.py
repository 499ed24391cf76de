"""What every list and page of the staff office is built on: closed by default, written through services.

starlette-admin opens each view to everybody who is signed in, exports included, and writes models itself. Here a view
names its role, shows fields without editing them, and hands what was typed to a function of its room inside one
transaction together with the audit note.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import iscoroutinefunction
from typing import Any, ClassVar, TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import CustomView
from starlette_admin.actions import ActionSelection
from starlette_admin.contrib.tortoise import ModelView
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.fields import StringField
from starlette_admin.filters import FilterGroup
from tortoise.expressions import Q

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, NotFound, ShopError
from commerce_api.foundation.kit import money
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.access import Audit, Identity, account_of, signed_in
from commerce_api.foundation.web.error_texts import error_sentence, field_errors
from commerce_api.foundation.web.parsing import LARGEST, fit, row_id

T = TypeVar("T")

OWNER = "owner"
LANGUAGE = "uk"
"""The office speaks the language of its staff."""


def word(key: str) -> str:
    """A text of the office."""
    return texts(LANGUAGE)(f"office.{key}")


def refusal(error: ShopError) -> str:
    """A business error in the words of the shop."""
    return error_sentence(error, LANGUAGE)


def refused_form(error: ShopError, field: str) -> FormValidationError:
    """The error as a form shows it: at the fields it names, or at `field` when it names none."""
    named = field_errors(error, LANGUAGE) if isinstance(error, Invalid) and error.fields else {field: refusal(error)}
    problems: dict[str | int, Any] = dict(named.items())
    return FormValidationError(problems)


@dataclass
class MoneyField(StringField):
    """An amount in kopiyky, typed and shown in hryvnias. What was typed stays as it is until the service takes it, so
    that a refused form shows the person's own words again."""

    input_type: str = "text"
    class_: str = "field-string form-control"

    async def serialize_value(self, request: Request, value: Any) -> str:
        if not isinstance(value, int):
            return str(value)
        if request.url.path.endswith("/edit"):
            whole, rest = divmod(value, money.KOPIYKY)
            return f"{whole},{rest:02d}" if rest else str(whole)
        return money.format_amount(value)

    async def parse_form_data(self, request: Request, form_data: FormData) -> str | None:
        typed = form_data.get(self.id)
        return typed.strip() if isinstance(typed, str) and typed.strip() else None


class StaffPage(CustomView):
    """A page of the office that is no list. `roles` may see it, the owner too; None is everybody of the staff."""

    roles: ClassVar[frozenset[str] | None] = None

    def is_accessible(self, request: Request) -> bool:
        account = signed_in(request)
        return account is not None and (self.roles is None or bool({*self.roles, OWNER} & account.roles))

    def filled(self, request: Request, template: str, context: Mapping[str, object], status: int = 200) -> Response:
        """The page made of a template of the office."""
        if self.templates is None:
            raise RuntimeError("a page of the office is shown after it was added to one")
        return self.templates.TemplateResponse(request, template, dict(context), status_code=status)


@dataclass
class CodeField(StringField):
    """A stored code in words, `staff:7` in those of `staff`; what has no words is shown as it is."""

    words: dict[str, str] = field(default_factory=dict)

    async def serialize_value(self, request: Request, value: Any) -> str:
        code = str(value)
        return self.words.get(code.partition(":")[0], code)


class ServiceView(ModelView):
    """A list of the office. Subclasses name their `role` and override `edit` or add actions; nothing else is open."""

    role: ClassVar[str] = OWNER
    audit: ClassVar[Audit]
    can_import_rows: ClassVar[bool] = False
    page_size = 25
    page_size_options = (25, 50, 100)

    def allowed(self, request: Request) -> bool:
        """Whether the signed-in person has this view's role."""
        account = signed_in(request)
        return account is not None and bool({self.role, OWNER} & account.roles)

    def is_accessible(self, request: Request) -> bool:
        return self.allowed(request)

    def can_view_detail(self, request: Request) -> bool:
        return self.allowed(request)

    def can_create(self, request: Request) -> bool:
        return False

    def can_edit(self, request: Request) -> bool:
        return False

    def can_delete(self, request: Request) -> bool:
        return False

    def can_export(self, request: Request) -> bool:
        return False

    def can_import(self, request: Request) -> bool:
        return False

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = 100,
        q: str | None = None,
        sorts: Sequence[tuple[str, str]] | None = None,
        filters: FilterGroup | None = None,
    ) -> Sequence[Any]:
        """A page of the list; one that lies beyond all rows there can be is empty."""
        return await super().find_all(request, min(skip, LARGEST), limit, q, sorts, filters)

    async def build_full_text_search_query(self, request: Request, term: str) -> Q:
        return await super().build_full_text_search_query(request, fit(term))

    def _number(self, pk: Any) -> int | None:
        # The library hands every text to the database, and PostgreSQL fails over one that its column cannot hold.
        return row_id(str(pk), self._meta.pk.constraints["le"])

    async def find_by_pk(self, request: Request, pk: Any) -> Any:
        """The row of a number in an address, None where there is none."""
        number = self._number(pk)
        return None if number is None else await super().find_by_pk(request, number)

    async def find_by_pks(self, request: Request, pks: list[Any]) -> Sequence[Any]:
        """The rows that there are of these."""
        return await super().find_by_pks(request, [number for pk in pks if (number := self._number(pk)) is not None])

    async def row(self, request: Request, pk: Any) -> Any:
        """The row that an action is pressed on. Raises NotFound."""
        found = await self.find_by_pk(request, pk)
        if found is None:
            raise NotFound()
        return found

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        return self.allowed(request) and name not in {"delete", "export"} and name in (self.actions or ())

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        # Handlers that no list offers can still be posted to: only offered ones are allowed.
        offered = self.allowed(request) and name in (self.row_actions or ())
        return offered and await super().is_row_action_allowed(request, name)

    async def handle_row_action(self, request: Request, pk: Any, name: str) -> Response | None:
        if not iscoroutinefunction(self._row_actions_handlers.get(name)):
            # A link of the row, or nothing at all: the library would call it and fail.
            raise ActionFailed(refusal(NotFound()))
        try:
            return await super().handle_row_action(request, pk, name)
        except ShopError as error:
            raise ActionFailed(refusal(error)) from error

    async def handle_action(self, request: Request, selection: ActionSelection, name: str) -> Response | None:
        try:
            return await super().handle_action(request, selection, name)
        except ShopError as error:
            raise ActionFailed(refusal(error)) from error

    async def write(
        self,
        request: Request,
        work: Callable[[Identity], Awaitable[T]],
        *,
        action: str,
        subject: str,
        changes: Mapping[str, object],
    ) -> T:
        """Do `work` and note it in the audit log, in one transaction; what the work gave.

        Raises what `work` raises; a form turns it into its own words with `refused_form`.
        """
        account = account_of(request)

        async def both() -> T:
            done = await work(account)
            await type(self).audit(account.id, action, subject, changes)
            return done

        return await transact(both)
