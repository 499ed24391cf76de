"""The carrier's API 2.0 behind the port of shop/shipping (integrations.md 2): one address, one envelope, many traps.

Everything goes out as text and comes back as anything: `errors` are texts or objects of one key, `info` a list or an
object, refusals have status 200, sums are texts or numbers, moments are written in five ways.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import httpx2

from commerce_api.foundation.kit import clock
from commerce_api.foundation.outside_settings import NovaPoshta
from commerce_api.integrations.http import Outside, OutsideFailed, Patience
from commerce_api.integrations.nova_poshta_waybill import courier_fields, receiver_fields, waybill_fields
from commerce_api.shop.pricing.shipping import DeliveryKind
from commerce_api.shop.shipping.carrier import (
    BranchFact,
    CarrierFailed,
    CarrierRefused,
    CityFact,
    PriceAsk,
    Reading,
    Told,
    Waybill,
    WaybillAsk,
)

SERVICE: Final = "nova_poshta"
PATH: Final = "/v2.0/json/"
SAVE_SECONDS: Final = 20.0
"""The carrier takes its time over a waybill."""
PAGE: Final = 500
LISTED: Final = 100
"""Waybills in one page of a list."""
LOCKER_TYPES: Final = frozenset({"f9316480-5f2d-425d-bc2c-ac7cd29decf0", "95dc212d-479c-4ffb-a8ab-8c1b9073d0bc"})
BUSY: Final = "20000401501"
"""Too many requests: the one refusal that is none."""
GONE: Final = frozenset({"20000200206", "20000300415"})
"""There is no such document."""
_MOMENTS: Final = (
    "%d-%m-%Y %H:%M:%S", "%H:%M %d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d", "%d.%m.%Y",
)  # fmt: skip
EARLIEST: Final = 2000
_FRACTION: Final = re.compile(r"(?<=:\d\d)\.\d+$")


class NovaPoshtaCarrier:
    """The port's promises over HTTP. `outside` speaks to the API, `labels` to the site that draws labels."""

    def __init__(self, settings: NovaPoshta, outside: Outside, labels: Outside) -> None:
        self._settings, self._outside, self._labels = settings, outside, labels

    async def cities(self, page: int) -> Sequence[CityFact]:
        data = await self._ask("Address", "getCities", {"Page": str(page), "Limit": str(PAGE)}, repeat=True)
        return [
            CityFact(ref=_text(row, "Ref"), name=_text(row, "Description"), area=_text(row, "AreaDescription"))
            for row in data
            if _text(row, "Ref") and _text(row, "Description")
        ]

    async def branches(self, page: int) -> Sequence[BranchFact]:
        data = await self._ask("Address", "getWarehouses", {"Page": str(page), "Limit": str(PAGE)}, repeat=True)
        return [_branch(row) for row in data if _text(row, "Ref") and _text(row, "CityRef")]

    async def price(self, ask: PriceAsk) -> Told:
        asked = {
            "CitySender": self._settings.sender.city_ref,
            "CityRecipient": ask.city_ref,
            "ServiceType": _service(ask.kind),
        }
        more = {"CargoType": "Parcel", "SeatsAmount": "1", "Cost": _hryvnias(ask.declared)}
        priced = {**asked, **more, "Weight": f"{ask.weight_g / 1000:.3f}"}
        prices = await self._ask("InternetDocument", "getDocumentPrice", priced, repeat=True)
        days = await self._ask("InternetDocument", "getDocumentDeliveryDate", asked, repeat=True)
        return Told(_kopiyky(_first(prices).get("Cost"), "Cost"), _delivery_day(_first(days).get("DeliveryDate")))

    async def make_waybill(self, ask: WaybillAsk) -> Waybill:
        if ask.kind is DeliveryKind.COURIER:
            receiver = courier_fields(ask)
        else:
            # Saving the same person again gives the same reference: the one write here that may be repeated.
            people = await self._ask("Counterparty", "save", receiver_fields(ask), repeat=True)
            person = _first(people)
            contacts = person.get("ContactPerson")
            contact = _first(contacts.get("data")) if isinstance(contacts, dict) else {}
            receiver = {
                "CityRecipient": ask.city_ref,
                "Recipient": _text(person, "Ref"),
                "RecipientAddress": ask.branch_ref,
                "ContactRecipient": _text(contact, "Ref"),
            }
        fields = waybill_fields(ask, self._settings.sender, clock.kyiv_today(), _service(ask.kind))
        data = await self._ask("InternetDocument", "save", {**fields, **receiver}, read=SAVE_SECONDS)
        return _waybill(_first(data))

    async def find_waybills(self, reference: str, day: date) -> Sequence[Waybill]:
        found: list[Waybill] = []
        asked = {"DateTimeFrom": f"{day:%d.%m.%Y}", "DateTimeTo": f"{clock.kyiv_today():%d.%m.%Y}", "GetFullList": "0"}
        page = 1
        while True:
            data = await self._ask("InternetDocument", "getDocumentList", {**asked, "Page": str(page)}, repeat=True)
            found += [_waybill(row) for row in data if _text(row, "InfoRegClientBarcodes") == reference]
            if len(data) < LISTED:
                return sorted(found, key=lambda one: one.number)
            page += 1

    async def delete_waybill(self, ref: str) -> None:
        try:
            await self._ask("InternetDocument", "delete", {"DocumentRefs": ref}, repeat=True)
        except CarrierRefused as refused:
            if refused.code not in GONE:
                raise

    async def label(self, ref: str) -> bytes:
        # The key stands in the address: it is fetched by us and passed on, never given to a browser.
        path = f"/orders/printMarking100x100/orders[]/{ref}/type/pdf/apiKey/{self._settings.api_key}/zebra"
        try:
            answer = await self._labels.call("GET", path, label="label", repeat=True, read=SAVE_SECONDS)
        except OutsideFailed as failure:
            raise CarrierFailed(failure.outcome.value) from None
        if not answer.content.startswith(b"%PDF-"):
            raise CarrierRefused("", "no label")
        return bytes(answer.content)

    async def track(self, numbers: Sequence[str]) -> Sequence[Reading]:
        documents = [{"DocumentNumber": number, "Phone": ""} for number in numbers]
        data = await self._ask("TrackingDocument", "getStatusDocuments", {"Documents": documents}, repeat=True)
        return [_reading(row) for row in data if _text(row, "Number")]

    async def _ask(
        self,
        model: str,
        method: str,
        properties: Mapping[str, object],
        *,
        repeat: bool = False,
        read: float | None = None,
    ) -> list[dict[str, Any]]:
        """The `data` of an answer that says yes. Raises CarrierFailed and CarrierRefused."""
        label = f"{model}.{method}"
        asked = {"apiKey": self._settings.api_key, "modelName": model, "calledMethod": method}
        body = {**asked, "methodProperties": properties}
        try:
            answer = await self._outside.ask(
                "POST", PATH, label=label, json=body, repeat=repeat, read=read, later=_is_busy
            )
        except OutsideFailed as failure:
            raise _failed(failure) from None
        return _data(answer)


