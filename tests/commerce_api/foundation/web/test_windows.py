"""Sliding windows in memory: never more than allowed, and the wait that is told is enough and not too long."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.web.windows import Windows

SECONDS = 60
STEPS = st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=60)


@given(st.integers(1, 6), STEPS)
def test_no_more_pass_than_allowed_and_the_wait_is_exact(amount: int, steps: list[float]) -> None:
    now = 1_000.0
    windows = Windows(lambda: now)
    passed: deque[float] = deque()
    for step in steps:
        now += step
        wait = windows.hit("read", amount, SECONDS, "somebody")
        if wait is None:
            passed.append(now)
        else:
            assert 0 <= wait <= SECONDS
            refused_at = now
            now += wait + 0.001
            assert windows.hit("read", amount, SECONDS, "somebody") is None, refused_at
            passed.append(now)
        # Within one window never more than allowed; across a border the one before counts by its share.
        assert sum(1 for at in passed if at // SECONDS == now // SECONDS) <= amount


def test_visitors_and_rates_are_counted_apart_and_old_windows_are_dropped() -> None:
    now = 0.0
    windows = Windows(lambda: now)
    assert [windows.hit("read", 1, SECONDS, who) for who in ("a", "b")] == [None, None]
    assert windows.hit("write", 1, SECONDS, "a") is None
    assert windows.hit("read", 1, 10 * SECONDS, "a") is None
    assert windows.hit("read", 1, SECONDS, "a") == SECONDS

    now = 2.5 * SECONDS
    assert windows.hit("read", 1, SECONDS, "c") is None
    assert windows._rates["read", SECONDS].before == {}
    assert windows._rates["read", SECONDS].now == {"c": 1}
