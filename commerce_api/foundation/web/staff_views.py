"""What every list and page of the staff office is built on: closed by default, written through services.

starlette-admin opens each view to everybody who is signed in, exports included, and writes models itself. Here a view
names its role, shows fields without editing them, and hands what was typed to a function of its room inside one
transaction together with the audit note.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin import CustomView
from starlette_admin.actions import ActionSelection
from starlette_admin.contrib.tortoise import ModelView
from starlette_admin.exceptions import ActionFailed, FormValidationError
from starlette_admin.fields import StringField

from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit import money
from commerce_api.foundation.theming import texts
from commerce_api.foundation.web.access import Audit, Identity, account_of, signed_in
from commerce_api.foundation.web.error_texts import error_sentence, field_errors

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
        assert self.templates is not None  # noqa: S101 - set when the page is added
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
    page_size_options: ClassVar[list[int]] = [25, 50, 100]  # type: ignore[misc]

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

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        return self.allowed(request) and name not in {"delete", "export"} and name in (self.actions or ())

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        # Handlers that no list offers can still be posted to: only offered ones are allowed.
        offered = self.allowed(request) and name in (self.row_actions or ())
        return offered and await super().is_row_action_allowed(request, name)

    async def handle_row_action(self, request: Request, pk: Any, name: str) -> Response | None:
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
