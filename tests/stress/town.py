"""A town: where its shop and the stand-ins of the services are, and everything that its people know.

What somebody asks for and hears nothing of is asked again where that is safe, as a browser and a patient person would;
`Town.wrong` keeps every answer that nobody should ever get.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2

from commerce_api.foundation.kit import ids

BEAT: Final = 0.15
TURNS: Final = 40
"""How often somebody looks for the bank's page before they give up."""
PRODUCTS: Final = ("town", "well", "mill", "oak", "stork", "ferry")
"""What is there, by its slugs. The first is sold; all of them are to be described."""
ORIGIN: Final = re.compile(r"https?://[^/]+")
Json = dict[str, Any]
Browser = dict[str, str]
"""The cookies of somebody's browser."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try to come in by a provider's word, with the `code` that it sent ("" when it said no).

    `service` and `subject` say whom it vouched for, `account` is the address of the account that was open then, "" for
    none. Nobody may get in by one that is not `honest`: somebody made it up, or took it from another browser.
    """

    service: str
    subject: str
    code: str
    honest: bool
    account: str


@dataclass(slots=True)
class Bought:
    """An order as its shopper knows it. `page` is the bank's page, once it was shown; `account` is the address of the
    account that was open, "" for guests."""

    number: str
    token: str
    email: str
    payment: str
    payable: int
    due: int
    page: str = ""
    account: str = ""


@dataclass(slots=True)
class Town:
    """Where people live: the shop and the sandbox, what was bought, what staff were promised, and what was wrong.

    `runs` are ids of runs of texts that staff were told of, `tried` every try to come in by a provider, and `carried`
    what browsers hold that no log may.
    """

    shop: str
    sandbox: str
    staff: str
    sku: str
    http: httpx2.AsyncClient
    bought: list[Bought] = field(default_factory=list)
    promised: list[str] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    carried: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def ask(
        self, method: str, path: str, *, again: bool = True, cookies: Mapping[str, str] | None = None, **options: Any
    ) -> httpx2.Response | None:
        """The shop's answer; asked anew while nobody is there or the shop says that somebody else is away. None for a
        question that may not be asked twice and got no answer."""
        headers = {"origin": self.shop, "accept": "application/json", **options.pop("headers", {})}
        if cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        for turn in range(TURNS * 10):
            try:
                # Many people share this client, and none of them the others' cookies.
                self.http.cookies.clear()
                answer = await self.http.request(method, self.shop + path, headers=headers, **options)
            except httpx2.TransportError as error:
                if not again and not isinstance(error, httpx2.ConnectError):
                    return None
                await asyncio.sleep(BEAT)
                continue
            if answer.status_code == 500:
                self.wrong.append(f"{method} {ORIGIN.sub('', path)[:60]}: 500 {answer.text[:200]}")
            if answer.status_code != 503 or not again or turn > TURNS:
                return answer
            await asyncio.sleep(BEAT)
        raise TimeoutError(f"the shop does not answer {method} {path}")

    async def as_staff(self, method: str, path: str, json: Any = None, *, again: bool = True) -> httpx2.Response | None:
        """The same by somebody of the staff."""
        return await self.ask(
            method,
            f"/api/v1/staff{path}",
            again=again,
            cookies={"sid": self.staff},
            headers={"idempotency-key": ids.token()},
            **({"json": json} if json else {}),
        )

    async def click(self, bought: Bought, how: str) -> None:
        """Press a button of the bank's page, and come back to the shop as often as not."""
        answer = await self.http.post(bought.page, data={"how": how}, headers={"origin": self.sandbox})
        back = answer.headers.get("location", "")
        if back.startswith(self.shop) and bought.due % 3:
            await self.ask("GET", back.removeprefix(self.shop))

    async def push(self, waybill: str, move: str) -> None:
        """Somebody at the carrier's moves a parcel."""
        await self.http.post(f"{self.sandbox}/nova-poshta/parcels/{waybill}/{move}")
