"""Whoever has no certificate that an authority vouches for is told nothing; for mail servers see test_smtp_tls."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from commerce_api.integrations.http import Outcome, Outside, OutsideFailed
from commerce_api.integrations.openai import OpenAiWriter
from commerce_api.office.copywriting.prompts import prompt
from commerce_api.office.copywriting.statuses import Reason
from commerce_api.office.copywriting.writer import WritingFailed

pytestmark = pytest.mark.anyio


@dataclass
class Impostor:
    """A server on this machine that vouches for itself."""

    port: int
    believed: ssl.SSLContext
    """For a client that takes its word."""
    heard: list[bytes] = field(default_factory=list)

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hear whatever is said."""
        self.heard.append(await reader.read(1))
        writer.close()


def papers(folder: Path) -> Path:
    """A certificate for this machine, signed by itself, and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    file = folder / "papers.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
async def impostor(anyio_backend: str, tmp_path: Path) -> AsyncIterator[Impostor]:
    file = papers(tmp_path)
    here = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    here.load_cert_chain(file)
    made = Impostor(0, ssl.create_default_context(cafile=str(file)))
    server = await asyncio.start_server(made.listen, "127.0.0.1", 0, ssl=here)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()


async def test_a_service_is_not_spoken_to(impostor: Impostor) -> None:
    address = f"https://localhost:{impostor.port}"
    outside = Outside("bank", address, headers={"x-token": "secret"})

    with pytest.raises(OutsideFailed) as failed:
        await outside.call("GET", "/", label="status")
    await outside.aclose()

    assert failed.value.outcome is Outcome.CONNECT
    assert not failed.value.may_have_worked
    assert impostor.heard == []
    # Whoever believes it is heard: the silence above is not the server's.
    credulous = Outside("bank", address, transport=httpx2.AsyncHTTPTransport(verify=impostor.believed))
    with pytest.raises(OutsideFailed):
        await credulous.call("GET", "/", label="status")
    await credulous.aclose()
    assert impostor.heard == [b"G"]


async def test_a_model_is_not_asked(impostor: Impostor) -> None:
    writer = OpenAiWriter("key", f"https://localhost:{impostor.port}/v1", "gpt-5.4-mini")

    with pytest.raises(WritingFailed) as failed:
        await writer.write(prompt("product", "en", ["lead"], {"name": "Kolos tee"}))
    await writer.aclose()

    assert (failed.value.reason, failed.value.paid) == (Reason.UNREACHABLE, False)
    assert impostor.heard == []
