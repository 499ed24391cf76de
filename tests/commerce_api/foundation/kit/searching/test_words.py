"""How words are read: spellings, endings, keyboards."""

import pytest

from commerce_api.foundation.kit.searching.words import other_layout, stems
from tests.search_corpus import shop_rules


@pytest.mark.parametrize(
    "words",
    [
        ("футболка", "футболки", "футболок", "футболці", "футболкою", "ФУТБОЛКАМИ", "futbolka", "футбо́лка"),
        ("худі", "худи", "hudi", "khudi", "xudi", "hoodie", "hoodies", "hoody"),
        ("лонгслів", "лонгсліви", "лонгслівами", "longsliv", "лонг слів", "лонг-слів"),
        ("м’яке", "м'яке", "мʼяке", "мяке"),
        ("вугілля", "вугілям", "vuhillia", "vugillya"),
        ("чорний", "чорна", "чорного", "чорними"),
        ("XXL", "xxl", "ХХЛ", "2XL"),
        ("рельєф", "рельєфи", "relief"),
        ("t-shirt", "T-shirts", "t shirt"),
    ],
    ids=lambda words: words[0],
)
def test_spellings_of_one_word_meet(words: tuple[str, ...]) -> None:
    assert {tuple(stems(word, shop_rules())) for word in words} == {tuple(stems(words[0], shop_rules()))}


@pytest.mark.parametrize(
    ("one", "other"), [("сова", "сад"), ("маки", "мох"), ("XL", "XXL"), ("M", "мак"), ("12", "21")]
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert stems(one, shop_rules()) != stems(other, shop_rules())


def test_words_that_say_nothing_are_left_out_unless_nothing_else_is_there() -> None:
    assert stems("худі з капюшоном для осені", shop_rules()) == stems("худі капюшоном осені", shop_rules())
    assert stems("для", shop_rules()) != []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("aen,jkrf", "футболка"), ("[els", "худі"), ("рщщвшу", "hoodie"), ("GHBDSN", "привіт"), ("", ""), ("12", "12")],
)
def test_the_same_keys_on_the_other_keyboard(typed: str, meant: str) -> None:
    assert other_layout(typed, shop_rules()) == meant
