"""The benches at their smallest: that they run, and that what they check holds. No time is looked at."""

from pathlib import Path

import pytest

from bench import api, catalogue, images, outside, site
from bench.figures import BARS, Results
from bench.places import Place, folder

pytestmark = pytest.mark.anyio

SMALL = api.Size(orders=16, rounds=1, products=3, starts=1)


def by_id(results: Results) -> dict[str, float]:
    return {figure.id: figure.ours for figure in results.figures if figure.id}


def test_the_site_is_built_by_both_and_edited() -> None:
    results = site.measure_all((6,), disk=None, edit_count=2, most_runs=1)
    found = by_id(results)
    assert found["site.nothing.files"] == 0
    assert found.keys() == {id_ for id_ in BARS if id_.startswith("site.")}
    # Unequal pages would be unequal work: bench/hugo_templates must follow the theme.
    assert "NOT ALL" not in results.notes[0]
    assert "6 products" in results.notes[0]


@pytest.mark.postgres
async def test_orders_are_counted_on_postgres(postgres_server: str, tmp_path: Path) -> None:
    # PostgreSQL runs as a user of its own, who may not enter a folder of pytest: the bench makes one itself.
    with folder(None) as root:
        figures = await api.on_postgres(root, catalogue.make(SMALL.products), SMALL)
    found = {figure.id: figure for figure in figures}
    assert found["api.postgres"].ours > 0
    assert found["api.statements"].ours > 0
    assert found.keys() >= {"api.start", "api.memory"}


async def test_checkouts_are_timed_while_services_are_there_away_and_hanging(tmp_path: Path) -> None:
    size = outside.Size(orders=4, rounds=1, online=1, quotes=1, products=3)
    place = Place(tmp_path, f"sqlite://{tmp_path}/shop.sqlite3")
    figures = await outside.compare("SQLite", place, catalogue.make(size.products), size)
    assert [figure.id for figure in figures].count("outside.cash") == 2
    assert sum(figure.ours for figure in figures if figure.id == "outside.lost") == 0
    assert {figure.id for figure in figures if figure.id} == {id_ for id_ in BARS if id_.startswith("outside.")}


async def test_orders_are_counted_on_sqlite(tmp_path: Path) -> None:
    figures = await api.on_sqlite(tmp_path, catalogue.make(SMALL.products), SMALL)
    assert next(figure for figure in figures if figure.id == "api.sqlite").ratio is not None


def test_pictures_are_encoded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.images.BEST_EFFORT", 2)
    results = images.measure_all(1)
    assert all(figure.ours > 0 for figure in results.figures)
