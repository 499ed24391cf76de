"""What a wait for something says when it ends without it."""

import pytest

from tests.waiting import until

pytestmark = pytest.mark.anyio


async def test_what_never_happens_is_said() -> None:
    with pytest.raises(pytest.fail.Exception, match="never happened: a miracle"):
        await until(lambda: False, "a miracle", limit=0.05)


async def test_a_timeout_of_what_is_asked_is_not_the_end_of_the_wait() -> None:
    async def asked() -> bool:
        raise TimeoutError("the database does not answer")

    with pytest.raises(TimeoutError, match="the database does not answer"):
        await until(asked, "a miracle")
