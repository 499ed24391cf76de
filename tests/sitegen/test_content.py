"""Words people write, with facts filled in."""

from dataclasses import replace
from pathlib import Path

import pytest

from commerce_api.foundation.theming import texts
from commerce_api.shop.catalog import restock
from commerce_api.shop.favourites import browser as favourites
from commerce_api.shop.finding import service as finding
from sitegen.content import TOKENS, BadContent, ContentView, fill
from tests.shop_facts import FACTS
from tests.sitegen.builders import LANGUAGES, ROOT

SITE = {
    "contacts": {
        "phone": "+380 57 000 00 00",
        "email": "a@b.test",
        "telegram": "shop",
        "uk": {"city": "Харків"},
        "en": {"city": "Kharkiv"},
    }
}


def test_amounts_and_counts_become_words() -> None:
    text = fill("від {{free_delivery_from}}, {{ return_days }} днів, {{city}}", "uk", FACTS, SITE, "delivery.md")
    road = fill("{{travel_days_from}}–{{travel_days_to}} днів", "uk", FACTS, SITE, "delivery.md")

    assert text == "від 2\u00a0500\u00a0₴, 14 днів, Харків"
    assert road == "1–3 днів"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", ["delivery", "faq"])
def test_a_road_of_one_day_is_no_range(page: str, lang: str) -> None:
    text = (ROOT / f"content/pages/{page}.{lang}.md").read_text("utf-8")
    one, three = {"uk": ("1~день", "від 1 до 3~днів"), "en": ("1~day", "1 to 3~days")}[lang]

    short = fill(text, lang, replace(FACTS, travel_days_from=1, travel_days_to=1), SITE, page).replace("\u00a0", "~")
    long = fill(text, lang, replace(FACTS, travel_days_from=1, travel_days_to=3), SITE, page).replace("\u00a0", "~")

    assert (one in short, three in long, "до 1~" in short, "to 1~" in short) == (True, True, False, False)


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
    ("days", "said"), [(1, "1~день"), (14, "14~днів"), (21, "21~день"), (22, "22~дні"), (25, "25~днів")]
)
def test_a_noun_takes_the_form_of_its_number(days: int, said: str) -> None:
    facts = replace(FACTS, return_days=days)

    assert fill("{{return_days|день|дні|днів}}", "uk", facts, SITE, "returns.md") == said.replace("~", "\u00a0")
    assert fill("{{return_days|day|days}}", "en", facts, SITE, "returns.md").endswith("day" if days == 1 else "days")


@pytest.mark.parametrize("token", ["return_days|day|days", "city|місто|міста|міст"])
def test_nouns_that_do_not_fit_are_named_with_the_forms_that_would(token: str) -> None:
    with pytest.raises(BadContent, match=r"faq\.md: .* in the forms one, few, many"):
        fill(f"{{{{{token}}}}}", "uk", FACTS, SITE, "faq.md")


def test_words_about_what_is_switched_off_are_left_out() -> None:
    text = "<li>Карткою.{{#cod}}</li><li>Готівкою до {{cod_limit}}.{{/cod}}{{^cod}} Лише так.{{/cod}}</li>"

    on, off = (fill(text, "uk", replace(FACTS, cod_enabled=cod), SITE, "delivery.md") for cod in (True, False))

    assert on == "<li>Карткою.</li><li>Готівкою до 5\u00a0000\u00a0₴.</li>"
    assert off == "<li>Карткою. Лише так.</li>"


def test_an_unknown_switch_is_named_with_its_file() -> None:
    with pytest.raises(BadContent, match=r"faq\.md: there is no \{\{#cash\}\}; known are cod"):
        fill("{{#cash}}так{{/cash}}", "uk", FACTS, SITE, "faq.md")


def written(lang: str) -> list[Path]:
    """The pages that people wrote in a language."""
    files = sorted(path for folder in ("pages", "legal") for path in (ROOT / "content" / folder).glob(f"*.{lang}.md"))
    assert files
    return files


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_offers_to_pay_on_receipt_while_that_is_switched_off(lang: str) -> None:
    # given the shop's own pages, when cash on delivery is off, then none names its limit or its way to pay
    facts = replace(FACTS, cod_enabled=False, cod_limit=333_300)
    offers = {
        "uk": ("оплата під час отримання", "повністю під час"),
        "en": ("payment on receipt", "in full on receipt"),
    }

    for path in written(lang):
        text = fill(path.read_text("utf-8"), lang, facts, SITE, path.name)
        assert "3\u00a0333" not in text, path
        assert not any(offer in text.lower() for offer in offers[lang]), path


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_say_the_numbers_of_the_rules_and_none_of_their_own(lang: str) -> None:
    # given other rules than today's, when the pages are filled, then they speak of those
    facts = replace(
        FACTS, reward_points=170, reward_percent=13, size_tolerance_cm=7, return_days=31, reserve_minutes=41
    )
    said = "\n".join(fill(path.read_text("utf-8"), lang, facts, SITE, path.name) for path in written(lang))

    assert said.count("170\u00a0") == 2
    assert said.count("13%" if lang == "en" else "13\u00a0%") == 2
    assert said.count("7\u00a0см" if lang == "uk" else "7\u00a0cm") == 3
    for form in (
        ("31\u00a0день", "31\u00a0дня", "41\u00a0хвилина", "41\u00a0хвилину") if lang == "uk" else ("31\u00a0days",)
    ):
        assert form in said


@pytest.mark.parametrize(("lang", "said"), [("uk", "{} днів"), ("en", "{} days")])
def test_the_shop_keeps_what_it_promises_to_erase(lang: str, said: str) -> None:
    # given the days after which the shop erases things, when its words about that are read, then they name the same
    privacy = (ROOT / f"content/legal/privacy.{lang}.md").read_text("utf-8")
    assert said.format(restock.KEPT_DAYS) in privacy
    assert said.format(finding.KEPT_DAYS) in privacy
    assert said.format(restock.KEPT_DAYS) in str(texts(lang).entries["restock.consent"])
    assert restock.LONGEST_WAIT_DAYS == 365
    assert ("за рік" if lang == "uk" else "after a year") in privacy


@pytest.mark.parametrize(("lang", "said"), [("uk", "«{}»"), ("en", "“{}”")])
def test_the_cookie_of_favourites_is_named_and_lives_as_long_as_is_said(lang: str, said: str) -> None:
    privacy = (ROOT / f"content/legal/privacy.{lang}.md").read_text("utf-8")
    assert said.format(favourites.LIKED) in privacy
    assert favourites.SECONDS == 365 * 24 * 3600
    assert ("рік після" if lang == "uk" else "a year after the last press") in privacy