def carrier(
    settings: NovaPoshta, transport: httpx2.AsyncBaseTransport | None
) -> tuple[NovaPoshtaCarrier, tuple[Outside, ...]]:
    """The adapter of a shop with a key, and what has to be closed with it."""
    base = settings.url.partition(PATH.rstrip("/"))[0]
    patience, secrets = Patience(connect=3.0, read=10.0), (settings.api_key,)
    outside = Outside(SERVICE, base, patience=patience, secrets=secrets, transport=transport)
    # Labels come from the site of the carrier's customers; a stand-in has both under one address.
    place = base.replace("//api.", "//my.", 1)
    labels = Outside(SERVICE, place, patience=patience, secrets=secrets, transport=transport)
    return NovaPoshtaCarrier(settings, outside, labels), (outside, labels)


def _failed(failure: OutsideFailed) -> CarrierFailed | CarrierRefused:
    if failure.status in {401, 403}:
        return CarrierRefused(str(failure.status), "the key is not accepted")
    outcome = "busy" if failure.status == 429 else failure.outcome.value
    return CarrierFailed(outcome, may_have_worked=failure.may_have_worked)


def _is_busy(answer: object) -> bool:
    """Whether an envelope says that there were too many requests."""
    return isinstance(answer, dict) and answer.get("success") is not True and _complaint(answer)[0] == BUSY


def _data(answer: object) -> list[dict[str, Any]]:
    """The rows of an envelope. Raises CarrierRefused for a no, CarrierFailed for what is no envelope."""
    if not isinstance(answer, dict) or "success" not in answer:
        raise CarrierFailed("malformed", may_have_worked=True)
    if answer["success"] is not True:
        raise CarrierRefused(*_complaint(answer))
    data = answer.get("data")
    return [row for row in data if isinstance(row, dict)] if isinstance(data, list) else []


