"""What machines read must be true: structured data, feeds, and prices that are the same everywhere."""

from pathlib import Path
from typing import Any

import pytest

from sitegen.checks import check
from sitegen.checks.markup import sample
from tests.sitegen.checks.builders import URL, found, good, ld, page, write

OFFER = {
    "@type": "Offer", "price": "890.00", "priceCurrency": "UAH", "availability": "https://schema.org/InStock",
    "url": f"{URL}/product/x/",
}  # fmt: skip
PRODUCT: dict[str, Any] = {"@type": "Product", "name": "x", "sku": "TC-X", "image": f"{URL}/a.png", "offers": OFFER}
ITEM = {
    "g:id": "TC-X", "g:title": "x", "g:description": "x", "g:link": f"{URL}/product/x/", "g:image_link": f"{URL}/a.png",
    "g:availability": "in_stock", "g:price": "890.00 UAH", "g:brand": "x", "g:item_group_id": "x", "g:color": "x",
    "g:size": "S", "g:gender": "unisex", "g:age_group": "adult",
}  # fmt: skip


def merchant(*items: dict[str, str]) -> str:
    """A Merchant feed of these items."""
    inner = "".join(f"<item>{''.join(f'<{k}>{v}</{k}>' for k, v in item.items())}</item>" for item in items)
    return f'<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>{inner}</channel></rss>'


def shop(root: Path, thing: dict[str, Any], feed: str = "", shown: str = "890 ₴") -> list[str]:
    """The problems of a site with one product page that holds this."""
    good(root)
    body = f'<strong class="price-now">{shown}</strong>'
    html = page("/other/", body, head=ld(thing)).replace("<body>", '<body class="page-product">')
    files = {"product/x/index.html": html}
    if feed:
        files["feeds/google.xml"] = feed
    write(root, files)
    return found(root)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"@type": "Prodct"}, "'Prodct' is no type we know of schema.org"),
        ({"colour": "red"}, "Product: schema.org has no colour there"),
        ({"image": None}, "Product: image is empty"),
        ({"image": []}, "Product: image is required"),
        ({"offers": OFFER | {"price": "0"}}, "Product: '0' is no price"),
        ({"offers": OFFER | {"availability": "https://schema.org/OnSale"}}, "Offer: schema.org has no OnSale"),
        ({"offers": {"@type": "Offer"}}, "Offer: price or priceSpecification is required"),
        ({"image": f"{URL}/gone.png"}, "names http://shop.test/gone.png, which is not there"),
        ({"brand": {"@id": f"{URL}/#brand"}}, "refers to http://shop.test/#brand, which no page describes"),
        ({"sku": "TC X"}, "'TC X' is no SKU"),
    ],
)
def test_structured_data_is_held_against_schema_org_and_google(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    assert any(problem in each for each in shop(tmp_path, PRODUCT | change))


def test_structured_data_that_is_no_json_is_named(tmp_path: Path) -> None:
    good(tmp_path, '<script type="application/ld+json">{</script>')

    assert any("index.html: cannot be read" in each for each in found(tmp_path))


def test_a_product_that_is_told_the_same_way_everywhere_is_left_alone(tmp_path: Path) -> None:
    assert shop(tmp_path, PRODUCT, merchant(ITEM)) == []


@pytest.mark.parametrize(
    ("items", "shown", "problem"),
    [
        ([ITEM | {"g:price": "900.00 UAH"}], "890 ₴", "TC-X costs 89000 kopiyky in the structured data and 90000"),
        ([ITEM | {"g:availability": "out_of_stock"}], "890 ₴", "TC-X is in stock in the structured data, not so"),
        ([ITEM], "1 890 ₴", "shows 1890 ₴, its structured data another price"),
        ([ITEM, ITEM], "890 ₴", "TC-X stands there twice"),
        ([ITEM, ITEM | {"g:id": "TC-Y"}], "890 ₴", "TC-Y is not on its page product/x/index.html"),
        ([ITEM | {"g:id": "TC-Y"}], "890 ₴", "TC-X stands in no feed"),
        ([ITEM | {"g:link": f"{URL}/gone/"}], "890 ₴", "TC-X: http://shop.test/gone/ is no page"),
        ([ITEM | {"g:brand": ""}], "890 ₴", "TC-X: brand is required"),
        ([ITEM | {"g:price": "890"}], "890 ₴", "TC-X: 890 is no price"),
    ],
)  # fmt: skip
def test_page_structured_data_and_feed_must_say_the_same(
    tmp_path: Path, items: list[dict[str, str]], shown: str, problem: str
) -> None:
    assert any(problem in each for each in shop(tmp_path, PRODUCT, merchant(*items), shown))


def test_the_other_feeds_are_read_in_their_own_formats(tmp_path: Path) -> None:
    wrong = (
        '<yml_catalog><shop><categories><category id="1">x</category></categories><offers>'
        f'<offer id="TC-X" available="true"><name>x</name><url>{URL}/gone/</url><price>900</price>'
        "<currencyId>UAH</currencyId><categoryId>2</categoryId></offer></offers></shop></yml_catalog>"
    )
    news = f'<rss version="2.0"><channel><title>x</title><item><link>{URL}/gone/</link></item></channel></rss>'
    write(tmp_path, {"feeds/prom.xml": wrong, "feeds/journal.xml": news})

    problems = shop(tmp_path, PRODUCT, merchant(ITEM))

    assert {each.partition(": ")[2] for each in problems} == {
        "TC-X: picture is required",
        "TC-X: its category is not in the list",
        f"TC-X: {URL}/gone/ is no page",
        "TC-X costs 900, 89000 kopiyky in the Merchant feed",
        "the channel has no link",
        "the channel has no description",
        f"{URL}/gone/ is no page",
        f"{URL}/gone/: None is no date",
    }


def market(offer: str = "", **change: str) -> str:
    """A feed for the market of one offer, the same as ITEM but for `change`; `offer` replaces it."""
    said = {
        "name": "x", "url": f"{URL}/product/x/", "price": "890", "currencyId": "UAH", "categoryId": "1",
        "picture": f"{URL}/a.png", **change,
    }  # fmt: skip
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in said.items())
    whole = offer or f'<offer id="TC-X" available="true">{fields}</offer>'
    shelves = '<categories><category id="1">x</category></categories>'
    return f"<yml_catalog><shop>{shelves}<offers>{whole}</offers></shop></yml_catalog>"


