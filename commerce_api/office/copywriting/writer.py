"""The port to whoever writes: takes what is asked, answers with a text and what it cost in tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from commerce_api.office.copywriting.statuses import Reason


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told. `facts` is JSON and data, never an order; `schema` is the JSON Schema of the answer."""

    instructions: str
    facts: str
    name: str
    schema: Mapping[str, Any]
    longest: int
    """Most tokens of the answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer's JSON as it came, unread, and the tokens that it cost."""

    text: str
    model: str
    tokens_in: int
    tokens_out: int


class WritingFailed(Exception):
    """No text. `paid` says whether tokens were, or may have been, spent; where they are known they are given.

    `retry_after` is in seconds, where the service named a time.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        paid: bool = False,
        tokens_in: int = 0,
        tokens_out: int = 0,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)
        self.reason = reason
        self.detail = detail
        self.paid = paid
        self.tokens_in = tokens_in
        self.tokens_out = tokens_out
        self.retry_after = retry_after


class Writer(Protocol):
    """Somebody who can write."""

    @property
    def model(self) -> str:
        """The name of the model that is asked."""

    async def write(self, prompt: Prompt) -> Reply:
        """The answer to one prompt, asked once. Raises WritingFailed."""
