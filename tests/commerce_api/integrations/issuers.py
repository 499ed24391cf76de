"""The stand-in issuers of the sandbox, and a person who presses the buttons of their pages."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import httpx2
from starlette.types import Receive, Scope, Send

from commerce_api.foundation.kit import clock
from commerce_api.foundation.outside_settings import Google
from commerce_api.foundation.settings import Settings
from sandbox.app import create
from sandbox.environment import environment
from sandbox.faults import Switch
from sandbox.issuer import Issuer
from sandbox.world import World

HOST = "http://sandbox.test"
SECRET = "sandbox-client-secret"


class Issuers:
    """A sandbox behind a transport; `asked` are the paths that were called."""

    def __init__(self) -> None:
        self.world = World(HOST)
        self.asked: list[str] = []
        self._app = create(self.world)
        self.transport = httpx2.ASGITransport(app=self._answer)
        for service in ("google", "telegram-id"):
            # The shop's own clock, which tests set.
            self.issuer(service).now = lambda: clock.now().timestamp()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        await self._app(scope, receive, send)

    def issuer(self, service: str = "google") -> Issuer:
        """The issuer itself, to set its clock or change its keys."""
        found = self.world.state[service]
        assert isinstance(found, Issuer)
        return found

    def spoil(self, fault: str, *, service: str = "google", times: int | None = 1, only: str = "") -> None:
        """Arm a fault for the next call, or with None for all of them."""
        share = 1.0 if times is None else None
        self.world.faults.arm(Switch(service, fault, times, share, only=only))

    def mend(self) -> None:
        """Put every fault off."""
        self.world.faults.clear()

    def transport_of(self, service: str) -> httpx2.AsyncBaseTransport:
        """Every service is one of this sandbox."""
        return self.transport

    def connected(self, settings: Settings) -> Settings:
        """The settings of a shop that is registered with both."""
        given = environment(HOST, 0, ["google", "telegram-id"])
        google = Google(given["google"]["GOOGLE_CLIENT_ID"], SECRET, given["google"]["GOOGLE_ISSUER"])
        telegram = replace(
            settings.outside.telegram,
            client_id=given["telegram-id"]["TELEGRAM_CLIENT_ID"],
            client_secret=SECRET,
            issuer=given["telegram-id"]["TELEGRAM_ISSUER"],
        )
        return replace(settings, outside=replace(settings.outside, google=google, telegram=telegram))

    async def press(self, address: str, act: str = "allow", **typed: str) -> str:
        """Fill in the page at `address` and press a button; where the browser is sent then."""
        async with httpx2.AsyncClient(transport=self.transport) as browser:
            page = await browser.get(address)
            assert page.status_code == 200, page.text
            form = dict(parse_qsl(urlsplit(address).query)) | typed | {"act": act}
            sent = await browser.post(address, data=form)
            assert sent.status_code == 303, sent.text
            return sent.headers["location"]
