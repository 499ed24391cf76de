"""Merged stylesheets and scripts."""

import json
import re
import shutil
import subprocess
import tomllib
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
import rjsmin

from sitegen import assets
from sitegen.config import Config
from tests.sitegen.builders import THEME, config_in

JOINING = re.compile(r"^import .*$|^export (?=async|function|const|class)", re.MULTILINE)
REAL = Path(__file__).parents[2] / "themes" / "twocomms"


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
    addresses = {address[1:] for name, address in manifest.items() if not name.startswith("/")}
    assert {file for file, _ in assets.files(config, manifest)} == addresses


def test_every_script_and_stylesheet_is_known_by_the_digest_of_its_bytes(config: Config) -> None:
    manifest = assets.merge(config)

    for name in ("css/home.css", "js/home.js"):
        data = kept(config, manifest[name]).encode()
        assert manifest[manifest[name]] == f"sha256-{b64encode(sha256(data).digest()).decode()}"
    assert manifest["fonts/plain.woff2"] not in manifest


def test_a_kind_without_styles_is_a_script_alone(config: Config) -> None:
    with (config.theme / "css/kinds.toml").open("a") as kinds:
        kinds.write('\n[worker]\njs = ["page.js"]\n')

    manifest = assets.merge(config)

    assert "js/worker.js" in manifest
    assert "css/worker.css" not in manifest


def gather(module: Path, found: list[Path]) -> None:
    """A module after what it imports, each once."""
    module = module.resolve()
    if module not in found:
        for path in re.findall(r'^import .*"(.+)";$', module.read_text("utf-8"), flags=re.MULTILINE):
            gather(module.parent / path, found)
        found.append(module)


def statements(script: str) -> str:
    """A script without its spaces, to compare what it does."""
    return re.sub(r"\s+", "", rjsmin.jsmin(script))


def test_the_merged_scripts_of_the_theme_are_its_sources_and_nothing_else(tmp_path: Path) -> None:
    # given the shop's own theme, when its scripts are merged
    config = config_in(tmp_path, theme=REAL)
    manifest = assets.merge(config)
    named = tomllib.loads((REAL / "css/kinds.toml").read_text("utf-8"))

    # then each is its modules in one scope, what is imported first, without the lines that join them
    for kind, sources in named.items():
        modules: list[Path] = []
        for file in sources["js"]:
            gather(REAL / "js" / file, modules)
        own = "".join(statements(JOINING.sub("", module.read_text("utf-8"))) for module in modules)
        assert statements(kept(config, manifest[f"js/{kind}.js"])) == f'(()=>{{"usestrict";{own}}})();', kind


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
