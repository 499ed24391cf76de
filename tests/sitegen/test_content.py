"""Words people write, with facts filled in."""

import pytest

from sitegen.content import TOKENS, BadContent, ContentView, fill, unbroken
from tests.sitegen.builders import FACTS

SITE = {"contacts": {"phone": "+380 57 000 00 00", "email": "a@b.test", "telegram": "shop", "uk": {"city": "Харків"}}}


def test_amounts_and_counts_become_words() -> None:
    text = fill("від {{free_delivery_from}}, {{ return_days }} днів, {{city}}", "uk", FACTS, SITE, "delivery.md")
    road = fill("{{travel_days_from}}–{{travel_days_to}} днів", "uk", FACTS, SITE, "delivery.md")

    assert text == "від 2\u00a0500\u00a0₴, 14 днів, Харків"
    assert road == "1–3 днів"


def test_a_phone_link_holds_digits_only() -> None:
    assert fill("tel:{{phone_link}}", "uk", FACTS, SITE, "contacts.md") == "tel:+380570000000"


def test_every_known_token_has_a_value() -> None:
    for name in TOKENS:
        assert "{{" not in fill(f"{{{{{name}}}}}", "uk", FACTS, SITE, "all.md")


def test_an_unknown_token_is_named_with_its_file() -> None:
    with pytest.raises(BadContent, match=r"pages/delivery\.md: there is no \{\{free_delivry\}\}"):
        fill("{{free_delivry}}", "uk", FACTS, SITE, "pages/delivery.md")


def test_a_contact_that_site_toml_lacks_is_named() -> None:
    with pytest.raises(BadContent, match=r"'email' in content/site\.toml"):
        fill("{{email}}", "uk", FACTS, {"contacts": {}}, "contacts.md")


def test_pages_and_articles_know_their_addresses() -> None:
    page = ContentView("delivery", "en", "", "", "", "", None, "")

    assert page.path == "/en/delivery/"


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("<p>Літера — лише знак.</p>", "<p>Літера~— лише знак.</p>"),
        ("<p>Був <em>знак</em> — і зник.</p>", "<p>Був <em>знак</em>~— і~зник.</p>"),
        (
            '<p>Пишіть <a href="/a — b/" title="в дорозі">в Telegram</a></p>',
            '<p>Пишіть <a href="/a — b/" title="в дорозі">в~Telegram</a></p>',
        ),
        ("<p>Із плечем і з коміром, 2 см та 15 МБ.</p>", "<p>Із плечем і~з~коміром, 2~см та 15~МБ.</p>"),
        ("<p>By 10 % or 14 days</p>", "<p>By 10~% or 14~days</p>"),
        ("<li>8 grams, 16 г.</li>", "<li>8 grams, 16~г.</li>"),
    ],
)
def test_lines_break_where_a_typesetter_would_let_them(typed: str, set_: str) -> None:
    assert unbroken(typed) == set_.replace("~", "\u00a0")
