"""One-shot messages: said after a redirect, once. A signed cookie carries text keys and plain values, never HTML."""

import base64
import json
from typing import Final

from starlette.requests import HTTPConnection

from commerce_api.foundation.kit.ids import sign, unsign
from commerce_api.foundation.theming import ThemeIncomplete, texts
from commerce_api.foundation.web.carried import settings_of
from commerce_api.foundation.web.cookies import clear_cookie, read_cookie, set_cookie
from commerce_api.foundation.web.language import language

COOKIE: Final = "flash"
SECONDS: Final = 120
"""Long enough for a slow redirect, short enough that nobody is told yesterday's news."""
MOST: Final = 3
LONGEST: Final = 80

Value = str | int
Message = tuple[str, dict[str, Value]]


def flash(request: HTTPConnection, key: str, **values: Value) -> None:
    """Says the text `key` on the next page. Values are shown as they are, cut to 80 characters; no personal data."""
    short = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in values.items()}
    noted: list[Message] = getattr(request.state, "flashes", None) or []
    request.state.flashes = [*noted, (key, short)][-MOST:]
    plain = json.dumps(request.state.flashes, ensure_ascii=False, separators=(",", ":")).encode()
    value = base64.urlsafe_b64encode(plain).decode()
    set_cookie(request, COOKIE, sign(value, settings_of(request).secret_key, COOKIE), max_age=SECONDS)


def _messages(signed: str, key: str) -> list[Message]:
    value = unsign(signed, key, COOKIE)
    if value is None:
        return []
    found: list[Message] = json.loads(base64.urlsafe_b64decode(value))
    return found


def take_flashes(request: HTTPConnection) -> list[str]:
    """The messages that the browser carries, as finished sentences; they are used up by reading."""
    signed = read_cookie(request, COOKIE)
    if not signed:
        return []
    clear_cookie(request, COOKIE)
    t = texts(language(request))
    said = []
    for key, values in _messages(signed, settings_of(request).secret_key):
        counted = values.pop("n", None)
        try:
            said.append(t(key, n=counted if isinstance(counted, int) else None, **values))
        except (ThemeIncomplete, KeyError):
            # A message from before a deploy may name a text that is gone: it is not worth an error page.
            continue
    return said
