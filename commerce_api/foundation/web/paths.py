"""Which program answers which path: one table for the edge, nginx and the response headers."""

import re
from pathlib import Path
from typing import Final

SIDECAR_PAGES: Final = (
    "/cart", "/checkout", "/order", "/find", "/account", "/auth", "/dropship", "/wholesale/order", "/proposals",
    "/restock",
)  # fmt: skip
"""HTML of the sidecar; each also stands under the language prefixes."""
SIDECAR_JSON: Final = ("/api", "/live", "/webhooks", "/beacon", "/healthz", "/readyz")
"""Answers of the sidecar for programs."""
OFFICE: Final = "/admin"
"""The staff office, a process of its own."""
INTERNAL: Final = ("/metrics",)
"""Answered by the sidecar on its own socket and never passed on from outside."""
DOCS: Final = "/api/docs"

_LANGUAGE: Final = re.compile(r"/[a-z]{2}(?=/|$)")


def within(path: str, prefix: str) -> bool:
    """Whether `path` is `prefix` or below it; `/cartoon` is not below `/cart`."""
    return path == prefix or path.startswith(prefix + "/")


def without_language(path: str) -> str:
    """`/en/cart/` as `/cart/`. No first segment of ours but a language has two letters."""
    return _LANGUAGE.sub("", path, count=1) if _LANGUAGE.match(path) else path


def is_json(path: str) -> bool:
    """Whether programs ask here, so that errors are problem documents."""
    return any(within(path, prefix) for prefix in (*SIDECAR_JSON, *INTERNAL)) and not within(path, DOCS)


def is_sidecar(path: str) -> bool:
    """Whether the sidecar answers this path."""
    if any(within(path, prefix) for prefix in SIDECAR_JSON):
        return True
    plain = without_language(path)
    return any(within(plain, prefix) for prefix in SIDECAR_PAGES)


def is_office(path: str) -> bool:
    """Whether the staff office answers this path."""
    return within(path, OFFICE)


def socket_address(var_dir: Path, process: str) -> str:
    """Where a process behind the edge listens: `unix:<var>/<process>.sock`."""
    return f"unix:{var_dir / f'{process}.sock'}"
