"""What may not stand in a text, whoever wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.office.copywriting import guard, parts, similarity

LEAD = "Спокійна річ із малюнком, на який усе ж оглядаються на вулиці."
ENGLISH = "A calm piece with a drawing that people turn to look at all the same."


def found(lead: str, lang: str = "uk") -> list[str]:
    return guard.check({"lead": lead}, lang)


def test_a_plain_sentence_passes_in_each_language() -> None:
    assert found(LEAD) == []
    assert found(ENGLISH, "en") == []


@pytest.mark.parametrize(
    "said",
    [
        "Коштує 890 ₴",
        "лише 890 грн",
        "лише 890грн",
        "у ціновій межі",
        "за вісімсот гривень",
        "знижка на всі кольори",
        "на 20 % менше",
        "двадцять відсотків",
        "ціна приємна",
        "безкоштовна доставка",
        "акційна пропозиція",
        "РОЗПРОДАЖ триває",
    ],
)
def test_money_is_found_in_ukrainian(said: str) -> None:
    assert "lead: money" in found(f"{LEAD} {said}.")


@pytest.mark.parametrize(
    "said",
    [
        "only $20",
        "890uah",
        "free\u00a0shipping",
        "a price_tag",
        "20 USD",
        "now 15% off",
        "on sale today",
        "a discount for you",
        "free shipping",
        "a low price",
    ],
)
def test_money_is_found_in_english(said: str) -> None:
    assert "lead: money" in found(f"{ENGLISH} {said}.", "en")


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("Залишилося дві", "uk"),
        ("Є в наявності", "uk"),
        ("Є в\u00a0наявності", "uk"),
        ("Чекає на  складі", "uk"),
        ("Лишилося 3", "uk"),
        ("Встигніть узяти", "uk"),
        ("In stock now", "en"),
        ("Hurry", "en"),
    ],
)
def test_what_is_left_is_not_spoken_of(said: str, lang: str) -> None:
    assert "lead: stock" in found(f"{LEAD if lang == 'uk' else ENGLISH} {said}.", lang)


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("Найкраща футболка", "uk"),
        ("№1 в Україні", "uk"),
        ("гарантуємо якість", "uk"),
        ("екологічна тканина", "uk"),
        ("The best tee", "en"),
        ("an eco-friendly cloth", "en"),
        ("it never fades", "en"),
    ],
)
def test_claims_that_nobody_can_prove_are_found(said: str, lang: str) -> None:
    assert "lead: claim" in found(f"{LEAD if lang == 'uk' else ENGLISH} {said}.", lang)


@pytest.mark.parametrize("said", ["цінуємо тишу", "оцініть самі", "недаром", "цінність речі", "вулиця у сні"])
def test_words_that_only_begin_alike_are_left_alone(said: str) -> None:
    assert "lead: money" not in found(f"{LEAD} {said}.")


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("<script>alert(1)</script>", "markup"),
        ("{{7*7}}", "markup"),
        ("{% import os %}", "markup"),
        ("${7*7}", "markup"),
        ("&lt;b&gt;", "markup"),
        ("https://example.org", "link"),
        ("[сюди](x)", "link"),
        ("пишіть на a@b.ua", "link"),
        ("ми є на t.me/twocomms", "link"),
        ("дивіться twocomms.style/nove", "link"),
        ("javascript:alert(1)", "link"),
        ("\u202eкобиж", "signs"),
        ("нуль\u200bширини", "signs"),
        ("дві\nлінії", "layout"),
    ],
)
def test_markup_links_and_unseen_signs_are_found(said: str, problem: str) -> None:
    assert f"lead: {problem}" in found(f"{LEAD} {said}")


@pytest.mark.parametrize("line", ["# Заголовок", "- пункт", "1. пункт", "| а | б |", "> цитата", "* * *"])
def test_a_description_is_sentences_and_no_layout(line: str) -> None:
    assert "description: layout" in guard.check({"description": f"{LEAD * 6}\n\n{line}"}, "uk")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (ENGLISH, "uk"),
        (LEAD, "en"),
        ("Спокойная вещь с рисунком, который вы ещё не видели, и это хорошо.", "uk"),
        ("12345 67890 12345 67890 12345 67890 12345 67890", "uk"),
        ("Книга про сад. " * 20, "uk"),
    ],
)
def test_another_language_is_found(text: str, lang: str) -> None:
    assert "lead: language" in found(text, lang)


def test_lengths_and_counts_are_kept() -> None:
    assert guard.check({"seo_title": "Коротко"}, "uk") == ["seo_title: length"]
    assert guard.check({"seo_title": "Футболка з малюнком" * 4}, "uk") == ["seo_title: length"]
    assert "keywords: count" in guard.check({"keywords": ["футболка з принтом"]}, "uk")
    assert "faq: length" in guard.check({"faq": [["Питання" * 40, "Відповідь."], ["Друге питання?", "Так."]]}, "uk")
    assert guard.check({"alts": ["Футболка спереду, малюнок"]}, "uk", pictures=2) == ["alts: count"]


def test_a_text_that_says_what_its_sibling_says_is_found() -> None:
    one = " ".join(f"слово{number} іде" for number in range(200))
    assert guard.check({"story": one}, "uk", [f"Інша назва. {one}"]) == ["story: similar"]
    assert guard.check({"story": one}, "uk", ["Зовсім інша розмова про зовсім інші речі. " * 20]) == []


def test_texts_too_short_to_tell_are_not_compared() -> None:
    short = similarity.runs("малюнок на бавовні")
    assert similarity.likeness(short, short) == 0


@given(st.text(max_size=400), st.sampled_from(["uk", "en"]))
def test_whatever_is_written_the_guard_answers(text: str, lang: str) -> None:
    problems = guard.check({"lead": text}, lang)
    if not problems:
        assert 40 <= len(text) <= 200
        assert not set(text) & set("<>{}`\\%$")


def test_staff_see_and_type_what_was_kept() -> None:
    for name, value in (
        ("keywords", ["футболка з принтом", "колос"]),
        ("faq", [["Як прати?", "При 30 °C."], ["З чого?", "Бавовна\nй еластан."]]),
        ("description", "Перший.\n\nДругий."),
    ):
        assert parts.from_text(name, parts.as_text(value).replace("\n", "\r\n")) == value
    with pytest.raises(parts.BadShape):
        parts.from_text("faq", "Питання без відповіді?")


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "lead",
        {},
        {"lead": 1},
        {"lead": "a", "more": "b"},
        {"lead": ["a"]},
    ],
)
def test_an_answer_of_another_shape_is_refused(answer: object) -> None:
    with pytest.raises(parts.BadShape):
        parts.read_answer(answer, ["lead"])


def test_the_schema_that_is_asked_for_is_strict() -> None:
    schema = parts.schema_of(["lead", "faq"])
    assert schema["required"] == ["lead", "faq"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["faq"]["items"]["additionalProperties"] is False
