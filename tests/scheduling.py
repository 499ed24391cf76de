"""Which tests share a worker: those of one file, and all that drive a browser.

pytest-xdist's own groups do nothing with pytest 9.2, which no longer lets a plugin rename a test; so a group is told by
its address. Browser tests share one shop, and Playwright's loop bears no other beside it.
"""

from typing import Final

from xdist.scheduler import LoadScopeScheduling

BROWSER: Final = "tests/e2e/"


def group_of(nodeid: str) -> str:
    """The name of the group that a test belongs to; a group never leaves its worker."""
    return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Hands whole groups to workers, the largest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
