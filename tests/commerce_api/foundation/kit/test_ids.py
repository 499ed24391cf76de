"""What nobody may guess."""

from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit import ids


def test_tokens_are_long_different_and_safe_in_an_address() -> None:
    made = {ids.token() for _ in range(200)}
    assert len(made) == 200
    assert all(len(token) == 32 and token.replace("-", "").replace("_", "").isalnum() for token in made)


def test_codes_for_people_have_no_letters_that_look_alike() -> None:
    letters = set("".join(ids.readable_code() for _ in range(200)))
    assert not letters & set("01OIL")


@given(st.text(), st.text(), st.text(min_size=1))
def test_only_what_was_signed_with_this_key_for_this_purpose_comes_back(value: str, key: str, other: str) -> None:
    signed = ids.sign(value, key, "city")
    assert ids.unsign(signed, key, "city") == (value or None)
    assert ids.unsign(signed, key + other, "city") is None
    assert ids.unsign(signed, key, "branch") is None
    assert ids.unsign(signed[:-1] + ("0" if signed[-1] != "0" else "1"), key, "city") is None
