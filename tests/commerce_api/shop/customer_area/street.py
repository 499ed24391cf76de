"""A shop that is registered with both providers of sign-in, and browsers on their way there and back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from starlette.applications import Starlette

from commerce_api.foundation.kit import clock
from commerce_api.foundation.settings import Settings
from commerce_api.shop.accounts.models import LinkedIdentity
from commerce_api.shop.accounts.queries import Person
from commerce_api.wiring import adapters
from sandbox.google import subject_of
from tests.commerce_api.integrations.issuers import HOST, Issuers
from tests.commerce_api.shop.cart.builders import shopper
from tests.commerce_api.shop.customer_area.builders import (
    EMAIL,
    whole_shop,
)


@dataclass
class Street:
    """A shop that is registered with both providers, the providers, and one browser."""

    settings: Settings
    world: Issuers
    app: Starlette
    client: httpx2.AsyncClient

    async def set_out(self, provider: str = "google", onward: str = "", lang: str = "") -> str:
        """Press the button; the address of the provider's page."""
        query = {"next": onward} if onward else {}
        answer = await self.client.get(f"{lang}/auth/{provider}", params=query)
        assert answer.status_code == 303
        return answer.headers["location"]

    async def bring(self, provider: str = "google", act: str = "allow", **typed: str) -> str:
        """Press the button and the provider's; where the provider sends the browser, as a path of the shop."""
        address = await self.set_out(provider, typed.pop("onward", ""), typed.pop("lang", ""))
        back = await self.world.press(address, act, **{"email": EMAIL, "verified": "1", **typed})
        return back.removeprefix(self.settings.site_url)

    async def arrive(self, provider: str = "google", **typed: str) -> httpx2.Response:
        """The whole way, up to the shop's answer to the callback."""
        return await self.client.get(await self.bring(provider, **typed))


@asynccontextmanager
async def street(settings: Settings) -> AsyncIterator[Street]:
    world = Issuers()
    made = adapters(world.connected(settings), world.transport_of)
    app = whole_shop(settings, made)
    async with shopper(app, settings) as client:
        yield Street(settings, world, app, client)
    await made.aclose()


def trouble(answer: httpx2.Response) -> str:
    """The word of what went wrong, in the address of the door."""
    assert answer.status_code == 303, answer.text
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    return query.get("trouble", [""])[0]


async def signed_in(client: httpx2.AsyncClient) -> bool:
    return (await client.get("/api/v1/account")).status_code == 200


async def linked(who: Person, provider: str = "google", subject: str = "") -> None:
    await LinkedIdentity.create(
        account_id=who.id,
        provider=provider,
        issuer=f"{HOST}/{'google' if provider == 'google' else 'telegram-id'}",
        subject=subject or subject_of(who.email),
        joined_at=clock.now(),
    )
