"""Lives the shop's main stories in front of you, and prints each link to click: `make story`.

    python -m sandbox.story --shop http://localhost:8000 --sandbox http://localhost:8001

A shop with its sandbox must be running (`make run`). Every step is one that a person could take: the calls of a browser
or a program, a click in the sandbox, and then a look at what came of it; a step whose effect does not come ends the
story with status 1.
"""

import argparse
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import httpx2
from rich.console import Console

STAFF: Final = "owner@twocomms.example"
"""Whom `make run` makes the shop's first owner."""
PATIENCE: Final = 75.0
"""Seconds for an effect that the worker brings: its slowest beat is half a minute."""
BEAT: Final = 0.5
ENDED: Final = frozenset({"done", "stopped", "skipped"})
CITY: Final = "Харків"


class StoryBroken(Exception):
    """A step did not end as it should; the message says which, and what was seen."""


Json = Any


class Teller:
    """Says what happens, and asks until it has happened."""

    def __init__(self, console: Console, patience: float = PATIENCE) -> None:
        self.console, self.patience, self.started = console, patience, time.monotonic()

    def title(self, words: str) -> None:
        """A new story begins."""
        self.console.print(f"\n[bold]{words}[/]", highlight=False)

    def step(self, words: str, link: str = "") -> None:
        """Something happened."""
        at = f"{time.monotonic() - self.started:5.1f} s"
        self.console.print(f"  [dim]{at}[/]  {words}  {link}", highlight=False, soft_wrap=True)

    def until(self, what: str, look: Callable[[], Json]) -> Json:
        """The first true answer of `look`. Raises StoryBroken when it never comes."""
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            found = look()
            if found:
                return found
            time.sleep(BEAT)
        raise StoryBroken(f"{what}: it did not happen in {self.patience:.0f} s")