def test_a_market_that_is_told_what_the_pages_say_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, {"feeds/prom.xml": market()})

    assert shop(tmp_path, PRODUCT, merchant(ITEM)) == []


@pytest.mark.parametrize(
    ("feed", "problem"),
    [
        (market(price="ціна"), "TC-X costs ціна, 89000 kopiyky in the Merchant feed"),
        (market(currencyId="USD"), "TC-X: its price is in USD"),
        (market(picture=f"{URL}/gone.png"), "TC-X: the picture http://shop.test/gone.png is not there"),
        (market().replace('"true"', '"false"'), "TC-X has available=false, not so in the Merchant feed"),
        (market().replace("TC-X", "TC-Y"), "TC-Y is not in the Merchant feed"),
        (market().replace("TC-X", "TC-Y"), "lacks TC-X of the Merchant feed"),
    ],
)
def test_a_market_that_is_told_something_else_is_named(tmp_path: Path, feed: str, problem: str) -> None:
    write(tmp_path, {"feeds/prom.xml": feed})

    assert f"feeds/prom.xml: {problem}" in shop(tmp_path, PRODUCT, merchant(ITEM))


def test_a_merchant_feed_of_nothing_is_named(tmp_path: Path) -> None:
    assert "feeds/google.xml: has no items" in shop(tmp_path, PRODUCT, merchant())


def test_prices_of_every_language_are_held_against_the_feed(tmp_path: Path) -> None:
    # given an English page that shows, and tells machines, a price of its own
    cheaper = PRODUCT | {"offers": OFFER | {"price": "790.00"}}
    body = '<strong class="price-now">790 ₴</strong>'
    html = page("/en/other/", body, head=ld(cheaper), lang="en").replace("<body>", '<body class="page-product">')
    write(tmp_path, {"en/product/x/index.html": html})

    problems = shop(tmp_path, PRODUCT, merchant(ITEM))

    assert problems == [
        "en/product/x/index.html: TC-X costs 79000 kopiyky in the structured data and 89000 in the feed"
    ]


def test_a_page_that_sells_must_say_the_price_to_people_and_machines(tmp_path: Path) -> None:
    assert "product/x/index.html: sells something and shows no price" in shop(tmp_path, PRODUCT, shown="")
    assert "product/x/index.html: sells something, and no structured data says what it costs" in shop(
        tmp_path, {"@type": "WebSite", "name": "x", "url": URL}
    )


def test_missing_feeds_are_named(tmp_path: Path) -> None:
    good(tmp_path)

    missing = {problem.where for problem in check(tmp_path, URL).problems if problem.kind == "feed"}

    assert missing == {"feeds/google.xml", "feeds/prom.xml", "feeds/journal.xml"}


def test_the_html_checker_is_given_pages_of_every_shape() -> None:
    # given a large site in which one kind of page stands alone
    pages = ["index.html", "en/index.html", *(f"product/p{n}/index.html" for n in range(5000)), "catalog/index.html"]

    chosen = sample(pages, 100)

    assert len(chosen) == 100
    assert {"index.html", "en/index.html", "catalog/index.html"} <= set(chosen)
    assert sample(pages[:3], 100) == pages[:3]
