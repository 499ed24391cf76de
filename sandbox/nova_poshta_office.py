"""What the stand-in carrier knows, and the envelope that everything it says comes in."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.nova_poshta_parcels import Depot

Answer = dict[str, Any]


class Refused(Exception):
    """The carrier says no: a code of its catalogue and its words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


class Office:
    """What the stand-in knows: receivers and parcels. `now` gives the moment, numbers begin after `first`."""

    def __init__(self, now: Callable[[], datetime], first: int = 0) -> None:
        self.depot = Depot(now, first)
        self.people: dict[str, str] = {}

    def dump(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {"people": self.people, "depot": self.depot.dump()}

    def load(self, told: dict[str, Any]) -> None:
        """What an office before this one knew. Raises KeyError, TypeError, ValueError."""
        people = dict(told["people"])
        self.depot.load(told["depot"])
        self.people = people

    def empty(self) -> None:
        """Forget receivers and parcels; their numbers are not given again."""
        self.people.clear()
        self.depot.documents.clear()


def ok(data: list[Any], *, info: Any = None, warnings: list[Any] | None = None) -> Answer:
    """The envelope of a yes: `info` is a list when it is empty, and an object when it is not."""
    return _envelope(True, data, info or [], warnings or [], [], [])


def no(code: str, text: str, *, as_object: bool = False) -> Answer:
    """The envelope of a no, still with status 200; errors are texts or objects of one key."""
    errors: list[Any] = [{f"ID_{code}": text}] if as_object else [text]
    return _envelope(False, [], [], [], errors, [code])


def _envelope(
    success: bool, data: list[Any], info: Any, warnings: list[Any], errors: list[Any], codes: list[str]
) -> Answer:
    named = {"messageCodes": [], "errorCodes": codes, "warningCodes": [], "infoCodes": []}
    return {"success": success, "data": data, "errors": errors, "warnings": warnings, "info": info, **named}


def page(rows: list[Answer], asked: dict[str, Any]) -> Answer:
    size = min(int(asked.get("Limit") or 500), 500)
    first = (int(asked.get("Page") or 1) - 1) * size
    return ok(rows[first : first + size], info={"totalCount": len(rows)})
