"""What the stand-ins answer fits what the services document: every answer and every refusal, no more and no less."""

import base64
import itertools
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import orjson
import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from sandbox.app import EMULATORS, create
from sandbox.clock import Clock
from sandbox.complaints import COMPLAINTS
from sandbox.environment import BANK_TOKEN, BOT_TOKEN, PARCELS_KEY, SENDER
from sandbox.faults import Switch
from sandbox.nova_poshta_directory import directory, reference
from sandbox.nova_poshta_methods import METHODS
from sandbox.telegram_objects import GROUP
from sandbox.world import World
from tests.sandbox import shapes

pytestmark = pytest.mark.anyio

HOST = "http://sandbox.test"
LVIV = reference("city", "Львів")
VERIFIER = "v" * 48
RUBBISH = (
    b"", b"{", b"null", b"[]", b"7", b'"text"', b"\xff\xfe", b'{"amount": "x"}', b'{"amount": true}',
    b'{"amount": 1e400}', b'{"amount": 100, "validity": "soon"}', b'{"amount": 100, "ccy": []}',
    b'{"amount": 100, "merchantPaymInfo": []}', b'{"amount": 100, "merchantPaymInfo": {"basketOrder": [7]}}',
    b'{"amount": 100, "merchantPaymInfo": {"basketOrder": 7}}', b'{"amount": 100, "paymentType": "gift"}',
    b'{"amount": 100, "merchantPaymInfo": {"basketOrder": [{"name": 1, "qty": "2", "sum": {}, "code": null}]}}',
    b'{"invoiceId": {}}', b'{"invoiceId": 7, "amount": "all"}',
)  # fmt: skip
"""Bodies that no client should send, and some do."""


@pytest.fixture
def world() -> World:
    async def at_once(_seconds: float) -> None:
        return

    return World(HOST, clock=Clock(datetime(2026, 11, 29, 12, tzinfo=UTC), speed=0), sleep=at_once)


@pytest.fixture
async def web(world: World) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=create(world))
    async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client
    await world.settle()


