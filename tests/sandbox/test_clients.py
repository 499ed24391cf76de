"""Other people's clients, in an environment of their own, against the stand-ins: what they expect is what there is.

Where a client itself departs from what the service documents, its script goes round that and says so.
"""

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from deploy import side_venvs
from sandbox.environment import BANK_TOKEN, BOT_TOKEN, PARCELS_KEY
from sandbox.google import subject_of
from sandbox.id_tokens import Twist

pytestmark = pytest.mark.anyio

SCRIPTS = Path(__file__).with_name("clients")
PATIENCE = 60.0
"""Seconds for a whole script: a client may take long to import."""


async def told(script: str, *arguments: str, venv: str = "clients") -> dict[str, Any]:
    """What the client of a script understood. Skips where the client cannot be had; in CI that is a failure."""
    if why := side_venvs.lacks(venv):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    # Without the proxies of this machine: everything is on loopback.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    running = await asyncio.create_subprocess_exec(
        str(side_venvs.program(venv)), "-P", str(SCRIPTS / f"{script}.py"), *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, env=environment,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            said, complained = await running.communicate()
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()
    assert running.returncode == 0, complained.decode()[-3000:]
    understood: dict[str, Any] = json.loads(said)
    return understood


async def test_the_bank_serves_two_clients_of_its_acquiring(served: str) -> None:
    understood = await told("monobank", served, BANK_TOKEN)

    assert understood["strict"] == {
        "statuses": ["created", "success"],
        "reference": "R-1",
        "final": [None, 4200],
        "later": True,
        "heard": ["processing", "success"],
        "signed": [True, True],
        "merchant": True,
        "listed": [[True, 4200, "full"]],
        "refusals": [
            "ClientForbiddenError FORBIDDEN",
            "ClientNotFoundError NOT_FOUND",
            "ClientBadRequestError BAD_REQUEST",
        ],
    }
    assert understood["plain"] == {
        "statuses": ["hold", "reversed"],
        "answers": ["success", "success", "success", {}],
        "cancelled": [1000, 3000],
        "verified": [True, True],
        "forged": False,
        "twice": True,
        "listed": [["R-1", "success"], ["R-2", "success"]],
    }


async def test_the_carrier_serves_a_client_of_its_api(served: str) -> None:
    understood = await told("nova_poshta", served, PARCELS_KEY)

    stranger = understood.pop("stranger")
    assert (stranger["success"], stranger["errorCodes"]) == (False, ["20000200068"])
    assert understood == {
        "city": "Львів",
        "settlement": [True, "м."],
        "streets": [True],
        "branches": [["12", True]],
        "near": True,
        "options": True,
        "people": [True, True],
        "price": True,
        "day": "Europe/Kiev",
        "made": [14, "InternetDocument", True],
        "listed": [["", "900"]],
        "tracked": ["1", "3"],
        "warned": True,
        "label": ["application/pdf", "%PDF-"],
        "deleted": True,
        "catalogue": True,
    }


async def test_the_messenger_serves_a_client_of_its_bots(served: str) -> None:
    understood = await told("telegram", served, BOT_TOKEN)

    assert understood == {
        "me": [True, True],
        "said": ["Замовлення & дякуємо", "private", True, True],
        "buttons": ["так", "ні"],
        "heard": ["/start abc", 501, 501],
        "commands": ["bot_command"],
        "pressed": ["do:так", 501],
        "done": [True, True, True, True],
        "edited": ["готово", True, "готово"],
        "paper": ["label.pdf", "ТТН"],
        "wait": 7,
        "refusals": {
            "early": "TelegramForbiddenError",
            "again": "TelegramBadRequest",
            "both": "TelegramConflictError",
            "broken": "TelegramBadRequest",
        },
        "faults": {
            "500": "TelegramServerError",
            "429": "TelegramRetryAfter",
            "html_502": "ClientDecodeError",
            "malformed": "ClientDecodeError",
            "truncated": "TelegramNetworkError",
            "reset": "TelegramNetworkError",
        },
        "gone": "kicked",
        "blocked": "TelegramForbiddenError",
        "stranger": "TelegramUnauthorizedError",
    }


@pytest.mark.parametrize(
    ("service", "client", "scope", "subject", "more"),
    [
        (
            "google",
            "sandbox.apps.example",
            "openid email",
            subject_of("oksana@example.com"),
            {"email": "oksana@example.com"},
        ),
        ("telegram-id", "1000001", "openid profile", "777", {"name": "Sandbox"}),
    ],
)
async def test_a_client_of_other_make_signs_in(
    served: str, service: str, client: str, scope: str, subject: str, more: dict[str, str]
) -> None:
    # Two audiences are allowed where the authorized party is ours; the shop itself is stricter.
    twists = [twist.value for twist in Twist if twist is not Twist.TWO_AUDS]

    understood = await told("oidc", served, service, client, "sandbox-client-secret", scope, *twists)

    claims = {name: value for name, value in understood["claims"].items() if value is not None}
    issuer = f"{served}/{service}"
    assert claims == {"iss": issuer, "aud": client, "azp": client, "sub": subject, "nonce": "the-nonce", **more}
    assert understood["lives"]
    assert understood["refusals"] == {
        "no": "access_denied",
        "twice": "invalid_grant",
        "secret": "invalid_client",
        "no challenge": "invalid_request",
    }
    assert set(understood["spoilt"]) == set(twists)
    assert "taken" not in understood["spoilt"].values()


async def test_the_bucket_store_serves_the_usual_client(served: str) -> None:
    understood = await told("s3", served, venv="moto")

    assert understood == {
        "got": ["Привіт", "text/html", "no-cache", True],
        "range": "yyyy",
        "size": 6_000_000,
        "pages": [["list/0", "list/1"], ["list/2"]],
        "folders": ["en/", "list/"],
        "gone": ["list/0", "list/1"],
        "left": ["list/2"],
        "refusals": {
            "missing": [404, "NoSuchKey"],
            "head": [404, "404"],
            "taken": [412, "PreconditionFailed"],
            "changed": [412, "PreconditionFailed"],
        },
        "faults": {"500": [500, "InternalError"], "429": [503, "SlowDown"]},
    }
