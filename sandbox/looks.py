"""How the sandbox's pages look: one style sheet, a template for each page, headers that allow nothing else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

TEMPLATES: Final = Path(__file__).parent / "templates"
STYLES: Final = Path(__file__).parent / "sandbox.css"

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; "
    "base-uri 'none'; frame-ancestors 'self'"
)

MENU: Final[tuple[tuple[str, str], ...]] = (
    ("/monobank/", "Bank"),
    ("/nova-poshta/parcels/", "Parcels"),
    ("/s3/", "Buckets"),
    ("/telegram/chats", "Telegram"),
)
"""Pages of emulators that people look at: address and name."""

_templates = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page from sandbox/templates. It may style itself by /sandbox.css alone, and runs no scripts."""
    shown = {"path": request.url.path, "services": MENU, **values}
    headers: Mapping[str, str] = {
        "content-security-policy": POLICY,
        "cache-control": "no-store",
        # Anything stricter makes browsers send `Origin: null` with our own forms.
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(_templates.get_template(template).render(**shown), status, headers)