def fits(shape: type[shapes.Shape], answer: httpx2.Response, status: int = 200) -> Any:
    """The JSON of an answer, once it is of a shape."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    told = orjson.loads(answer.content)
    shape.model_validate(told)
    return told


# Monobank

Token = {"x-token": BANK_TOKEN}


async def bank(
    web: httpx2.AsyncClient, call: str, body: Mapping[str, Any] | None = None, **params: str
) -> httpx2.Response:
    address = f"/monobank/api/merchant/{call}"
    if body is None:
        # "from" is a word of the language.
        named = {"from" if name == "since" else name: value for name, value in params.items()}
        return await web.get(address, params=named, headers=Token)
    return await web.post(address, json=body, headers=Token)


async def bill(web: httpx2.AsyncClient, **more: Any) -> str:
    """The number of a new invoice."""
    line = {"name": "Футболка", "qty": 2, "sum": 2100, "total": 4200, "code": "TC-1"}
    payment = {"reference": "R-1", "destination": "Замовлення", "basketOrder": [line]}
    asked = {"amount": 4200, "merchantPaymInfo": payment, "webHookUrl": "http://shop.test/hook", **more}
    told = fits(shapes.bank.InvoiceMade, await bank(web, "invoice/create", asked))
    return str(told["invoiceId"])


async def paid(web: httpx2.AsyncClient, invoice: str, how: str = "pay") -> None:
    assert (await web.post(f"/monobank/pay/{invoice}", data={"how": how})).status_code == 303


@pytest.mark.parametrize("how", ["", "pay", "fail", "hold", "expire", "back", "part", "slow"])
async def test_an_invoice_is_told_as_documented_wherever_it_stands(
    world: World, web: httpx2.AsyncClient, how: str
) -> None:
    invoice = await bill(web, paymentType="hold" if how == "hold" else "debit")
    if how == "expire":
        world.clock.advance(hours=25)
    elif how:
        await paid(web, invoice, how if how in {"pay", "fail", "hold"} else "pay")
    if how == "slow":
        world.faults.arm(Switch("monobank", "cancel_processing"))
    if how in {"back", "part", "slow"}:
        asked = {"invoiceId": invoice, "extRef": "R-1-1", **({"amount": 100} if how != "back" else {})}
        fits(shapes.bank.Cancelled, await bank(web, "invoice/cancel", asked))

    told = fits(shapes.bank.InvoiceState, await bank(web, "invoice/status", invoiceId=invoice))

    state = {"": "created", "fail": "failure", "hold": "hold", "expire": "expired", "back": "reversed"}
    assert told["status"] == state.get(how, "success")
    statement = fits(shapes.bank.Statement, await bank(web, "statement", since="1"))
    assert [line["invoiceId"] for line in statement["list"]] == ([] if how in {"", "expire"} else [invoice])
    fits(shapes.bank.FiscalChecks, await bank(web, "invoice/fiscal-checks", invoiceId=invoice))


async def test_a_return_that_the_bank_works_on_ends_by_itself(world: World, web: httpx2.AsyncClient) -> None:
    invoice = await bill(web)
    await paid(web, invoice)
    world.faults.arm(Switch("monobank", "cancel_processing"))

    begun = fits(shapes.bank.Cancelled, await bank(web, "invoice/cancel", {"invoiceId": invoice, "amount": 100}))
    await world.settle()

    told = fits(shapes.bank.InvoiceState, await bank(web, "invoice/status", invoiceId=invoice))
    assert (begun["status"], told["cancelList"][0]["status"], told["finalAmount"]) == ("processing", "success", 4100)


async def test_the_messages_of_the_bank_are_its_status_objects(world: World) -> None:
    sent: list[httpx2.Request] = []

    def shop(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(200)

    here = World(HOST, clock=world.clock, sleep=world.sleep, shop=httpx2.MockTransport(shop))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=create(here)), base_url=HOST) as web:
        invoice = await bill(web)
        await paid(web, invoice)
        await here.settle()

    for request in sent:
        shapes.bank.InvoiceState.model_validate(orjson.loads(request.content))
        assert base64.b64decode(request.headers["x-sign"], validate=True)[0] == 0x30, "a signature in DER"
    assert [orjson.loads(request.content)["status"] for request in sent] == ["processing", "success"]


async def test_the_other_answers_of_the_bank(web: httpx2.AsyncClient) -> None:
    held = await bill(web, paymentType="hold")
    await paid(web, held)
    fits(shapes.bank.Finalized, await bank(web, "invoice/finalize", {"invoiceId": held, "amount": 4000}))
    fits(shapes.bank.Receipt, await bank(web, "invoice/receipt", invoiceId=held))
    fits(shapes.bank.Nothing, await bank(web, "invoice/remove", {"invoiceId": await bill(web)}))
    fits(shapes.bank.Merchant, await bank(web, "details"))
    key = fits(shapes.bank.BankKey, await bank(web, "pubkey"))["key"]
    assert base64.b64decode(key).startswith(b"-----BEGIN PUBLIC KEY-----")


async def test_the_bank_refuses_in_its_own_words(world: World, web: httpx2.AsyncClient) -> None:
    unpaid, settled = await bill(web), await bill(web)
    await paid(web, settled)
    world.faults.arm(Switch("monobank", "cancel_not_available"))
    refusals = [
        await bank(web, "invoice/cancel", {"invoiceId": settled}),
        await bank(web, "invoice/cancel", {"invoiceId": settled, "amount": 10**6}),
        await bank(web, "invoice/cancel", {"invoiceId": unpaid}),
        await bank(web, "invoice/remove", {"invoiceId": settled}),
        await bank(web, "invoice/finalize", {"invoiceId": settled}),
        await bank(web, "invoice/receipt", invoiceId=unpaid),
        await bank(web, "invoice/status", invoiceId="nobody"),
        await bank(web, "invoice/status"),
        await bank(web, "statement"),
        await bank(web, "no/such/call"),
        await bank(web, "invoice/create"),
        await web.get("/monobank/api/merchant/pubkey", headers={"x-token": "another"}),
        await web.get("/monobank/api/merchant/pubkey"),
    ]

    told = [fits(shapes.bank.BankError, answer, answer.status_code)["errCode"] for answer in refusals]
    assert [shapes.bank.BANK_STATUSES[code] for code in told] == [answer.status_code for answer in refusals]
    assert told == [
        "CANCEL_NOT_AVAILABLE", "WRONG_CANCEL_AMOUNT", "WRONG_CANCEL_AMOUNT", "ORDER_IN_PROGRESS",
        "HOLD_INVOICE_NOT_FINALIZED", "BAD_REQUEST", "NOT_FOUND", "BAD_REQUEST", "BAD_REQUEST", "NOT_FOUND",
        "METHOD_NOT_ALLOWED", "FORBIDDEN", "BAD_REQUEST",
    ]  # fmt: skip


@pytest.mark.parametrize("call", ["create", "cancel", "remove", "finalize"])
async def test_the_bank_refuses_what_it_cannot_read(web: httpx2.AsyncClient, call: str) -> None:
    for body in RUBBISH:
        answer = await web.post(f"/monobank/api/merchant/invoice/{call}", content=body, headers=Token)
        fits(shapes.bank.BankError, answer, 400)


# Nova Poshta


async def carrier(web: httpx2.AsyncClient, method: str, properties: object = None, key: str = PARCELS_KEY) -> Any:
    """The envelope of an answer."""
    model, _, called = method.partition(".")
    asked = {"apiKey": key, "modelName": model, "calledMethod": called, "methodProperties": properties or {}}
    return fits(shapes.carrier.Envelope, await web.post("/nova-poshta/v2.0/json/", json=asked))


async def rows(web: httpx2.AsyncClient, method: str, shape: type[shapes.Shape], **properties: Any) -> list[Any]:
    told = await carrier(web, method, properties)
    assert told["success"] is True, told
    assert told["data"]
    for row in told["data"]:
        shape.model_validate(row)
    data: list[Any] = told["data"]
    return data


SETTLEMENT = reference("settlement", "Львів")
SENDER_REF = {"Ref": SENDER["NOVA_POSHTA_SENDER_REF"]}
PERSON = {"FirstName": "Оксана", "MiddleName": "", "LastName": "Шевченко", "Phone": "380671234567"}
WAY = {"CitySender": SENDER["NOVA_POSHTA_SENDER_CITY_REF"], "CityRecipient": LVIV, "ServiceType": "WarehouseWarehouse"}


async def waybill(web: httpx2.AsyncClient, **more: Any) -> Any:
    """A new document."""
    (person,) = await rows(
        web, "Counterparty.save", shapes.carrier.SavedCounterparty, CounterpartyProperty="Recipient", **PERSON
    )
    document = {
        **WAY,
        "PayerType": "Sender", "PaymentMethod": "Cash", "DateTime": "29.11.2026", "CargoType": "Parcel",
        "Weight": "0.5", "SeatsAmount": "1", "Description": "Одяг", "Cost": "890", "VolumeGeneral": "0.002",
        "Sender": SENDER_REF["Ref"], "SenderAddress": SENDER["NOVA_POSHTA_SENDER_ADDRESS_REF"],
        "ContactSender": SENDER["NOVA_POSHTA_SENDER_CONTACT_REF"], "SendersPhone": SENDER["NOVA_POSHTA_SENDER_PHONE"],
        "RecipientsPhone": PERSON["Phone"], "Recipient": person["Ref"], "InfoRegClientBarcodes": "ORDER-7",
        "RecipientAddress": reference("point", "Львів", "branch", 12), **more,
    }  # fmt: skip
    (made,) = await rows(web, "InternetDocument.save", shapes.carrier.Document, **document)
    return {**document, "Ref": made["Ref"], "number": made["IntDocNumber"]}


async def test_the_directory_of_the_carrier(web: httpx2.AsyncClient) -> None:
    cities = await rows(web, "Address.getCities", shapes.carrier.City)
    assert len(cities) == len(directory().cities)
    points = await rows(web, "Address.getWarehouses", shapes.carrier.Warehouse, CityRef=LVIV)
    assert {row["CityRef"] for row in points} == {LVIV}
    for row in directory().points:
        shapes.carrier.Warehouse.model_validate(row)
    await rows(web, "Address.getWarehouseTypes", shapes.carrier.WarehouseType)
    await rows(web, "Address.searchSettlements", shapes.carrier.Settlements, CityName="Ки", Limit="5", Page="1")
    street = {"StreetName": "Франка", "SettlementRef": SETTLEMENT, "Limit": "5"}
    await rows(web, "Address.searchSettlementStreets", shapes.carrier.FoundStreets, **street)
    await rows(web, "Address.getStreet", shapes.carrier.Street, CityRef=LVIV, FindByString="")
    await rows(web, "Common.getMessageCodeText", shapes.carrier.Code)


async def test_people_and_prices_of_the_carrier(web: httpx2.AsyncClient) -> None:
    await rows(
        web, "Counterparty.getCounterparties", shapes.carrier.Counterparty, CounterpartyProperty="Sender", Page="1"
    )
    await rows(web, "Counterparty.getCounterpartyContactPersons", shapes.carrier.Contact, **SENDER_REF)
    await rows(web, "Counterparty.getCounterpartyAddresses", shapes.carrier.SenderPlace, **SENDER_REF)
    await rows(web, "Counterparty.getCounterpartyOptions", shapes.carrier.Options, **SENDER_REF)
    (person,) = await rows(web, "Counterparty.save", shapes.carrier.SavedCounterparty, **PERSON)
    await rows(web, "ContactPerson.save", shapes.carrier.Contact, CounterpartyRef=person["Ref"], **PERSON)
    parcel = {**WAY, "Weight": "0.5", "Cost": "890", "CargoType": "Parcel", "SeatsAmount": "1"}
    await rows(web, "InternetDocument.getDocumentPrice", shapes.carrier.Price, **parcel)
    await rows(web, "InternetDocument.getDocumentDeliveryDate", shapes.carrier.DeliveryDay, **WAY)


@pytest.mark.parametrize("more", [{}, {"AfterpaymentOnGoodsCost": "970.50"}])
async def test_a_parcel_is_told_as_documented_wherever_it_is(
    world: World, web: httpx2.AsyncClient, more: dict[str, str]
) -> None:
    made = await waybill(web, **more)
    changed = {name: value for name, value in made.items() if name != "number"} | {"Cost": "900"}
    await rows(web, "InternetDocument.update", shapes.carrier.Document, **changed)
    listed = await rows(
        web, "InternetDocument.getDocumentList", shapes.carrier.ListedDocument, DateTimeFrom="29.11.2026"
    )
    assert [(one["InfoRegClientBarcodes"], one["Cost"]) for one in listed] == [("ORDER-7", "900")]

    codes = []
    for _ in range(6):
        (told,) = await rows(
            web,
            "TrackingDocument.getStatusDocuments",
            shapes.carrier.Tracked,
            Documents=[{"DocumentNumber": made["number"]}],
        )
        codes.append(told["StatusCode"])
        world.clock.advance(hours=1 / 80)
    assert list(dict.fromkeys(codes)) == (["1", "5", "7", "10", "11"] if more else ["1", "5", "7", "9"])
    unknown = [{"DocumentNumber": "20459999999999", "Phone": ""}]
    await rows(web, "TrackingDocument.getStatusDocuments", shapes.carrier.Unknown, Documents=unknown)
    away = await waybill(web)
    await rows(web, "InternetDocument.delete", shapes.carrier.Referred, DocumentRefs=[away["Ref"]])


async def test_the_carrier_refuses_in_its_envelope(world: World, web: httpx2.AsyncClient) -> None:
    made = await waybill(web)
    world.clock.advance(hours=1)
    refused = {
        "Address.getStreet": ({}, "20000200103"),
        "Address.searchSettlementStreets": ({"SettlementRef": SETTLEMENT}, "20000200000"),
        "Counterparty.save": ({"Phone": "0671234567"}, "20000300434"),
        "InternetDocument.getDocumentPrice": ({"CityRecipient": "nowhere"}, "20000200103"),
        "InternetDocument.delete": ({"DocumentRefs": "nothing"}, "20000200206"),
        "InternetDocument.update": ({"Ref": made["Ref"]}, "20000200211"),
        "InternetDocument.save": ({}, "20000200000"),
        "InternetDocument.getDocumentList": ({"DateTimeFrom": "soon"}, "20000200001"),
        "TrackingDocument.getStatusDocuments": ({"Documents": [{}] * 101}, "20000401622"),
        "Address.noSuchMethod": ({}, "20000200002"),
    }
    for method, (properties, code) in refused.items():
        told = await carrier(web, method, properties)
        assert (told["success"], told["errorCodes"], told["data"]) == (False, [code], []), method
        assert told["errors"]
    stranger = await carrier(web, "Address.getCities", key="another")
    assert (stranger["success"], stranger["errorCodes"]) == (False, ["20000200068"])
    nobody = await web.post("/nova-poshta/v2.0/json/", json={"modelName": "Address", "calledMethod": "getCities"})
    assert fits(shapes.carrier.Envelope, nobody, 401)["errorCodes"] == ["20000200069"]


@pytest.mark.parametrize("method", [".".join(named) for named in METHODS])
async def test_the_carrier_refuses_what_it_cannot_read(web: httpx2.AsyncClient, method: str) -> None:
    odd: tuple[object, ...] = ("x", 7, ["x"], {"x": []}, "", True)
    names = (
        "Limit", "Page", "Ref", "Weight", "Cost", "DateTimeFrom", "DocumentRefs", "Documents", "OptionsSeat", "Phone",
        "FindByString", "CityRef", "VolumeGeneral", "BackwardDeliveryData", "RecipientAddress",
    )  # fmt: skip
    for properties in ("x", [7], 7, *({"CityRef": LVIV, "Limit": "2", name: value} for name in names for value in odd)):
        told = await carrier(web, method, properties)
        assert told["success"] or told["errorCodes"]


# Telegram


async def call(web: httpx2.AsyncClient, method: str, token: str = BOT_TOKEN, **values: Any) -> httpx2.Response:
    return await web.post(f"/telegram/bot{token}/{method}", json=values)


async def result(web: httpx2.AsyncClient, method: str, **values: Any) -> Any:
    answer = await call(web, method, **values)
    told = orjson.loads(answer.content)
    assert (answer.status_code, sorted(told), told["ok"]) == (200, ["ok", "result"], True), told
    return told["result"]


async def test_what_the_bot_says_and_hears_is_told_as_documented(web: httpx2.AsyncClient) -> None:
    shapes.bot.User.model_validate(await result(web, "getMe"))
    buttons = {"inline_keyboard": [[{"text": "так", "callback_data": "ok:1"}]]}
    said = await result(web, "sendMessage", chat_id=GROUP, text="<b>x</b>", parse_mode="HTML", reply_markup=buttons)
    paper = {"chat_id": str(GROUP), "caption": "ТТН"}
    sent = await web.post(f"/telegram/bot{BOT_TOKEN}/sendDocument", data=paper, files={"document": ("a.pdf", b"%PDF")})
    edited = await result(web, "editMessageText", chat_id=GROUP, message_id=said["message_id"], text="y")
    for message in (said, orjson.loads(sent.content)["result"], edited):
        shapes.bot.BotMessage.model_validate(message)
    await web.post("/telegram/act", data={"who": "601", "chat": str(GROUP), "text": "/orders x"})
    await result(web, "editMessageReplyMarkup", chat_id=GROUP, message_id=said["message_id"], reply_markup=buttons)
    await web.post("/telegram/act", data={"who": "601", "message": str(said["message_id"]), "press": "ok:1"})
    await web.post("/telegram/act", data={"who": "501", "block": "1"})

    heard = await result(web, "getUpdates")

    for update in heard:
        shapes.bot.Update.model_validate(update)
    assert [[name for name in update if name != "update_id"] for update in heard] == [
        ["message"],
        ["callback_query"],
        ["my_chat_member"],
    ]
    answered = {"callback_query_id": heard[1]["callback_query"]["id"]}
    assert await result(web, "answerCallbackQuery", **answered) is True
    assert await result(web, "setMyCommands", commands=[{"command": "orders", "description": "x"}]) is True
    assert await result(web, "setWebhook", url="https://shop.example/hook", secret_token="s" * 24) is True
    assert await result(web, "deleteWebhook") is True


async def test_telegram_refuses_in_its_own_words(world: World, web: httpx2.AsyncClient) -> None:
    world.faults.arm(Switch("telegram", "flood", seconds=9))
    refusals = [
        (await call(web, "sendMessage", chat_id=GROUP, text="x"), 429),
        (await call(web, "sendMessage", chat_id=GROUP, text=""), 400),
        (await call(web, "sendMessage", chat_id=GROUP, text="<b>x", parse_mode="HTML"), 400),
        (await call(web, "sendMessage", chat_id=501, text="x"), 403),
        (await call(web, "sendMessage", chat_id="nobody", text="x"), 400),
        (await call(web, "sendDocument", chat_id=GROUP), 400),
        (await call(web, "editMessageText", chat_id=GROUP, message_id=1, text="x"), 400),
        (await call(web, "answerCallbackQuery", callback_query_id="1"), 400),
        (await call(web, "setWebhook", url="ftp://x"), 400),
        (await call(web, "noSuchMethod"), 404),
        (await call(web, "getMe", token="1000001:another"), 401),
        (await web.post(f"/telegram/bot{BOT_TOKEN}/sendMessage", content=b"["), 400),
        (await web.post(f"/telegram/bot{BOT_TOKEN}/sendMessage", data={"chat_id": "1", "reply_markup": "{"}), 400),
    ]
    for answer, status in refusals:
        told = fits(shapes.bot.BotError, answer, status)
        assert told["error_code"] == status
    assert orjson.loads(refusals[0][0].content)["parameters"] == {"retry_after": 9}


ODD: tuple[object, ...] = ("x", -1, [], [7], {}, {"inline_keyboard": 7}, {"inline_keyboard": [[7]]}, None)


@pytest.mark.parametrize(
    "method", ["sendMessage", "editMessageText", "sendDocument", "setMyCommands", "getUpdates", "setWebhook"]
)
async def test_telegram_refuses_what_it_cannot_read(web: httpx2.AsyncClient, method: str) -> None:
    names = ("chat_id", "text", "message_id", "reply_markup", "commands", "offset", "timeout", "document", "url")
    for name, value in itertools.product(names, ODD):
        values: dict[str, Any] = {"chat_id": GROUP, "text": "x", name: value}
        answer = await call(web, method, **values)
        assert answer.status_code in {200, 400}, (name, value)
        if answer.status_code == 400:
            fits(shapes.bot.BotError, answer, 400)


# OpenID Connect


@pytest.mark.parametrize(("service", "client"), [("google", "sandbox.apps.example"), ("telegram-id", "1000001")])
async def test_an_issuer_answers_as_the_standard_has_it(web: httpx2.AsyncClient, service: str, client: str) -> None:
    found = fits(shapes.issuer.Discovery, await web.get(f"/{service}/.well-known/openid-configuration"))
    assert found["issuer"] == f"{HOST}/{service}"
    fits(shapes.issuer.Keys, await web.get(found["jwks_uri"]))
    asked = {
        "client_id": client, "redirect_uri": "http://shop.test/back", "response_type": "code", "scope": "openid",
        "state": "s", "nonce": "n", "code_challenge": create_s256_code_challenge(VERIFIER),
        "code_challenge_method": "S256", "act": "allow",
    }  # fmt: skip
    sent = await web.post(found["authorization_endpoint"], data=asked)
    back = dict(parse_qsl(urlsplit(sent.headers["location"]).query))
    assert set(back) == {"code", "scope", "state", "iss"}
    exchange = {
        "grant_type": "authorization_code", "code": back["code"], "redirect_uri": asked["redirect_uri"],
        "code_verifier": VERIFIER, "client_id": client, "client_secret": "sandbox-client-secret",
    }  # fmt: skip
    given = await web.post(found["token_endpoint"], data=exchange)
    fits(shapes.issuer.Tokens, given)
    assert given.headers["cache-control"] == "no-store"
    for changes, status in (({}, 400), ({"grant_type": "x"}, 400), ({"client_secret": "x"}, 401)):
        fits(shapes.issuer.OAuthError, await web.post(found["token_endpoint"], data=exchange | changes), status)


# OpenAI

Bearer = {"authorization": "Bearer sandbox"}


async def asked_model(web: httpx2.AsyncClient, **more: Any) -> httpx2.Response:
    body = {"model": "gpt-5.4-mini", "input": '{"name": "Колос"}', "store": False, **more}
    return await web.post("/openai/v1/responses", json=body, headers=Bearer)


@pytest.mark.parametrize("fault", ["", "refusal", "filtered", "cut_text", "invalid_json", "wrong_shape", "empty"])
async def test_a_model_answers_as_documented(world: World, web: httpx2.AsyncClient, fault: str) -> None:
    if fault:
        world.faults.arm(Switch("openai", fault))
    answer = await asked_model(web, instructions="Write", metadata={"a": "b"}, max_output_tokens=400)
    told = fits(shapes.model.Response, answer)
    assert told["status"] == ("incomplete" if fault in {"filtered", "cut_text"} else "completed")
    assert answer.headers["x-request-id"]
    fits(shapes.model.Models, await web.get("/openai/v1/models", headers=Bearer))


async def test_a_model_refuses_calls_as_documented(web: httpx2.AsyncClient) -> None:
    loose = {"format": {"type": "json_schema", "strict": True, "name": "x", "schema": {"type": "object"}}}
    refusals = [
        (await web.post("/openai/v1/responses", json={}), 401),
        (await web.get("/openai/v1/models"), 401),
        (await asked_model(web, model="no-such-model"), 404),
        (await asked_model(web, model=None), 400),
        (await asked_model(web, temprature=1), 400),
        (await asked_model(web, max_output_tokens=1), 400),
        (await asked_model(web, text=loose), 400),
        *[(await web.post("/openai/v1/responses", content=body, headers=Bearer), 400) for body in RUBBISH],
    ]
    for answer, status in refusals:
        fits(shapes.model.ModelError, answer, status)


ODD_MODEL: tuple[dict[str, Any], ...] = (
    {"text": []}, {"text": {"format": 7}}, {"text": {"format": {"type": "json_schema"}}}, {"input": 7}, {"input": [7]},
    {"input": [{"content": [7]}]}, {"input": [{"content": 7}]}, {"metadata": 7}, {"instructions": []}, {"input": None},
    {"text": {"format": {"type": "json_schema", "name": "x", "strict": True, "schema": {"type": "array", "items": 7}}}},
    {"text": {"format": {"type": "json_schema", "name": "x", "schema": {}}}},
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_MODEL, ids=str)
async def test_a_model_refuses_what_it_cannot_read(web: httpx2.AsyncClient, odd: dict[str, Any]) -> None:
    answer = await asked_model(web, **odd)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        fits(shapes.model.ModelError, answer, 400)


# What goes wrong on the wire

ERRORS: dict[str, type[shapes.Shape]] = {
    "google": shapes.issuer.OAuthError,
    "monobank": shapes.bank.BankError,
    "nova-poshta": shapes.carrier.Envelope,
    "openai": shapes.model.ModelError,
    "telegram": shapes.bot.BotError,
    "telegram-id": shapes.issuer.OAuthError,
}


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("429", 429)])
@pytest.mark.parametrize("service", list(EMULATORS))
async def test_every_service_fails_in_its_own_words(
    world: World, web: httpx2.AsyncClient, service: str, fault: str, status: int
) -> None:
    world.faults.arm(Switch(service, fault, seconds=3))

    answer = await web.get(f"/{service}/anything")

    assert service in COMPLAINTS
    if service == "s3":
        assert answer.status_code == (503 if status == 429 else status)
        assert f"<Code>{'SlowDown' if status == 429 else 'InternalError'}</Code>" in answer.text
        return
    told = fits(ERRORS[service], answer, 200 if (service, status) == ("nova-poshta", 429) else status)
    if service == "nova-poshta":
        assert (told["success"], len(told["errorCodes"])) == (False, 1)
