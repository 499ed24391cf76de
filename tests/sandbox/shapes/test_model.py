"""What the model answers fits what it documents: every answer and every refusal, no more and no less."""

from typing import Any

import httpx2
import pytest

from sandbox.faults import Switch
from sandbox.world import World
from tests.sandbox import shapes
from tests.sandbox.shapes.held import RUBBISH, fits

pytestmark = pytest.mark.anyio


Bearer = {"authorization": "Bearer sandbox"}


async def asked_model(web: httpx2.AsyncClient, **more: Any) -> httpx2.Response:
    body = {"model": "gpt-5.4-mini", "input": '{"name": "Колос"}', "store": False, **more}
    return await web.post("/openai/v1/responses", json=body, headers=Bearer)


@pytest.mark.parametrize("fault", ["", "refusal", "filtered", "cut_text", "invalid_json", "wrong_shape", "empty"])
async def test_a_model_answers_as_documented(world: World, web: httpx2.AsyncClient, fault: str) -> None:
    if fault:
        world.faults.arm(Switch("openai", fault))
    answer = await asked_model(web, instructions="Write", metadata={"a": "b"}, max_output_tokens=400)
    told = fits(shapes.model.Response, answer)
    assert told["status"] == ("incomplete" if fault in {"filtered", "cut_text"} else "completed")
    assert answer.headers["x-request-id"]
    fits(shapes.model.Models, await web.get("/openai/v1/models", headers=Bearer))


async def test_a_model_refuses_calls_as_documented(web: httpx2.AsyncClient) -> None:
    loose = {"format": {"type": "json_schema", "strict": True, "name": "x", "schema": {"type": "object"}}}
    refusals = [
        (await web.post("/openai/v1/responses", json={}), 401),
        (await web.get("/openai/v1/models"), 401),
        (await asked_model(web, model="no-such-model"), 404),
        (await asked_model(web, model=None), 400),
        (await asked_model(web, temprature=1), 400),
        (await asked_model(web, max_output_tokens=1), 400),
        (await asked_model(web, text=loose), 400),
        *[(await web.post("/openai/v1/responses", content=body, headers=Bearer), 400) for body in RUBBISH],
    ]
    for answer, status in refusals:
        fits(shapes.model.ModelError, answer, status)


ODD_MODEL: tuple[dict[str, Any], ...] = (
    {"text": []}, {"text": {"format": 7}}, {"text": {"format": {"type": "json_schema"}}}, {"input": 7}, {"input": [7]},
    {"input": [{"content": [7]}]}, {"input": [{"content": 7}]}, {"metadata": 7}, {"instructions": []}, {"input": None},
    {"text": {"format": {"type": "json_schema", "name": "x", "strict": True, "schema": {"type": "array", "items": 7}}}},
    {"text": {"format": {"type": "json_schema", "name": "x", "schema": {}}}},
)  # fmt: skip


@pytest.mark.parametrize("odd", ODD_MODEL, ids=str)
async def test_a_model_refuses_what_it_cannot_read(web: httpx2.AsyncClient, odd: dict[str, Any]) -> None:
    answer = await asked_model(web, **odd)
    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        fits(shapes.model.ModelError, answer, 400)
