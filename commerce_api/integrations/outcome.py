"""How a call to a service outside ended, and the one error of all that ended badly."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a call ended."""

    OK = "ok"
    STATUS = "status"
    """Answered with a status of 400 or more."""
    TIMEOUT = "timeout"
    """Sent, and no whole answer in time."""
    CONNECT = "connect"
    """Never reached."""
    MALFORMED = "malformed"
    """Sent, and the answer broke off or cannot be read."""
    OPEN = "open"
    """Not tried: the service has failed too often just now."""


class OutsideFailed(Exception):
    """A service did not do what it was asked; the text carries no secret.

    `body` is the beginning of a refusal's body, for adapters that read codes in it; it never belongs into a log.
    `retry_after` is seconds from now, where the service named them.
    """

    def __init__(
        self,
        service: str,
        label: str,
        outcome: Outcome,
        *,
        status: int | None = None,
        body: bytes = b"",
        retry_after: float | None = None,
        cause: str = "",
    ) -> None:
        told = f"{outcome.value} {status}" if status else outcome.value
        super().__init__(f"{service} {label}: {told}" + (f" ({cause})" if cause else ""))
        self.service, self.label, self.outcome = service, label, outcome
        self.status, self.body, self.retry_after = status, body, retry_after

    @property
    def may_have_worked(self) -> bool:
        """Whether the effect may exist although no answer says so: then ask before doing it again."""
        if self.outcome is Outcome.STATUS:
            return self.status is not None and (self.status >= 500 or self.status == 408)
        return self.outcome in {Outcome.TIMEOUT, Outcome.MALFORMED}
