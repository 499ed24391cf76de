"""Everything that goes wrong with services, at the press of a switch.

A switch is one fault of one service, armed for a number of calls or for a share of all calls. The faults below happen
to any service, on the wire; an emulator adds its own with `offer` and asks for them with `strikes`.

    slow        answers, `seconds` late                         hang         takes the call and never answers
    500         fails with an error of its own                  429          asks to come back after `seconds`
    html_502    a gateway's page instead of an answer           reset        the connection ends before anything happens
    truncated   it happens, the answer breaks off               malformed    it happens, the answer cannot be read
    lost_reply  it happens, and no answer ever comes
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sandbox.journal import Journal


class Wire(StrEnum):
    """Faults of any service."""

    SLOW = "slow"
    HANG = "hang"
    ERROR = "500"
    TOO_MANY = "429"
    GATEWAY = "html_502"
    RESET = "reset"
    TRUNCATED = "truncated"
    MALFORMED = "malformed"
    LOST_REPLY = "lost_reply"


class UnknownFault(Exception):
    """No such service, no such fault, or a number that makes no sense; the text says which."""


@dataclass(slots=True)
class Switch:
    """An armed fault: `times` calls are left to it, or it strikes the `share` of them (0 to 1). `only` is a part of the
    path that it is limited to. A call that hangs is let go after `ends` seconds, by the end of its connection."""

    service: str
    fault: str
    times: int | None = 1
    share: float | None = None
    seconds: float = 2.0
    only: str = ""
    ends: float | None = None


class Faults:
    """The switches of all services. `struck` counts by service how often any of them did."""

    def __init__(self, journal: Journal, chance: Callable[[], float] | None = None) -> None:
        self.journal = journal
        self.offered: dict[str, list[str]] = {}
        self.spared: dict[str, tuple[str, ...]] = {}
        self.armed: list[Switch] = []
        self.struck: Counter[str] = Counter()
        # Chance that repeats itself: a run that found something can be run again.
        self._chance = chance or random.Random(7).random  # noqa: S311 - nothing here is secret

    def offer(self, service: str, *names: str, spare: tuple[str, ...] = ()) -> None:
        """Tell which faults a service has; `spare` are beginnings of paths that no fault of the wire touches, such as
        pages for people."""
        known = self.offered.setdefault(service, [])
        known += [name for name in names if name not in known]
        self.spared[service] = (*self.spared.get(service, ()), *spare)

    def arm(self, switch: Switch) -> None:
        """Put a switch on in the place of one for the same fault; `times` or `share` of 0 puts it off.

        Raises UnknownFault.
        """
        if switch.fault not in self.offered.get(switch.service, ()):
            raise UnknownFault(f"no fault {switch.fault!r} of a service {switch.service!r}")
        if switch.share is not None and not 0 <= switch.share <= 1:
            raise UnknownFault("a share is a number from 0 to 1")
        if (switch.times or 0) < 0 or not 0 <= switch.seconds <= 600:
            raise UnknownFault("times are 0 or more, seconds are 0 to 600")
        self.armed = [each for each in self.armed if (each.service, each.fault) != (switch.service, switch.fault)]
        if switch.share != 0 and (switch.share is not None or switch.times):
            self.armed.append(switch)
        self.journal.note("faults", f"{switch.service}: {switch.fault}", times=switch.times, share=switch.share)

    def clear(self) -> None:
        """Put every switch off."""
        self.armed.clear()
        self.journal.note("faults", "all off")

    def strikes(self, service: str, *names: str, path: str = "") -> Switch | None:
        """The first armed switch of these faults that strikes now; its count goes down."""
        for switch in list(self.armed):
            if switch.service != service or switch.fault not in names or switch.only not in path:
                continue
            if switch.share is not None:
                if self._chance() >= switch.share:
                    continue
            else:
                switch.times = (switch.times or 1) - 1
                if not switch.times:
                    self.armed.remove(switch)
            self.struck[service] += 1
            self.journal.note(service, f"fault: {switch.fault}", path=path)
            return switch
        return None
