"""Which tests share a worker: those of one file, and all that drive a browser. Which are begun first: the longest.

pytest-xdist's own groups do nothing with pytest 9.2, which no longer lets a plugin rename a test; so a group is told by
its address. Browser tests share one shop, and Playwright's loop bears no other beside it.
"""

from collections.abc import Mapping
from typing import Any, Final

from xdist.scheduler import LoadScopeScheduling

BROWSER: Final = "tests/e2e/"
USUAL: Final = 0.2
"""Seconds of a test of which nothing is said below."""
SECONDS: Final[Mapping[str, int]] = {
    BROWSER: 300,
    "tests/commerce_api/test_worker.py": 60,
    "tests/commerce_api/test_plans.py": 60,
    "tests/bench/test_benches.py": 50,
    "tests/commerce_api/foundation/db/test_schema.py": 30,
    "tests/commerce_api/test_cli.py": 20,
    "tests/commerce_api/test_fuzzing.py": 20,
    "tests/stress/test_stress.py": 20,
    "tests/commerce_api/test_copywriter.py": 15,
    "tests/commerce_api/shop/checkout/test_races.py": 15,
    "tests/sandbox/test_clients.py": 13,
    "tests/commerce_api/test_busy.py": 12,
    "tests/sitegen/test_live.py": 11,
}
"""Groups that take much longer than the number of their tests tells. pytest-xdist itself goes by the number alone: it
would begin the longest when everything else is done, and one worker would wait for the other."""


def group_of(nodeid: str) -> str:
    """The name of the group that a test belongs to; a group never leaves its worker."""
    return BROWSER if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]


def seconds_of(group: str, tests: int) -> float:
    """About how long a group of so many tests takes."""
    return SECONDS.get(group, tests * USUAL)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Hands whole groups to workers, the longest first."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        longest = max(self.workqueue, key=lambda group: seconds_of(group, len(self.workqueue[group])))
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)
