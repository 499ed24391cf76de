"""The theme's icons and sharing cards, drawn anew."""

from pathlib import Path

import pytest

from commerce_api.foundation.kit.toml_files import BadToml
from sitegen.config import Config
from sitegen.icons import ICONS, make
from tests.sitegen.builders import SITE_URL


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A theme without icons."""
    (tmp_path / "icons").mkdir()
    return Config(tmp_path, tmp_path, tmp_path, tmp_path / "build", SITE_URL)


def test_icons_and_a_card_for_each_language_are_drawn_whatever_editor_wrote_the_name(config: Config) -> None:
    # given a file with a mark before its text
    site = '\ufeff[brand]\nname = "Дві коми"\n[brand.uk]\ntagline = "Речі з паузою"\n'
    (config.content / "site.toml").write_text(site, "utf-8")

    names = {path.name for path in make(config) if path.stat().st_size}

    assert names == {"favicon.svg", "card-uk.jpg", *ICONS}


def test_a_file_that_is_no_toml_is_named(config: Config) -> None:
    (config.content / "site.toml").write_bytes('name = "Дві коми"'.encode("cp1251"))

    with pytest.raises(BadToml, match=r"site\.toml: is not UTF-8"):
        make(config)
