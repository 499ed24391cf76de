"""A stand-in of OpenAI: the Responses API as far as a writer of texts needs it, with its checks, counts and refusals.

    POST /v1/responses     an answer in the asked shape, made of the facts in the prompt
    GET  /v1/models        what may be named as a model

A reply is the same for the same question, because only what does not change can be tested. Nothing is kept: a call with
`store` not off is noted in the journal as one that would be.
"""

import hashlib
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from sandbox import writing
from sandbox.world import World

SERVICE: Final = "openai"
OWN: Final = ("refusal", "filtered", "cut_text", "invalid_json", "wrong_shape", "empty", "language", "price", "obeys")
"""Faults that only a writer has; the others happen on the wire."""
KNOWN: Final = frozenset(
    {
        "model", "input", "instructions", "text", "max_output_tokens", "store", "temperature", "top_p", "metadata",
        "reasoning", "service_tier", "prompt_cache_key", "safety_identifier", "user", "truncation", "stream",
        "parallel_tool_calls", "tool_choice", "tools", "include", "previous_response_id", "background",
    }
)  # fmt: skip
LEAST_TOKENS: Final = 16
REMEMBERED: Final = 1000


@dataclass(frozen=True, slots=True)
class Written:
    """An answer: the name of its thing, its language, the parts that were asked for, and the tokens that it counted, in
    and out."""

    of: str
    language: str
    parts: tuple[str, ...]
    tokens: int


class _Refused(Exception):
    """A call that the service does not take."""

    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.param = status, code, param


def app(world: World) -> ASGIApp:
    """The service; its paths begin with /v1, as those of the real one do. `world.state["openai"]` are the last answers
    as `Written`, given or lost on the way."""
    world.faults.offer(SERVICE, *OWN)
    world.state[SERVICE] = deque[Written](maxlen=REMEMBERED)

    async def responses(request: Request) -> JSONResponse:
        body: Any = None
        try:
            _sign_in(request)
            body = await _body(request)
            return _answer(world, body, request.url.path)
        except _Refused as error:
            world.journal.note(SERVICE, "refused a call", status=error.status, why=str(error))
            return _refusal(error, body)
        except (AttributeError, TypeError, KeyError):
            # A value of another kind than is documented.
            return _refusal(_Refused(400, "Invalid type for a parameter.", "invalid_type"), body)

    async def models(request: Request) -> JSONResponse:
        try:
            _sign_in(request)
        except _Refused as error:
            return _refusal(error, None)
        names = ("gpt-5.4-mini", "gpt-5.4", "gpt-6-luna")
        listed = [{"id": name, "object": "model", "created": 1764000000, "owned_by": "openai"} for name in names]
        return JSONResponse({"object": "list", "data": listed})

    return Starlette(
        routes=[
            Route("/v1/responses", responses, methods=["POST"]),
            Route("/v1/models", models, methods=["GET"]),
        ]
    )


def _refusal(error: _Refused, body: object) -> JSONResponse:
    told = {"message": str(error), "type": "invalid_request_error", "param": error.param, "code": error.code}
    return JSONResponse({"error": told}, status_code=error.status, headers=_marks(body))


