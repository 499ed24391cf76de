"""Finding products by what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit.searching.matching import LONGEST, distance, find
from commerce_api.foundation.kit.searching.packing import DIGITS, HALF, SHORTEST_RUN, pack
from commerce_api.foundation.kit.searching.terms import Terms, collect, product_words, read_product
from tests.search_corpus import Asked, corpus, shop_rules, shop_terms


def a_shop(*products: tuple[str, str, str]) -> Terms:
    """Products as (name, slug, lead), the oldest first, all of them hoodies in coal."""
    rules = shop_rules()
    words = [
        product_words((name, lead, None), slug, ("hoodies", "Худі"), [("coal", "вугілля")], ("M",))
        for name, slug, lead in products
    ]
    return collect([read_product(each, rules) for each in words])


@pytest.mark.parametrize("asked", corpus(), ids=lambda asked: f"{asked.lang}: {asked.query}")
def test_every_query_of_the_corpus_finds_what_it_should(asked: Asked) -> None:
    slugs, terms = shop_terms(asked.lang)
    found = find(asked.query, terms, shop_rules())
    assert asked.complaint([slugs[ordinal] for ordinal in found.ordinals], whole=found.whole) == ""


def test_the_corpus_is_large_enough_to_be_a_proof() -> None:
    assert len(corpus()) >= 60


def test_what_a_thing_is_called_counts_more_than_what_is_said_of_it() -> None:
    shop = a_shop(("Сова", "sova", "Птах уночі"), ("Кіт", "kit", "На підвіконні, поруч сова"))
    assert find("сова", shop, shop_rules()).ordinals == (0, 1)


def test_equal_matches_come_newest_first() -> None:
    shop = a_shop(("Сова", "sova", ""), ("Кіт", "kit", ""))
    assert find("худі", shop, shop_rules()).ordinals == (1, 0)


def test_without_a_product_that_has_all_words_those_with_most_of_them_are_near() -> None:
    # given two things, when a word of the query is nowhere
    shop = a_shop(("Сова", "sova", ""), ("Кіт", "kit", ""))
    found = find("худі сова кросівки", shop, shop_rules())

    # then the one with the other words is told, and told apart from a real find
    assert (found.ordinals, found.whole) == ((0,), False)


def test_the_other_keyboard_is_told_and_only_when_what_was_typed_means_nothing() -> None:
    shop = a_shop(("Сова", "sova", ""))
    assert find("cjdf", shop, shop_rules()).read_as == "сова"
    assert find("sova", shop, shop_rules()).read_as is None


def test_typing_errors_are_forgiven_in_names_and_not_in_stories() -> None:
    shop = a_shop(("Кіт", "kit", "Підвіконня та герань"))
    assert find("герань", shop, shop_rules()).whole
    assert not find("гермнь", shop, shop_rules()).whole
    assert find("вугіля", shop, shop_rules()).whole


@pytest.mark.parametrize("query", ["", "   ", "!!!", "і", "\x00", "٣٤", "x" * 10_000, "🦉", "%_'\"--", "а" * LONGEST])
def test_any_text_gets_an_answer(query: str) -> None:
    find(query, a_shop(("Сова", "sova", "")), shop_rules())


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(query: str) -> None:
    slugs, terms = shop_terms("uk")
    found = find(query, terms, shop_rules())
    assert len(set(found.ordinals)) == len(found.ordinals)
    assert all(0 <= ordinal < len(slugs) for ordinal in found.ordinals)


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [("kavun", "kavun", 0), ("kavn", "kavun", 1), ("kavuun", "kavun", 1), ("kavnu", "kavun", 1), ("koven", "kavun", 2),
     ("s", "sova", 3)],
)  # fmt: skip
def test_errors_are_letters_added_dropped_changed_or_swapped(one: str, other: str, errors: int) -> None:
    assert distance(one, other, 2) == errors
    assert distance(other, one, 2) == errors


def unpacked(text: str) -> list[int]:
    """The way back, for tests; the browser has its own."""
    values = [DIGITS.index(letter) for letter in text]
    numbers, value, unit = [], 0, 1
    for digit in values:
        value, unit = value + digit % HALF * unit, unit * HALF
        if digit < HALF:
            numbers.append(value)
            value, unit = 0, 1
    ordinals, before, steps = [], -1, iter(numbers)
    for step in steps:
        for size in [1] * next(steps) if step == 0 else [step]:
            before += size
            ordinals.append(before)
    return ordinals


@given(st.sets(st.integers(0, 100_000)).map(sorted), st.integers(0, 50), st.integers(0, 2 * SHORTEST_RUN))
def test_packed_ordinals_come_back(some: list[int], start: int, run: int) -> None:
    ordinals = sorted({*some, *range(start, start + run)})
    assert unpacked(pack(ordinals)) == ordinals