def fresh_key() -> dict[str, str]:
    """The header of a call that is made once, however often it is sent."""
    return {"Idempotency-Key": secrets.token_hex(8)}


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, shop: str) -> None:
        self.shop = shop
        self.http = httpx2.Client(base_url=shop, headers={"origin": shop}, timeout=30, trust_env=False)

    def call(self, method: str, path: str, body: Json = None, **headers: str) -> Json:
        """A call of the JSON API; its answer. Raises StoryBroken for anything but success."""
        answer = self.http.request(method, f"/api/v1{path}", json=body, headers=headers)
        if answer.status_code >= 400:
            raise StoryBroken(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.json() if answer.content else None

    def shelf(self) -> list[Json]:
        """The newest products."""
        found: list[Json] = self.call("GET", "/products")["items"]
        return found

    def left(self) -> list[str]:
        """A SKU that is left of each product on the shelf."""
        first = (
            next((one["sku"] for colour in product["variants"] for one in colour["skus"] if one["available"]), None)
            for product in self.shelf()
        )
        return [sku for sku in first if sku]

    def untold(self) -> str | None:
        """The slug of a product whose story nobody has written, or None when each has one."""
        for product in self.shelf():
            words = self.call("GET", f"/products/{product['slug']}")["texts"].values()
            if not any(text.get("story_html") for text in words):
                return str(product["slug"])
        return None

    def place(self) -> Mapping[str, Json]:
        """Where to: a city and a branch of the carrier's own list, typed by hand where there is none."""
        cities = self.call("GET", f"/delivery/cities?q={CITY}")
        if not cities:
            return {"city": CITY, "branch": "Відділення №1"}
        branches = self.call("GET", f"/delivery/branches?city={cities[0]['ref']}&q=")
        branch = next(one for one in branches if one["kind"] == "branch")
        return {"city_token": cities[0]["token"], "branch_token": branch["token"]}

    def buy(self, payment: str, things: int, email: str | None = None) -> Mapping[str, Json]:
        """Put so many different things into the cart and order them; what the checkout answers."""
        for sku in self.left()[:things]:
            self.call("POST", "/cart/lines", {"sku": sku, "quantity": 1})
        delivery = self.place()
        quote = self.call("POST", "/checkout/quote", {"delivery": delivery, "payment": payment})
        contact = {"name": "Шевченко Олена", "phone": "+380671234567"} | ({"email": email} if email else {})
        order = {
            "contact": contact,
            "delivery": delivery,
            "payment": payment,
            "expected_total": quote["payable"],
        }
        made: Mapping[str, Json] = self.call("POST", "/checkout", order, **fresh_key())
        return made

    def order(self, token: str) -> Mapping[str, Json]:
        """The order as its page shows it."""
        found: Mapping[str, Json] = self.call("GET", f"/orders/{token}")
        return found


class Sandbox:
    """The stand-ins of the outside world, as a person clicks in them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(base_url=url, headers={"origin": url}, timeout=30, trust_env=False)

    def pay(self, page: str, how: str = "pay") -> None:
        """Press a button of the bank's page: pay, fail, hold or abandon."""
        answer = self.http.post(page, data={"how": how})
        if answer.status_code >= 400:
            raise StoryBroken(f"the bank's page answered {answer.status_code}")

    def push(self, waybill: str, move: str = "next") -> None:
        """Press a button of a parcel: next, refuse, return or lose."""
        answer = self.http.post(f"/nova-poshta/parcels/{waybill}/{move}")
        if answer.status_code >= 400:
            raise StoryBroken(f"the parcel's button answered {answer.status_code}")

    def letters(self, to: str) -> list[Json]:
        """Letters that came to an address."""
        found: list[Json] = self.http.get("/inbox.json", params={"to": to}).json()
        return found


class Story:
    """A shop, its staff, and the sandbox. `environment` is that of the shop's own command line."""

    def __init__(
        self, shop: str, sandbox: str, password: str, teller: Teller, environment: Mapping[str, str] | None = None
    ) -> None:
        self.shop, self.tell = shop, teller
        self.environment = dict(os.environ if environment is None else environment)
        self.open = ExitStack()
        self.outside = Sandbox(sandbox)
        self.open.callback(self.outside.http.close)
        self.staff = self.somebody()
        self.staff.call("POST", "/auth/login", {"email": STAFF, "password": password})

    def somebody(self) -> Visitor:
        """Somebody with a new browser, which is closed at the end of the story."""
        visitor = Visitor(self.shop)
        self.open.callback(visitor.http.close)
        return visitor

    def page_of(self, token: str) -> str:
        """The order's page, to click."""
        return f"{self.shop}/order/{token}/"

    def moved(self, number: str, to: str) -> None:
        """Staff move an order."""
        self.staff.call("POST", f"/staff/orders/{number}/transition", {"to": to})

    def stands(self, visitor: Visitor, token: str, **wanted: str) -> Mapping[str, Json]:
        """The order, once it stands as wanted."""

        def look() -> Mapping[str, Json] | None:
            order = visitor.order(token)
            return order if all(order[name] == value for name, value in wanted.items()) else None

        found: Mapping[str, Json] = self.tell.until(f"order {token} should have {wanted}", look)
        return found

    def bank_page(self, visitor: Visitor, order: Mapping[str, Json]) -> str:
        """The bank's page of an order that was just placed, or the one it has a moment later."""
        return str(order["payment"].get("redirect_url") or self.next_page(visitor, order["token"]))

    def next_page(self, visitor: Visitor, token: str) -> str:
        """The bank's page that an order is to be paid on now."""
        ask = f"/orders/{token}/pay"
        return str(self.tell.until("a page of the bank", lambda: visitor.call("POST", ask).get("redirect_url")))

    def ship(self, number: str) -> str:
        """Pack an order, make its waybill; the parcel's number."""
        self.moved(number, "packed")
        made = self.staff.call("POST", f"/staff/orders/{number}/waybill", **fresh_key())
        self.tell.step(f"packed, waybill {made['waybill']}", f"{self.outside.url}/nova-poshta/parcels/")
        return str(made["waybill"])

    def travel(self, waybill: str, visitor: Visitor, token: str, end: str) -> None:
        """The carrier brings the parcel until the order stands at `end`."""
        deadline = time.monotonic() + self.tell.patience * 2
        while visitor.order(token)["status"] != end:
            if time.monotonic() > deadline:
                raise StoryBroken(f"parcel {waybill} does not bring its order to {end}")
            self.outside.push(waybill)
            time.sleep(BEAT * 4)
        self.tell.step(f"the order is {end}", self.page_of(token))

    def by_card(self) -> None:
        """A customer with an account pays by card, fails once, pays again, and earns points."""
        self.tell.title("By card, from a first visit to points")
        email = f"olena.{secrets.token_hex(4)}@mail.example"
        visitor, password = self.somebody(), secrets.token_urlsafe(12)
        visitor.call("POST", "/auth/register", {"email": email, "password": password})
        letter = self.tell.until("a letter with a link", lambda: self.outside.letters(email))[0]
        self.tell.step(f"an account is asked for; its letter came to {email}", f"{self.outside.url}/inbox")
        self._prove(visitor, letter, password)
        order = visitor.buy("online_full", 2, email)
        self.tell.step(f"order {order['number']} is placed", self.page_of(order["token"]))
        page = self.bank_page(visitor, order)
        self.tell.step("the bank's page", page)
        self.outside.pay(page, "fail")
        self.stands(visitor, order["token"], payment_status="failed")
        self.tell.step("the card had no money; the order waits", self.page_of(order["token"]))
        self.outside.pay(self.next_page(visitor, order["token"]))
        self.stands(visitor, order["token"], payment_status="paid", status="confirmed")
        self.tell.step("paid at the second try, and confirmed by itself", self.page_of(order["token"]))
        waybill = self.ship(order["number"])
        self.travel(waybill, visitor, order["token"], "delivered")
        balance = self.tell.until("points", lambda: visitor.call("GET", "/account/points")["spendable"])
        self.tell.step(f"{balance} points", f"{self.shop}/account/points/")
        self.tell.until("letters about the order", lambda: len(self.outside.letters(email)) > 1)
        self.tell.step("letters about it", f"{self.outside.url}/inbox")

    def _prove(self, visitor: Visitor, letter: Mapping[str, Json], password: str) -> None:
        """Follow the link of a letter, as a person does."""
        link = next(one for one in letter["links"] if "/account/" in one)
        page = visitor.http.get(link)
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page.text))
        action = re.search(r'<form[^>]*action="([^"]*verify[^"]*)"', page.text)
        visitor.http.post(action[1] if action else link, data={**fields, "password": password})
        visitor.call("GET", "/account")
        self.tell.step("the address is proven", f"{self.shop}/account/")

    def prepaid_and_refused(self) -> None:
        """200 hryvnias now; the parcel is refused and comes back."""
        self.tell.title("A prepayment, and a parcel that nobody takes")
        visitor = self.somebody()
        order = visitor.buy("prepay_200", 1)
        self.outside.pay(self.bank_page(visitor, order))
        self.stands(visitor, order["token"], payment_status="prepaid", status="confirmed")
        self.tell.step(f"{order['due_now'] // 100} hryvnias are paid", self.page_of(order["token"]))
        waybill = self.ship(order["number"])
        self.outside.push(waybill)
        self.stands(visitor, order["token"], status="shipped")
        self.outside.push(waybill, "refuse")
        self.stands(visitor, order["token"], status="refused")
        self.tell.step("the parcel was refused", self.page_of(order["token"]))
        back = {"amount": order["due_now"], "reason": "refused"}
        made = self.staff.call("POST", f"/staff/orders/{order['number']}/refunds", back, **fresh_key())
        self.stands(visitor, order["token"], payment_status="refunded")
        self.tell.step(f"refund {made['items'][0]['reference']}", f"{self.shop}/admin/")

    def on_receipt(self) -> None:
        """Cash to the carrier, whose money comes a while after the parcel was taken."""
        self.tell.title("Cash on delivery")
        visitor = self.somebody()
        order = visitor.buy("cod", 1)
        self.tell.step(f"order {order['number']} is placed", self.page_of(order["token"]))
        self.moved(order["number"], "confirmed")
        self.travel(self.ship(order["number"]), visitor, order["token"], "delivered")
        self.stands(visitor, order["token"], payment_status="paid")
        self.tell.step("the carrier's cash is here", self.page_of(order["token"]))

    def written(self) -> None:
        """A model writes a story, a person approves it, and it stands on its page."""
        self.tell.title("A model writes what people have not")
        slug = self.staff.untold()
        if slug is None:
            self.tell.step("every product on the first page of the shelf has its story already")
            return
        page = f"{self.shop}/product/{slug}/story/"
        run = self.staff.call("POST", "/staff/ai-runs", {"products": [slug]})["id"]

        def ended() -> Json:
            found = self.staff.call("GET", f"/staff/ai-runs/{run}")
            return found if found["state"] in ENDED else None

        done = self.tell.until("the end of the run", ended)
        self.tell.step(f"run {run} is {done['state']}; its texts wait for a person", f"{self.shop}/admin/")
        if done["state"] != "done":
            raise StoryBroken(f"run {run} is {done['state']}: {done['reason']}")
        command = [sys.executable, "-m", "commerce_api.cli", "ai", "approve", "--run", str(run)]
        approved = subprocess.run(  # noqa: S603 - a command of ours
            command, env=self.environment, capture_output=True, text=True, check=False
        )
        if approved.returncode:
            raise StoryBroken(f"twocomms ai approve: {approved.stdout}{approved.stderr}")
        self.tell.until(page, lambda: self.staff.http.get(page).status_code == 200)
        self.tell.step("approved, and on its page", page)


