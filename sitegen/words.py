"""The words of one language: those of the theme over the few that the generator brings itself."""

import tomllib
from pathlib import Path
from typing import Final

from commerce_api.foundation import theming
from commerce_api.foundation.theming import Texts

OWN: Final = Path(__file__).parent / "words"


def words_of(lang: str, theme: Path) -> Texts:
    """Texts for static pages.

    Raises commerce_api.foundation.theming.ThemeIncomplete when the theme does not speak `lang`.
    """
    path = OWN / f"{lang}.toml"
    own = theming.flattened(tomllib.loads(path.read_text("utf-8"))) if path.is_file() else {}
    return Texts(lang, {**own, **theming.texts(lang, theme).entries})
