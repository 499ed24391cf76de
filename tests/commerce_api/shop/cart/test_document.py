"""The one document: today's prices, what is gone named, and nothing dropped silently."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.settings import ShopSettings
from commerce_api.foundation.theming import texts
from commerce_api.shop.cart.document import describe
from commerce_api.shop.cart.queries import CartRow
from commerce_api.shop.cart.schemas import CartOut
from commerce_api.shop.catalog.queries import Offer
from commerce_api.shop.pricing.lines import PricedLine
from commerce_api.shop.pricing.quote import quote

SHOP = ShopSettings()


def offer(code: str = "TC-KOLOS-M", price: int = 89_000, available: int | None = None, active: bool = True) -> Offer:
    return Offer(
        category="t-shirts",
        code=code,
        product="kolos-tee",
        names={"uk": "Колос", "en": "Kolos"},
        colour="coal",
        colour_names={"uk": "вугілля", "en": "coal"},
        size="M",
        fit="classic",
        price=price,
        old_price=None,
        available=available,
        image="kolos-1f",
        points=44,
        active=active,
    )


def row(quantity: int = 1, seen_price: int = 89_000, sku: str = "TC-KOLOS-M", id_: int = 1) -> CartRow:
    return CartRow(id_, sku, "Колос, як його звали", quantity, seen_price)


def test_a_line_is_shown_with_today_s_words_and_price() -> None:
    view = describe([row(2)], {"TC-KOLOS-M": offer()}, SHOP, "en")

    document = CartOut.of(view).model_dump(mode="json")
    assert document == {
        "lines": [
            {
                "id": 1,
                "sku": "TC-KOLOS-M",
                "name": "Kolos",
                "colour": "coal",
                "size": "M",
                "fit": "classic",
                "url": "/en/product/kolos-tee/coal/",
                "image": "/images/kolos-1f-400.avif",
                "quantity": 2,
                "unit_price": 89_000,
                "line_total": 178_000,
            }
        ],
        "goods": 178_000,
        "discount": 0,
        "shipping": 8_000,
        "total": 186_000,
        "free_shipping_left": 72_000,
        "notices": [],
    }


@pytest.mark.parametrize("lang", ["uk", "en"])
def test_a_price_that_changed_is_told_and_counted(lang: str) -> None:
    view = describe([row(2, seen_price=79_000)], {"TC-KOLOS-M": offer()}, SHOP, lang)

    (notice,) = view.notices
    assert (notice.code, notice.price, view.blocked) == ("price_changed", 89_000, False)
    name = "Колос" if lang == "uk" else "Kolos"
    assert notice.text == texts(lang)("notice.price_changed", name=name, amount="890\u00a0₴")
    assert view.totals.goods == 178_000
    assert view.told_prices == {1: 89_000}


def test_more_than_is_left_says_what_is_left_and_blocks() -> None:
    view = describe([row(5)], {"TC-KOLOS-M": offer(available=2)}, SHOP, "uk")

    (notice,) = view.notices
    assert (notice.code, notice.left, view.blocked) == ("few_left", 2, True)
    assert view.lines[0].note == notice.text


def test_what_sold_out_says_so_and_blocks() -> None:
    view = describe([row()], {"TC-KOLOS-M": offer(available=0)}, SHOP, "uk")

    assert [(notice.code, notice.left) for notice in view.notices] == [("out_of_stock", 0)]
    assert view.blocked


@pytest.mark.parametrize(
    ("found", "name"), [({"TC-KOLOS-M": offer(active=False)}, "Колос"), ({}, "Колос, як його звали")]
)
def test_what_is_no_longer_sold_is_named_stays_in_sight_and_counts_nothing(found: dict[str, Offer], name: str) -> None:
    view = describe([row(), row(sku="TC-B", id_=2)], {**found, "TC-B": offer("TC-B")}, SHOP, "uk")

    gone = view.lines[0]
    assert (gone.name, gone.line_total, gone.url) == (name, 0, "/catalog/")
    assert [notice.code for notice in view.notices] == ["product_gone"]
    assert name in view.notices[0].text
    assert view.totals.goods == 89_000
    assert view.blocked


@given(
    st.lists(
        st.tuples(
            st.integers(1, 50), st.integers(1, 500_000), st.none() | st.integers(0, 60), st.booleans(), st.booleans()
        ),
        max_size=8,
    )
)
def test_every_cart_adds_up_and_names_whatever_is_the_matter(
    goods: list[tuple[int, int, int | None, bool, bool]],
) -> None:
    rows = [row(quantity, 89_000, f"TC-{n}", n) for n, (quantity, *_) in enumerate(goods)]
    found = {
        f"TC-{n}": offer(f"TC-{n}", price, available, active)
        for n, (_, price, available, active, known) in enumerate(goods)
        if known
    }

    view = describe(rows, found, SHOP, "uk")

    sold = [PricedLine(r.sku, found[r.sku].price, r.quantity) for r in rows if r.sku in found and found[r.sku].active]
    assert view.totals == quote(sold, SHOP)
    assert sum(line.line_total for line in view.lines) == view.totals.goods
    assert [line.sku for line in view.lines] == [r.sku for r in rows], "nothing is dropped"
    orderable = all(r.sku in found and found[r.sku].has(r.quantity) for r in rows)
    assert view.blocked == (not orderable)
    assert CartOut.of(view).total == view.totals.payable
