"""The office's door: e-mail and password of a staff account, a server-side session that ends with the browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.auth import AdminUser, AuthProvider
from starlette_admin.exceptions import LoginFailed

from commerce_api.foundation.errors import TooMany
from commerce_api.foundation.kit import urls
from commerce_api.foundation.web.access import signed_in
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.redirects import see_other
from commerce_api.foundation.web.staff_views import LANGUAGE, refusal
from commerce_api.shop.accounts import sign_in
from commerce_api.shop.accounts.errors import WrongCredentials
from commerce_api.shop.accounts.queries import person
from commerce_api.shop.accounts.service import check_password
from commerce_api.shop.accounts.throttles import count_guess


class StaffDoor(AuthProvider):
    """Lets in accounts that have at least one role; to everybody else the door looks locked in the same way."""

    async def login(self, username: str, password: str, remember_me: bool, request: Request) -> Response | None:
        try:
            await count_guess(request, username)
            who = await check_password(username, password)
            if not who.is_staff:
                raise WrongCredentials
        except (WrongCredentials, TooMany) as error:
            raise LoginFailed(refusal(error)) from error
        step = await sign_in.next_step(who, settings_of(request))
        if step is not sign_in.Step.NONE:
            # The sidecar has the page of the second step; both read the same sessions.
            await sign_in.hold(request, who, step)
            return see_other(f"{urls.account_code(LANGUAGE)}?next={urls.admin()}")
        await sign_in.enter(request, who)
        return None

    async def logout(self, request: Request) -> Response | None:
        await sign_in.leave(request)
        return None

    async def authenticate(self, request: Request) -> AdminUser | None:
        account = signed_in(request)
        if account is None or not account.roles:
            return None
        who = await person(account.id)
        return AdminUser(username=who.name) if who else None
