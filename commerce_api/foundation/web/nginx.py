"""The tables of paths and headers as nginx wants them: `python -m commerce_api.foundation.web.nginx`.

nginx keeps no list of headers per location that others could add to; so each header is a variable that depends on the
class of the path, and a header whose variable is empty is not sent. What the sidecar and the office answer passes
through with the headers they gave it.
"""

import json
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from commerce_api.foundation.errors import Unavailable
from commerce_api.foundation.kit.served import CACHE_BY_NAME, HASHED_FOLDERS, TYPE_BY_PATH, TYPES
from commerce_api.foundation.settings import ROOT, Settings, load
from commerce_api.foundation.web import paths, problems
from commerce_api.foundation.web.headers import (
    FILE_NAME,
    HSTS,
    PRIVATE,
    RETRY_AFTER,
    STATIC_FOLDERS,
    STATIC_PAGE,
    TABLE,
    RouteClass,
    security_headers,
)

LEFT = {"$shop_lead": ".nginx/redirects.map", "$shop_gone": ".nginx/gone.map"}
"""Maps that each release brings along: old paths to new ones, and paths that are gone."""
TEMPLATE = ROOT / "deploy" / "nginx.conf.template"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _below(prefixes: tuple[str, ...], *, languages: tuple[str, ...] = ()) -> str:
    named = "|".join(re.escape(prefix) for prefix in prefixes)
    front = f"(?:/(?:{'|'.join(languages)}))?" if languages else ""
    return f"^{front}(?:{named})(?:/|$)"


def sidecar_pattern(languages: tuple[str, ...]) -> str:
    """Paths that the sidecar answers, as one regular expression."""
    pages = _below(paths.SIDECAR_PAGES, languages=languages)
    return f"{pages}|{_below(paths.SIDECAR_JSON)}"


def office_pattern() -> str:
    """Paths that the staff office answers, as one regular expression."""
    return _below((paths.OFFICE,))


def _map(source: str, target: str, rows: list[tuple[str, str]]) -> str:
    listed = "\n".join(f"    {key} {value};" for key, value in rows)
    return f"map {source} {target} {{\n{listed}\n}}"


def _variable(header: str) -> str:
    return "$shop_" + header.replace("-", "_")


def _sent() -> dict[str, dict[RouteClass, str]]:
    """Header -> class -> value, for the classes that nginx answers itself."""
    sent: dict[str, dict[RouteClass, str]] = {}
    for kind in (RouteClass.SHOP, RouteClass.FILE):
        for name, value in TABLE[kind]:
            sent.setdefault(name, {})[kind] = value
    return sent | {name: {RouteClass.SHOP: value} for name, value in STATIC_PAGE}


def nginx_maps(languages: tuple[str, ...], *, secure: bool) -> str:
    """The `map` blocks: class of a path, then a variable for each header."""
    passed = [sidecar_pattern(languages), office_pattern()]
    folders = f"^(?:{'|'.join(re.escape(folder) for folder in STATIC_FOLDERS)})/"
    classes = [
        ("default", RouteClass.SHOP.value),
        *((_quoted("~" + pattern), "passed") for pattern in passed),
        *((_quoted("~" + pattern), RouteClass.FILE.value) for pattern in (folders, FILE_NAME.pattern)),
    ]
    blocks = [_map("$uri", "$shop_class", classes)]
    for header, values in _sent().items():
        rows = [("default", '""'), *((kind.value, _quoted(value)) for kind, value in values.items())]
        blocks.append(_map("$shop_class", _variable(header), rows))
    kept = [
        (_quoted("~" + pattern.pattern) if pattern.pattern else "default", _quoted(v)) for pattern, v in CACHE_BY_NAME
    ]
    blocks.append(_map("$uri", "$shop_kept", kept))
    statuses = [
        ("default", "$shop_kept"),
        *((code, _quoted("public, no-cache")) for code in ("404", "410")),
        ("503", "no-store"),
    ]
    blocks.append(_map("$status", "$shop_kept_by_status", statuses))
    classes_kept = [("default", "$shop_kept_by_status"), ("passed", '""')]
    blocks.append(_map("$shop_class", "$shop_cache_control", classes_kept))
    if secure:
        blocks.append(_map("$shop_class", "$shop_hsts", [("default", _quoted(HSTS)), ("passed", '""')]))
    blocks += _closed_maps(languages)
    # Old paths are answered to who reads; what is sent to one is told that nothing takes it.
    blocks.append(_map("$request_method", "$shop_read", [("default", '""'), ("GET", "$uri"), ("HEAD", "$uri")]))
    return "\n\n".join(blocks)


