"""What the services say when they fail and when they are asked too often, each in its own documented way.

A new emulator has its line in COMPLAINTS, or it complains plainly.
"""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import JSONResponse, Response

Complaint = Callable[[int, float], Response]
"""The answer with a status of 500 or 429; the seconds are those after which the caller may come back."""


def plain(status: int, seconds: float) -> Response:
    """The answer of a service that documents none."""
    return JSONResponse(
        {"error": "too many requests" if status == 429 else "internal"}, status, _after(status, seconds)
    )


def _after(status: int, seconds: float) -> dict[str, str]:
    return {"retry-after": f"{seconds:.0f}"} if status == 429 else {}


def _bank(status: int, seconds: float) -> Response:
    code, text = ("TMR", "too many requests") if status == 429 else ("INTERNAL_ERROR", "internal server error")
    return JSONResponse({"errCode": code, "errText": text}, status, _after(status, seconds))


def _carrier(status: int, seconds: float) -> Response:
    # It has no 429: it says so in an envelope with status 200, and never how long to wait.
    named: dict[str, list[str]] = {"messageCodes": [], "warningCodes": [], "infoCodes": []}
    code, text = ("20000401501", "To many requests") if status == 429 else ("20000200001", "Internal error")
    told = {"success": False, "data": [], "errors": [text], "warnings": [], "info": [], "errorCodes": [code], **named}
    return JSONResponse(told, 200 if status == 429 else status)


def _telegram(status: int, seconds: float) -> Response:
    told: dict[str, object] = {"ok": False, "error_code": status, "description": "Internal Server Error"}
    if status == 429:
        told["description"] = f"Too Many Requests: retry after {seconds:.0f}"
        told["parameters"] = {"retry_after": round(seconds)}
    return JSONResponse(told, status, _after(status, seconds))


def _issuer(status: int, seconds: float) -> Response:
    word = "temporarily_unavailable" if status == 429 else "server_error"
    return JSONResponse({"error": word}, status, _after(status, seconds))


def _model(status: int, seconds: float) -> Response:
    kind, code = ("requests", "rate_limit_exceeded") if status == 429 else ("server_error", None)
    text = "Rate limit reached for requests." if status == 429 else "The server had an error."
    told = {"error": {"message": text, "type": kind, "param": None, "code": code}}
    return JSONResponse(told, status, {**_after(status, seconds), "x-request-id": "req_sandbox"})


def _store(status: int, seconds: float) -> Response:
    # Whoever asks too often is told 503 here.
    code = "SlowDown" if status == 429 else "InternalError"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{code}</Code><Message>{code}</Message></Error>'
    return Response(body, 503 if status == 429 else status, _after(status, seconds), "application/xml")


COMPLAINTS: Final[Mapping[str, Complaint]] = {
    "google": _issuer,
    "monobank": _bank,
    "nova-poshta": _carrier,
    "openai": _model,
    "s3": _store,
    "telegram": _telegram,
    "telegram-id": _issuer,
}
