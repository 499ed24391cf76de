"""Paging of long lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.paging import page_count, page_of, page_slice, paging


def path(number: int) -> str:
    return f"/page/{number}/"


@given(total=st.integers(0, 700), size=st.integers(1, 50))
def test_pages_together_hold_every_thing_once_and_in_order(total: int, size: int) -> None:
    things = [str(n) for n in range(total)]

    shown = [thing for n in range(1, page_count(total, size) + 1) for thing in page_slice(things, n, size)]

    assert shown == things


@given(total=st.integers(1, 700), size=st.integers(1, 50), data=st.data())
def test_a_thing_stands_on_the_page_its_place_says(total: int, size: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, total - 1))

    number = page_of(place, size)

    assert str(place) in page_slice([str(n) for n in range(total)], number, size)


@given(total=st.integers(0, 700), data=st.data())
def test_links_always_lead_to_pages_that_exist_and_include_both_ends(total: int, data: st.DataObject) -> None:
    pages = page_count(total)
    number = data.draw(st.integers(1, pages))

    made = paging(number, total, path)

    numbers = [n for n, _ in made.links]
    assert numbers == sorted(set(numbers))
    assert {1, pages, number} <= set(numbers) <= set(range(1, pages + 1))
    assert (made.previous is None) == (number == 1)
    assert (made.next is None) == (number == pages)


def test_a_page_beyond_the_last_is_refused() -> None:
    with pytest.raises(ValueError, match="no page 3 of 2"):
        paging(3, 25, path)
