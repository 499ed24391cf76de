"""The adapter against the stand-in, and against every trap of the envelope (integrations.md 2)."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import orjson
import pytest

from commerce_api.foundation.kit import clock
from commerce_api.integrations.nova_poshta import carrier
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.carrier import Box, CarrierFailed, CarrierRefused, PriceAsk, WaybillAsk
from sandbox.nova_poshta_directory import directory, reference
from tests.commerce_api.shop.shipping.builders import SETTINGS, Line, without_key

pytestmark = pytest.mark.anyio
LVIV = reference("city", "Львів")
BRANCH = reference("point", "Львів", "branch", 12)
LOCKER = reference("point", "Львів", "locker", 20_011)
NO_CASH = reference("point", "Львів", "locker", 20_055)
AT = datetime(2026, 11, 3, 10, 0, tzinfo=UTC)


def an_ask(**changes: Any) -> WaybillAsk:
    ask = WaybillAsk(
        reference="TWC03112026N01-1",
        kind=DeliveryKind.BRANCH,
        city_ref=LVIV,
        city="Львів",
        area="Львівська",
        branch_ref=BRANCH,
        address="",
        name="Шевченко Оксана Іванівна",
        phone="+380671234567",
        box=Box(270, 25, 20, 4),
        declared=89_000,
        cash=97_050,
        payment_control=True,
        about="Одяг",
    )
    return replace(ask, **changes)


async def test_every_verb_reads_what_the_carrier_writes() -> None:
    line = Line()
    shop = line.carrier()
    with clock.frozen(AT):
        cities = await shop.cities(1)
        points = [await shop.branches(page) for page in (1, 2, 3, 4, 5)]
        told = await shop.price(PriceAsk(LVIV, DeliveryKind.BRANCH, 270, 89_000))
        made = await shop.make_waybill(an_ask())
        found = await shop.find_waybills("TWC03112026N01-1", date(2026, 11, 2))
        (reading,) = await shop.track([made.number])
        label = await shop.label(made.ref)
        await shop.delete_waybill(made.ref)
        await shop.delete_waybill(made.ref)  # gone is gone
        (gone,) = await shop.track([made.number])

    assert len(cities) == len(directory().cities)
    assert sum(map(len, points)) == len(directory().points)
    assert points[-1] == []
    locker = next(one for page in points for one in page if one.ref == LOCKER)
    assert (locker.locker, locker.max_weight_g, locker.width_cm, locker.height_cm, locker.length_cm) == (
        True,
        20_000,
        40,
        30,
        60,
    )
    assert (told.price, told.day) == (7_400, date(2026, 11, 5))
    assert (made.number, made.cost, made.day) == ("20450000000001", 7_000, date(2026, 11, 4))
    assert list(found) == [made]
    assert (reading.code, reading.day, reading.told_at) == ("1", date(2026, 11, 4), AT)
    assert label.startswith(b"%PDF-")
    assert gone.code == "2"


async def test_everything_of_a_waybill_goes_out_as_text() -> None:
    line = Line()
    with clock.frozen(AT):
        made = await line.carrier().make_waybill(an_ask())

    sent = line.depot.documents[made.number].asked
    assert all(isinstance(value, str | list) for value in sent.values())
    assert all(isinstance(value, str) for value in sent["OptionsSeat"][0].values())
    assert (sent["Cost"], sent["AfterpaymentOnGoodsCost"], sent["Weight"]) == ("890", "970.50", "0.270")
    assert (sent["DateTime"], sent["RecipientsPhone"]) == ("03.11.2026", "380671234567")
    assert "BackwardDeliveryData" not in sent


async def test_cash_is_collected_as_the_contract_has_it() -> None:
    line = Line()
    shop = line.carrier()
    control = await shop.make_waybill(an_ask())
    transfer = await shop.make_waybill(an_ask(payment_control=False, cash=120_000))
    nothing = await shop.make_waybill(an_ask(cash=0))

    asked = [line.depot.documents[one.number].asked for one in (control, transfer, nothing)]
    back = [{"PayerType": "Recipient", "CargoType": "Money", "RedeliveryString": "1200"}]
    assert [one.get("AfterpaymentOnGoodsCost") for one in asked] == ["970.50", None, None]
    assert [one.get("BackwardDeliveryData") for one in asked] == [None, back, None]


async def test_a_courier_is_sent_to_words() -> None:
    line = Line()
    ask = an_ask(kind=DeliveryKind.COURIER, branch_ref="", address="вул. Франка, 5а, 12", cash=0)

    made = await line.carrier().make_waybill(ask)

    sent = line.depot.documents[made.number].asked
    named = ("ServiceType", "RecipientAddressName", "RecipientHouse", "RecipientFlat", "RecipientName")
    assert [sent[name] for name in named] == ["WarehouseDoors", "вул. Франка", "5а", "12", "Шевченко Оксана Іванівна"]
    assert line.asked == ["save"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"branch_ref": LOCKER, "box": Box(21_000, 30, 20, 10)}, "20000200380"),
        ({"branch_ref": LOCKER, "box": Box(900, 61, 20, 10)}, "20000200389"),
        ({"branch_ref": LOCKER, "declared": 1_000_100}, "20000203801"),
        ({"branch_ref": NO_CASH}, "20000200841"),
        ({"branch_ref": reference("point", "Львів", "branch", 40)}, "20000201384"),
        ({"phone": "+380"}, "20000300434"),
    ],
)
async def test_a_refusal_keeps_the_carriers_code(changes: dict[str, Any], code: str) -> None:
    line = Line()
    with pytest.raises(CarrierRefused) as refused:
        await line.carrier().make_waybill(an_ask(**changes))

    assert refused.value.code == code
    assert line.depot.documents == {}


async def test_a_wrong_key_is_a_refusal_whichever_way_it_is_told() -> None:
    line = Line()
    for key, code in ((without_key(), "20000200068"), (replace(SETTINGS, api_key=""), "401")):
        with pytest.raises(CarrierRefused) as refused:
            await line.carrier(key).cities(1)
        assert refused.value.code == code
    with pytest.raises(CarrierRefused):
        await line.carrier(without_key()).label("20450000000001")


def answering(body: object, status: int = 200) -> Any:
    """An adapter whose carrier always says this."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    made, _ = carrier(SETTINGS, httpx2.MockTransport(lambda _request: httpx2.Response(status, content=raw)))
    return made


