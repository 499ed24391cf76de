"""The grader's own arithmetic: what misses its goal, what is written down, what a form says."""

from contextlib import nullcontext
from typing import Any

import pytest

from bench.grade import goals, lighthouse, report, vocabulary
from bench.grade.browser import Traffic, combined
from bench.grade.lighthouse import LighthouseFailed
from bench.grade.pages import Page
from bench.grade.visitors import Refused, field, plenty


@pytest.mark.parametrize(
    ("page", "name", "value", "misses"),
    [
        ("home uk", "performance", 100, False),
        ("home uk", "performance", 99, True),
        ("home uk", "axe", 1, True),
        ("home uk", "kB", 70, False),
        ("product uk", "kB", 70, True),
        ("home uk", "FCP", 9000, False),
        ("home uk", "LCP", 1249, False),
        ("home uk", "LCP", 1251, True),
    ],
)
def test_a_figure_is_held_against_the_goal_of_its_kind_of_page(
    page: str, name: str, value: float, misses: bool
) -> None:
    assert goals.missed(page, name, value) is misses


def test_the_table_shows_a_missed_goal_in_bold_and_leaves_open_what_was_not_measured() -> None:
    kept = {"pages": {"product uk": {"kB": 70.5, "axe": 0}}, "measured": "now", "machine": {"CPU": "x"}}

    line = next(line for line in report.markdown(kept).splitlines() if line.startswith("| product uk"))

    cells = dict(zip(report.SHOWN, (cell.strip() for cell in line.split("|")[2:-1]), strict=True))
    assert (cells["kB"], cells["axe"], cells["LCP"]) == ("**70.5**", "0", "")


@pytest.mark.parametrize(("lost", "is_measured"), [(2, True), (3, False)])
def test_a_trace_that_was_lost_is_recorded_again(monkeypatch: pytest.MonkeyPatch, lost: int, is_measured: bool) -> None:
    told: list[str] = []

    def run(url: str, page: Page) -> dict[str, Any]:
        told.append(url + page.path)
        if len(told) <= lost:
            raise LighthouseFailed("NO_NAVSTART")
        return {"told": True}

    monkeypatch.setattr(lighthouse, "run", run)

    with nullcontext() if is_measured else pytest.raises(LighthouseFailed):
        assert lighthouse.insist("http://shop.test", Page("home uk", "/", listed=True)) == {"told": True}
    assert told == ["http://shop.test/"] * 3


def test_the_vocabulary_keeps_what_stands_above_a_type() -> None:
    types = vocabulary.read(
        'interface ThingBase extends Partial<IdReference> {\n    "name"?: x;\n}\n'
        'interface OfferBase extends ThingBase {\n    "price"?: y;\n}\n'
        'interface OtherBase extends ThingBase {\n    "z"?: y;\n}\n'
    )

    assert vocabulary.closure(types, ["Offer"]) == {"Offer", "Thing"}
    assert types["Offer"][1] == {"price"}


def test_a_form_without_the_field_is_refused() -> None:
    assert field('<form><input name="sku" value="TC-X"></form>', "sku") == "TC-X"
    with pytest.raises(Refused, match="no field key"):
        field("<form></form>", "key")


def test_a_visitor_takes_nothing_of_which_there_is_a_last_piece() -> None:
    assert plenty('{"A": {"left": 0}, "B": {"left": 1}, "C": {"left": 2}}') == "C"
    assert plenty('{"A": {"left": 1}, "B": {"left": null}}') == "B"
    with pytest.raises(Refused, match="nothing is left"):
        plenty('{"A": {"left": 1}}')


@pytest.mark.parametrize(
    ("status", "complaints"), [("422 ()", 0), ("422 (Unprocessable Entity)", 0), ("404 ()", 1), ("500 ()", 1)]
)
def test_a_form_that_is_sent_back_is_no_complaint_of_the_console(status: str, complaints: int) -> None:
    traffic = Traffic()

    text = f"Failed to load resource: the server responded with a status of {status}"
    traffic.complain("error", text, {"url": "/cart/promo"})

    assert len(traffic.errors) == complaints


def test_of_several_visits_the_median_counts_and_the_worst_of_what_may_not_happen() -> None:
    visits: list[dict[str, float]] = [{"INP": inp, "console": said} for inp, said in ((80, 0), (120, 1), (88, 0))]

    assert combined(visits) == {"INP": 88, "console": 1}
