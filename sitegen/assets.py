"""Stylesheets and scripts, one of each per kind of page, with fonts and icons, under names that tell their content.

`themes/<theme>/css/kinds.toml` says which sources make which kind:

    [product]
    css = ["layers.css", "tokens.css", ...]     # below css/, in order
    js = ["pages/product.js"]                   # below js/; what they import follows by itself

A kind without `css` has a script alone, such as a worker: a page asks for it by `asset("js/<kind>.js")`. The build
keeps every file it ever made in `build/cache/assets`, so that nothing is merged twice.
"""

import json
import os
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import rjsmin
from lightningcss import process_stylesheet

from commerce_api.foundation.kit import toml_files
from sitegen.config import Config

COPIED: Final = {"fonts": frozenset({".woff2"}), "icons": frozenset({".svg", ".png", ".ico", ".avif", ".jpg"})}
"""Folders of the theme whose files of these suffixes are published as they are."""
URL: Final = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
IMPORT: Final = re.compile(
    r"""^[ \t]*import\s+(?:(?P<what>[\w${},*\s]+?)\s+from\s+)?["'](?P<path>[^"']+)["'];?[ \t]*$""", re.MULTILINE
)
EXPORT: Final = re.compile(r"^export\s+(?=(?:async\s+function|function|const|let|class)\b)", re.MULTILINE)
DECLARED: Final = re.compile(r"^(?:export\s+)?(?:async\s+)?(?:function\*?|const|let|class)\s+([\w$]+)", re.MULTILINE)


class BadAssets(Exception):
    """The theme's styles or scripts cannot be merged; the message names the file and what to do."""


def merge(config: Config) -> dict[str, str]:
    """Make what is not there yet and return logical names and addresses: `css/home.css` to `/assets/home-….css`.

    The addresses of stylesheets and scripts are names too, of the digest that pages state as `integrity`. Raises
    BadAssets naming the source that is missing or cannot be merged.
    """
    manifest = dict(_copied(config))
    kinds = _kinds(config.theme / "css" / "kinds.toml")
    for kind, sources in kinds.items():
        script = bundle([config.theme / "js" / name for name in sources.get("js", ())])
        made = {f"js/{kind}.js": script.encode()}
        if "css" in sources:
            styles = "\n".join(
                _linked(_read(config.theme / "css" / name), config.theme / "css" / name, config.theme, manifest)
                for name in sources["css"]
            )
            made[f"css/{kind}.css"] = _small_css(kind, styles).encode()
        for name, data in made.items():
            manifest[name] = _keep(config, name.rpartition("/")[2], data)
            manifest[manifest[name]] = integrity(data)
    return dict(sorted(manifest.items()))


def integrity(data: bytes) -> str:
    """What a page says of a script or stylesheet, so that a browser runs no other bytes."""
    return f"sha256-{b64encode(sha256(data).digest()).decode()}"


def manifest_text(manifest: Mapping[str, str]) -> bytes:
    """`assets/manifest.json`: what the sidecar reads to link the same files."""
    return json.dumps(manifest, indent=1, sort_keys=True).encode()


def files(config: Config, manifest: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Each published asset as (file of the site, finished source)."""
    for address in sorted({address for name, address in manifest.items() if not name.startswith("/")}):
        yield address[1:], config.assets / address.rsplit("/", 1)[1]


def _kinds(path: Path) -> dict[str, Any]:
    try:
        return toml_files.read(path)
    except FileNotFoundError as error:
        raise BadAssets(f"{path}: {error}") from error
    except toml_files.BadToml as error:
        raise BadAssets(str(error)) from error


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise BadAssets(f"{path} is named in kinds.toml or imported, and is not there") from None


def _copied(config: Config) -> Iterator[tuple[str, str]]:
    for folder, suffixes in COPIED.items():
        for path in sorted((config.theme / folder).rglob("*")):
            if path.suffix in suffixes:
                name = path.relative_to(config.theme / folder).as_posix().replace("/", "-")
                logical = path.relative_to(config.theme).as_posix()
                yield logical, _keep(config, name, path.read_bytes())


def _keep(config: Config, name: str, data: bytes) -> str:
    """Store `data` under a name with its hash; the address it will have."""
    stem, suffix = os.path.splitext(name)
    hashed = f"{stem}-{sha256(data).hexdigest()[:10]}{suffix}"
    path = config.assets / hashed
    if not path.exists():
        config.assets.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{hashed}.{os.getpid()}.part")
        part.write_bytes(data)
        part.rename(path)
    return f"/assets/{hashed}"


def _linked(css: str, source: Path, theme: Path, manifest: Mapping[str, str]) -> str:
    """`css` with every `url()` of a theme file turned into its hashed address."""

    def address(match: re.Match[str]) -> str:
        target = match[2]
        if target.startswith(("data:", "#")):
            return match[0]
        path = theme / target[1:] if target.startswith("/") else source.parent / target
        logical = os.path.relpath(os.path.normpath(path), theme).replace(os.sep, "/")
        if logical not in manifest:
            raise BadAssets(f"{source}: url({target}) is no file of the theme")
        return f'url("{manifest[logical]}")'

    return URL.sub(address, css)


def _small_css(kind: str, css: str) -> str:
    try:
        return process_stylesheet(css, filename=f"{kind}.css", minify=True)
    except Exception as error:
        raise BadAssets(f"css of {kind}: {error}") from error


def bundle(entries: list[Path]) -> str:
    """The entries and everything they import as one script in a scope of its own.

    Raises BadAssets naming a module that is missing or cannot be merged.
    """
    modules: dict[Path, str] = {}
    for entry in entries:
        _gather(entry.resolve(), modules, ())
    owners: dict[str, Path] = {}
    for path, source in modules.items():
        for name in DECLARED.findall(source):
            if owners.setdefault(name, path) != path:
                raise BadAssets(f"{path}: {name} is already a name of {owners[name]}; rename one of them")
    if not modules:
        return ""
    body = "\n".join(_plain(path, source) for path, source in modules.items())
    small: str = rjsmin.jsmin('(() => {\n"use strict";\n' + body + "\n})();\n")
    return small


def _gather(path: Path, modules: dict[Path, str], chain: tuple[Path, ...]) -> None:
    """Put what `path` imports before `path` itself."""
    if path in modules:
        return
    if path in chain:
        raise BadAssets(f"{path}: imports go round in a circle through {chain[-1]}")
    source = _read(path)
    for match in IMPORT.finditer(source):
        _gather((path.parent / match["path"]).resolve(), modules, (*chain, path))
    modules[path] = source


def _plain(path: Path, source: str) -> str:
    """A module as a piece of one script.

    Raises BadAssets for forms of import and export that need a name of their own.
    """
    for match in IMPORT.finditer(source):
        what = match["what"] or ""
        if " as " in what or (what and not what.startswith("{")):
            raise BadAssets(f"{path}: write `import {{ name }} from`, not {match[0].strip()!r}")
    text = EXPORT.sub("", IMPORT.sub("", source))
    left = re.search(r"^\s*(?:export|import)\b(?!\()", text, re.MULTILINE)
    if left:
        line = text[left.start() :].strip().splitlines()[0]
        raise BadAssets(f"{path}: cannot merge {line!r}; put `export` before a function, class or const")
    return text