def _sign_in(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise _Refused(401, "You didn't provide an API key.")
    if key.strip() == "wrong":
        raise _Refused(401, "Incorrect API key provided.", "invalid_api_key")


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise _Refused(400, "We could not parse the JSON body of your request.") from None
    if not isinstance(body, dict):
        raise _Refused(400, "The body of your request should be an object.")
    for name in body.keys() - KNOWN:
        raise _Refused(400, f"Unknown parameter: '{name}'.", "unknown_parameter", name)
    if not isinstance(body.get("model"), str) or not body["model"]:
        raise _Refused(400, "You must provide a model parameter.", "missing_required_parameter", "model")
    if body["model"].startswith("no-such"):
        raise _Refused(404, f"The model '{body['model']}' does not exist.", "model_not_found", "model")
    most = body.get("max_output_tokens")
    if most is not None and (type(most) is not int or most < LEAST_TOKENS):
        raise _Refused(400, f"Expected a value >= {LEAST_TOKENS}.", "integer_below_min_value", "max_output_tokens")
    return body


def _schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The schema of the answer; None where plain text is asked for. Strict ones are held to their rules."""
    wanted = body.get("text") or {}
    shape = wanted.get("format") if isinstance(wanted, dict) else None
    if not isinstance(shape, dict) or shape.get("type") != "json_schema":
        return None
    if not isinstance(shape.get("name"), str) or not isinstance(shape.get("schema"), dict):
        raise _Refused(400, "Missing required parameter.", "missing_required_parameter", "text.format.name")
    if shape.get("strict"):
        _hold_strict(shape["schema"], "text.format.schema")
    schema: Mapping[str, Any] = shape["schema"]
    return schema


def _hold_strict(schema: Mapping[str, Any], where: str) -> None:
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False or sorted(schema.get("required", [])) != sorted(properties):
            raise _Refused(400, f"Invalid schema for response_format at {where}.", "invalid_json_schema", where)
        for name, part in properties.items():
            _hold_strict(part, f"{where}.{name}")
    if schema.get("type") == "array":
        _hold_strict(schema.get("items", {}), f"{where}.items")


def _told(body: Mapping[str, Any]) -> str:
    """The input as one string: it may be a list of messages, each of one or more parts."""
    given = body.get("input", "")
    if isinstance(given, str):
        return given
    parts: list[str] = []
    for message in given if isinstance(given, list) else []:
        content = message.get("content", "") if isinstance(message, dict) else ""
        parts += [content] if isinstance(content, str) else [str(part.get("text", "")) for part in content]
    return "\n".join(parts)


def _language(body: Mapping[str, Any]) -> str:
    return "uk" if "ukrainian and in no" in str(body.get("instructions", "")).casefold() else "en"


def _facts(body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        found = json.loads(_told(body))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _answer(world: World, body: Mapping[str, Any], path: str) -> JSONResponse:
    schema, facts, lang = _schema(body), _facts(body), _language(body)
    fault = world.faults.strikes(SERVICE, *OWN, path=path)
    struck = fault.fault if fault else ""
    wanted = list(schema["properties"]) if schema else ["lead"]
    other = "en" if lang == "uk" else "uk"
    said = _spoilt(struck, writing.answer(facts, other if struck == "language" else lang, wanted))
    text = _text(struck, said) if schema else str(said["lead"])
    tokens_in, tokens_out = _tokens(str(body.get("instructions", "")) + _told(body)), _tokens(text)
    most = body.get("max_output_tokens")
    cut = struck == "cut_text" or (most is not None and tokens_out > most)
    if cut:
        text, tokens_out = text[: len(text) // 2], min(most or tokens_out, tokens_out)
    incomplete = "content_filter" if struck == "filtered" else "max_output_tokens" if cut else None
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    if struck == "refusal":
        part = {"type": "refusal", "refusal": "I can't help with that."}
    name = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]
    world.state[SERVICE].append(Written(facts.get("name", ""), lang, tuple(wanted), tokens_in + tokens_out))
    world.journal.note(
        SERVICE,
        "wrote a text",
        of=facts.get("name", ""),
        language=lang,
        parts=", ".join(wanted),
        fault=struck or "none",
        tokens=tokens_in + tokens_out,
        kept="yes" if body.get("store", True) else "no",
    )
    answer = {
        "id": f"resp_{name}",
        "object": "response",
        "created_at": int(world.clock.now().timestamp()),
        "status": "incomplete" if incomplete else "completed",
        "error": None,
        "incomplete_details": {"reason": incomplete} if incomplete else None,
        "instructions": body.get("instructions"),
        "max_output_tokens": most,
        "metadata": body.get("metadata") or {},
        "model": body["model"],
        "output": []
        if struck == "empty"
        else [
            {
                "id": f"msg_{name}",
                "type": "message",
                "role": "assistant",
                "status": "incomplete" if incomplete else "completed",
                "content": [part],
            }
        ],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "reasoning": {"effort": None, "summary": None},
        "store": body.get("store", True),
        "temperature": 1.0,
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": {
            "input_tokens": tokens_in,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": tokens_out,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": tokens_in + tokens_out,
        },
    }
    return JSONResponse(answer, headers=_marks(body))


def _tokens(text: str) -> int:
    """About as many as the real service counts: four Latin letters to a token, and fewer Cyrillic ones."""
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text)
    return ceil((len(text) - cyrillic) / 4 + cyrillic / 2.5)


def _spoilt(struck: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a writer with this fault says."""
    longest = next((name for name, value in said.items() if isinstance(value, str)), "")
    if struck == "price" and longest:
        return {**said, longest: f"{said[longest]} Лише 890 грн."}
    if struck == "obeys" and longest:
        return {**said, longest: f"<script>alert(1)</script> {{{{7*7}}}} {said[longest]}"}
    return said


def _text(struck: str, said: dict[str, Any]) -> str:
    """What is said, as JSON."""
    if struck == "invalid_json":
        return json.dumps(said, ensure_ascii=False)[:-2]
    return json.dumps({"text": said} if struck == "wrong_shape" else said, ensure_ascii=False)


def _marks(body: Any) -> dict[str, str]:
    name = hashlib.sha256(repr(body).encode()).hexdigest()[:32]
    return {"x-request-id": f"req_{name}", "openai-version": "2020-10-01"}
