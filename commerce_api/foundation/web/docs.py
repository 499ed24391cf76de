"""`/api/docs`: the API for people, rendered on the server from the OpenAPI document, in English.

The `type` of every problem document points here: each error has an anchor of its code.
"""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

import orjson
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from commerce_api.foundation.errors import ShopError
from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta, texts
from commerce_api.foundation.web import headers, paths
from commerce_api.foundation.web.carried import carried
from commerce_api.foundation.web.openapi import not_modified

LANG: Final = "en"
_SHOWN: Final = orjson.OPT_INDENT_2


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a body: its name, where it stands, its type in words, and what bounds it."""

    name: str
    place: str
    kind: str
    required: bool
    about: str


@dataclass(frozen=True, slots=True)
class Call:
    """One operation, as the page shows it; `sent` and `answered` are examples in JSON, empty where there is none."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    roles: tuple[str, ...]
    fields: tuple[Field, ...]
    sent: str
    status: str
    answered: str
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """A row of the table of errors."""

    code: str
    status: int
    about: str


def _json(value: object) -> str:
    return orjson.dumps(value, option=_SHOWN).decode()


def _one_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stands behind a reference or beside a null."""
    if "$ref" in schema:
        found: Mapping[str, Any] = definitions.get(schema["$ref"].rsplit("/", 1)[-1], {})
        return found
    useful = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return _one_of(useful[0], definitions) if useful else schema


def _kind(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    found = _one_of(schema, definitions)
    if "enum" in found or "const" in found:
        return " | ".join(str(value) for value in found.get("enum", [found.get("const")]))
    if found.get("type") == "array":
        return f"list of {_kind(found.get('items', {}), definitions)}"
    return f"{found.get('type', 'any')} ({found['format']})" if "format" in found else str(found.get("type", "any"))


def _bounds(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    found = _one_of(schema, definitions)
    said = [
        ("from", found.get("minimum")),
        ("above", found.get("exclusiveMinimum")),
        ("up to", found.get("maximum")),
        ("at least", f"{found['minLength']} characters" if found.get("minLength", 1) > 1 else None),
        ("at most", found.get("maxLength") and f"{found['maxLength']} characters"),
        ("at most", found.get("maxItems") and f"{found['maxItems']} of them"),
        ("default", schema.get("default")),
    ]
    bounds = ", ".join(f"{word} {value}" for word, value in said if value not in (None, "", []))
    return ". ".join(part for part in (str(schema.get("description", "")), bounds) if part)


def _fields(operation: Mapping[str, Any], definitions: Mapping[str, Any]) -> tuple[Field, ...]:
    listed = [
        Field(one["name"], one["in"], _kind(one["schema"], definitions), one["required"], _bounds(one["schema"], {}))
        for one in operation["parameters"]
    ]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        listed += _body_fields(_one_of(content["schema"], definitions), definitions)
    return tuple(listed)


def _body_fields(schema: Mapping[str, Any], definitions: Mapping[str, Any], within: str = "") -> Iterable[Field]:
    """The fields of an object, those of objects in it under dotted names."""
    required = set(schema.get("required", ()))
    for name, part in schema.get("properties", {}).items():
        inner = _one_of(part, definitions)
        yield Field(within + name, "body", _kind(part, definitions), name in required, _bounds(part, definitions))
        if inner.get("properties"):
            yield from _body_fields(inner, definitions, f"{within}{name}.")


def marked(text: str) -> Markup:
    """Words with what stands between backticks as code, everything escaped."""
    parts = text.split("`")
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if number % 2 else part for number, part in enumerate(parts))


def _example(content: Mapping[str, Any]) -> str:
    return next((_json(one["example"]) for one in content.values() if "example" in one), "")


def calls_of(document: Mapping[str, Any]) -> dict[str, list[Call]]:
    """The operations of an OpenAPI document by tag, in their order."""
    definitions = document["components"]["schemas"]
    found: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            responses: Mapping[str, Any] = operation["responses"]
            status = next(code for code in responses if code.startswith("2"))
            call = Call(
                id=operation["operationId"],
                method=method.upper(),
                path=path,
                summary=operation["summary"],
                about=operation["description"],
                roles=tuple(operation.get("x-roles", ())),
                fields=_fields(operation, definitions),
                sent=_example(operation.get("requestBody", {}).get("content", {})),
                status=status,
                answered=_example(responses[status].get("content", {})),
                codes=tuple(
                    (code, each)
                    for code, response in responses.items()
                    for each in (response["description"].split(", ") if code[0] in "45" else ())
                ),
            )
            found.setdefault(operation["tags"][0], []).append(call)
    return found


def _all_errors(kind: type[ShopError] = ShopError) -> Iterable[type[ShopError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _all_errors(one)


def _about(kind: type[ShopError]) -> str:
    """The first line of the class's own words, else the sentence that people read."""
    own = kind.__dict__.get("__doc__")
    if own:
        return inspect.cleandoc(own).split("\n\n", 1)[0].replace("\n", " ")
    entry = texts(LANG).entries.get(f"errors.{kind.code}")
    return entry if isinstance(entry, str) else ""


def error_rows() -> list[ErrorRow]:
    """Every error of the rooms that this process has loaded, by status and code; each code once."""
    rows: dict[str, ErrorRow] = {}
    for kind in _all_errors():
        if kind.__module__.startswith("commerce_api.") and not kind.__name__.startswith("_"):
            rows.setdefault(kind.code, ErrorRow(kind.code, kind.status, _about(kind)))
    return sorted(rows.values(), key=lambda row: (row.status, row.code))


def docs_route(document: Mapping[str, Any]) -> Route:
    """`GET /api/docs`: rendered once for each build of the site, the same for everybody."""
    kept: tuple[object, str, str] | None = None

    async def show_docs(request: Request) -> Response:
        nonlocal kept
        renderer = carried(request).renderer
        assets = renderer.assets()
        if kept is None or kept[0] is not assets:
            meta = PageMeta(
                kind="docs",
                lang=LANG,
                title="The API of the shop",
                description="",
                path=paths.DOCS,
                alternates={"uk": urls.home("uk"), LANG: urls.home(LANG)},
                robots="noindex",
            )
            html = renderer.page("docs.html", meta, _context(document))
            kept = (assets, html, f'"{sha256(html.encode()).hexdigest()[:20]}"')
        sent = {"cache-control": headers.REVALIDATE, "etag": kept[2]}
        if not_modified(request, kept[2]):
            return Response(status_code=304, headers=sent)
        return HTMLResponse(kept[1], headers=sent)

    return Route(paths.DOCS, show_docs)


def _context(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "about": document["info"]["description"].splitlines(),
        "marked": marked,
        "server": document["servers"][0]["url"],
        "calls": calls_of(document),
        "errors": error_rows(),
        "headers": [(name, one["description"]) for name, one in document["components"]["headers"].items()],
        "schemes": list(document["components"]["securitySchemes"].items()),
    }
