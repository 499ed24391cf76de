"""A stand-in of the carrier's API 2.0: its envelope with all its traps, labels, and a page to push parcels on."""

import json
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import looks
from sandbox.environment import PARCELS_KEY as API_KEY
from sandbox.keeping import Memory
from sandbox.nova_poshta_methods import METHODS
from sandbox.nova_poshta_office import Answer, Office, Refused, no
from sandbox.nova_poshta_parcels import LAST, TEXTS
from sandbox.world import World

SERVICE: Final = "nova-poshta"
MOVES: Final = (("next", "Move on"), ("refuse", "Refuse"), ("return", "Send back"), ("lose", "Lose"))
"""What a person can do to a parcel, and the word on its button."""
TOLD: Final = frozenset({"save", "delete"})
"""Calls that change something, which the sandbox's journal lists."""


class Counter:
    """The stand-in's routes over what it knows."""

    def __init__(self, world: World) -> None:
        self.world, self.office = world, Office(world.clock.now, world.first)
        world.memories[SERVICE] = Memory(self.office.dump, self.office.load, self.office.empty)

    async def call(self, request: Request) -> Response:
        """The one address of the API."""
        try:
            asked = json.loads(await request.body())
            model, method = str(asked["modelName"]), str(asked["calledMethod"])
            properties = dict(asked.get("methodProperties") or {})
        except (ValueError, KeyError, TypeError):
            return JSONResponse(no("20000200001", "Request is not valid"))
        if not asked.get("apiKey"):
            return JSONResponse(no("20000200069", "API key is empty"), status_code=401)
        if asked["apiKey"] != API_KEY:
            return JSONResponse(no("20000200068", "API auth fail", as_object=True))
        answer = self.answer(model, method, properties)
        if method in TOLD and answer["success"]:
            first = answer["data"][0] if answer["data"] else {}
            self.world.journal.note(
                SERVICE, f"{model}.{method}", number=first.get("IntDocNumber"), ref=first.get("Ref")
            )
        return JSONResponse(answer)

    def answer(self, model: str, method: str, properties: dict[str, Any]) -> Answer:
        """What a method says."""
        known = METHODS.get((model, method))
        if known is None:
            return no("20000200002", "Method not found")
        try:
            return known(self.office, properties)
        except Refused as refused:
            return no(refused.code, refused.text)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            # A property of another kind than the method works with.
            return no("20000200001", "Request is not valid")

    async def label(self, request: Request) -> Response:
        """A label as PDF; a wrong key is told by a page with status 200, as the carrier does."""
        found = self.office.depot.find(request.path_params["name"])
        if request.path_params["key"] != API_KEY or found is None:
            return HTMLResponse("<html><body>Невірний ключ або номер</body></html>")
        return Response(_pdf(found.number), media_type="application/pdf")

    async def show(self, request: Request) -> Response:
        """The page that lists the parcels."""
        rows = [
            {
                "number": one.number,
                "about": one.asked.get("InfoRegClientBarcodes") or f"return of {one.asked.get('Back', '')}",
                "code": one.code,
                "text": TEXTS.get(one.code, ""),
                "moves": () if one.code in LAST else MOVES,
            }
            for one in self.office.depot.all()
        ]
        return looks.page(request, "parcels.html", parcels=rows)

    async def move(self, request: Request) -> Response:
        """A button of that page."""
        number, wanted = request.path_params["number"], request.path_params["move"]
        if self.office.depot.push(number, wanted):
            self.world.journal.note(SERVICE, f"parcel {wanted}", number=number)
        return RedirectResponse("../../parcels/", status_code=303)


def app(world: World) -> ASGIApp:
    """The stand-in; its `state.office`, and the world's, are for tests to look into."""
    counter = Counter(world)
    made = Starlette(
        routes=[
            Route("/v2.0/json/", counter.call, methods=["POST"]),
            Route("/v2.0/json", counter.call, methods=["POST"]),
            Route("/orders/printMarking100x100/orders[]/{name}/type/pdf/apiKey/{key}/zebra", counter.label),
            Route("/parcels/", counter.show),
            Route("/parcels/{number}/{move}", counter.move, methods=["POST"]),
        ]
    )
    made.state.office = world.state[SERVICE] = counter.office
    world.faults.offer(SERVICE, spare=("/parcels",))
    return made


def _pdf(number: str) -> bytes:
    """A page of 100 x 100 mm with the number on it, as small as a PDF may be."""
    drawn = f"BT /F1 18 Tf 30 140 Td (NP {number}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 283 283] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
    ]
    out, places = b"%PDF-1.4\n", []
    for index, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    tail = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(parts) + 1, table) + tail
