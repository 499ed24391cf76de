"""The words of the shop: complete in every language, and asked for by their right names."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from commerce_api.foundation.theming import THEME, Texts, texts
from tests.themes.goods import LANGUAGES

FORMS = {"uk": {"one", "few", "many", "other"}, "en": {"one", "other"}}
CYRILLIC = re.compile("[\u0400-\u04ff]")
CALL = re.compile(r"""\bt\(\s*"([^"]+)"\s*(~)?""")
MACHINE = {"common.locale"}
OWN_WORDS = "account.languages."
"""Languages are named in their own words."""


TYPED = re.compile(r"</?a[^>]*>|/[a-z]+/?|twocomms outbox list|«Start»")
"""Links of a chat's messages, and what is typed or pressed just so: no words to read."""


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sentences(words: Texts) -> Iterator[tuple[str, str]]:
    for key, entry in words.entries.items():
        if isinstance(entry, str):
            yield key, entry
        else:
            for form, text in entry.items():
                yield f"{key}.{form}", text


def calls() -> Iterator[tuple[Path, str, bool]]:
    """Every text a template asks for: file, key, and whether the key is only the beginning of one."""
    for path in sorted((THEME / "templates").rglob("*.html")):
        for key, joined in CALL.findall(path.read_text("utf-8")):
            yield path.relative_to(THEME), key, bool(joined)


def test_every_language_has_the_same_texts() -> None:
    # given the texts of all languages, when their keys are compared, then none has one more or less
    keys = {lang: set(texts(lang).entries) for lang in LANGUAGES}
    assert keys["uk"] == keys["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_plural_texts_have_every_form_of_their_language(lang: str) -> None:
    # given the plural texts of a language, when their forms are listed, then CLDR's categories are all there
    for key, entry in texts(lang).entries.items():
        if not isinstance(entry, str) and not key.startswith("office."):
            assert set(entry) == FORMS[lang], key


def test_no_cyrillic_is_left_in_english() -> None:
    # given the English texts, when searched for Cyrillic letters, then none is found
    found = [key for key, text in sentences(texts("en")) if CYRILLIC.search(text) and not key.startswith(OWN_WORDS)]
    assert found == []


def test_no_latin_words_stand_in_ukrainian() -> None:
    # given the Ukrainian texts, when searched for Latin words, then only addresses and names of fields are found
    found = [
        key
        for key, text in sentences(texts("uk"))
        if key not in MACHINE
        and not key.startswith(OWN_WORDS)
        and re.search("[A-Za-z]{2,}", re.sub(r"\{[\w:]*\}|\S+@\S+|TwoComms|Google|Telegram", "", TYPED.sub("", text)))
    ]
    assert found == []


def test_places_to_fill_agree_between_languages() -> None:
    # given a text in two languages, when their places are compared, then both fill the same ones
    uk, en = texts("uk").entries, texts("en").entries
    for key in uk:
        a, b = uk[key], en[key]
        if isinstance(a, str) and isinstance(b, str):
            assert places(a) == places(b), key
        else:
            assert not isinstance(a, str), key
            assert not isinstance(b, str), key
            assert {name for text in a.values() for name in places(text)} == {
                name for text in b.values() for name in places(text)
            }, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_a_template_asks_for_exists(lang: str) -> None:
    # given the calls of t() in the templates, when their keys are looked up, then each is there
    known = set(texts(lang).entries)
    for path, key, joined in calls():
        if joined:
            assert any(name.startswith(key) for name in known), f"{path}: {key}*"
        else:
            assert key in known, f"{path}: {key}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_reads_without_stray_spaces(lang: str) -> None:
    # given a text, when its edges and quotes are looked at, then it needs no trimming and no typewriter quotes
    for key, written in sentences(texts(lang)):
        text = TYPED.sub("…", written)
        assert written == written.strip(), key
        assert text, key
        assert "  " not in text, key
        assert '"' not in text, key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_names_an_amount_of_its_own(lang: str) -> None:
    # given the texts of a language, when searched for amounts, then none is written out: amounts are settings
    amounts = re.compile(r"\d\s?₴|₴\s?\d")
    assert [key for key, text in sentences(texts(lang)) if amounts.search(text)] == []


COUNTED = re.compile(r"\{(n|days|minutes|hours|count|points|price|left|times|last)\}[ \u00a0–-]*([^\W\d_]{2,})")
UNITS = {"см", "cm", "left", "and"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_noun_after_a_number_has_its_forms(lang: str) -> None:
    # given texts of one form only, when a number in them is followed by a word, then it is a unit that never changes
    bare = {
        key: match[0]
        for key, entry in texts(lang).entries.items()
        if isinstance(entry, str) and (match := COUNTED.search(entry)) and match[2] not in UNITS
    }
    assert bare == {}


def test_codes_of_the_catalogue_and_of_orders_have_words() -> None:
    # given the codes that data may carry, when their texts are looked up, then each has one
    known = set(texts("uk").entries)
    wanted = {
        "care": ("wash-30", "inside-out", "no-bleach", "iron-low", "no-tumble"),
        "fibre": ("cotton", "polyester", "bamboo", "elastane"),
        "fit": ("classic", "oversize"),
        "side": ("front", "back", "print", "detail"),
        "kind": ("tee", "hoodie", "longsleeve"),
        "pay_type": ("cod", "prepay_200", "online_full"),
        "pay_note": ("cod", "prepay_200", "online_full"),
        "notice": ("price_changed", "out_of_stock", "product_gone", "quantity_reduced"),
        "order.status": ("new", "confirmed", "packed", "shipped", "delivered", "cancelled", "refused", "returned"),
        "order.next": ("new", "confirmed", "packed", "shipped", "delivered", "cancelled", "refused", "returned"),
        "order.payment_status": (
            "unpaid",
            "pending",
            "prepaid",
            "paid",
            "failed",
            "partially_refunded",
            "refunded",
        ),
    }
    missing = [f"{area}.{code}" for area, codes in wanted.items() for code in codes if f"{area}.{code}" not in known]
    assert missing == []
