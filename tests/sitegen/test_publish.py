"""Releases and the switch between them."""

import threading
from pathlib import Path

import pytest

from sitegen import publish
from sitegen.store import Folder

PAGES = [f"product/{n}/index.html" for n in range(40)]


def release(build: Path, mark: str, files: list[str] | None = None) -> str:
    """Publish a release whose every file says `mark`."""
    folder = publish.begin(build, compress=False)
    for file in files or PAGES:
        folder.put(file, f"{mark} {file}".encode())
    return publish.finish(build, folder)


def test_a_release_is_served_only_when_it_is_whole(tmp_path: Path) -> None:
    first = release(tmp_path, "one")
    folder = publish.begin(tmp_path, compress=False)
    for file in PAGES:
        folder.put(file, b"two")
    Path(folder.root, PAGES[3]).unlink()

    with pytest.raises(publish.NotWhole, match="lacks 1 files"):
        publish.finish(tmp_path, folder)

    assert publish.current(tmp_path) == first


def test_a_reader_never_sees_half_a_site(tmp_path: Path) -> None:
    release(tmp_path, "0")
    seen: list[set[str]] = []
    stop = threading.Event()

    def crawl() -> None:
        while not stop.is_set():
            root = (tmp_path / "current").resolve()
            seen.append({(root / file).read_text().split()[0] for file in PAGES})

    reader = threading.Thread(target=crawl)
    reader.start()
    for n in range(1, publish.KEPT):
        release(tmp_path, str(n))
    stop.set()
    reader.join()

    assert seen
    assert all(len(marks) == 1 for marks in seen)


def test_a_path_below_current_is_always_there_while_releases_change(tmp_path: Path) -> None:
    release(tmp_path, "0")
    missing: list[str] = []
    stop = threading.Event()

    def visit() -> None:
        while not stop.is_set():
            try:
                (tmp_path / "current" / PAGES[0]).read_bytes()
            except FileNotFoundError as error:
                missing.append(str(error))

    reader = threading.Thread(target=visit)
    reader.start()
    for n in range(1, 12):
        release(tmp_path, str(n))
    stop.set()
    reader.join()

    assert missing == []


def test_only_the_newest_releases_stay(tmp_path: Path) -> None:
    made = [release(tmp_path, str(n)) for n in range(publish.KEPT + 3)]

    assert publish.releases(tmp_path) == made[-publish.KEPT :]
    assert {path.name for path in (tmp_path / "releases").iterdir() if path.is_dir()} == set(made[-publish.KEPT :])


def test_leftovers_of_a_killed_build_are_removed_by_the_next(tmp_path: Path) -> None:
    release(tmp_path, "one")
    killed = publish.begin(tmp_path, compress=False)
    killed.put("index.html", b"half")

    release(tmp_path, "two")

    assert not Path(killed.root).exists()


def test_a_rollback_serves_the_release_before_and_pauses(tmp_path: Path) -> None:
    first, second = release(tmp_path, "one"), release(tmp_path, "two")

    left, entered = publish.rollback(tmp_path)

    assert (left, entered) == (second, first)
    assert (tmp_path / "current" / PAGES[0]).read_text().startswith("one")
    assert publish.read_state(tmp_path).paused


def test_a_second_rollback_goes_one_further_and_then_there_is_none(tmp_path: Path) -> None:
    made = [release(tmp_path, str(n)) for n in range(3)]
    publish.rollback(tmp_path)

    assert publish.rollback(tmp_path) == (made[1], made[0])
    with pytest.raises(publish.NothingToRollBack):
        publish.rollback(tmp_path)


def test_a_damaged_release_is_not_rolled_back_to(tmp_path: Path) -> None:
    first, second = release(tmp_path, "one"), release(tmp_path, "two")
    (tmp_path / "releases" / first / PAGES[5]).write_bytes(b"scribble")

    with pytest.raises(publish.NotWhole, match=r"product/5/index\.html"):
        publish.rollback(tmp_path)

    assert publish.current(tmp_path) == second


def test_the_journal_tells_the_next_build_what_small_changes_did(tmp_path: Path) -> None:
    name = release(tmp_path, "one")
    live = publish.live(tmp_path, compress=False)
    journal = publish.Journal(tmp_path, live)

    journal.unsure([PAGES[0], PAGES[1]])
    live.put(PAGES[0], b"new")
    live.remove(PAGES[1])
    journal.done({PAGES[0]: live.sums[PAGES[0]]}, [PAGES[1]])

    assert publish.read_sums(tmp_path, name) == live.sums


def test_a_file_whose_change_was_cut_short_is_written_anew_by_the_next_build(tmp_path: Path) -> None:
    release(tmp_path, "one")
    live = publish.live(tmp_path, compress=False)
    publish.Journal(tmp_path, live).unsure([PAGES[0]])
    live.put(PAGES[0], b"changed, and then the power went")

    release(tmp_path, "one")

    assert (tmp_path / "current" / PAGES[0]).read_text() == f"one {PAGES[0]}"


def test_a_torn_state_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text('{"release": "2026')

    assert publish.read_state(tmp_path) == publish.State()


def test_two_builds_never_overlap(tmp_path: Path) -> None:
    inside: list[str] = []
    first_is_in, first_may_leave = threading.Event(), threading.Event()

    def first() -> None:
        with publish.lock(tmp_path):
            inside.append("first in")
            first_is_in.set()
            first_may_leave.wait()
            inside.append("first out")

    def second() -> None:
        with publish.lock(tmp_path):
            inside.append("second in")

    one, two = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    first_is_in.wait()
    two.start()
    first_may_leave.set()
    one.join()
    two.join()

    assert inside == ["first in", "first out", "second in"]


def test_a_folder_can_be_abandoned(tmp_path: Path) -> None:
    folder: Folder = publish.begin(tmp_path, compress=False)
    folder.put("index.html", b"x")

    publish.abandon(folder)

    assert not Path(folder.root).exists()
