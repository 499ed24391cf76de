"""Characters that no screen shows, in everything that can be typed or sent: a clear 422, on every database."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

import httpx2
import pytest

from commerce_api.foundation.kit import urls
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web.parsing import FORM, JSON
from commerce_api.foundation.web.problems import PROBLEM_JSON
from commerce_api.office_app import VIEWS
from tests.commerce_api import asks
from tests.commerce_api.asks import OWNER, Ask
from tests.commerce_api.crowd import Crowd
from tests.commerce_api.shop.cart.builders import everything
from tests.commerce_api.visits import doors, filled

pytestmark = pytest.mark.anyio

ODD: Final = {"nul": "\x00", "vertical-tab": "\x0b", "half-of-a-pair": "\ud800"}
OUTSIDE: Final = ("POST /webhooks/telegram", "POST /webhooks/monobank")
"""Whoever calls there is known, and would send a refused message again and again. What the bank sends is signed whole:
its odd words are in integrations/test_monobank.py."""
UNSEEN: Final = "знак, якого не видно"
LEAD_BACK: Final = {
    "POST /order/{token}/claim": "У номері має бути дев’ять цифр",
    "POST /order/{token}/account": UNSEEN,
}
"""Forms of the order's page, and what it then says was wrong with them."""
FORMS: Final = {
    "/admin/login": ("username", "password"),
    "/admin/desk": ("name", "comment"),
    "/admin/desk/{guest_id}": ("name", "comment", "new_sku_0"),
    "/admin/owed": ("id",),
    "/admin/products/edit?pk=1": ("price", "seen"),
    "/admin/promos/create": ("code", "note"),
    "/admin/texts/edit?pk={draft}": ("lead",),
}
"""What is typed in the office, and some of the fields."""


def odd(value: Any, character: str) -> Any:
    """The body with the character in all of its texts."""
    match value:
        case str():
            return f"{value}{character}x"
        case dict():
            return {name: odd(inner, character) for name, inner in value.items()}
        case list():
            return [odd(inner, character) for inner in value]
    return value


def texts_in(value: Any, name: str = "") -> Iterator[str]:
    """The dotted names of all texts of a body."""
    match value:
        case str():
            yield name
        case dict():
            for key, inner in value.items():
                yield from texts_in(inner, f"{name}.{key}" if name else key)
        case list():
            for position, inner in enumerate(value):
                yield from texts_in(inner, f"{name}.{position}")


def with_odd_texts(ask: Ask, crowd: Crowd, character: str) -> tuple[Ask, set[str]]:
    """The same call with the character in every text of its body, and the names of these texts."""
    said = filled(ask.json if ask.form is None else {key: str(value) for key, value in ask.form.items()}, crowd.names)
    if ask.form is None:
        body, kind = json.dumps(odd(said, character)).encode(), JSON
    else:
        # Half of a pair has no UTF-8: these are the bytes that it would have.
        body, kind = urlencode(odd(said, character), errors="surrogatepass").encode(), FORM
    crowd.names["odd"] = body
    return replace(ask, form=None, json="{odd}", headers={**(ask.headers or {}), "Content-Type": kind}), set(
        texts_in(said)
    )


@pytest.mark.parametrize("character", ODD.values(), ids=ODD)
async def test_every_form_and_call_names_the_fields_with_odd_characters(database: Settings, character: str) -> None:
    here = doors(database)
    crowd = await here.gather(1)
    before, asked, wrong = await everything(), 0, {}
    for name, ask in asks.ROUTES.items():
        if name.startswith("GET ") or name in OUTSIDE or not (ask.json or ask.form):
            continue
        wish, typed = with_odd_texts(ask, crowd, character)
        if not typed:
            continue
        asked += 1
        told = await here.ask(here.shop, crowd, name, wish)
        if name in LEAD_BACK:
            to = urls.order(crowd.names["guest_token"], "uk")
            assert (told.status, told.headers["location"]) == (303, to), name
            carried = told.headers["set-cookie"].partition(";")[0]
            page = await here.ask(here.shop, crowd, f"GET {to}", Ask(0, headers={"cookie": carried}))
            assert LEAD_BACK[name] in page.said, name
        elif told.headers.get("content-type") == PROBLEM_JSON:
            if told.status != 422 or json.loads(told.said)["fields"].keys() != typed:
                wrong[name] = f"{told.status} {told.said[:300]}"
        elif told.status != 422 or UNSEEN not in told.said:
            wrong[name] = f"{told.status} {told.said[:300]}"

    assert wrong == {}
    assert asked >= 40
    after = await everything()
    assert [table for table in before if after[table] != before[table]] == []


@pytest.mark.parametrize("character", ODD.values(), ids=ODD)
async def test_telegram_is_answered_whatever_people_write_there(database: Settings, character: str) -> None:
    here = doors(database)
    crowd = await here.gather(1)
    wish, typed = with_odd_texts(asks.ROUTES["POST /webhooks/telegram"], crowd, character)
    told = await here.ask(here.shop, crowd, "POST /webhooks/telegram", wish)
    # Half of a pair is no JSON, and Telegram's texts are whole.
    assert (told.status, bool(typed)) == (400 if character == ODD["half-of-a-pair"] else 200, True), told.said[:300]


# Half of a pair cannot be sent by a form: what stands for it is read as the sign for something unreadable.
@pytest.mark.parametrize("character", [ODD["nul"], ODD["vertical-tab"]], ids=["nul", "vertical-tab"])
async def test_the_office_says_that_a_form_holds_odd_characters(database: Settings, character: str) -> None:
    here = doors(database)
    crowd, office = await here.gather(1), here.office
    transport = httpx2.ASGITransport(app=office)
    session = {"sid": crowd.sessions[OWNER]}
    typed = quote(f"x{character}x")
    before = await everything()
    async with httpx2.AsyncClient(transport=transport, base_url=database.site_url, cookies=session) as staff:
        await staff.get("/admin/")
        csrf = staff.cookies["starlette_admin_csrftoken"]
        headers = {"origin": database.site_url, "content-type": FORM}

        async def post(path: str, *fields: str) -> httpx2.Response:
            body = "&".join([f"csrftoken={csrf}", *(f"{field}={typed}" for field in fields)])
            return await staff.post(path, content=body.encode(), headers=headers)

        for path, fields in FORMS.items():
            simple = await post(path.format(**crowd.names), *fields)
            # The library's own forms are sent in parts.
            parts = dict.fromkeys(fields, (None, f"x{character}x"))
            own = await staff.post(path.format(**crowd.names), files=parts, headers={"origin": database.site_url})
            for answer in (simple, own):
                assert (answer.status_code, UNSEEN in answer.text) == (422, True), path
        for view in (kind() for kind in VIEWS):
            for deed in {*(view.row_actions or ())} - {"view", "edit"}:
                answer = await post(f"/admin/_api/{view.key}/row-action?pk=1&name={deed}", "note", "why", "reason")
                assert (answer.status_code, UNSEEN in answer.json()["msg"]) == (422, True), f"{view.key} {deed}"
    after = await everything()
    assert [table for table in before if after[table] != before[table] and table != "web_session"] == []
