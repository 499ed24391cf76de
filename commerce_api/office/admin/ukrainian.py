"""Ukrainian for starlette-admin, which speaks seven languages and not this one."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette_admin import i18n

CATALOGUE = Path(__file__).parent / "translations" / "uk.po"


@lru_cache(maxsize=1)
def speak_ukrainian() -> None:
    """Teach the admin its Ukrainian words, once a process."""
    compiled = BytesIO()
    with CATALOGUE.open("rb") as words:
        write_mo(compiled, read_po(words, locale="uk"))
    compiled.seek(0)
    i18n.translations["uk"] = Translations(compiled, domain="admin")
    if "uk" not in i18n.SUPPORTED_LOCALES:
        i18n.SUPPORTED_LOCALES.append("uk")
