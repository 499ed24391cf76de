"""Files of releases that were left are answered for a month."""

from datetime import date, timedelta
from pathlib import Path

from sitegen import kept, publish
from tests.sitegen.releases import STYLE, released, site

DAY = date(2026, 11, 24)


def there(build: Path) -> set[str]:
    folder = kept.folder(build)
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {"left.json"}


def test_what_a_new_release_no_longer_has_is_kept_with_its_twins(tmp_path: Path) -> None:
    # given a release, when another one with other styles follows
    released(tmp_path, site("aaaaaaaa11", "about"))
    released(tmp_path, site("bbbbbbbb22"))

    # then its stylesheet stays, and pages do not
    style = STYLE.format("aaaaaaaa11")
    assert there(tmp_path) == {style, f"{style}.br", f"{style}.gz"}
    assert (kept.folder(tmp_path) / style).read_bytes() == b"aaaaaaaa11" * 100


def test_a_rollback_keeps_what_the_release_it_leaves_had(tmp_path: Path) -> None:
    released(tmp_path, site("aaaaaaaa11"))
    released(tmp_path, site("bbbbbbbb22"))

    publish.rollback(tmp_path)

    assert STYLE.format("bbbbbbbb22") in there(tmp_path)


def test_files_are_forgotten_a_month_after_they_left(tmp_path: Path) -> None:
    # given two files that left on different days
    release = released(tmp_path, site("aaaaaaaa11"))
    root = str(tmp_path / "releases" / release)
    style, picture = STYLE.format("aaaaaaaa11"), "images/0123456789abcdef-400.avif"
    kept.keep(tmp_path, root, [style], DAY)
    kept.keep(tmp_path, root, [picture], DAY + timedelta(days=5))

    # when the month of the first is over
    assert kept.prune(tmp_path, DAY + timedelta(days=kept.DAYS)) == []
    gone = kept.prune(tmp_path, DAY + timedelta(days=kept.DAYS + 1))

    # then it is gone with its twins, and the other is there
    assert gone == [style]
    assert there(tmp_path) == {picture}


def test_a_file_that_left_again_begins_its_month_anew(tmp_path: Path) -> None:
    root = str(tmp_path / "releases" / released(tmp_path, site("aaaaaaaa11")))
    style = STYLE.format("aaaaaaaa11")
    kept.keep(tmp_path, root, [style], DAY)
    kept.keep(tmp_path, root, [style], DAY + timedelta(days=20))

    assert kept.prune(tmp_path, DAY + timedelta(days=kept.DAYS + 1)) == []


def test_names_that_may_mean_other_bytes_tomorrow_are_not_kept(tmp_path: Path) -> None:
    root = str(tmp_path / "releases" / released(tmp_path, {"data/find-uk.json": b"[]", "assets/manifest.json": b"{}"}))

    kept.keep(tmp_path, root, ["data/find-uk.json", "assets/manifest.json", "index.html"], DAY)

    assert there(tmp_path) == set()


def test_a_torn_note_of_days_stops_nothing(tmp_path: Path) -> None:
    released(tmp_path, site("aaaaaaaa11"))
    released(tmp_path, site("bbbbbbbb22"))
    (kept.folder(tmp_path) / "left.json").write_text("{torn")

    released(tmp_path, site("cccccccc33"))

    assert STYLE.format("bbbbbbbb22") in there(tmp_path)