def tell_all(
    shop: str,
    sandbox: str,
    password: str,
    console: Console,
    *,
    patience: float = PATIENCE,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Every story, one after the other. Raises StoryBroken and httpx2.HTTPError."""
    story = Story(shop, sandbox, password, Teller(console, patience), environment)
    with story.open:
        for part in (story.by_card, story.prepaid_and_refused, story.on_receipt, story.written):
            part()
    story.tell.title(f"All of it took {time.monotonic() - story.tell.started:.0f} s.")
    story.tell.step("what the services outside saw", f"{sandbox}/")


def main() -> int:
    """0 when every story ended well."""
    parser = argparse.ArgumentParser(description="Live the shop's main stories against its sandbox.")
    parser.add_argument("--shop", default="http://localhost:8000")
    parser.add_argument("--sandbox", default="http://localhost:8001")
    parser.add_argument("--password-file", type=Path, default=Path("var/first-password.txt"))
    given = parser.parse_args()
    console = Console()
    try:
        password = given.password_file.read_text("utf-8").strip()
        tell_all(given.shop, given.sandbox, password, console)
    except OSError:
        console.print(f"no shop has been opened here yet ({given.password_file} is missing): `make run` opens one")
        return 1
    except httpx2.TransportError as error:
        console.print(f"the shop or its sandbox does not answer ({type(error).__name__}): `make run` opens both")
        return 1
    except StoryBroken as error:
        console.print(f"[bold red]the story broke:[/] {error}", highlight=False, soft_wrap=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
