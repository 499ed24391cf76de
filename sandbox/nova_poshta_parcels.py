"""Parcels of the stand-in carrier: they travel on a clock, and a person may push them on, refuse or lose them."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from sandbox.nova_poshta_directory import directory

KYIV: Final = ZoneInfo("Europe/Kyiv")
STEP: Final = timedelta(seconds=45)
"""How long a parcel stays where it is, while nobody pushes it."""
TEXTS: Final = {
    "1": "Відправник самостійно створив цю накладну, але ще не надав до відправки",
    "2": "Видалено",
    "3": "Номер не знайдено",
    "5": "Відправлення прямує до міста одержувача",
    "7": "Прибув на відділення",
    "8": "Прибув на відділення (завантажено в Поштомат)",
    "9": "Відправлення отримано",
    "10": "Відправлення отримано. Протягом доби ви одержите SMS-повідомлення про надходження грошового переказу",
    "11": "Відправлення отримано. Грошовий переказ видано одержувачу",
    "102": "Відмова від отримання (Відправником створено замовлення на повернення)",
    "103": "Відмова одержувача (отримувач відмовився від відправлення)",
    "105": "Припинено зберігання",
}
LAST: Final = frozenset({"2", "3", "9", "11", "102", "103", "105"})


@dataclass
class Document:
    """A waybill. `path` are the codes that it goes through, `at` where on it the parcel is since `since`."""

    ref: str
    number: str
    made_at: datetime
    asked: dict[str, Any] = field(repr=False)
    path: tuple[str, ...]
    since: datetime
    at: int = 0
    back: str = ""
    own: str | None = None

    @property
    def code(self) -> str:
        """The code it stands at."""
        return self.own or self.path[self.at]


class Depot:
    """All parcels. `now` gives the moment; numbers begin after `first`."""

    def __init__(self, now: Callable[[], datetime], first: int = 0) -> None:
        self.now = now
        self.documents: dict[str, Document] = {}
        self._last = first

    def dump(self) -> dict[str, Any]:
        """Every parcel, as JSON."""
        return {"last": self._last, "documents": [asdict(one) for one in self.documents.values()]}

    def load(self, told: dict[str, Any]) -> None:
        """The parcels of a depot before this one. Raises KeyError, TypeError, ValueError."""
        read = [_read(one) for one in told["documents"]]
        self._last = max(self._last, int(told["last"]))
        self.documents = {one.number: one for one in read}

    def make(self, asked: dict[str, Any], *, locker: bool, cash: bool) -> Document:
        """A new waybill. The same wish makes another one: the carrier knows no repeats."""
        path = ("1", "5", "8" if locker else "7", *(("10", "11") if cash else ("9",)))
        return self._add(asked, path)

    def _add(self, asked: dict[str, Any], path: tuple[str, ...]) -> Document:
        self._last += 1
        number, now = f"20450{self._last:09d}", self.now()
        made = Document(f"d0c00000-0000-4000-8000-{self._last:012d}", number, now, asked, path, now)
        self.documents[number] = made
        return made

    def find(self, name: str) -> Document | None:
        """A document by its number or reference, moved on by the clock."""
        found = self.documents.get(name) or next((one for one in self.documents.values() if one.ref == name), None)
        if found:
            self._travel(found)
        return found

    def all(self) -> list[Document]:
        """Every document, moved on by the clock; the newest first."""
        for one in list(self.documents.values()):
            self._travel(one)
        return list(self.documents.values())[::-1]

    def _travel(self, one: Document) -> None:
        while one.own is None and one.code not in LAST and self.now() - one.since >= STEP:
            one.at, one.since = one.at + 1, one.since + STEP

    def push(self, number: str, move: str) -> bool:
        """Move a parcel by hand: next, refuse, return, lose; whether there was anything to move."""
        one = self.find(number)
        if one is None or one.code in LAST:
            return False
        one.since = self.now()
        if move == "next":
            one.at += 1
        elif move in {"refuse", "return"}:
            one.own = "103" if move == "refuse" else "102"
            one.back = self._add({"Back": number}, ("5", "7", "9")).number
        elif move == "lose":
            one.own = "3"
        return True

    def remove(self, name: str) -> bool:
        """Delete a waybill that was not handed over; whether it could be."""
        one = self.find(name)
        if one is None or one.code != "1":
            return False
        one.own = "2"
        return True


def _read(told: dict[str, Any]) -> Document:
    moments = {name: datetime.fromisoformat(told[name]) for name in ("made_at", "since")}
    return Document(**{**told, **moments, "path": tuple(told["path"])})


def status(one: Document) -> dict[str, Any]:
    """A parcel as tracking tells it: five ways of writing a moment, numbers as texts or not, nothing as "" or false."""
    made, since = one.made_at.astimezone(KYIV), one.since.astimezone(KYIV)
    asked = one.asked
    cash = asked.get("AfterpaymentOnGoodsCost") or _money(asked)
    received = one.code in {"9", "10", "11"}
    return {
        "Number": one.number,
        "StatusCode": one.code,
        "Status": TEXTS.get(one.code, ""),
        "DateCreated": f"{made:%d-%m-%Y %H:%M:%S}",
        "DateScan": f"{since:%H:%M %d.%m.%Y}",
        "TrackingUpdateDate": f"{since:%Y-%m-%d %H:%M:%S}",
        "ScheduledDeliveryDate": f"{made + timedelta(days=1):%d-%m-%Y %H:%M:%S}",
        "ActualDeliveryDate": f"{since:%Y-%m-%d %H:%M:%S}" if received or one.code in {"7", "8"} else "",
        "RecipientDateTime": f"{since:%d.%m.%Y %H:%M:%S}" if received else "",
        "DateFirstDayStorage": f"{since + timedelta(days=5):%Y-%m-%d}" if one.code in {"7", "8"} else "",
        "DocumentWeight": asked.get("Weight", "0.5").replace(".", ","),
        "FactualWeight": 0.5,
        "DocumentCost": "70",
        "AfterpaymentOnGoodsCost": cash or "",
        "RedeliverySum": cash or False,
        "AmountToPay": cash or "",
        "AmountPaid": cash if cash and received else "",
        "PaymentStatus": "PAYED" if cash and received else "",
        "LastTransactionStatusGM": "Done" if one.code == "11" else "",
        "LastAmountTransferGM": f"{float(cash):.3f}" if cash and one.code == "11" else "",
        **_receiver(asked),
        "LastCreatedOnTheBasisNumber": one.back,
        "ClientBarcode": asked.get("InfoRegClientBarcodes", ""),
        "PossibilityCreateReturn": False,
        "PossibilityCreateRefusal": one.code in {"7", "8"},
        "PossibilityChangeEW": one.code == "1",
        "PossibilityCreateRedirecting": False,
    }


def _receiver(asked: dict[str, Any]) -> dict[str, Any]:
    point = directory().point_of.get(str(asked.get("RecipientAddress")))
    if point is None:
        return {
            "WarehouseRecipient": "",
            "WarehouseRecipientNumber": "",
            "WarehouseRecipientRef": "",
            "CategoryOfWarehouse": "",
        }
    return {
        "WarehouseRecipient": point["Description"],
        "WarehouseRecipientNumber": int(point["Number"]),
        "WarehouseRecipientRef": point["Ref"],
        "CategoryOfWarehouse": point["CategoryOfWarehouse"],
    }


def _money(asked: dict[str, Any]) -> str:
    back = asked.get("BackwardDeliveryData") or []
    return str(back[0].get("RedeliveryString", "")) if back else ""