def no(**parts: Any) -> dict[str, Any]:
    return {"success": False, "data": [], "errors": [], "errorCodes": [], "info": [], "warnings": [], **parts}


@pytest.mark.parametrize(
    ("body", "code", "text"),
    [
        (no(errors=["Weight is empty"], errorCodes=["20000200001"]), "20000200001", "Weight is empty"),
        (no(errors=[{"ID_20000200380": "Too heavy"}]), "20000200380", "Too heavy"),
        (no(errors=[{"ID_1": "x"}], errorCodes=[20000203729]), "20000203729", "x"),
        (no(errors=[], errorCodes=[]), "", ""),
        (no(errors="broken", errorCodes=None), "", ""),
        ({"success": "true", "errors": ["text, not truth"]}, "", "text, not truth"),
    ],
)
async def test_errors_are_read_as_texts_and_as_objects(body: object, code: str, text: str) -> None:
    with pytest.raises(CarrierRefused) as refused:
        await answering(body).cities(1)

    assert (refused.value.code, refused.value.text) == (code, text)


@pytest.mark.parametrize("body", [b"<html>502</html>", b"", b"[]", b"null", b'{"data": []}', b'{"success": tr', b"7"])
async def test_what_is_no_envelope_is_a_failure_that_may_have_worked(body: bytes) -> None:
    with pytest.raises(CarrierFailed) as failed:
        await answering(body).make_waybill(an_ask(kind=DeliveryKind.COURIER, address="вул. Франка, 5"))

    assert failed.value.may_have_worked


@pytest.mark.parametrize("data", [[], [{}], [{"Ref": "a"}], [{"IntDocNumber": False, "Ref": "x"}], None, {}, ["text"]])
async def test_a_yes_without_a_waybill_is_no_waybill(data: object) -> None:
    shop = answering({"success": True, "data": data, "errors": []})
    with pytest.raises(CarrierFailed) as failed:
        await shop.make_waybill(an_ask(kind=DeliveryKind.COURIER, address="вул. Франка, 5"))

    assert failed.value.may_have_worked


