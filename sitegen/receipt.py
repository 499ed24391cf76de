"""What a build did: for the terminal, the admin and whoever reads `--json`."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Final

SHOWN: Final = 5
"""Pages and reasons that a sentence names."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One build.

    `pages` are files whose bytes are new, pictures and assets included; `removed` files taken away; `reasons` why.
    `errors` did not stop it: a master that cannot be read, a content file without a title.
    """

    kind: str
    release: str
    pages: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    milliseconds: int = 0
    errors: tuple[str, ...] = ()
    request_ids: tuple[int, ...] = ()

    def after(self, earlier: "Receipt | None") -> "Receipt":
        """This receipt and an earlier one as one: the files and milliseconds of both."""
        if earlier is None:
            return self
        return replace(
            self,
            pages=tuple(sorted({*earlier.pages, *self.pages} - set(self.removed))),
            removed=tuple(sorted({*earlier.removed, *self.removed} - set(self.pages))),
            milliseconds=earlier.milliseconds + self.milliseconds,
        )

    def json(self) -> str:
        """One line for programs."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def sentence(self) -> str:
        """One line for people."""
        if self.kind == "rollback":
            return f"rolled back to {self.release}; building is paused until the next explicit build"
        if not self.pages and not self.removed:
            done = "nothing changed"
        else:
            shown = ", ".join(self.pages[:SHOWN])
            more = f" and {len(self.pages) - SHOWN} more" if len(self.pages) > SHOWN else ""
            gone = f", {len(self.removed)} removed" if self.removed else ""
            done = f"{len(self.pages)} written{gone}: {shown}{more}"
        why = f" ({'; '.join(self.reasons[:SHOWN])})" if self.reasons else ""
        problems = "".join(f"\n  problem: {error}" for error in self.errors)
        return f"{self.kind} build in {self.milliseconds} ms, {done}{why}{problems}"
