"""Letters by a mail server: SMTP_URL as smtps://, smtp+starttls://, or smtp:// on this machine."""

import asyncio
import hashlib
import ssl
import time
from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from commerce_api.foundation import metrics, telemetry
from commerce_api.foundation.kit import clock
from commerce_api.foundation.kit.email import normalize_email
from commerce_api.foundation.outside_settings import MailSettings
from commerce_api.integrations.http import Outcome
from commerce_api.office.notifications.channels import SendError
from commerce_api.office.notifications.mail import Mail

SERVICE: Final = "smtp"
PATIENCE: Final = 10.0
"""Seconds for each step of the conversation."""
WHOLE: Final = 20.0
"""Seconds for all of it; a handler of the outbox has thirty."""
SHOP_NAME: Final = "TwoComms"
NO_SENDER: Final = "hello@twocomms.example"
"""Who writes in development, where no address is given."""
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}

log = telemetry.logger(__name__)


def _one_line(text: str) -> str:
    """A header's text without line breaks and other signs that steer: nobody adds a header by way of a name."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """A letter as it goes over the wire. Raises ValueError for an address that is none."""
    to = normalize_email(mail.to)
    if to is None or not to.isprintable():
        raise ValueError("the address of a letter is no address")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(SHOP_NAME, addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(clock.now())
    # The same letter sent again has the same id: who got it already can tell.
    occasion = hashlib.sha256(f"{mail.key or mail.subject}\n{to}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{occasion}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{_one_line(mail.unsubscribe)}>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def _codes(error: SMTPException) -> list[int]:
    if isinstance(error, SMTPRecipientsRefused):
        return [each.code for each in error.recipients]
    return [error.code] if isinstance(error, SMTPResponseException) else []


def _refusal(error: SMTPException) -> SendError:
    """What the server said, without the address it said it of.

    A letter that it will never take is permanent.
    """
    codes = _codes(error)
    wrong_letter = bool(codes) and all(500 <= code < 600 for code in codes)
    permanent = wrong_letter and not isinstance(error, aiosmtplib.SMTPHeloError)
    told = ", ".join(map(str, codes)) or type(error).__name__
    return SendError(f"the mail server refused: {told} {telemetry.redact(str(error))}"[:300], permanent=permanent)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _failure(error: SMTPException | OSError) -> tuple[Outcome, SendError]:
    """How a conversation ended and what staff read of it: nothing that the settings keep secret."""
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        # The letter stays here: what was meant to be encrypted goes to no server that cannot prove its name.
        return Outcome.CONNECT, SendError("the mail server's certificate is not trusted", permanent=False)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        told = f"the mail server does not take the name or the password: {error.code}"
        return Outcome.STATUS, SendError(told, permanent=False)
    if isinstance(error, aiosmtplib.SMTPServerDisconnected):
        return Outcome.MALFORMED, SendError("the mail server hung up", permanent=False)
    if isinstance(error, TimeoutError):
        return Outcome.TIMEOUT, SendError("the mail server said nothing in time", permanent=False)
    if isinstance(error, OSError):
        return Outcome.CONNECT, SendError("the mail server cannot be reached", permanent=False)
    if type(error) is SMTPException and "STARTTLS" in str(error):
        return Outcome.STATUS, SendError("the mail server offers no encryption, and SMTP_URL wants it", permanent=False)
    return Outcome.STATUS, _refusal(error)


class SmtpMail:
    """Sends letters, each by a conversation of its own."""

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self.host, self.scheme = parts.hostname or "", parts.scheme
        self.port = parts.port or PORTS[parts.scheme]
        self.username = unquote(parts.username) if parts.username else None
        self.password = unquote(parts.password) if parts.password else None
        self.sender = sender

    async def send(self, mail: Mail) -> None:
        """Hand one letter over. Raises SendError: permanent when this letter will never be taken."""
        try:
            message = message_of(mail, self.sender)
        except ValueError as error:
            raise SendError(str(error), permanent=True) from None
        started = time.monotonic()
        outcome, failed = await self._hand_over(message)
        metrics.OUTSIDE.observe(time.monotonic() - started, SERVICE, "send", outcome.value)
        if failed:
            log.warning("outside_failed", service=SERVICE, label="send", outcome=outcome.value)
            raise failed

    async def _hand_over(self, message: EmailMessage) -> tuple[Outcome, SendError | None]:
        try:
            async with asyncio.timeout(WHOLE):
                await aiosmtplib.send(
                    message,
                    hostname=self.host,
                    port=self.port,
                    username=self.username,
                    password=self.password,
                    use_tls=self.scheme == "smtps",
                    start_tls=self.scheme == "smtp+starttls",
                    tls_context=ssl.create_default_context() if self.scheme != "smtp" else None,
                    timeout=PATIENCE,
                )
        except (SMTPException, OSError) as error:
            return _failure(error)
        return Outcome.OK, None


def mail_server(settings: MailSettings) -> SmtpMail | None:
    """The mail server of the settings; None when there is none."""
    return SmtpMail(settings.smtp_url, settings.sender or NO_SENDER) if settings.smtp_url else None
