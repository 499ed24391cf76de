"""Letters as people read them, in both languages."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from commerce_api.foundation.events import LetterWanted
from commerce_api.foundation.outbox.relay import GivenUp
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.theming import texts
from commerce_api.office.notifications.channels import SendError
from commerce_api.office.notifications.composing import Button, compose, letter_of, order_table
from commerce_api.office.notifications.letters import on_letter_wanted
from commerce_api.office.notifications.mail import Mail
from commerce_api.office.notifications.models import Notice
from commerce_api.shop.accounts.roles import Letter
from commerce_api.shop.orders.queries import order_by_id
from tests.commerce_api.shop.cart.builders import put_on_shelf
from tests.commerce_api.shop.customer_area.builders import somebody
from tests.commerce_api.shop.orders.builders import placed

pytestmark = pytest.mark.anyio

SITE = "https://twocomms.example"


class Postbox:
    """A channel that keeps letters, or refuses them."""

    def __init__(self, refuses: SendError | None = None) -> None:
        self.mails: list[Mail] = []
        self.refuses = refuses

    async def send(self, mail: Mail) -> None:
        if self.refuses:
            raise self.refuses
        self.mails.append(mail)


@pytest.mark.parametrize("lang", ["uk", "en"])
@pytest.mark.parametrize("letter", list(Letter))
async def test_every_letter_to_an_account_says_the_same_as_text_and_as_html(
    sqlite_database: Settings, lang: str, letter: Letter
) -> None:
    who, box = await somebody(), Postbox()

    await on_letter_wanted(box, SITE)(LetterWanted(who.id, letter.value, lang, "key"))

    (mail,) = box.mails
    page = LexborHTMLParser(mail.html)
    buttons = [link for link in page.css("a") if "inline-block" in (link.attributes["style"] or "")]
    assert [link.attributes["href"] for link in buttons] == re.findall(rf"^{SITE}\S+\w/?$", mail.text, re.MULTILINE)[:1]
    assert buttons[0].text() == texts(lang)(f"mails.buttons.{letter.value}")
    html = page.css_first("html")
    assert html is not None
    assert html.attributes["lang"] == lang
    for paragraph in page.css("p"):
        for line in paragraph.text(separator="\n").split("\n"):
            assert line.strip() in mail.text
    assert "{" not in mail.text + mail.html
    assert (mail.key, mail.unsubscribe) == ("letter:key", "")


async def test_a_letter_that_nobody_takes_is_given_up_and_one_that_may_go_later_is_not(
    sqlite_database: Settings,
) -> None:
    event = LetterWanted((await somebody()).id, "known", "uk", "key")

    with pytest.raises(GivenUp, match="no such mailbox"):
        await on_letter_wanted(Postbox(SendError("no such mailbox", permanent=True)), SITE)(event)
    with pytest.raises(SendError):
        await on_letter_wanted(Postbox(SendError("later", permanent=False)), SITE)(event)
    assert await Notice.all().count() == 0


async def test_a_letter_of_an_order_has_its_lines_and_sums(sqlite_database: Settings) -> None:
    codes = await put_on_shelf(stock={"M": None})
    order = await order_by_id((await placed({codes["M"]: 2})).id)

    mail = compose(
        "oksana@example.com",
        "uk",
        "Замовлення прийнято",
        ("Дякуємо!", order_table(order), Button("Сторінка замовлення", f"{SITE}/order/x/")),
        site_url=SITE,
        key="placed:1",
        quiet=Button("Вимкнути", f"{SITE}/quiet/"),
    )

    cells = [cell.text() for cell in LexborHTMLParser(mail.html).css("td[align=right]")]
    assert cells[-1] == mail.text.split("Разом: ")[1].split("\n")[0]
    assert len(cells) == len(order_table(order).rows) >= 2
    assert "× 2" in mail.text
    assert (mail.unsubscribe, f"{SITE}/quiet/" in mail.html) == (f"{SITE}/quiet/", True)


def test_what_somebody_wrote_is_text_and_nothing_more() -> None:
    bad = '<script>alert(1)</script> & "x"'

    mail = compose("a@example.com", "en", bad, (bad, Button(bad, "https://x.example/?a=1&b=2")), site_url=SITE, key="k")

    page = LexborHTMLParser(mail.html)
    assert not page.css("script")
    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text() == bad


def test_a_letter_needs_nothing_from_us_to_be_seen() -> None:
    mail = compose("a@example.com", "en", "Hello", ("Hello",), site_url=SITE, key="k")

    assert not LexborHTMLParser(mail.html).css("img, link, script, style, iframe")
    assert not re.search(r"url\(|src=", mail.html)


def test_an_address_on_a_line_of_its_own_becomes_a_button() -> None:
    blocks = letter_of("letters.verify.text", "https://x.example/verify/abc", "Go", texts("en"))

    assert Button("Go", "https://x.example/verify/abc") in blocks
    assert not any(isinstance(block, str) and "https://" in block for block in blocks)
