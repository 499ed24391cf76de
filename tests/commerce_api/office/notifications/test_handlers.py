"""Staff hear of an order once, whatever happens to the worker in between."""

import pytest

from commerce_api.foundation.events import OrderStatusChanged
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications import messages
from commerce_api.office.notifications.channels import Rows
from commerce_api.office.notifications.handlers import on_order_status_changed
from commerce_api.office.notifications.models import Notice
from commerce_api.office.notifications.service import tell_staff

pytestmark = pytest.mark.anyio


class Pinboard:
    """A channel that remembers; it can be broken."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.broken = False

    async def tell(self, text: str, rows: Rows = ()) -> None:
        if self.broken:
            raise ConnectionError("the chat is down")
        self.texts.append(text)


def moved(new: str) -> OrderStatusChanged:
    return OrderStatusChanged(order_id=1, number="TWC23112026N01", old="new", new=new, actor="customer")


async def test_a_cancelled_order_is_told_once_however_often_the_event_comes(database: Settings) -> None:
    board = Pinboard()
    handle = on_order_status_changed(board)
    await handle(moved("cancelled"))
    await handle(moved("cancelled"))
    assert board.texts == ["Замовлення TWC23112026N01: було «прийнято», стало «скасовано»"]


async def test_the_usual_course_of_an_order_tells_nobody(sqlite_database: Settings) -> None:
    board = Pinboard()
    for status in ("confirmed", "packed", "shipped", "delivered"):
        await on_order_status_changed(board)(moved(status))
    assert board.texts == []


async def test_a_notice_that_could_not_be_sent_is_not_marked(sqlite_database: Settings) -> None:
    # given a channel that is down
    board = Pinboard()
    board.broken = True
    with pytest.raises(ConnectionError):
        await tell_staff(board, "order_placed:1", "нове замовлення")
    # when it is back and the outbox tries again
    board.broken = False
    assert await tell_staff(board, "order_placed:1", "нове замовлення") is True
    # then it was told once
    assert board.texts == ["нове замовлення"]
    assert await Notice.all().count() == 1


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_status_has_words_in_every_language(lang: str) -> None:
    said = messages.order_moved("TWC1", "shipped", "refused", texts(lang))
    assert "TWC1" in said
    assert "{" not in said
