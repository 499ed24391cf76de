"""Settings of the services outside: tokens and addresses, one frozen group for each service.

A service without its token is not connected, and what needs it says so; only half of what a service needs is an error.
Addresses may be changed to those of the stand-ins (sandbox/), which production refuses.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from commerce_api.foundation.kit.email import normalize_email
from commerce_api.foundation.kit.reading import Reader, flag, text, whole

MONOBANK_API: Final = "https://api.monobank.ua"
MONOBANK_PAGE: Final = "https://pay.mbnk.biz"
"""Where the bank shows its payment page: the target of a form, named in the Content-Security-Policy."""
NOVA_POSHTA_API: Final = "https://api.novaposhta.ua/v2.0/json/"
TELEGRAM_API: Final = "https://api.telegram.org"
TELEGRAM_ISSUER: Final = "https://oauth.telegram.org"
GOOGLE_ISSUER: Final = "https://accounts.google.com"
OPENAI_API: Final = "https://api.openai.com/v1"
OPENAI_MODEL: Final = "gpt-5.4-mini"

SHORTEST_SECRET: Final = 24
_SECRET: Final = re.compile(rf"[A-Za-z0-9_-]{{{SHORTEST_SECRET},256}}")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Monobank:
    """The bank that takes payments."""

    token: str = field(default="", repr=False)
    url: str = MONOBANK_API

    @property
    def page_origin(self) -> str:
        """The origin of the page on which people pay: the stand-in shows its own."""
        if self.url == MONOBANK_API:
            return MONOBANK_PAGE
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands parcels to the carrier: references of the carrier's own directory, and a phone."""

    city_ref: str = ""
    ref: str = ""
    contact_ref: str = ""
    address_ref: str = ""
    phone: str = field(default="", repr=False)

    @property
    def known(self) -> bool:
        """Whether everything is there that a waybill needs."""
        return all((self.city_ref, self.ref, self.contact_ref, self.address_ref, self.phone))


@dataclass(frozen=True, slots=True)
class NovaPoshta:
    """The carrier."""

    api_key: str = field(default="", repr=False)
    url: str = NOVA_POSHTA_API
    sender: Sender = Sender()


@dataclass(frozen=True, slots=True)
class Telegram:
    """The bot, the staff's chat, and sign-in by Telegram."""

    bot_token: str = field(default="", repr=False)
    url: str = TELEGRAM_API
    webhook_secret: str = field(default="", repr=False)
    staff_chat_id: int | None = None
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    issuer: str = TELEGRAM_ISSUER