def _complaint(answer: Mapping[str, Any]) -> tuple[str, str]:
    """The first error's code and text, which may stand apart or together as {"ID_<code>": text}."""
    errors, codes = answer.get("errors"), answer.get("errorCodes")
    first: object = errors[0] if isinstance(errors, list) and errors else ""
    code = str(codes[0]) if isinstance(codes, list) and codes else ""
    if isinstance(first, dict) and first:
        name, text = next(iter(first.items()))
        return code or re.sub(r"\D", "", str(name)), str(text)
    return code, str(first or "")


def _first(data: object) -> dict[str, Any]:
    if isinstance(data, list) and data and isinstance(data[0], dict):
        return data[0]
    raise CarrierFailed("malformed", may_have_worked=True)


def _text(row: Mapping[str, Any], name: str) -> str:
    """A field as text: the carrier writes nothing as "", null or false."""
    value = row.get(name)
    return "" if value is None or value is False else str(value).strip()


def _number(value: object) -> Decimal | None:
    try:
        return Decimal(str(value).replace(",", ".").strip() or "x")
    except InvalidOperation:
        return None


def _kopiyky(value: object, name: str) -> int:
    found = _number(value)
    if found is None or not found.is_finite() or found < 0:
        raise CarrierFailed(f"malformed {name}", may_have_worked=True)
    return int(found * 100)


def _whole(value: object) -> int:
    found = _number(value)
    return max(0, int(found)) if found is not None and found.is_finite() else 0


def _hryvnias(amount: int) -> str:
    """Whole hryvnias, upwards: what is declared is at least what it is worth."""
    return str(-(-amount // 100))


def _service(kind: DeliveryKind) -> str:
    return "WarehouseDoors" if kind is DeliveryKind.COURIER else "WarehouseWarehouse"


def _branch(row: Mapping[str, Any]) -> BranchFact:
    sizes = row.get("ReceivingLimitationsOnDimensions")
    sides = sizes if isinstance(sizes, dict) else {}
    weights = [_whole(row.get(name)) for name in ("PlaceMaxWeightAllowed", "TotalMaxWeightAllowed")]
    return BranchFact(
        ref=_text(row, "Ref"),
        city_ref=_text(row, "CityRef"),
        number=_whole(row.get("Number")),
        name=_text(row, "Description"),
        locker=_text(row, "TypeOfWarehouse") in LOCKER_TYPES or _text(row, "CategoryOfWarehouse") == "Postomat",
        max_weight_g=1000 * min((weight for weight in weights if weight), default=0),
        width_cm=_whole(sides.get("Width")),
        length_cm=_whole(sides.get("Length")),
        height_cm=_whole(sides.get("Height")),
        cash=_text(row, "PostFinance") != "0",
        open=_text(row, "WarehouseStatus") in {"", "Working"} and _text(row, "DenyToSelect") != "1",
    )


def _waybill(row: Mapping[str, Any]) -> Waybill:
    ref, number = _text(row, "Ref"), _text(row, "IntDocNumber")
    if not ref or not number:
        raise CarrierFailed("malformed", may_have_worked=True)
    cost = _number(row.get("CostOnSite"))
    moment = _moment(_text(row, "EstimatedDeliveryDate"))
    day = moment.astimezone(clock.KYIV).date() if moment else None
    return Waybill(ref, number, int(cost * 100) if cost is not None and cost.is_finite() else 0, day)


def _delivery_day(told: object) -> date | None:
    moment = _moment(_text(told, "date")) if isinstance(told, dict) else None
    return moment.astimezone(clock.KYIV).date() if moment else None


def _moment(text: str) -> datetime | None:
    """A moment in any of the ways in which one answer writes them, all of them Kyiv time; None for anything else."""
    bare = _FRACTION.sub("", text)
    for form in _MOMENTS:
        try:
            moment = datetime.strptime(bare, form).replace(tzinfo=clock.KYIV)
        except ValueError:
            continue
        # "0001-01-01" is one more way of saying nothing.
        return moment.astimezone(UTC) if moment.year > EARLIEST else None
    return None


def _reading(row: Mapping[str, Any]) -> Reading:
    said = ("RecipientDateTime", "ActualDeliveryDate", "TrackingUpdateDate", "DateScan", "DateCreated")
    moments = (_moment(_text(row, name)) for name in said)
    due = _moment(_text(row, "ScheduledDeliveryDate"))
    return Reading(
        number=_text(row, "Number"),
        code=_text(row, "StatusCode"),
        text=_text(row, "Status"),
        told_at=next((moment for moment in moments if moment), None),
        day=due.astimezone(clock.KYIV).date() if due else None,
        back=_text(row, "LastCreatedOnTheBasisNumber"),
    )
