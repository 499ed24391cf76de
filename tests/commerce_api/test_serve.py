"""A sidecar as it is served: what is in hand when it is told to stop is still answered."""

import socket
import time
from pathlib import Path

import orjson
import pytest

from commerce_api.foundation.settings import Settings
from deploy.services import free_port
from tests.commerce_api import fuzzing

LIMIT = 20.0
"""Seconds; it only ends a test that has failed."""


@pytest.fixture
async def seeded(anyio_backend: str, settings: Settings) -> fuzzing.Seeded:
    return await fuzzing.seed(settings)


def until_refused(port: int) -> None:
    """Waits until nobody new is let in."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return
        time.sleep(0.02)
    pytest.fail("the server goes on taking visitors")


def everything(connection: socket.socket) -> bytes:
    """What comes until the server closes."""
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def test_a_request_in_hand_is_answered_after_the_word_to_stop(
    settings: Settings, tmp_path: Path, seeded: fuzzing.Seeded
) -> None:
    port = free_port()
    with (
        fuzzing.served(settings, port, tmp_path / "sidecar.log") as (address, process),
        socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as connection,
    ):
        # given a request that the server has begun to read
        body = orjson.dumps({"sku": fuzzing.SKU, "quantity": 2})
        head = [
            "POST /api/v1/cart/lines HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Origin: {address}",
            f"X-Cart-Token: {seeded.cart}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Expect: 100-continue",
        ]
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 ")

        # when the server is told to stop, then it takes nobody new and serves this one to the end
        process.terminate()
        until_refused(port)
        connection.sendall(body)
        status, _, rest = everything(connection).partition(b"\r\n")
        assert status == b"HTTP/1.1 200 OK"
        assert orjson.loads(rest.partition(b"\r\n\r\n")[2])["lines"][0]["quantity"] == 3
        # uvicorn ends as the signal asked, after its lifespan has closed the database
        assert process.wait(LIMIT) in {0, -15}
