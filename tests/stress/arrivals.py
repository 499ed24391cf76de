"""People of a town who come in by Google or Telegram, and strangers who try it with what is not theirs.

They go the way of a browser: the shop's button, the provider's page, its answer, and the proof of an account where the
provider knows no address. Whoever is led back to the door begins anew.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2

from commerce_api.foundation.kit import ids
from sandbox.google import subject_of
from tests.commerce_api.shop.customer_area.builders import PASSWORD
from tests.stress.town import Browser, Town, Tried

TRIES: Final = 12
PAUSE: Final = (0.2, 0.8)
"""Seconds until somebody presses the button once more."""
JOIN: Final = "/account/join/"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom a provider knows by `subject`. `provider` is its name in the shop's addresses, `service` that of
    the stand-in; `email` is the address of their account. Who has a `password` had the account before."""

    provider: str
    service: str
    subject: str
    email: str
    password: str = ""

    @property
    def typed(self) -> dict[str, str]:
        """What they type into the provider's page."""
        return {"subject": self.subject} if self.password else {"email": self.email, "verified": "1"}


def person_of(number: int) -> Person | None:
    """Two of eight come in by a provider; the others buy as guests."""
    email = f"visitor{number}@example.com"
    if number % 8 == 1:
        return Person("google", "google", subject_of(email), email)
    if number % 8 == 5:
        return Person("telegram", "telegram-id", str(700_000_000 + number), email, PASSWORD)
    return None


async def comes(town: Town, number: int, chance: Random) -> tuple[Browser, str]:
    """Somebody's browser, and the address of the account that is open in it: "" for guests, and for those who gave up.

    Each second one who comes in by a provider does so in two browsers at once.
    """
    who, browser = person_of(number), Browser()
    if who is None:
        return browser, ""
    await chance.choice(TRICKS)(town, who)
    if number % 16 >= 8:
        return browser, await comes_in(town, who, browser, chance)
    other = Browser()
    here, there = await asyncio.gather(*(comes_in(town, who, one, chance) for one in (browser, other)))
    return (browser, here) if here else (other, there)


async def comes_in(town: Town, who: Person, browser: Browser, chance: Random) -> str:
    """The address of the account that opened, "" for who gave up."""
    for _ in range(TRIES):
        back = await bring(town, who, browser)
        if back and (account := await arrive(town, who, back, browser)):
            return account
        await asyncio.sleep(chance.uniform(*PAUSE))
    return ""


async def visit(town: Town, method: str, path: str, browser: Browser, form: dict[str, str] | None = None) -> str:
    """Ask for a page as a browser does, which keeps the cookies; where it is sent on to, "" for nowhere."""
    answer = await town.ask(method, path, cookies=browser, data=form)
    assert answer is not None
    browser.update(answer.cookies)
    return str(answer.headers.get("location", ""))


async def bring(town: Town, who: Person, browser: Browser, act: str = "allow") -> str:
    """Press the shop's button and the provider's; where the provider sends the browser. "" while the shop cannot say
    where the provider is."""
    page = await visit(town, "GET", f"/auth/{who.provider}", browser)
    if not page.startswith(town.sandbox):
        return ""
    form = dict(parse_qsl(urlsplit(page).query)) | who.typed | {"act": act}
    sent = await town.http.post(page, data=form, headers={"origin": town.sandbox})
    return sent.headers["location"]


async def arrive(town: Town, who: Person, back: str, browser: Browser, *, honest: bool = True) -> str:
    """Bring the shop the provider's answer, and the proof that it asks for; the address of the account that is open
    then, "" for none."""
    onward = await visit(town, "GET", back.removeprefix(town.shop), browser)
    if honest and onward.startswith(JOIN):
        await visit(town, "POST", JOIN, browser, {"email": who.email, "password": who.password})
    account = await account_in(town, browser)
    if not honest and onward.startswith(JOIN):
        # Nobody is in yet, and yet the shop took somebody's word.
        account = account or who.email
    town.tried.append(Tried(who.service, who.subject, code_in(back), honest, account))
    town.carried += [value for name, value in browser.items() if name in {"sid", "way"}]
    return account


async def account_in(town: Town, browser: Browser) -> str:
    """The address of the account that a browser is signed in to, "" for none."""
    answer = await town.ask("GET", "/api/v1/account", cookies=browser)
    assert answer is not None
    return str(answer.json()["email"]) if answer.status_code == 200 else ""


def code_in(address: str) -> str:
    """The provider's code in an address, "" for none."""
    return parse_qs(urlsplit(address).query).get("code", [""])[0]


async def in_another_browser(town: Town, who: Person) -> None:
    """A stranger has seen the address that somebody was sent to, and was on the way to the provider as well."""
    theirs = Browser()
    await visit(town, "GET", f"/auth/{who.provider}", theirs)
    if back := await bring(town, who, Browser()):
        await arrive(town, who, back, theirs, honest=False)


async def with_a_made_up_code(town: Town, who: Person) -> None:
    """The state is right, and no provider ever gave the code."""
    browser = Browser()
    if back := await bring(town, who, browser):
        made_up = str(httpx2.URL(back).copy_set_param("code", ids.token()))
        await arrive(town, who, made_up, browser, honest=False)


async def without_consent(town: Town, who: Person) -> None:
    """Somebody says no on the provider's page."""
    browser = Browser()
    if back := await bring(town, who, browser, act="deny"):
        await arrive(town, who, back, browser, honest=False)


TRICKS: Final[tuple[Callable[[Town, Person], Awaitable[None]], ...]] = (
    in_another_browser, with_a_made_up_code, without_consent,
)  # fmt: skip
"""What nobody gets in by."""
