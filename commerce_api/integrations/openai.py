"""OpenAI as the writer of texts: one call of the Responses API with structured output, kept nowhere on their side.

Only the worker and the writer's own program import this module: the package takes a second to come and 25 MB to stay.
A call has no key that would make it safe to repeat: the package's own retries are off, writing.py decides.
"""

import asyncio
import time
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final

import httpx2
import openai
from openai.types.responses import Response, ResponseOutputMessage

from commerce_api.foundation import metrics
from commerce_api.foundation.settings import Settings
from commerce_api.integrations.http import Outcome, retry_after
from commerce_api.office.copywriting.statuses import Reason
from commerce_api.office.copywriting.writer import Prompt, Reply, WritingFailed

SERVICE: Final = "openai"
LABEL: Final = "write"
CONNECT: Final = 3.0
READ: Final = 90.0
"""Seconds: a long story takes most of a minute."""
LONGEST_CODE: Final = 60

STOPPERS: Final = frozenset({401, 403, 404})
"""Statuses that every further call would get too: the key, the right, or the name of the model is wrong."""
NO_MONEY: Final = "insufficient_quota"


class OpenAiWriter:
    """Writes by the model that the settings name. `transport` replaces the network."""

    def __init__(
        self, api_key: str, base_url: str, model: str, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        limits = httpx2.Timeout(READ, connect=CONNECT)
        self._model = model
        self._client = openai.AsyncOpenAI(
            api_key=api_key,
            base_url=base_url,
            timeout=limits,
            max_retries=0,
            http_client=httpx2.AsyncClient(
                transport=transport, timeout=limits, trust_env=False, follow_redirects=False
            ),
        )

    @property
    def model(self) -> str:
        """The name of the model that is asked."""
        return self._model

    async def write(self, prompt: Prompt) -> Reply:
        """Ask once. Raises WritingFailed; its detail names codes and never repeats what was asked or answered."""
        started = time.monotonic()
        outcome = Outcome.OK
        try:
            # The limits of the package are for each piece: who drips would be listened to for ever.
            async with asyncio.timeout(CONNECT + READ):
                return _reply(await self._ask(prompt), prompt, self._model)
        except TimeoutError as error:
            outcome = Outcome.TIMEOUT
            raise WritingFailed(Reason.UNREACHABLE, "no answer in time", paid=True) from error
        except openai.OpenAIError as error:
            outcome, failure = _failure(error)
            raise failure from None
        except WritingFailed:
            raise
        except ValueError as error:
            # Not even JSON: the call was answered, so that it may well be on the bill.
            outcome = Outcome.MALFORMED
            raise WritingFailed(Reason.UNREACHABLE, "malformed answer", paid=True) from error
        finally:
            metrics.OUTSIDE.observe(time.monotonic() - started, SERVICE, LABEL, outcome.value)

    async def _ask(self, prompt: Prompt) -> object:
        return await self._client.responses.create(
            model=self._model,
            instructions=prompt.instructions,
            input=prompt.facts,
            text={
                "format": {
                    "type": "json_schema",
                    "name": prompt.name,
                    "strict": True,
                    "schema": dict(prompt.schema),
                }
            },
            max_output_tokens=prompt.longest,
            store=False,
        )

    async def aclose(self) -> None:
        """End the connections kept open."""
        await self._client.close()


def writer(settings: Settings, transport: httpx2.AsyncBaseTransport | None = None) -> OpenAiWriter | None:
    """The writer of these settings; None when texts are not wanted or there is no key."""
    wanted = settings.outside.openai
    if not wanted.enabled or not wanted.api_key:
        return None
    return OpenAiWriter(wanted.api_key, wanted.base_url, wanted.model, transport)


def _reply(response: object, prompt: Prompt, model: str) -> Reply:
    """The text of an answer. Raises WritingFailed for one that holds none, with what it cost."""
    if not isinstance(response, Response):
        raise WritingFailed(Reason.UNREACHABLE, "an answer of another kind", paid=True)
    tokens = _usage(response, prompt)

    def failed(reason: Reason, detail: str) -> WritingFailed:
        return WritingFailed(reason, detail[:LONGEST_CODE], paid=True, tokens_in=tokens[0], tokens_out=tokens[1])

    parts = [
        part for item in response.output or [] if isinstance(item, ResponseOutputMessage) for part in item.content or []
    ]
    if any(part.type == "refusal" for part in parts):
        raise failed(Reason.REFUSED, "refusal")
    if response.status == "incomplete":
        why = (response.incomplete_details and response.incomplete_details.reason) or ""
        raise failed(Reason.REFUSED if why == "content_filter" else Reason.TRUNCATED, why)
    if response.status not in (None, "completed"):
        code = response.error.code if response.error else response.status
        raise failed(Reason.UNREACHABLE, str(code))
    text = "".join(part.text for part in parts if part.type == "output_text")
    if not text:
        raise failed(Reason.WRONG_SHAPE, "an empty answer")
    return Reply(text, response.model or model, *tokens)


def _usage(response: Response, prompt: Prompt) -> tuple[int, int]:
    """Tokens in and out, counted by the service; by their letters where it does not say."""
    if response.usage is not None:
        return response.usage.input_tokens, response.usage.output_tokens
    told = len(prompt.instructions) + len(prompt.facts)
    return ceil(told / 2), prompt.longest


def _failure(error: openai.OpenAIError) -> tuple[Outcome, WritingFailed]:
    """What a failed call means for the one who asked."""
    if isinstance(error, openai.APIStatusError):
        return Outcome.STATUS, _refused(error)
    if isinstance(error, openai.APIConnectionError):
        cause = error.__cause__
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout):
            return Outcome.CONNECT, WritingFailed(Reason.UNREACHABLE, "no connection")
        if isinstance(error, openai.APITimeoutError):
            return Outcome.TIMEOUT, WritingFailed(Reason.UNREACHABLE, "no answer in time", paid=True)
        return Outcome.MALFORMED, WritingFailed(Reason.UNREACHABLE, "the answer broke off", paid=True)
    return Outcome.MALFORMED, WritingFailed(Reason.UNREACHABLE, type(error).__name__, paid=True)


def _refused(error: openai.APIStatusError) -> WritingFailed:
    status = error.status_code
    code = str(error.code or error.type or "")[:LONGEST_CODE]
    told = f"{status} {code}".strip()
    if status == 429 and code != NO_MONEY:
        return WritingFailed(Reason.RATE_LIMITED, told, retry_after=_rest(error.response.headers))
    if status in STOPPERS or code == NO_MONEY:
        return WritingFailed(Reason.KEY_REFUSED, told)
    if status >= 500 or status in (408, 409):
        return WritingFailed(Reason.UNREACHABLE, told, retry_after=_rest(error.response.headers))
    return WritingFailed(Reason.REQUEST_REFUSED, told)


def _rest(headers: Any) -> float | None:
    """Seconds that the service asks to be left alone for."""
    exact = headers.get("retry-after-ms", "")
    if exact.isascii() and exact.isdigit():
        return int(exact) / 1000
    return retry_after(headers.get("retry-after"), datetime.now(UTC))