@pytest.mark.parametrize("info", [[], {"totalCount": 7}, None, "x"])
@pytest.mark.parametrize("warnings", [[], ["text"], [{"ID_2": "text"}]])
async def test_info_and_warnings_may_have_any_shape(info: object, warnings: object) -> None:
    row = {"Ref": LVIV, "Description": "Львів", "AreaDescription": None}
    shop = answering({"success": True, "data": [row, "noise", {"Ref": ""}], "info": info, "warnings": warnings})

    assert [(city.name, city.area) for city in await shop.cities(1)] == [("Львів", "")]


async def test_too_many_requests_are_a_failure_and_no_refusal() -> None:
    line = Line()
    line.broken["*"] = "busy"
    shop = line.carrier()
    with pytest.raises(CarrierFailed) as failed:
        await shop.track(["1"])

    assert (failed.value.outcome, failed.value.may_have_worked) == ("busy", False)
    assert line.asked == ["getStatusDocuments"] * 3, "it is asked again, more slowly"


async def test_a_waybill_is_asked_for_once_when_the_carrier_is_busy() -> None:
    line = Line()
    line.broken["save"] = "busy"
    with pytest.raises(CarrierFailed) as failed:
        await line.carrier().make_waybill(an_ask(kind=DeliveryKind.COURIER, address="вул. Франка, 5", cash=0))

    assert not failed.value.may_have_worked
    assert line.asked == ["save"]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("02-09-2022 12:00:00", datetime(2022, 9, 2, 9, 0, tzinfo=UTC)),
        ("16:08 02.09.2022", datetime(2022, 9, 2, 13, 8, tzinfo=UTC)),
        ("2022-09-02 16:08:33", datetime(2022, 9, 2, 13, 8, 33, tzinfo=UTC)),
        ("02.09.2022 16:08:16", datetime(2022, 9, 2, 13, 8, 16, tzinfo=UTC)),
        ("2022-09-10", datetime(2022, 9, 9, 21, 0, tzinfo=UTC)),
        ("0001-01-01 00:00:00", None), ("", None), ("завтра", None), (False, None), (None, None),
    ],
)  # fmt: skip
async def test_a_moment_is_read_in_each_of_the_carriers_spellings(text: object, moment: datetime | None) -> None:
    row = {"Number": "1", "StatusCode": "9", "Status": "Отримано", "RecipientDateTime": text}

    (reading,) = await answering({"success": True, "data": [row]}).track(["1"])

    assert reading.told_at == moment


async def test_sums_may_be_texts_numbers_and_with_a_comma() -> None:
    for cost in (70.5, "70.5", "70,5"):
        shop = answering({"success": True, "data": [{"Cost": cost, "DeliveryDate": []}]})
        assert (await shop.price(PriceAsk(LVIV, DeliveryKind.BRANCH, 270, 89_000))).price == 7_050
    unreadable: tuple[object, ...] = ("", None, "NaN", "Infinity", -5, [], "free")
    for broken in unreadable:
        with pytest.raises(CarrierFailed):
            await answering({"success": True, "data": [{"Cost": broken}]}).price(
                PriceAsk(LVIV, DeliveryKind.BRANCH, 270, 89_000)
            )


async def test_a_waybill_is_asked_for_once_whatever_becomes_of_the_reply() -> None:
    for fault in ("lost", "html", "wrong"):
        line = Line()
        shop = line.carrier()
        line.broken["save"] = fault
        with pytest.raises(CarrierFailed) as failed:
            await shop.make_waybill(an_ask(kind=DeliveryKind.COURIER, address="вул. Франка, 5", cash=0))
        assert line.asked == ["save"], fault
        assert failed.value.may_have_worked, fault


async def test_a_label_that_is_no_pdf_is_not_passed_on() -> None:
    line = Line()
    with pytest.raises(CarrierRefused):
        await line.carrier().label("20459999999999")


async def test_the_key_is_in_no_log_and_no_error(caplog: pytest.LogCaptureFixture, capsys: Any) -> None:
    line = Line()
    line.broken["*"] = "silent"
    with caplog.at_level(logging.DEBUG), pytest.raises(CarrierFailed) as failed:
        await line.carrier().label("20450000000001")

    said = caplog.text + "".join(capsys.readouterr()) + repr(failed.value) + str(failed.value.__context__)
    assert SETTINGS.api_key not in said
