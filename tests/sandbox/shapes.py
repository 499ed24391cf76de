"""The documented shapes of what the services answer, written from their documents (integrations.md names them).

Nothing but what is listed may be there; what has a default here may be missing, but is never null. An answer that fits
is read; one that does not raises pydantic's ValidationError.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Json = dict[str, Any]


def _moment(text: str) -> str:
    assert datetime.fromisoformat(text).tzinfo is not None, text
    return text


Moment = Annotated[str, AfterValidator(_moment)]
"""RFC 3339 with a zone."""
Digits = Annotated[str, Field(pattern=r"^\d+$")]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


# Monobank acquiring


class BankError(Shape):
    errCode: Literal[
        "BAD_REQUEST", "1001", "INVALID_MERCHANT_PAYM_INFO", "ORDER_IN_PROGRESS", "HOLD_INVOICE_NOT_FINALIZED",
        "WRONG_CANCEL_AMOUNT", "TOKEN_NOT_FOUND", "FORBIDDEN", "NOT_FOUND", "1004", "METHOD_NOT_ALLOWED", "TMR",
        "INTERNAL_ERROR", "CANCEL_NOT_AVAILABLE",
    ]  # fmt: skip
    errText: str


BANK_STATUSES = {
    "BAD_REQUEST": 400, "INVALID_MERCHANT_PAYM_INFO": 400, "ORDER_IN_PROGRESS": 400, "HOLD_INVOICE_NOT_FINALIZED": 400,
    "WRONG_CANCEL_AMOUNT": 400, "FORBIDDEN": 403, "NOT_FOUND": 404, "METHOD_NOT_ALLOWED": 405, "TMR": 429,
    "INTERNAL_ERROR": 500, "CANCEL_NOT_AVAILABLE": 500,
}  # fmt: skip


class Nothing(Shape):
    """An empty object."""


class InvoiceMade(Shape):
    invoiceId: str
    pageUrl: str
    appUrl: str = ""


class Cancelled(Shape):
    status: Literal["processing", "success", "failure"]
    createdDate: Moment
    modifiedDate: Moment


class CancelEntry(Cancelled):
    amount: int = 0
    ccy: int = 0
    approvalCode: str = ""
    rrn: str = ""
    extRef: str = ""


class PaymentInfo(Shape):
    maskedPan: Annotated[str, Field(pattern=r"^\d{6,8}\*+\d{2,4}$")]
    terminal: str
    paymentSystem: Literal["visa", "mastercard"]
    paymentMethod: Literal["pan", "apple", "google", "monobank", "wallet", "direct"]
    approvalCode: str = ""
    rrn: str = ""
    tranId: str = ""
    bank: str = ""
    country: str = ""
    fee: int = 0
    agentFee: int = 0


class InvoiceState(Shape):
    invoiceId: str
    status: Literal["created", "processing", "hold", "success", "failure", "reversed", "expired"]
    amount: int
    ccy: int
    finalAmount: int = 0
    createdDate: Moment = ""
    modifiedDate: Moment = ""
    reference: str = ""
    destination: str = ""
    errCode: Digits = ""
    failureReason: str = ""
    paymentInfo: PaymentInfo | None = Field(default=None)
    cancelList: list[CancelEntry] = Field(default=[])


class Finalized(Shape):
    status: Literal["success"]


class Receipt(Shape):
    file: str = ""


class FiscalCheck(Shape):
    id: str
    type: Literal["sale", "return"]
    status: Literal["new", "process", "done", "failed"]
    fiscalizationSource: Literal["checkbox", "monopay", "vchasnokasa"]
    statusDescription: str = ""
    taxUrl: str = ""
    file: str = ""


class FiscalChecks(Shape):
    checks: list[FiscalCheck]


class BankKey(Shape):
    key: str


class Merchant(Shape):
    merchantId: str
    merchantName: str
    edrpou: str


class StatementCancel(Shape):
    amount: int
    ccy: int
    date: Moment
    maskedPan: str
    approvalCode: str = ""
    rrn: str = ""
    extRef: str = ""


class StatementLine(Shape):
    invoiceId: str
    status: Literal["hold", "processing", "success", "failure"]
    maskedPan: str
    date: Moment
    amount: int
    ccy: int
    paymentScheme: Literal["full", "bnpl_parts_4", "bnpl_later_30"]
    profitAmount: int = 0
    reference: str = ""
    destination: str = ""
    approvalCode: str = ""
    rrn: str = ""
    shortQrId: str = ""
    cancelList: list[StatementCancel] = Field(default=[])


Lines = list[StatementLine]


class Statement(Shape):
    list: Lines


# Nova Poshta

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


class City(Shape):
    Ref: Uuid
    Description: str
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


class Warehouse(Shape):
    Ref: Uuid
    Number: Digits
    Description: str
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


class WarehouseType(Shape):
    Ref: Uuid
    Description: str
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


class Settlements(Shape):
    TotalCount: int
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


class FoundStreets(Shape):
    TotalCount: int
    Addresses: list[FoundStreet]


class Street(Shape):
    Ref: Uuid
    Description: str
    StreetsTypeRef: Uuid
    StreetsType: str


class Counterparty(Shape):
    Ref: Uuid
    Description: str
    CounterpartyType: Literal["PrivatePerson", "Organization"]
    City: Uuid


class Contact(Shape):
    Ref: Uuid
    Description: str
    Phones: Digits
    LastName: str = ""
    FirstName: str = ""
    MiddleName: str = ""


class SenderPlace(Shape):
    Ref: Uuid
    Description: str
    CityRef: Uuid
    CityDescription: str


class Options(Shape):
    CanPayTheThirdPerson: bool
    CanAfterpaymentOnGoodsCost: bool
    CanNonCashPayment: bool
    CanCreditDocuments: bool
    HideDeliveryCost: bool


class SavedCounterparty(Shape):
    Ref: Uuid
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


class Document(Shape):
    Ref: Uuid
    CostOnSite: int | float
    EstimatedDeliveryDate: Annotated[str, Field(pattern=r"^\d\d\.\d\d\.\d{4}$")]
    IntDocNumber: Annotated[str, Field(pattern=r"^\d{14}$")]
    TypeDocument: Literal["InternetDocument"]


class ListedDocument(Document):
    Cost: Digits
    DateTime: str
    InfoRegClientBarcodes: str
    StateId: Digits


class Deleted(Shape):
    Ref: Uuid


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


# Telegram


class Advice(Shape):
    retry_after: int = 0
    migrate_to_chat_id: int = 0


class BotError(Shape):
    ok: Literal[False]
    error_code: int
    description: str
    parameters: Advice | None = Field(default=None)


class User(Shape):
    id: int
    is_bot: bool
    first_name: str
    username: str = ""
    language_code: str = ""


class Chat(Shape):
    id: int
    type: Literal["private", "group", "supergroup", "channel"]
    title: str = ""
    first_name: str = ""


class Entity(Shape):
    type: str
    offset: int
    length: int


class File(Shape):
    file_id: str
    file_unique_id: str
    file_name: str = ""


class InlineButton(Shape):
    text: str
    callback_data: str = ""
    url: str = ""


class Keyboard(Shape):
    inline_keyboard: list[list[InlineButton]]


class BotMessage(Shape):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)
    message_id: int
    sender: User = Field(alias="from")
    chat: Chat
    date: int
    edit_date: int = 0
    text: str = ""
    entities: list[Entity] = Field(default=[])
    document: File | None = Field(default=None)
    caption: str = ""
    reply_markup: Keyboard | None = Field(default=None)


class Press(Shape):
    id: str
    sender: User = Field(alias="from")
    message: BotMessage
    chat_instance: str
    data: str


class Member(Shape):
    user: User
    status: Literal["member", "kicked"]
    until_date: int = 0


class Membership(Shape):
    chat: Chat
    sender: User = Field(alias="from")
    date: int
    old_chat_member: Member
    new_chat_member: Member


class Update(Shape):
    update_id: int
    message: BotMessage | None = Field(default=None)
    callback_query: Press | None = Field(default=None)
    my_chat_member: Membership | None = Field(default=None)


# OpenID Connect


class Discovery(Shape):
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    response_types_supported: list[Literal["code"]]
    grant_types_supported: list[Literal["authorization_code"]]
    subject_types_supported: list[Literal["public"]]
    id_token_signing_alg_values_supported: list[Literal["RS256"]]
    scopes_supported: list[str]
    token_endpoint_auth_methods_supported: list[Literal["client_secret_post", "client_secret_basic"]]
    code_challenge_methods_supported: list[Literal["S256"]]
    authorization_response_iss_parameter_supported: bool


class Key(Shape):
    """A public key: no private part of it may be there."""

    kty: Literal["RSA"]
    kid: str
    use: Literal["sig"]
    alg: Literal["RS256"]
    n: str
    e: str


class Keys(Shape):
    keys: Annotated[list[Key], Field(min_length=1)]


class Tokens(Shape):
    access_token: str
    expires_in: int
    scope: str
    token_type: Literal["Bearer"]
    id_token: str


class OAuthError(Shape):
    error: Literal[
        "invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
        "invalid_scope", "access_denied", "server_error", "temporarily_unavailable",
    ]  # fmt: skip


# OpenAI


class ModelErrorBody(Shape):
    message: str
    type: str
    param: str | None
    code: str | None


class ModelError(Shape):
    error: ModelErrorBody


class OutputText(Shape):
    type: Literal["output_text"]
    text: str
    annotations: list[Any]
    logprobs: list[Any]


class Refusal(Shape):
    type: Literal["refusal"]
    refusal: str


class OutputMessage(Shape):
    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    status: Literal["completed", "incomplete", "in_progress"]
    content: list[OutputText | Refusal]


class Incomplete(Shape):
    reason: Literal["max_output_tokens", "content_filter"]


class Cached(Shape):
    cached_tokens: int


class Reasoned(Shape):
    reasoning_tokens: int


class Usage(Shape):
    input_tokens: int
    input_tokens_details: Cached
    output_tokens: int
    output_tokens_details: Reasoned
    total_tokens: int


class Response(Shape):
    id: Annotated[str, Field(pattern="^resp_")]
    object: Literal["response"]
    created_at: int
    status: Literal["completed", "incomplete", "failed"]
    error: None
    incomplete_details: Incomplete | None
    instructions: str | None
    max_output_tokens: int | None
    metadata: dict[str, str]
    model: str
    output: list[OutputMessage]
    parallel_tool_calls: bool
    previous_response_id: None
    reasoning: Json
    store: bool
    temperature: float
    text: Json
    tool_choice: Literal["auto"]
    tools: list[Any]
    top_p: float
    truncation: Literal["disabled", "auto"]
    usage: Usage


class Model(Shape):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(Shape):
    object: Literal["list"]
    data: list[Model]
