"""What is passed on to a process behind, and what is said when it hangs up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Scope

from commerce_api.edge import make_edge
from commerce_api.foundation.settings import Settings
from commerce_api.integrations.upstream import Upstream, forwarded_headers, returned_headers
from tests.commerce_api.edges import Behind, lay_out
from tests.commerce_api.foundation.web.apps import visiting

pytestmark = pytest.mark.anyio


@pytest.fixture
def site(settings: Settings) -> Path:
    return lay_out(settings)


def scope_with(*headers: tuple[bytes, bytes]) -> Scope:
    return {"headers": list(headers), "client": ("203.0.113.5", 1234), "scheme": "https"}


def test_headers_of_one_hop_stay_and_forwarding_headers_are_our_own_word() -> None:
    given = scope_with(
        (b"host", b"shop.test"),
        (b"connection", b"close, X-Secret"),
        (b"x-secret", b"1"),
        (b"transfer-encoding", b"chunked"),
        (b"x-forwarded-for", b"6.6.6.6"),
        (b"x-real-ip", b"6.6.6.6"),
        (b"forwarded", b"for=6.6.6.6"),
        (b"cookie", b"sid=1"),
    )

    assert forwarded_headers(given) == [
        (b"host", b"shop.test"),
        (b"cookie", b"sid=1"),
        (b"x-forwarded-for", b"203.0.113.5"),
        (b"x-forwarded-proto", b"https"),
        (b"x-forwarded-host", b"shop.test"),
    ]


def test_headers_of_the_hop_behind_do_not_reach_the_visitor() -> None:
    given = [
        (b"Set-Cookie", b"a=1"),
        (b"Set-Cookie", b"b=2"),
        (b"Keep-Alive", b"5"),
        (b"Transfer-Encoding", b"chunked"),
    ]

    assert returned_headers(given) == [(b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]


async def measure(request: Request) -> Response:
    sizes = [len(part) async for part in request.stream()]

    async def parts() -> AsyncIterator[bytes]:
        for size in sizes:
            yield b"%d " % size

    return StreamingResponse(parts())


async def test_bodies_stream_through_in_both_directions(settings: Settings) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for size in (1000, 2000, 3000):
            yield b"x" * size

    behind = Starlette(routes=[Route("/{rest:path}", measure, methods=["POST"])])
    sidecar = Upstream("http://127.0.0.1:1", httpx2.ASGITransport(app=behind))
    edge = make_edge(settings, sidecar=sidecar, office=Behind("office"))

    async with visiting(edge) as visitor:
        answer = await visitor.post("/cart/add", content=chunks())

    assert sum(int(size) for size in answer.text.split()) == 6000


@asynccontextmanager
async def raw_server(tmp_path: Path, answer: bytes) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A process on a unix socket that answers every connection with the same bytes and notes what it was sent."""
    seen: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(3) if b"content-length: 3" in head.lower() else b""
        seen.append(head + body)
        writer.write(answer)
        await writer.drain()
        writer.close()

    path = tmp_path / "up.sock"
    server = await asyncio.start_unix_server(serve, path=str(path))
    async with server:
        yield f"unix:{path}", seen


async def test_over_a_socket_the_path_goes_through_undecoded_and_both_cookies_come_back(
    settings: Settings, tmp_path: Path
) -> None:
    answer = (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n"
        b"Keep-Alive: timeout=5\r\nContent-Encoding: br\r\n\r\nok"
    )
    async with raw_server(tmp_path, answer) as (address, seen):
        edge = make_edge(settings, sidecar=Upstream(address), office=Behind("office"))
        async with visiting(edge, headers={"Accept-Encoding": "identity"}) as visitor:
            url = httpx2.URL("http://localhost:8000", raw_path=b"/cart/a%2Fb?q=%D1%81&q=2")
            response = await visitor.send(
                visitor.build_request("POST", url, content=b"abc"),
                stream=True,
            )
            raw = b"".join([part async for part in response.aiter_raw()])

    head = seen[0].decode()
    assert head.startswith("POST /cart/a%2Fb?q=%D1%81&q=2 HTTP/1.1\r\n")
    assert head.endswith("abc")
    assert "host: localhost:8000" in head.lower()
    assert head.lower().count("x-forwarded-for") == 1
    assert raw == b"ok"
    assert response.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert "keep-alive" not in response.headers


async def test_a_socket_that_is_not_there_is_a_closed_till(settings: Settings, site: Path, tmp_path: Path) -> None:
    edge = make_edge(settings, sidecar=Upstream(f"unix:{tmp_path}/none.sock"), office=Behind("office"))

    async with visiting(edge) as visitor:
        answer = await visitor.get("/cart/")

    assert (answer.status_code, answer.text) == (503, "closed for a minute")


async def test_a_process_that_hangs_up_without_a_word_is_a_closed_till(
    settings: Settings, site: Path, tmp_path: Path
) -> None:
    async with raw_server(tmp_path, b"") as (address, _):
        edge = make_edge(settings, sidecar=Upstream(address), office=Behind("office"))
        async with visiting(edge) as visitor:
            answer = await visitor.get("/cart/")

    assert answer.status_code == 503


async def test_half_an_answer_is_never_made_to_look_whole(settings: Settings, site: Path, tmp_path: Path) -> None:
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    async with raw_server(tmp_path, half) as (address, _):
        edge = make_edge(settings, sidecar=Upstream(address), office=Behind("office"))
        async with visiting(edge) as visitor:
            with pytest.raises(httpx2.RemoteProtocolError):
                await visitor.get("/cart/")
