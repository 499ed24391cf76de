"""The theme's environment, made fast for ten thousand pages: the same templates, the same output.

Three things, all through Jinja's own extension points. Sources lose their indentation when they are compiled. A
call in a template is compiled to a plain call. And a macro, which sees only its arguments, is not run twice for the
same ones.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any, Final, cast

from jinja2 import BaseLoader, Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from commerce_api.foundation.theming import ThemeIncomplete, environment

INDENT: Final = re.compile(r"\n[ \t]+")
REMEMBERED: Final = 4000
"""Results of one macro that are kept; enough for everything a run of neighbouring products shares."""


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


class DirectCalls(CodeGenerator):
    """Calls functions of templates directly: none of ours asks for Jinja's context, and asking each is slow."""

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Write `name(arguments)`."""
        self.visit(node.node, frame)
        # Jinja writes each argument after a comma, because its own calls have one argument more in front.
        stream, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), stream
        self.write(f"({arguments.removeprefix(', ')})")


class Remembering:
    """A macro that keeps its results. Arguments count by value when plain, else by identity."""

    def __init__(self, macro: Macro) -> None:
        self.macro = macro
        self._results: dict[object, tuple[Markup, object]] = {}

    def __call__(self, *args: Any, **kwargs: Any) -> Markup:
        key = (_key(args), _key(tuple(kwargs.items()))) if kwargs else _key(args)
        known = self._results.get(key)
        if known is None:
            if len(self._results) >= REMEMBERED:
                self._results.clear()
            # The arguments are kept with the result, so that no other object can get the identity of one of them.
            known = self._results[key] = cast(Markup, self.macro(*args, **kwargs)), (args, kwargs)
        return known[0]


def _key(value: Any) -> object:
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind in (bool, float, Markup):
        return kind, value
    if kind in (tuple, list):
        return tuple([_key(item) for item in value])
    return id(value)


class MacroTemplate(Template):
    """A template whose macros, where it has any, remember their results."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        # Jinja compares all global names at every import, in case one was added while a page renders: none is.
        if self._module is None:
            self._module = self.make_module()
        return self._module

    def make_module(self, *args: Any, **kwargs: Any) -> TemplateModule:
        """The template as a module of remembering macros."""
        module = super().make_module(*args, **kwargs)
        if (self.name or "").startswith("macros/"):
            for name, value in list(vars(module).items()):
                if isinstance(value, Macro) and not value.caller:
                    setattr(module, name, Remembering(value))
        return module


def fast_environment(asset: Callable[[str], str], theme: Path, bytecode: Path | None) -> Environment:
    """The theme's environment for many pages; `bytecode` is a folder for compiled templates.

    Raises ThemeIncomplete when the theme has no templates.
    """
    if bytecode:
        # Compiled by this very code: another version of it must not find them.
        bytecode = bytecode / sha256(Path(__file__).read_bytes()).hexdigest()[:10]
        bytecode.mkdir(parents=True, exist_ok=True)
    env = environment(asset, theme, bytecode)
    if env.loader is None or not (theme / "templates").is_dir():
        raise ThemeIncomplete(f"no templates below {theme}")
    env.loader = TightLoader(env.loader)
    env.code_generator_class = DirectCalls
    env.template_class = MacroTemplate
    return env


def asset_of(assets: Mapping[str, str]) -> Callable[[str], str]:
    """The `asset` function of templates over a manifest."""

    def asset(name: str) -> str:
        address = assets.get(name)
        if address is None:
            raise ThemeIncomplete(f"there is no asset {name!r}: see css/kinds.toml of the theme")
        return address

    return asset
