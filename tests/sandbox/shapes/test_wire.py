"""What goes wrong on the wire is told by each service in its own words."""

import httpx2
import pytest

from sandbox.app import EMULATORS
from sandbox.complaints import COMPLAINTS
from sandbox.faults import Switch
from sandbox.world import World
from tests.sandbox import shapes
from tests.sandbox.shapes.held import fits

pytestmark = pytest.mark.anyio


ERRORS: dict[str, type[shapes.Shape]] = {
    "google": shapes.issuer.OAuthError,
    "monobank": shapes.bank.BankError,
    "nova-poshta": shapes.carrier.Envelope,
    "openai": shapes.model.ModelError,
    "telegram": shapes.bot.BotError,
    "telegram-id": shapes.issuer.OAuthError,
}


@pytest.mark.parametrize(("fault", "status"), [("500", 500), ("429", 429)])
@pytest.mark.parametrize("service", list(EMULATORS))
async def test_every_service_fails_in_its_own_words(
    world: World, web: httpx2.AsyncClient, service: str, fault: str, status: int
) -> None:
    world.faults.arm(Switch(service, fault, seconds=3))

    answer = await web.get(f"/{service}/anything")

    assert service in COMPLAINTS
    if service == "s3":
        assert answer.status_code == (503 if status == 429 else status)
        assert f"<Code>{'SlowDown' if status == 429 else 'InternalError'}</Code>" in answer.text
        return
    told = fits(ERRORS[service], answer, 200 if (service, status) == ("nova-poshta", 429) else status)
    if service == "nova-poshta":
        assert (told["success"], len(told["errorCodes"])) == (False, 1)
