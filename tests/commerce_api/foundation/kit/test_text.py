"""Ukrainian names in Latin letters, and slugs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.kit.text import is_slug, slugify, transliterate


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Згорани", "zghorany"),
        ("Єнакієве", "yenakiieve"),
        ("Їжакевич", "yizhakevych"),
        ("Йосипівка Стрий", "yosypivka stryi"),
        ("Щербухи", "shcherbukhy"),
        ("Знам’янка", "znamianka"),
        ("Костянтин", "kostiantyn"),
        ("Ґалаґан", "galagan"),
    ],
)
def test_names_are_spelled_by_the_official_table(name: str, latin: str) -> None:
    assert transliterate(name) == latin


@pytest.mark.parametrize(
    ("name", "slug"), [("Футболка «Колос»", "futbolka-kolos"), ("Café  №5", "cafe-no5"), ("—", ""), ("a--b", "a-b")]
)
def test_a_slug_is_made_of_a_name(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text(max_size=60))
def test_what_is_made_of_any_text_is_a_slug_or_empty(text: str) -> None:
    slug = slugify(text)
    assert slug == "" or is_slug(slug)
