"""The words of an error, found in the theme; an error always has words, even before the theme has any."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from commerce_api.foundation.errors import Invalid, ShopError
from commerce_api.foundation.kit.money import format_amount
from commerce_api.foundation.theming import Texts, ThemeIncomplete, texts

GENERIC: Final = {404: "message.not_found", 410: "message.gone", 500: "message.error", 503: "message.busy"}
"""Texts that fit any error of a status; with `_title` their headlines."""


class _Amount(int):
    """A number that prints as money where a text says `{total:money}`."""

    def __format__(self, spec: str) -> str:
        return format_amount(int(self)) if spec == "money" else format(int(self), spec)


def _place(value: object) -> object:
    return _Amount(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _find(lang: str, key: str, values: Mapping[str, object]) -> str | None:
    """The text, or None when the theme has none or its places do not fit: an error page must not fail."""
    counted = values.get("n")
    others = {name: _place(value) for name, value in values.items() if name != "n"}
    try:
        text = _speak(lang)(key, n=counted if isinstance(counted, int) else None, **others)
        return text if values or "{" not in text else None
    except (ThemeIncomplete, LookupError, ValueError, TypeError, AttributeError):
        return None


def _first(lang: str, keys: Iterator[str], values: Mapping[str, object]) -> str | None:
    return next((text for text in (_find(lang, key, values) for key in keys) if text), None)


def _speak(lang: str) -> Texts:
    try:
        return texts(lang)
    except ThemeIncomplete:
        return Texts(lang, {})


def words(key: str, lang: str, fallback: str) -> str:
    """The theme's text of a key, or `fallback` where it has none."""
    return _find(lang, key, {}) or fallback


def error_title(status: int, lang: str) -> str:
    """`errors.titles.<status>`, else the headline of the generic text, else the plain English name of the status."""
    keys = (f"errors.titles.{status}", f"{GENERIC.get(status, '')}_title")
    return _first(lang, iter(keys), {}) or HTTPStatus(status).phrase


def _keys(error: ShopError) -> Iterator[str]:
    """The error's own text, then those of its ancestors, then what fits its status."""
    for kind in type(error).__mro__:
        if issubclass(kind, ShopError) and kind is not ShopError:
            yield f"errors.{kind.code}"
    yield GENERIC.get(error.status, "")


def error_sentence(error: ShopError, lang: str) -> str:
    """What a person reads: `errors.<code>`, else the text of the nearest ancestor, else the generic text of the status.

    The details of the error fill the places of the text; `{total:money}` prints kopiyky as money. An incident code is
    added, for people who write to us.
    """
    said = _first(lang, _keys(error), error.details) or HTTPStatus(error.status).phrase
    incident = error.details.get("incident")
    return f"{said} {_find(lang, 'message.incident', {'code': incident}) or incident}" if incident else said


def field_sentence(word: str, lang: str, details: Mapping[str, object] | None = None, *, name: str = "") -> str:
    """What is wrong with a field, by the first text that exists.

    A word with a dot is a full text key. Any other word of the field `name` is looked for as `errors.<name>_<word>`,
    `errors.<name>_malformed` (for everything but `missing`), `errors.fields.<word>` and `errors.fields.wrong`.
    """
    own = name.rsplit(".", 1)[-1]
    keys = [word] if "." in word else [f"errors.{own}_{word}", f"errors.fields.{word}"]
    if own and word != "missing":
        keys.insert(1, f"errors.{own}_malformed")
    return _first(lang, iter([*keys, "errors.fields.wrong"]), details or {}) or word


def form_errors(error: ShopError, lang: str, words: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Field -> finished sentence for a form of people, "" for the whole of it. `words` are the form's own: by field and
    what is wrong with it the key of a text."""
    if not isinstance(error, Invalid) or not error.fields:
        return {"": error_sentence(error, lang)}
    worded = {name: words.get((name, word), word) for name, word in error.fields.items()}
    # Length limits and the like are details of the error: its own words, where there is one field to say them at.
    return field_errors(Invalid(worded, **error.details), lang)


def field_errors(error: Invalid, lang: str) -> dict[str, str]:
    """Field -> finished sentence, for a form that is shown again; a refusal of the whole form stands under `""`."""
    if not error.fields:
        return {"": error_sentence(error, lang)}
    return {name: field_sentence(word, lang, error.details, name=name) for name, word in error.fields.items()}
