"""Encryption and a password before a mail server: real servers with certificates of their own, and what they refuse."""

import asyncio
import ipaddress
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from structlog.testing import capture_logs

from commerce_api.foundation import metrics
from commerce_api.integrations.smtp import SmtpMail
from commerce_api.office.notifications.channels import SendError
from commerce_api.office.notifications.mail import Mail

pytestmark = pytest.mark.anyio

SENDER = "hello@twocomms.example"
MAIL = Mail("oksana@example.com", "Замовлення прийнято", "Дякуємо!", key="order:1")
NAME, PASSWORD = "shop-mailer", "p@ss/w:rd-very-secret"
QUOTED = "p%40ss%2Fw%3Ard-very-secret"


@dataclass(frozen=True)
class Certificate:
    """A certificate of this test: where it lies, and what a server needs of it."""

    file: Path
    context: ssl.SSLContext


def certificate(folder: Path, *names: str) -> Certificate:
    """A self-signed certificate for 127.0.0.1, or for other names, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    said: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternatives = x509.SubjectAlternativeName(said or [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file, both = folder / "ca.pem", folder / "server.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    both.write_bytes(private + file.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return Certificate(file, context)


@dataclass
class Box:
    """What a server was given: letters, and the names and passwords that were tried."""

    letters: list[bytes] = field(default_factory=list)
    tried: list[tuple[str, str]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:
        self.letters.append(envelope.original_content or b"")
        return "250 2.0.0 Kept"

    def let_in(self, server: Any, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        name, password = given.login.decode(), given.password.decode()
        self.tried.append((name, password))
        return AuthResult(success=(name, password) == (NAME, PASSWORD), handled=False)


@asynccontextmanager
async def listening(box: Box, *, implicit: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[int]:
    """A mail server; its port."""

    def connection() -> SMTP:
        return SMTP(box, hostname="mail.test", authenticator=box.let_in, **options)

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, ssl=implicit)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    """A certificate that this machine trusts."""
    made = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture
def everything_said(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """All that was logged, by us and by libraries, however small."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        yield lambda: caplog.text + repr(lines)


def mailer(scheme: str, port: int, password: str = QUOTED) -> SmtpMail:
    return SmtpMail(f"{scheme}://{NAME}:{password}@127.0.0.1:{port}", SENDER)


async def failure(server: SmtpMail) -> SendError:
    with pytest.raises(SendError) as caught:
        await server.send(MAIL)
    return caught.value


async def test_a_letter_goes_over_starttls_and_the_password_only_behind_it(trusted: Certificate) -> None:
    box = Box()
    starttls: dict[str, Any] = {"tls_context": trusted.context, "require_starttls": True, "auth_required": True}
    async with listening(box, **starttls) as port:
        await mailer("smtp+starttls", port).send(MAIL)

    assert len(box.letters) == 1
    assert box.tried == [(NAME, PASSWORD)]


async def test_a_letter_goes_over_a_connection_that_is_encrypted_from_its_first_byte(trusted: Certificate) -> None:
    box = Box()
    # The server itself does not see the encryption below it.
    async with listening(box, implicit=trusted.context, auth_require_tls=False) as port:
        await mailer("smtps", port).send(MAIL)

    assert len(box.letters) == 1
    assert box.tried == [(NAME, PASSWORD)]


async def test_a_wrong_password_is_said_plainly_tried_later_and_written_nowhere(
    trusted: Certificate, everything_said: Callable[[], str]
) -> None:
    box, before = Box(), metrics.OUTSIDE.count("smtp", "send", "status")
    async with listening(box, tls_context=trusted.context, auth_required=True) as port:
        failed = await failure(mailer("smtp+starttls", port, "wrong-and-secret"))

    assert str(failed) == "the mail server does not take the name or the password: 535"
    assert not failed.permanent, "it is not the letter's fault"
    assert metrics.OUTSIDE.count("smtp", "send", "status") == before + 1
    assert box.letters == []
    for secret in ("wrong-and-secret", NAME, MAIL.to):
        assert secret not in everything_said() + str(failed)


async def test_a_server_without_encryption_gets_neither_letter_nor_password(
    everything_said: Callable[[], str],
) -> None:
    box = Box()
    async with listening(box, auth_require_tls=False) as port:
        starttls, implicit = await failure(mailer("smtp+starttls", port)), await failure(mailer("smtps", port))

    assert str(starttls) == "the mail server offers no encryption, and SMTP_URL wants it"
    assert "certificate" in str(implicit) or "reached" in str(implicit)
    assert not starttls.permanent
    assert not implicit.permanent
    assert (box.letters, box.tried) == ([], [])
    assert PASSWORD not in everything_said()


@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
@pytest.mark.parametrize("wrong", ["stranger", "other name"])
async def test_a_server_that_cannot_prove_its_name_gets_neither_letter_nor_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, wrong: str
) -> None:
    made = certificate(tmp_path, *(["somebody.else.test"] if wrong == "other name" else []))
    if wrong == "other name":
        monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    box = Box()
    options: dict[str, Any] = {"implicit": made.context} if scheme == "smtps" else {"tls_context": made.context}
    async with listening(box, auth_require_tls=False, **options) as port:
        failed = await failure(mailer(scheme, port))

    assert str(failed) == "the mail server's certificate is not trusted"
    assert not failed.permanent
    assert (box.letters, box.tried) == ([], [])


async def test_a_server_that_knows_no_passwords_is_named_as_one(trusted: Certificate) -> None:
    box = Box()
    async with listening(box, tls_context=trusted.context, auth_exclude_mechanism=["LOGIN", "PLAIN"]) as port:
        failed = await failure(mailer("smtp+starttls", port))

    assert "No suitable authentication method" in str(failed)
    assert PASSWORD not in str(failed)
    assert box.letters == []
