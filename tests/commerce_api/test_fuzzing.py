"""Whatever a program sends to the API, the answer is one that the document foretold, and never an error of ours."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commerce_api.foundation.settings import Settings
from deploy.services import free_port
from tests.commerce_api import fuzzing

CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = [str(Path(sys.executable).with_name("schemathesis")), "--config-file", str(CONFIG), "--no-color", "run"]
STAYING = ("--exclude-path", "/api/v1/auth/logout")
"""Signing out would make a stranger of the owner for the rest of the run."""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "sidecar.log"


@pytest.fixture
async def seeded(anyio_backend: str, settings: Settings) -> fuzzing.Seeded:
    return await fuzzing.seed(settings)


@pytest.fixture
def address(settings: Settings, seeded: fuzzing.Seeded, log: Path) -> Iterator[str]:
    with fuzzing.served(settings, free_port(), log) as (address, _):
        yield address


def attack(address: str, seeded: fuzzing.Seeded, folder: Path, *options: str) -> str:
    """Runs schemathesis as the owner with a cart; its report, and the assertion that it found nothing."""
    headers = [f"Origin: {address}", f"Cookie: sid={seeded.session}", f"X-Cart-Token: {seeded.cart}"]
    command = [*SCHEMATHESIS, "--warnings", "off", *(part for header in headers for part in ("-H", header)), *options]
    ran = subprocess.run(
        [*command, f"{address}/api/v1/openapi.json"], cwd=folder, capture_output=True, text=True, timeout=900
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2_000:]
    return ran.stdout


def incidents(log: Path) -> list[object]:
    """Lines of the server's log that tell of an error nobody foresaw."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    return [line for line in lines if line.get("event") == "incident" or line.get("status", 0) >= 500]


async def test_the_examples_of_the_document_place_an_order(
    settings: Settings, seeded: fuzzing.Seeded, address: str, tmp_path: Path
) -> None:
    attack(address, seeded, tmp_path, "--phases", "examples", "--include-path", "/api/v1/checkout")

    assert await fuzzing.orders(settings) == 1


def test_no_call_answers_what_its_document_does_not_say(
    seeded: fuzzing.Seeded, address: str, tmp_path: Path, log: Path
) -> None:
    attack(address, seeded, tmp_path, *STAYING, "--phases", "coverage,fuzzing", "-n", "4", "--seed", "7")

    assert incidents(log) == []


@pytest.mark.stress
def test_no_call_answers_what_its_document_does_not_say_however_long_one_tries(
    seeded: fuzzing.Seeded, address: str, tmp_path: Path, log: Path
) -> None:
    attack(address, seeded, tmp_path, *STAYING, "-n", "300", "--max-time", "600")

    assert incidents(log) == []
