"""The office's door: e-mail and password of a staff account, a server-side session that ends with the browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.exceptions import LoginFailed

from commerce_api.foundation.web import sessions
from commerce_api.foundation.web.access import Identity
from commerce_api.foundation.web.staff_views import refusal
from commerce_api.shop.accounts.errors import WrongCredentials
from commerce_api.shop.accounts.queries import person
from commerce_api.shop.accounts.service import check_password


class StaffDoor(AuthProvider):
    """Lets in accounts that have at least one role; to everybody else the door looks locked in the same way."""

    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response | None:
        try:
            who = await check_password(username, password)
            if not who.is_staff:
                raise WrongCredentials
        except WrongCredentials as error:
            raise LoginFailed(refusal(error)) from error
        await sessions.open_session(request, who.id, staff=True)
        request.state.account = Identity(who.id, frozenset(role.value for role in who.roles))
        return None

    async def logout(self, request: Request) -> Response | None:
        await sessions.close_session(request)
        return None

    async def authenticate(self, request: Request) -> AdminUser | None:
        account = getattr(request.state, "account", None)
        if not isinstance(account, Identity) or not account.roles:
            return None
        who = await person(account.id)
        return AdminUser(username=who.name) if who else None
