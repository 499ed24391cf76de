"""What templates ask of variants, SKUs and pictures."""

from types import SimpleNamespace as Thing

from commerce_api.foundation.kit.shelf_filters import first_missing, in_colour, picture_keys, prices, sizes_there

COAL = Thing(colour=Thing(slug="coal"), price=89_000)
MILK = Thing(colour=Thing(slug="milk"), price=79_000)
MOSS = Thing(colour=Thing(slug="moss"), price=89_000)


def test_a_card_shows_the_colour_that_was_asked_for_and_else_the_face() -> None:
    assert in_colour([COAL, MILK], "milk") is MILK
    assert in_colour([COAL, MILK], "") is in_colour([COAL, MILK], "brick") is COAL


def test_prices_are_told_once_each_the_lowest_first() -> None:
    assert prices([COAL, MILK, MOSS]) == [79_000, 89_000]


def test_sizes_are_told_once_in_whatever_fit_they_are_there() -> None:
    skus = [
        Thing(code="A", size="S", available=False),
        Thing(code="B", size="M", available=True),
        Thing(code="C", size="M", available=True),
        Thing(code="D", size="L", available=True),
    ]

    assert sizes_there(skus) == "M L"
    assert first_missing(skus) == "A"
    assert first_missing(skus[1:]) == ""


def test_a_card_has_two_pictures_at_most() -> None:
    assert picture_keys([Thing(key=key) for key in ("a", "b", "c")]) == "a b"
    assert picture_keys([]) == ""
