"""Nova Poshta."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tests.sandbox.shapes.base import Digits, Json, Shape, Uuid

Trouble = str | Annotated[dict[Annotated[str, Field(pattern=r"^ID_\d+$")], str], Field(min_length=1, max_length=1)]


class Info(Shape):
    totalCount: int


class Envelope(Shape):
    success: bool
    data: list[Json]
    errors: list[Trouble]
    warnings: list[Trouble]
    info: Annotated[list[Any], Field(max_length=0)] | Info
    messageCodes: list[Digits]
    errorCodes: list[Digits]
    warningCodes: list[Digits]
    infoCodes: list[Digits]


class Referred(Shape):
    """What the carrier knows by a reference."""

    Ref: Uuid


class Named(Referred):
    Description: str


class City(Named):
    DescriptionRu: str
    Area: Uuid
    AreaDescription: str
    CityID: Digits
    SettlementTypeDescription: str
    Delivery1: Literal["0", "1"]


class Sides(Shape):
    Width: int
    Height: int
    Length: int


class Warehouse(Named):
    Number: Digits
    ShortAddress: str
    TypeOfWarehouse: Uuid
    CategoryOfWarehouse: Literal["Branch", "Postomat"]
    CityRef: Uuid
    CityDescription: str
    SettlementRef: Uuid
    Latitude: str
    Longitude: str
    PlaceMaxWeightAllowed: Digits
    TotalMaxWeightAllowed: Digits
    ReceivingLimitationsOnDimensions: Sides
    Schedule: dict[str, str]
    WarehouseStatus: Literal["Working", "NotWorking"]
    DenyToSelect: Literal["0", "1"]
    PostFinance: Literal["0", "1"]
    WarehouseIndex: Annotated[str, Field(pattern=r"^\d+/\d+$")]


class WarehouseType(Named):
    DescriptionRu: str


class Settlement(Shape):
    Present: str
    Warehouses: int
    MainDescription: str
    Area: str
    Region: str
    SettlementTypeCode: str
    Ref: Uuid
    DeliveryCity: Uuid
    AddressDeliveryAllowed: bool
    StreetsAvailability: bool
    ParentRegionTypes: str
    ParentRegionCode: str
    RegionTypes: str
    RegionTypesCode: str


class Found(Shape):
    TotalCount: int


class Settlements(Found):
    Addresses: list[Settlement]


class Place(Shape):
    lat: float
    lon: float


class FoundStreet(Shape):
    SettlementRef: Uuid
    SettlementStreetRef: Uuid
    SettlementStreetDescription: str
    SettlementStreetDescriptionRu: str
    Present: str
    StreetsType: Uuid
    StreetsTypeDescription: str
    Location: Place


class FoundStreets(Found):
    Addresses: list[FoundStreet]


class Street(Named):
    StreetsTypeRef: Uuid
    StreetsType: str


class Counterparty(Named):
    CounterpartyType: Literal["PrivatePerson", "Organization"]
    City: Uuid


class Contact(Named):
    Phones: Digits
    LastName: str = ""
    FirstName: str = ""
    MiddleName: str = ""


class SenderPlace(Named):
    CityRef: Uuid
    CityDescription: str


class Options(Shape):
    CanPayTheThirdPerson: bool
    CanAfterpaymentOnGoodsCost: bool
    CanNonCashPayment: bool
    CanCreditDocuments: bool
    HideDeliveryCost: bool


class SavedCounterparty(Referred):
    Counterparty: str
    ContactPerson: Envelope


class Price(Shape):
    AssessedCost: int | float
    Cost: int | float
    CostRedelivery: int | float
    CostPack: int | float
    TZoneInfo: Json


class PhpDate(Shape):
    date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$")]
    timezone_type: int
    timezone: Literal["Europe/Kiev"]


class DeliveryDay(Shape):
    DeliveryDate: PhpDate


class Document(Referred):
    CostOnSite: int | float
    EstimatedDeliveryDate: Annotated[str, Field(pattern=r"^\d\d\.\d\d\.\d{4}$")]
    IntDocNumber: Annotated[str, Field(pattern=r"^\d{14}$")]
    TypeDocument: Literal["InternetDocument"]


class ListedDocument(Document):
    Cost: Digits
    DateTime: str
    InfoRegClientBarcodes: str
    StateId: Digits


class Unknown(Shape):
    """A parcel that nobody knows."""

    Number: Digits
    StatusCode: Literal["3"]
    Status: str
    DateCreated: Literal[False] | str


Bare = Literal["", False]
"""Nothing, in either of the ways in which the carrier says it."""
DashedMoment = Annotated[str, Field(pattern=r"^\d\d-\d\d-\d{4} \d\d:\d\d:\d\d$")]
IsoMoment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")]
ScanMoment = Annotated[str, Field(pattern=r"^\d\d:\d\d \d\d\.\d\d\.\d{4}$")]
DottedMoment = Annotated[str, Field(pattern=r"^\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d$")]
IsoDay = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
Sum = Annotated[str, Field(pattern=r"^\d+([.,]\d+)?$")]


class Tracked(Shape):
    Number: Annotated[str, Field(pattern=r"^\d{14}$")]
    StatusCode: Literal[
        "1", "2", "4", "41", "5", "6", "7", "8", "9", "10", "11", "12", "101", "102", "103", "104", "105", "106",
        "111", "112",
    ]  # fmt: skip
    Status: str
    DateCreated: DashedMoment
    DateScan: ScanMoment
    TrackingUpdateDate: IsoMoment
    ScheduledDeliveryDate: DashedMoment
    ActualDeliveryDate: IsoMoment | Bare
    RecipientDateTime: DottedMoment | Bare
    DateFirstDayStorage: IsoDay | Bare
    DocumentWeight: Sum | float
    FactualWeight: Sum | float
    DocumentCost: Sum
    AfterpaymentOnGoodsCost: Sum | Bare
    RedeliverySum: Sum | Bare
    AmountToPay: Sum | Bare
    AmountPaid: Sum | Bare
    PaymentStatus: str
    LastTransactionStatusGM: str
    LastAmountTransferGM: Sum | Bare
    WarehouseRecipient: str
    WarehouseRecipientNumber: int | Bare
    WarehouseRecipientRef: Uuid | Bare
    CategoryOfWarehouse: str
    LastCreatedOnTheBasisNumber: str
    ClientBarcode: str
    PossibilityCreateReturn: bool
    PossibilityCreateRefusal: bool
    PossibilityChangeEW: bool
    PossibilityCreateRedirecting: bool


class Code(Shape):
    MessageCode: Digits
    MessageText: str
    MessageDescriptionEN: str
    MessageDescriptionRU: str
    MessageDescriptionUA: str
