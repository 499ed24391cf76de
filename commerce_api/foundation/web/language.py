"""The language of a request: the path prefix on pages, Accept-Language where programs ask."""

from collections.abc import Sequence

from starlette.requests import HTTPConnection

from commerce_api.foundation.kit.urls import DEFAULT_LANGUAGE, localized
from commerce_api.foundation.web import paths
from commerce_api.foundation.web.carried import settings_of


def language_of_path(path: str, languages: Sequence[str]) -> str:
    """The language whose prefix the path has; without one the default."""
    first = path[1:].split("/", 1)[0]
    return first if first in languages else DEFAULT_LANGUAGE


def preferred(accept_language: str, languages: Sequence[str]) -> str:
    """The best of our languages for an Accept-Language header; the default for one that says nothing useful."""
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate(accept_language[:200].split(",")):
        name, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        wishes.append((-weight, position, name.strip().lower().split("-", 1)[0]))
    known = [name for weight, _, name in sorted(wishes) if name in languages and weight < 0]
    return known[0] if known else DEFAULT_LANGUAGE


def language(request: HTTPConnection) -> str:
    """The language to answer in."""
    languages = settings_of(request).shop.languages
    path = request.scope["path"]
    if paths.is_json(path):
        return preferred(request.headers.get("accept-language", ""), languages)
    return language_of_path(path, languages)


def alternates(path: str, languages: Sequence[str], query: str = "") -> dict[str, str]:
    """The same page in every language: language -> path, which asks `query` as this one does."""
    found = language_of_path(path, languages)
    plain = path if found == DEFAULT_LANGUAGE else path.removeprefix(f"/{found}")
    asked = f"?{query}" if query else ""
    return {lang: localized(plain, lang) + asked for lang in languages}
