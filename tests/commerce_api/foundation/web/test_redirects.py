"""Redirects lead to our own paths and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce_api.foundation.web.redirects import own_path, permanent, see_other


@pytest.mark.parametrize("path", ["/", "/cart/", "/en/account/?tab=1", "/product/sova-tee/#sizes"])
def test_an_own_path_is_kept(path: str) -> None:
    assert own_path(path, "/account/") == path


@pytest.mark.parametrize(
    "path",
    [
        None, "", "cart/", "//evil.test", "/\\evil.test", "/%2f%2fevil.test", "/%5Cevil.test", "https://evil.test",
        "javascript:alert(1)", "/a\r\nset-cookie: x=1", "/ evil", "/a\\b", " /cart/",
    ],
)  # fmt: skip
def test_whatever_may_lead_elsewhere_becomes_the_default(path: str | None) -> None:
    assert own_path(path, "/account/") == "/account/"


@given(st.text())
def test_no_text_makes_a_redirect_to_another_host(text: str) -> None:
    path = own_path(text, "/")

    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))


def test_after_a_form_the_browser_is_told_to_look_elsewhere() -> None:
    answer = see_other("/en/cart/")

    assert (answer.status_code, answer.headers["location"]) == (303, "/en/cart/")


def test_a_redirect_to_another_site_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="not a path of ours"):
        see_other("https://evil.test/")


def test_a_moved_path_keeps_its_query_and_its_strange_letters() -> None:
    answer = permanent("/find/100%/", "q=1&w=%2F")

    assert answer.headers["location"] == "/find/100%25/?q=1&w=%2F"