def _closed_maps(languages: tuple[str, ...]) -> list[str]:
    """What is said while a process behind does not answer: a page in the language of the path, to programs a problem
    document in the language that they ask for first; and when to come again, unless the process itself has said it."""
    default, *others = languages
    pages = [(_quoted(f"~^/{lang}(?:/|$)"), _quoted(f"/{lang}/503.html")) for lang in others]
    told = [
        (_quoted("~" + _below((paths.DOCS,))), '"/503.html"'),
        (_quoted("~" + _below(paths.SIDECAR_JSON)), '"@closed"'),
    ]
    closed = {lang: problems.document(Unavailable(retry_after=RETRY_AFTER), lang) for lang in languages}
    documents = [(lang, _quoted(json.dumps(said, ensure_ascii=False))) for lang, said in closed.items()]
    return [
        _map("$uri", "$shop_closed", [("default", '"/503.html"'), *told, *pages]),
        _map("$http_accept_language", "$shop_asked", [("default", default), *((f'"~*^{one}"', one) for one in others)]),
        _map("$shop_asked", "$shop_problem", documents),
        _map('"$shop_class:$status"', "$shop_retry_after", [("default", '""'), ('"shop:503"', str(RETRY_AFTER))]),
    ]


def _closed_headers(*, secure: bool) -> str:
    sent = [
        *security_headers(RouteClass.JSON, secure=secure),
        ("cache-control", PRIVATE),
        ("retry-after", str(RETRY_AFTER)),
        ("content-language", "$shop_asked"),
    ]
    return "\n".join(f"        add_header {name} {_quoted(value)} always;" for name, value in sent)


def nginx_headers(*, secure: bool) -> str:
    """The `add_header` lines of the server."""
    lines = [f"    add_header {header} {_variable(header)} always;" for header in _sent()]
    lines.append("    add_header cache-control $shop_cache_control always;")
    lines.append("    add_header retry-after $shop_retry_after always;")
    if secure:
        lines.append("    add_header strict-transport-security $shop_hsts always;")
    return "\n".join(lines)


def _left_map(root: Path, variable: str, file: str) -> str:
    # A pattern instead of a name: a release without the file is no reason not to start.
    return _map("$shop_read", variable, [("default", '""'), ("include", _quoted(f"{root}/{file[:-1]}[{file[-1]}]"))])


def _typed(path: str, kind: str) -> str:
    return f"    location = {path} {{ types {{ }} default_type {kind}; }}"


def nginx_conf(settings: Settings, *, listen: str = "80", template: Path = TEMPLATE) -> str:
    """The whole configuration of a site, to be included inside `http { }`."""
    languages = settings.shop.languages
    kinds: dict[str, list[str]] = {}
    for suffix, kind in TYPES.items():
        kinds.setdefault(kind.partition(";")[0], []).append(suffix[1:])
    values = {
        "MAPS": nginx_maps(languages, secure=settings.secure),
        "HEADERS": nginx_headers(secure=settings.secure),
        "CLOSED_HEADERS": _closed_headers(secure=settings.secure),
        "TYPES": "\n".join(f"        {kind} {' '.join(suffixes)};" for kind, suffixes in kinds.items()),
        "SIDECAR": paths.socket_address(settings.var_dir, "sidecar"),
        "OFFICE": paths.socket_address(settings.var_dir, "office"),
        "SIDECAR_PATHS": _quoted(sidecar_pattern(languages)),
        "OFFICE_PATHS": _quoted(office_pattern()),
        "NAMES": " ".join(sorted({urlsplit(f"//{host}").hostname or host for host in settings.hosts})),
        "LEFT_MAPS": "\n".join(_left_map(settings.build_dir / "current", *each) for each in LEFT.items()),
        "ROOT": str(settings.build_dir / "current"),
        "HASHED": "|".join(HASHED_FOLDERS),
        "KEPT": str(settings.build_dir / "kept"),
        "TYPED": "\n".join(_typed(path, kind) for path, kind in TYPE_BY_PATH.items()),
        "LISTEN": listen,
        "TRUSTED": "\n".join(f"    set_real_ip_from {network};" for network in settings.trusted_proxies),
    }
    return re.sub("@([A-Z_]+)@", lambda match: values[match[1]], template.read_text("utf-8"))


if __name__ == "__main__":
    sys.stdout.write(nginx_conf(load()))
