"""Payments and parcels outlive the sandbox, and a broken file stops nobody."""

import asyncio
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from sandbox import environment, keeping
from sandbox.app import create
from sandbox.clock import Clock
from sandbox.environment import BANK_TOKEN
from sandbox.serve import remembering
from sandbox.world import World

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
TOKEN = {"x-token": BANK_TOKEN}
BILL = {"amount": 4_200, "merchantPaymInfo": {"reference": "TWC-1", "basketOrder": []}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / keeping.KEPT_FILE


def status(file: Path) -> os.stat_result:
    return file.stat()


def content(file: Path) -> str:
    return file.read_text("utf-8")


@pytest.fixture
def broken(file: Path, request: pytest.FixtureRequest) -> Path:
    """The file with a content that no sandbox wrote."""
    file.parent.mkdir()
    file.write_text(request.param, "utf-8")
    return file


class Sandbox:
    """A sandbox that is opened over a file, at noon."""

    def __init__(self, file: Path) -> None:
        self.world = World(clock=Clock(NOON, speed=0))
        self.client = httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=create(self.world)), base_url="http://localhost:8001"
        )
        self.keeper = remembering(self.world, file)

    async def bank(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.client.request(method, f"/monobank/api/merchant{path}", json=body, headers=TOKEN)
        return answer.json()

    async def carrier(self, model: str, method: str, **properties: Any) -> Any:
        asked = {"apiKey": environment.PARCELS_KEY, "modelName": model, "calledMethod": method}
        answer = await self.client.post("/nova-poshta/v2.0/json/", json={**asked, "methodProperties": properties})
        return answer.json()

    async def waybill(self) -> str:
        """A courier's waybill; its number."""
        door = {"RecipientCityName": "Львів", "RecipientAddressName": "вул. Франка", "RecipientHouse": "5"}
        about = {"CargoType": "Parcel", "Weight": "0.5", "Cost": "300", "SeatsAmount": "1", "Description": "Одяг"}
        about["VolumeGeneral"] = "0.002"
        paid = {"PayerType": "Sender", "PaymentMethod": "Cash", "DateTime": "29.11.2026"}
        sender = dict.fromkeys(("CitySender", "Sender", "SenderAddress", "ContactSender"), "ref")
        phones = {"SendersPhone": "380501234567", "RecipientsPhone": "380671234567"}
        asked = {**door, **about, **paid, **sender, **phones, "ServiceType": "WarehouseDoors", "NewAddress": "1"}
        made = await self.carrier("InternetDocument", "save", **asked)
        number: str = made["data"][0]["IntDocNumber"]
        return number

    async def code_of(self, number: str) -> str:
        told = await self.carrier("TrackingDocument", "getStatusDocuments", Documents=[{"DocumentNumber": number}])
        code: str = told["data"][0]["StatusCode"]
        return code


async def test_what_was_paid_and_sent_is_known_to_the_next_sandbox(file: Path) -> None:
    first = Sandbox(file)
    paid = (await first.bank("POST", "/invoice/create", BILL))["invoiceId"]
    await first.client.post(f"/monobank/pay/{paid}", data={"how": "pay"})
    await first.bank("POST", "/invoice/cancel", {"invoiceId": paid, "amount": 200, "extRef": "R1"})
    open_one = (await first.bank("POST", "/invoice/create", BILL))["invoiceId"]
    number = await first.waybill()
    await first.client.post("/clock", json={"hours": 1})
    key, code = await first.bank("GET", "/pubkey"), await first.code_of(number)
    told = [await first.bank("GET", f"/invoice/status?invoiceId={one}") for one in (paid, open_one)]
    first.keeper.write()

    second = Sandbox(file)

    assert [await second.bank("GET", f"/invoice/status?invoiceId={one}") for one in (paid, open_one)] == told
    assert told[0]["finalAmount"] == 4_000
    assert await second.bank("GET", "/pubkey") == key
    assert await second.code_of(number) == code != "3"
    assert second.world.clock.now() == NOON + timedelta(hours=1)
    # It goes on: neither invoices nor parcels get a name that was given before.
    assert (await second.bank("POST", "/invoice/create", BILL))["invoiceId"] not in {paid, open_one}
    assert int(await second.waybill()) == int(number) + 1
    assert stat.S_IMODE(status(file).st_mode) == 0o600


async def test_an_open_sandbox_writes_what_changed_and_only_then(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "EVERY", 0.01)
    here = Sandbox(file)
    async with here.keeper.kept():
        await here.waybill()
        await asyncio.sleep(0.1)
        written = status(file)
        await asyncio.sleep(0.1)
        assert status(file).st_ino == written.st_ino, "it was written anew without a change"
        number = await here.waybill()

    assert number in content(file)


async def test_a_press_empties_it_and_numbers_go_on(file: Path) -> None:
    here = Sandbox(file)
    invoice = (await here.bank("POST", "/invoice/create", BILL))["invoiceId"]
    number = await here.waybill()

    foreign = await here.client.post("/empty", headers={"origin": "http://elsewhere.example"})
    assert foreign.status_code == 403
    assert (await here.client.post("/empty", data={})).status_code == 303
    here.keeper.write()

    for sandbox in (here, Sandbox(file)):
        assert (await sandbox.bank("GET", f"/invoice/status?invoiceId={invoice}"))["errCode"] == "NOT_FOUND"
        assert await sandbox.code_of(number) == "3"
        assert int(await sandbox.waybill()) == int(number) + 1
    assert [entry.what for entry in here.world.journal][0] == "emptied"


BAD_PARCELS = '{"people": {}, "depot": {"documents": [{}]}}'


@pytest.mark.parametrize(
    "broken",
    [
        *("", "no json", "[]", "null", "{}", '{"form": 1, "ahead": "x", "services": {}}'),
        '{"form": 99, "ahead": 0, "services": {"monobank": {}}}',
        '{"form": 1, "ahead": 0, "services": {"monobank": {"key": "x"}, "nova-poshta": []}}',
        f'{{"form": 1, "ahead": 0, "services": {{"monobank": null, "nova-poshta": {BAD_PARCELS}}}}}',
    ],
    indirect=True,
)
async def test_a_file_that_cannot_be_read_is_told_and_begun_anew(broken: Path) -> None:
    here = Sandbox(broken)

    assert [entry.what for entry in here.world.journal] == ["what was kept could not be read"]
    number = await here.waybill()
    here.keeper.write()
    assert await Sandbox(broken).code_of(number) == "1"
