"""The full build, through Pelican."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from commerce_api.foundation import settings, theming
from commerce_api.foundation.publishing import stamp
from sitegen import parallel, publish
from sitegen.build import build, roll_back
from sitegen.config import Config, load
from sitegen.content import COVERS, BadContent
from sitegen.idle import answered, unchanged
from sitegen.inputs import fingerprint
from sitegen.parallel import PageFailed
from sitegen.source import CatalogView, encode
from tests.sitegen.builders import ROOT, SITE_URL, THEME, catalogue, config_in, priced, product, some_products, tree


def shop() -> CatalogView:
    return catalogue(*some_products(4), product("hoodie", "hoodies"), product("alone", languages=("uk",)))


def test_a_first_build_publishes_everything_and_says_so(tmp_path: Path) -> None:
    config = config_in(tmp_path)

    receipt = build(config, shop())

    files = tree(config.build / "current")
    assert receipt.reasons == ("first build",)
    assert {file for file in files if not file.endswith((".br", ".gz"))} == set(receipt.pages)
    assert {"index.html", "en/index.html", "product/alone/index.html", "delivery/index.html"} <= files.keys()
    assert "en/product/alone/index.html" not in files


def test_what_is_not_published_here_stops_no_build(tmp_path: Path) -> None:
    # given a shop of one language with an English page and article, a hidden article and a draft of a page
    config = config_in(tmp_path)
    (config.content / "journal/2026-10-05-ink.en.md").write_text("Title: Ink\nSlug: ink\nLang: en\n\nTwo.\n", "utf-8")
    (config.content / "journal/2026-10-07-secret.md").write_text("Title: Т\nStatus: hidden\n\nНі.\n", "utf-8")
    (config.content / "pages/plans.md").write_text("Title: Плани\nStatus: draft\n\nНі.\n", "utf-8")

    receipt = build(config, catalogue(product("kolos", languages=("uk",)), languages=("uk",)))

    assert "journal/ink/index.html" in receipt.pages
    assert not [file for file in receipt.pages if "secret" in file or "plans" in file or file.startswith("en/")]


def test_content_pages_say_the_shops_facts(tmp_path: Path) -> None:
    config = config_in(tmp_path)

    build(config, shop())

    site = config.build / "current"
    assert "Безкоштовно від 2\u00a0500\u00a0₴" in (site / "delivery/index.html").read_text("utf-8")
    assert "call +380 57 000 00 00" in (site / "en/delivery/index.html").read_text("utf-8")
    assert "<caption>tee 2</caption>" in (site / "size-guide/index.html").read_text("utf-8")
    assert "Про фарбу" in (site / "journal/index.html").read_text("utf-8")
    assert not (site / "journal/later").exists()


@pytest.mark.parametrize("theme", [THEME, theming.THEME], ids=["plain", "real"])
@pytest.mark.parametrize("products", [0, 2])
def test_a_shop_with_nothing_to_show_is_built_all_the_same(tmp_path: Path, theme: Path, products: int) -> None:
    # given a shop without products, or with none in one of its languages
    config = config_in(tmp_path, theme=theme)
    shutil.copy(ROOT / "content" / "site.toml", config.content / "site.toml")

    # when it is built
    receipt = build(config, catalogue(*some_products(products, languages=("uk",))))

    # then every language has its front door
    assert {"index.html", "en/index.html", "en/catalog/index.html", "en/gone.html"} <= set(receipt.pages)
    assert "en/product/tee-000/index.html" not in receipt.pages


def test_nothing_changed_writes_nothing(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    build(config, shop())
    before = {path: path.lstat().st_mtime_ns for path in config.build.rglob("*")}

    receipt = build(config, shop())

    assert (receipt.pages, receipt.removed, receipt.reasons) == ((), (), ())
    assert {path: path.lstat().st_mtime_ns for path in config.build.rglob("*")} == before


def test_a_forced_build_of_the_same_shop_links_every_page(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    first = build(config, shop())

    second = build(config, shop(), force=True)

    assert second.pages == ()
    assert second.release != first.release
    releases = config.build / "releases"
    assert (releases / first.release / "index.html").samefile(releases / second.release / "index.html")


def test_a_price_change_writes_only_the_pages_that_show_it(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = shop()
    build(config, view)
    dearer = tuple(priced(p, 99_000) if p.slug == "alone" else p for p in view.products)

    receipt = build(config, replace(view, products=dearer))

    assert "catalogue changed" in receipt.reasons
    assert "product/alone/coal/index.html" in receipt.pages
    assert "catalog/t-shirts/index.html" in receipt.pages
    assert "product/hoodie/index.html" not in receipt.pages


@pytest.mark.parametrize("name", ["theme", "content", "site address"])
def test_each_kind_of_input_is_noticed(tmp_path: Path, name: str) -> None:
    config = config_in(tmp_path)
    build(config, shop())
    changed = config
    if name == "content":
        (config.content / "pages/about.md").write_text("Title: Про нас\n\nМи.\n", "utf-8")
    elif name == "theme":
        copy = tmp_path / "theme"
        subprocess.run(["cp", "-r", str(THEME), str(copy)], check=True)
        (copy / "templates/partials/footer.html").write_text("<footer>new</footer>")
        changed = replace(config, theme=copy)
    else:
        changed = replace(config, site_url="http://other.test")

    receipt = build(changed, shop())

    assert receipt.pages


def test_one_process_and_two_build_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "WORTH_FORKING", 3)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    forks: list[int] = []
    fork = os.fork

    def counted_fork() -> int:
        forks.append(1)
        return fork()

    monkeypatch.setattr("os.fork", counted_fork)
    one = config_in(tmp_path / "one", workers=1)
    two = config_in(tmp_path / "two", workers=3)

    build(one, catalogue(*some_products(30)))
    receipt = build(two, catalogue(*some_products(30)))

    assert len(forks) == 2
    assert tree(one.build / "current") == tree(two.build / "current")
    listed = {
        line.split("  ", 1)[1] for line in (two.build / f"releases/{receipt.release}.sha256").read_text().splitlines()
    }
    assert set(receipt.pages) == listed


def test_a_page_that_fails_in_a_helper_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "WORTH_FORKING", 3)
    monkeypatch.setattr("threading.active_count", lambda: 1)
    good = some_products(12)
    config = config_in(tmp_path)
    build(config, catalogue(*good))
    served = tree(config.build / "current")
    # A picture without a text in the page's language: the template asks for it and fails.
    first = good[0].variants[0]
    broken = replace(first, images=tuple(replace(image, alt={}) for image in first.images))

    with pytest.raises(PageFailed, match=r"product/tee-000/index\.html"):
        build(config, catalogue(replace(good[0], variants=(broken,)), *good[1:]))

    assert tree(config.build / "current") == served


def test_an_unknown_token_stops_the_build_and_leaves_the_old_site(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    build(config, shop())
    served = tree(config.build / "current")
    (config.content / "pages/delivery.md").write_text("Title: Доставка\n\n{{delivery}}\n", "utf-8")

    with pytest.raises(BadContent, match=r"pages/delivery\.md: there is no \{\{delivery\}\}"):
        build(config, shop())

    assert tree(config.build / "current") == served
    assert len(list((config.build / "releases").glob("*Z"))) == 1


def test_a_cover_that_nobody_drew_stops_the_build_and_says_which_there_are(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    text = "Title: Сітки\nSlug: nets\nDate: 2026-11-20\nCover: nets\nSummary: Дві.\n\nДві сітки.\n"
    (config.content / "journal/nets.md").write_text(text, "utf-8")

    with pytest.raises(BadContent, match=r"journal/nets\.md: there is no cover 'nets'; there are pencil, screens, tub"):
        build(config, shop())


def test_an_article_shows_the_cover_that_it_names_in_the_journal_too(tmp_path: Path) -> None:
    # given an article of each cover, and one of none
    config = config_in(tmp_path, theme=theming.THEME)
    shutil.copy(ROOT / "content" / "site.toml", config.content / "site.toml")
    named = {"without": "", **{f"with-{cover}": cover for cover in COVERS}}
    for slug, cover in named.items():
        text = f"Title: Сітки\nSlug: {slug}\nDate: 2026-11-20\nCover: {cover}\nSummary: Дві.\n\nДві сітки.\n"
        (config.content / f"journal/{slug}.md").write_text(text, "utf-8")

    # when the site is built
    build(config, shop())

    # then each is drawn on its own page as in the journal, and no two are alike
    drawn = [drawings(config, f"journal/{slug}/")[0] for slug in named]
    assert len(set(drawn)) == len(named)
    assert set(drawn) <= set(drawings(config, "journal/"))


def drawings(config: Config, page: str) -> list[str]:
    """The covers on a page."""
    html = (config.build / "current" / page / "index.html").read_text("utf-8")
    return re.findall(r'<svg class="article-cover".*?</svg>', html, re.DOTALL)


def test_two_files_for_one_page_are_both_named(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (config.content / "legal/delivery.md").write_text("Title: Ще\n\nРаз.\n", "utf-8")

    with pytest.raises(
        BadContent, match=r"pages/delivery\.md.*legal/delivery\.md|legal/delivery\.md.*pages/delivery\.md"
    ):
        build(config, shop())


def test_a_content_file_that_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (config.content / "pages/broken.md").write_text("no title here\n", "utf-8")

    receipt = build(config, shop())

    assert any("pages/broken.md" in error for error in receipt.errors)
    assert (config.build / "current/delivery/index.html").exists()


def test_a_rollback_serves_the_old_pages_until_the_next_build(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = shop()
    build(config, view)
    old = tree(config.build / "current")
    build(config, replace(view, products=tuple(priced(p, 99_000) for p in view.products)))
    new = tree(config.build / "current")

    receipt = roll_back(config)

    assert receipt.kind == "rollback"
    assert tree(config.build / "current") == old
    again = build(config, replace(view, products=tuple(priced(p, 99_000) for p in view.products)))
    assert again.reasons == ("end of a rollback",)
    assert tree(config.build / "current") == new
    assert not publish.read_state(config.build).paused


def places(config: Config) -> list[str]:
    """Options that lead a command to this shop and to the catalogue beside it."""
    fixture = config.build.parent / "view.json"
    options = {"--fixture": fixture, "--theme": THEME, "--content": config.content, "--build": config.build}
    return [str(word) for pair in options.items() for word in pair]


def started(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TWOCOMMS_SITE_URL": SITE_URL, "TWOCOMMS_BUILD_DIR": str(folder / "build")},
    )


def test_pelican_alone_builds_the_same_bytes(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    view = shop()
    (tmp_path / "view.json").write_bytes(encode(view))
    build(config, view)
    out = tmp_path / "out"
    (out / "product/gone").mkdir(parents=True)
    (out / "product/gone/index.html").write_text("left by an earlier run")
    fixture = f"SITEGEN_FIXTURE={json.dumps(str(tmp_path / 'view.json'))}"
    pelican = ["pelican", "-s", "pelicanconf.py", "-o", str(out), "-t", str(THEME), str(config.content), "-e", fixture]

    process = started(tmp_path, *pelican)
    told = process.communicate()

    assert process.returncode == 0, told
    assert tree(out) == tree(config.build / "current")


def test_a_second_run_of_pelican_alone_writes_nothing(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (tmp_path / "view.json").write_bytes(encode(shop()))
    out = tmp_path / "out"
    fixture = f"SITEGEN_FIXTURE={json.dumps(str(tmp_path / 'view.json'))}"
    pelican = ["pelican", "-s", "pelicanconf.py", "-o", str(out), "-t", str(THEME), str(config.content), "-e", fixture]
    started(tmp_path, *pelican).communicate()
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.html")}

    started(tmp_path, *pelican).communicate()

    assert before
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.html")} == before


def test_a_killed_build_leaves_the_old_site_whole(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (tmp_path / "view.json").write_bytes(encode(catalogue(*some_products(400))))
    build(config, shop())
    served = tree(config.build / "current")
    process = started(tmp_path, "sitegen", "build", *places(config))
    while len(list((config.build / "releases").glob("*/product/*"))) < 60 and process.poll() is None:
        pass
    process.send_signal(signal.SIGKILL)
    process.communicate()

    assert tree(config.build / "current") == served
    publish.verify(config.build, publish.current(config.build))
    assert build(config, catalogue(*some_products(3))).pages


def test_the_command_line_answers_programs_with_a_receipt(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    (tmp_path / "view.json").write_bytes(encode(shop()))

    process = started(tmp_path, "sitegen", "build", "--json", *places(config))
    out, err = process.communicate()

    assert process.returncode == 0, err
    assert json.loads(out)["kind"] == "full"


def test_the_command_line_names_what_is_wrong_in_one_line(tmp_path: Path) -> None:
    process = started(tmp_path, "sitegen", "rollback", "--build", str(tmp_path / "build"))

    _, err = process.communicate()

    assert process.returncode == 1
    assert "no release before the current one" in err
    assert "Traceback" not in err


def test_a_build_with_nothing_to_do_is_known_by_the_stamp_of_the_catalogue(tmp_path: Path) -> None:
    # given a build whose catalogue had a stamp
    config = config_in(tmp_path)
    receipt = build(config, shop(), stamp="7")

    # then the same stamp is enough to know that there is nothing to do
    idle = unchanged(config, "7")
    assert idle is not None
    assert (idle.release, idle.pages, idle.reasons) == (receipt.release, (), ())

    # and another one, none, other files, other switches, a rollback and what is still owed are not
    assert unchanged(config, "8") is None
    assert unchanged(config, "") is None
    assert unchanged(replace(config, site_url="http://other.test"), "7") is None
    state = publish.read_state(config.build)
    publish.write_state(config.build, replace(state, owing=True))
    assert unchanged(config, "7") is None
    publish.write_state(config.build, replace(state, paused=True))
    assert unchanged(config, "7") is None
    publish.write_state(config.build, state)
    (config.content / "pages/about.md").write_text("Title: Про нас\n\nМи.\n", "utf-8")
    assert unchanged(config, "7") is None


def test_a_stamp_that_was_not_known_is_learnt_from_a_build_with_nothing_to_do(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    build(config, shop())

    assert build(config, shop(), stamp="9").reasons == ()
    assert unchanged(config, "9") is not None


def test_the_command_answers_without_loading_the_database_layer_when_there_is_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a shop whose last build knew the stamp of its catalogue
    for name, value in {
        "TWOCOMMS_BUILD_DIR": tmp_path / "build",
        "TWOCOMMS_VAR_DIR": tmp_path,
        "TWOCOMMS_CONTENT_DIR": ROOT / "content",
        "TWOCOMMS_SITE_URL": SITE_URL,
        "DATABASE_URL": f"sqlite://{tmp_path}/shop.sqlite3",
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.delenv("TWOCOMMS_PUBLISH_URL", raising=False)
    with closing(sqlite3.connect(tmp_path / "shop.sqlite3")) as database:
        database.execute("CREATE TABLE page_change (id INTEGER PRIMARY KEY)")
    own, config = settings.load(), load()
    inputs = {**fingerprint(config, "c"), "catalogue": "c"}
    (config.build / "releases/r").mkdir(parents=True)
    (config.build / "current").symlink_to("releases/r")
    publish.write_state(config.build, publish.State("r", inputs, stamp=stamp.read(own)))

    # then it says so, at once and in the form that was asked for
    command = [sys.executable, "-X", "importtime", "-m", "sitegen", "build", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["pages"] == []
    assert "sitegen.idle" in done.stderr
    assert "tortoise" not in done.stderr
    assert "nothing changed" in answered(["build"])

    # and says nothing when a change was noted, when asked for more, and when a release may still have to be sent
    assert answered(["build", "--force"]) == answered(["check"]) == answered([]) == ""
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TWOCOMMS_PUBLISH_URL", f"file://{tmp_path}/out")
        assert answered(["build"]) == ""
    with closing(sqlite3.connect(tmp_path / "shop.sqlite3")) as database, database:
        database.execute("INSERT INTO page_change VALUES (1)")
    assert answered(["build"]) == ""
