"""Merged stylesheets and scripts."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen import assets
from sitegen.config import Config
from tests.sitegen.builders import THEME, config_in


@pytest.fixture
def config(tmp_path: Path) -> Config:
    shutil.copytree(THEME, tmp_path / "theme")
    return config_in(tmp_path, theme=tmp_path / "theme")


def kept(config: Config, address: str) -> str:
    return (config.assets / address.rsplit("/", 1)[1]).read_text("utf-8")


def test_every_kind_has_one_stylesheet_and_one_script_under_hashed_names(config: Config) -> None:
    manifest = assets.merge(config)

    assert manifest["css/home.css"].startswith("/assets/home-")
    assert manifest["js/product.js"].startswith("/assets/product-")
    assert {file for file, _ in assets.files(config, manifest)} == {address[1:] for address in manifest.values()}


def test_the_same_sources_give_the_same_names_and_others_give_others(config: Config) -> None:
    before = assets.merge(config)
    assert assets.merge(config) == before

    (config.theme / "css/main.css").write_text("@layer base { a { color: red } }")
    after = assets.merge(config)

    assert after["css/home.css"] != before["css/home.css"]
    assert after["js/home.js"] == before["js/home.js"]
    assert kept(config, before["css/home.css"])


def test_layers_nesting_and_colour_mixing_survive(config: Config) -> None:
    (config.theme / "css/main.css").write_text(
        "@layer base, pages; @layer base { main { color: color-mix(in srgb, var(--coal) 15%, transparent);"
        " & a:hover { color: var(--ink) } } }"
    )

    css = kept(config, assets.merge(config)["css/home.css"])

    assert "@layer base" in css
    assert "color-mix(in srgb, var(--coal) 15%, transparent)" in css
    assert "& a:hover" in css or "main a:hover" in css


def test_addresses_in_stylesheets_point_at_hashed_files(config: Config) -> None:
    manifest = assets.merge(config)

    assert manifest["fonts/plain.woff2"] in kept(config, manifest["css/home.css"])


def test_a_font_that_is_not_there_is_named(config: Config) -> None:
    (config.theme / "fonts/plain.woff2").unlink()

    with pytest.raises(assets.BadAssets, match=r"fonts\.css: url\(\.\./fonts/plain\.woff2\)"):
        assets.merge(config)


def test_modules_become_one_script_without_imports(config: Config) -> None:
    script = kept(config, assets.merge(config)["js/home.js"])

    assert "import" not in script
    assert "export" not in script
    assert script.index("function greet") < script.index("greet(document.title)")


def test_a_merged_script_is_valid_and_leaks_no_names(config: Config) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    script = kept(config, assets.merge(config)["js/home.js"])

    told = subprocess.run(
        [node, "-e", f"globalThis.document = {{title: 'x'}};\n{script}\nconsole.log(document.title, typeof greet)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["hello,", "x", "undefined"]


def test_a_name_that_two_modules_claim_is_refused(config: Config) -> None:
    (config.theme / "js/page.js").write_text(
        'import { greet } from "./lib/words.js";\nconst GREETING = 1;\ngreet(1);\n'
    )

    with pytest.raises(assets.BadAssets, match="GREETING is already a name"):
        assets.merge(config)


@pytest.mark.parametrize(
    "line",
    ['import words from "./lib/words.js";', 'import { greet as hi } from "./lib/words.js";', "export default 1;"],
)
def test_forms_that_cannot_be_merged_are_named(config: Config, line: str) -> None:
    (config.theme / "js/page.js").write_text(line + "\n")

    with pytest.raises(assets.BadAssets, match=r"page\.js"):
        assets.merge(config)


def test_modules_that_import_each_other_are_refused(config: Config) -> None:
    (config.theme / "js/lib/words.js").write_text('import "../page.js";\nexport const GREETING = 1;\n')

    with pytest.raises(assets.BadAssets, match="circle"):
        assets.merge(config)


def test_the_manifest_is_what_the_sidecar_reads(config: Config) -> None:
    manifest = assets.merge(config)

    assert json.loads(assets.manifest_text(manifest)) == manifest