@dataclass(frozen=True, slots=True)
class Google:
    """Sign-in by Google."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    issuer: str = GOOGLE_ISSUER


@dataclass(frozen=True, slots=True)
class OpenAI:
    """Texts written by a model; `enabled` is the owner's word that they are wanted."""

    api_key: str = field(default="", repr=False)
    base_url: str = OPENAI_API
    model: str = OPENAI_MODEL
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The server that takes our letters, and who writes them."""

    smtp_url: str = field(default="", repr=False)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """What the shop may know about the services outside."""

    monobank: Monobank = Monobank()
    nova_poshta: NovaPoshta = NovaPoshta()
    telegram: Telegram = Telegram()
    google: Google = Google()
    openai: OpenAI = OpenAI()
    mail: MailSettings = MailSettings()

    @property
    def not_connected(self) -> tuple[str, ...]:
        """What the shop does without because its service has no token, in words for whoever starts it."""
        wanted = {
            "online payment (MONOBANK_TOKEN)": self.monobank.token,
            "parcels of Nova Poshta (NOVA_POSHTA_API_KEY)": self.nova_poshta.api_key,
            "Telegram (TELEGRAM_BOT_TOKEN)": self.telegram.bot_token,
            "sign-in by Google (GOOGLE_CLIENT_ID)": self.google.client_id,
            "sign-in by Telegram (TELEGRAM_CLIENT_ID)": self.telegram.client_id,
            "letters (SMTP_URL)": self.mail.smtp_url,
        }
        return tuple(name for name, token in wanted.items() if not token)


class _OutsideReader:
    """Reads addresses and pairs with the strictness of the environment."""

    def __init__(self, reader: Reader, env: str) -> None:
        self.reader = reader
        self.production = env == "production"

    def text(self, name: str) -> str:
        return self.reader.read(name, "", text, "a value")

    def address(self, name: str, default: str) -> str:
        """An http address. In production https only: tokens travel there, and a stand-in is no bank."""
        url = self.reader.read(name, default, text, "an address")
        try:
            parts = urlsplit(url)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
            local = parts.hostname in _LOOPBACK
        except ValueError:
            sound = local = False
        if not sound:
            self.reader.problems.append(f"{name} should be an address such as {default}")
        elif self.production and (parts.scheme != "https" or local):
            self.reader.problems.append(f"{name} should begin with https:// and lead outside in production")
        elif parts.scheme == "http" and not local:
            self.reader.problems.append(f"{name} should begin with https://: a token in the clear is given away")
        return url.rstrip("/") if not default.endswith("/") else url

    def pair(self, first: str, second: str) -> tuple[str, str]:
        """Two values that mean nothing without each other."""
        left, right = self.text(first), self.text(second)
        if bool(left) != bool(right):
            missing, given = (second, first) if left else (first, second)
            self.reader.problems.append(f"{missing} is missing: {given} does nothing without it")
        return left, right


def _telegram(read: _OutsideReader) -> Telegram:
    token, secret = read.text("TELEGRAM_BOT_TOKEN"), read.text("TELEGRAM_WEBHOOK_SECRET")
    if token and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", token):
        read.reader.problems.append(
            "TELEGRAM_BOT_TOKEN should be a number, a colon and letters, as the bot's maker says"
        )
    if secret and not _SECRET.fullmatch(secret):
        read.reader.problems.append(
            f"TELEGRAM_WEBHOOK_SECRET should be {SHORTEST_SECRET} to 256 letters, digits, _ and -"
        )
    elif token and not secret and read.production:
        # Without it anybody could speak to the webhook as if they were Telegram.
        read.reader.problems.append("TELEGRAM_WEBHOOK_SECRET is missing: TELEGRAM_BOT_TOKEN is not used without it")
    client_id, client_secret = read.pair("TELEGRAM_CLIENT_ID", "TELEGRAM_CLIENT_SECRET")
    nobody: int | None = None
    return Telegram(
        bot_token=token,
        url=read.address("TELEGRAM_API_URL", TELEGRAM_API),
        webhook_secret=secret,
        staff_chat_id=read.reader.read("TELEGRAM_STAFF_CHAT_ID", nobody, whole, "the whole number of a chat"),
        client_id=client_id,
        client_secret=client_secret,
        issuer=read.address("TELEGRAM_ISSUER", TELEGRAM_ISSUER),
    )


def _nova_poshta(read: _OutsideReader) -> NovaPoshta:
    sender = Sender(
        city_ref=read.text("NOVA_POSHTA_SENDER_CITY_REF"),
        ref=read.text("NOVA_POSHTA_SENDER_REF"),
        contact_ref=read.text("NOVA_POSHTA_SENDER_CONTACT_REF"),
        address_ref=read.text("NOVA_POSHTA_SENDER_ADDRESS_REF"),
        phone=read.text("NOVA_POSHTA_SENDER_PHONE"),
    )
    if sender != Sender() and not sender.known:
        read.reader.problems.append(
            "NOVA_POSHTA_SENDER_* should be all five or none: CITY_REF, REF, CONTACT_REF, ADDRESS_REF, PHONE"
        )
    return NovaPoshta(read.text("NOVA_POSHTA_API_KEY"), read.address("NOVA_POSHTA_API_URL", NOVA_POSHTA_API), sender)


def _openai(read: _OutsideReader) -> OpenAI:
    made = OpenAI(
        api_key=read.text("OPENAI_API_KEY"),
        base_url=read.address("OPENAI_BASE_URL", OPENAI_API),
        model=read.reader.read("OPENAI_MODEL", OPENAI_MODEL, text, "the name of a model"),
        enabled=read.reader.read("TWOCOMMS_AI_ENABLED", False, flag, "on or off"),
    )
    if made.enabled and not made.api_key and read.production:
        read.reader.problems.append("OPENAI_API_KEY is missing: TWOCOMMS_AI_ENABLED is on")
    return made


def _mail(read: _OutsideReader) -> MailSettings:
    url, sender = read.text("SMTP_URL"), read.text("TWOCOMMS_MAIL_FROM")
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"smtp", "smtps", "smtp+starttls"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if url and not sound:
        read.reader.problems.append(
            "SMTP_URL should be such as smtps://user:password@mail.example:465, smtp+starttls://... or smtp://..."
        )
    elif url and parts.scheme == "smtp" and parts.hostname not in _LOOPBACK and (parts.password or read.production):
        read.reader.problems.append("SMTP_URL should begin with smtps:// or smtp+starttls://: letters carry links")
    if sender and normalize_email(sender) is None:
        read.reader.problems.append("TWOCOMMS_MAIL_FROM should be an e-mail address")
    if url and not sender and read.production:
        read.reader.problems.append("TWOCOMMS_MAIL_FROM is missing: the address that SMTP_URL sends letters from")
    return MailSettings(url, sender)


def read_outside(reader: Reader, env: str) -> OutsideSettings:
    """The groups of all services; what is wrong is noted in `reader`."""
    read = _OutsideReader(reader, env)
    google_id, google_secret = read.pair("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET")
    return OutsideSettings(
        monobank=Monobank(read.text("MONOBANK_TOKEN"), read.address("MONOBANK_API_URL", MONOBANK_API)),
        nova_poshta=_nova_poshta(read),
        telegram=_telegram(read),
        google=Google(google_id, google_secret, read.address("GOOGLE_ISSUER", GOOGLE_ISSUER)),
        openai=_openai(read),
        mail=_mail(read),
    )
