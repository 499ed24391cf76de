"""OpenAI's responses."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tests.sandbox.shapes.base import Json, Shape


class ModelErrorBody(Shape):
    message: str
    type: str
    param: str | None
    code: str | None


class ModelError(Shape):
    error: ModelErrorBody


class OutputText(Shape):
    type: Literal["output_text"]
    text: str
    annotations: list[Any]
    logprobs: list[Any]


class Refusal(Shape):
    type: Literal["refusal"]
    refusal: str


class OutputMessage(Shape):
    id: str
    type: Literal["message"]
    role: Literal["assistant"]
    status: Literal["completed", "incomplete", "in_progress"]
    content: list[OutputText | Refusal]


class Incomplete(Shape):
    reason: Literal["max_output_tokens", "content_filter"]


class Cached(Shape):
    cached_tokens: int


class Reasoned(Shape):
    reasoning_tokens: int


class Usage(Shape):
    input_tokens: int
    input_tokens_details: Cached
    output_tokens: int
    output_tokens_details: Reasoned
    total_tokens: int


class Response(Shape):
    id: Annotated[str, Field(pattern="^resp_")]
    object: Literal["response"]
    created_at: int
    status: Literal["completed", "incomplete", "failed"]
    error: None
    incomplete_details: Incomplete | None
    instructions: str | None
    max_output_tokens: int | None
    metadata: dict[str, str]
    model: str
    output: list[OutputMessage]
    parallel_tool_calls: bool
    previous_response_id: None
    reasoning: Json
    store: bool
    temperature: float
    text: Json
    tool_choice: Literal["auto"]
    tools: list[Any]
    top_p: float
    truncation: Literal["disabled", "auto"]
    usage: Usage


class Model(Shape):
    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class Models(Shape):
    object: Literal["list"]
    data: list[Model]
