"""Which links a browser may open ahead."""

import fnmatch
import json

import pytest

from commerce_api.foundation.kit.served import RULES
from commerce_api.foundation.web import paths
from sitegen import speculation
from sitegen.speculation import rules


def may_open(path: str) -> bool:
    """Whether a rule takes a link to this path."""
    patterns = [
        pattern
        for lists in rules(("uk", "en")).values()
        for rule in lists
        for pattern in rule["where"]["and"][0]["href_matches"]
    ]
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


@pytest.mark.parametrize(
    "path", ["/product/kolos/", "/en/product/kolos/coal/", "/catalog/t-shirts/", "/en/catalog/hoodies/page/2/"]
)
def test_products_and_lists_are_opened_ahead(path: str) -> None:
    assert may_open(path)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_nothing_that_the_sidecar_answers_is_opened_ahead(prefix: str) -> None:
    for path in (*paths.SIDECAR_PAGES, *paths.SIDECAR_JSON, paths.OFFICE):
        assert not may_open(f"{prefix}{path}/"), path


def test_every_rule_leaves_queries_alone_and_waits_for_an_intention() -> None:
    for lists in rules(("uk",)).values():
        for rule in lists:
            assert rule["eagerness"] == "moderate"
            assert {"not": {"href_matches": "/*\\?(.+)"}} in rule["where"]["and"]


def test_the_file_is_the_one_that_the_header_names() -> None:
    assert f"/{speculation.FILE}" == RULES
    json.dumps(rules(("uk", "en")))
