"""The till's story: what an order costs the database, and what stops it."""

import pytest

from commerce_api.foundation.settings import Settings
from tests.commerce_api.shop.cart.builders import promo, put_on_shelf, shop_front, shopper
from tests.commerce_api.shop.checkout.builders import buy, fill
from tests.commerce_api.statements import statements

pytestmark = pytest.mark.anyio

MOST_STATEMENTS = 14
"""quality.md: for one order of two lines and one code, cash on delivery, without BEGIN and COMMIT."""


@pytest.mark.parametrize("stock", [{"M": None, "L": None}, {"M": 50, "L": 50}, {"M": 50, "L": None}])
async def test_an_order_of_two_lines_and_a_code_takes_few_statements(
    database: Settings, stock: dict[str, int | None]
) -> None:
    codes = await put_on_shelf(stock=stock)
    await promo("DROP10", once_per_customer=True)
    async with shopper(shop_front(database), database) as client:
        # The first order of a day also opens the day's counter.
        await buy(client, await fill(client, {codes["M"]: 1}), "warm")
        await fill(client, {codes["M"]: 1, codes["L"]: 2})
        total = (await client.post("/api/v1/cart/promo", json={"code": "drop10"})).json()["total"]
        with statements() as seen:
            answer = await buy(client, total)

    assert answer.status_code == 201
    placing = [query for query in seen if not query.startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    assert len(placing) <= MOST_STATEMENTS, "\n".join(f"{n} {query[:110]}" for n, query in enumerate(placing, 1))
