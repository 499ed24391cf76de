"""Redirects after a form, only to paths of our own."""

import re
from typing import Final
from urllib.parse import quote

from starlette.responses import RedirectResponse

_OWN: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def own_path(text: str | None, default: str) -> str:
    """`text` when it is a path of this site, else `default`: for a `next=` that anybody may have written."""
    return text if text and _OWN.fullmatch(text) and not re.search("%(?:2f|5c)", text[:8], re.IGNORECASE) else default


def see_other(path: str) -> RedirectResponse:
    """303: what was posted is done, look there.

    Raises ValueError for anything that is not a path of this site.
    """
    if not _OWN.fullmatch(path):
        raise ValueError(f"not a path of ours: {path!r}")
    return RedirectResponse(path, status_code=303)


def permanent(path: str, query: str = "") -> RedirectResponse:
    """308 to another path of ours, the query kept."""
    target = quote(path, safe="/~!$&'()*+,;=:@-._")
    return RedirectResponse(f"{target}?{query}" if query else target, status_code=308)
