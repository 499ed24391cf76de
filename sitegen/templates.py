"""The theme's environment, made fast for ten thousand pages: the same templates, the same output.

All through Jinja's own extension points: sources lose their indentation when they are compiled, and `codegen` compiles
them to faster code.
"""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from jinja2 import BaseLoader, Environment, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import ThemeIncomplete, environment
from sitegen import codegen, folding
from sitegen.codegen import FastCode
from sitegen.folding import PLAIN

INDENT: Final = re.compile(r"\n[ \t]+")
COMPILER: Final = b"".join(Path(str(module.__file__)).read_bytes() for module in (codegen, folding, urls))
"""The code that compiles templates: what another version of it compiled must not be found."""


class TightLoader(BaseLoader):
    """Templates without their indentation: pages get smaller once, when a template is compiled.

    Line numbers stay, so that error messages point at the file as it is written.
    """

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        """The source of a template with every line flush left.

        Raises jinja2.TemplateNotFound as the inner loader does.
        """
        source, name, fresh = self.inner.get_source(environment, template)
        return INDENT.sub("\n", source), name, fresh

    def list_templates(self) -> list[str]:
        """All names of the inner loader."""
        return self.inner.list_templates()


class MacroTemplate(Template):
    """A template that is imported as one module for all pages."""

    @classmethod
    def _from_namespace(
        cls, environment: Environment, namespace: MutableMapping[str, Any], globals: MutableMapping[str, Any]
    ) -> Template:
        # Every page and every part of it would walk through the layers of the global names again.
        return super()._from_namespace(environment, namespace, dict(globals))

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # Jinja compares all global names at every import, in case one was added while a page renders: none is.
        if self._module is None:
            self._module = self.make_module()
        return self._module


def fast_environment(
    asset: Callable[[str], str],
    theme: Path,
    bytecode: Path | None,
    manifest: Mapping[str, str] | None = None,
    known: Mapping[str, Any] | None = None,
) -> Environment:
    """The theme's environment for many pages; `bytecode` is a folder for compiled templates, `manifest` holds the
    digests of the assets.

    `known` are values that all its pages are given, `t` with the words of their one language among them: what pages
    always say is then worked out when they are compiled, so `bytecode` must belong to these values. Raises
    ThemeIncomplete when the theme has no templates.
    """
    if bytecode:
        bytecode.mkdir(parents=True, exist_ok=True)
    env = environment(asset, theme, bytecode, lambda: manifest or {})
    if env.loader is None or not (theme / "templates").is_dir():
        raise ThemeIncomplete(f"no templates below {theme}")
    env.loader = TightLoader(env.loader)
    env.code_generator_class = FastCode
    env.template_class = MacroTemplate
    env.extend(known=known)
    return env


def compiled_in(cache: Path, theme: Path, known: Mapping[str, Any], assets: Mapping[str, str]) -> Path:
    """The folder below `cache` for templates of one language, by everything that they are compiled of and by."""
    sums = sha256(COMPILER)
    for path in sorted((theme / "templates").rglob("*.html")):
        sums.update(path.read_bytes())
    sums.update(repr((_plain(known), sorted(assets.items()))).encode())
    return cache / f"{known['t'].lang}-{sums.hexdigest()[:12]}"


def _plain(value: object) -> object:
    """What `folding` can see of a value, in an order of its own."""
    if isinstance(value, Mapping):
        return [(name, _plain(value[name])) for name in sorted(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    return value if isinstance(value, PLAIN) else None


def asset_of(assets: Mapping[str, str]) -> Callable[[str], str]:
    """The `asset` function of templates over a manifest."""

    def asset(name: str) -> str:
        address = assets.get(name)
        if address is None:
            raise ThemeIncomplete(f"there is no asset {name!r}: see css/kinds.toml of the theme")
        return address

    return asset
