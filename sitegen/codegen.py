"""How templates are compiled for ten thousand pages: to the same output as Jinja's own code, in a third of the time.

Calls are plain calls, escaping a word that was escaped before is one look into a dict, attributes of views are read
directly, and macros are `Recalling`. `tests/sitegen/test_templates.py` holds the output against that of plain Jinja.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from io import StringIO
from typing import Any, Final, cast

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.runtime import LoopContext, Macro, markup_join
from jinja2.utils import missing
from markupsafe import Markup, escape

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import PageMeta
from sitegen.folding import Folding
from sitegen.paging import Paging
from sitegen.source import (
    CategoryText,
    CategoryView,
    ColourView,
    ImageView,
    ProductText,
    ProductView,
    ShopFacts,
    SizeRow,
    SkuView,
    VariantView,
)

REMEMBERED: Final = 256
"""Results of one macro that are kept: what a run of neighbouring products shares. More would only take memory."""
WORTH: Final = 16
"""A macro that is asked for a known result less often than once in so many calls keeps none any more."""
KEPT: Final = 4096
"""Escaped texts that are kept."""
ROWS: Final = frozenset({tuple, list})
"""What is asked for an item by its place."""
WORDS: Final = frozenset({str, int})
"""What `Escaped` takes; no flag, which would be taken for the number it equals."""
SPECIAL: Final = re.compile("[&<>'\"]")
VIEWS: Final = (
    PageMeta, Paging, CategoryText, CategoryView, ColourView, ImageView, ProductText, ProductView, ShopFacts, SizeRow,
    SkuView, VariantView,
)  # fmt: skip
"""Classes whose fields templates may read without asking Jinja, which would look for items of the same name too."""
LOOP: Final = ("first", "last", "index", "index0")


class Escaped(dict[str | int, str]):
    """Texts and numbers and their escaped forms, made when they are asked for."""

    def __missing__(self, word: str | int) -> str:
        if len(self) >= KEPT:
            self.clear()
        text = str(word)
        self[word] = done = str(escape(text)) if SPECIAL.search(text) else text
        return done


def joined(parts: Sequence[Any]) -> str:
    """Several things as one text; Markup among them makes it Markup, as Jinja does it."""
    for part in parts:
        if part.__class__ is not str:
            return markup_join(parts)
    return "".join(parts)


class Recalling(Macro):
    """A macro that keeps its results, as long as that is worth it. Arguments count by value when plain, else by
    identity."""

    def __init__(self, environment: Any, func: Callable[..., str], name: str, arguments: list[str], *more: Any) -> None:
        super().__init__(environment, func, name, arguments, *more)
        self._own = func
        self.is_plain = not (self.caller or self.catch_kwargs or self.catch_varargs)
        self._results: dict[object, tuple[Markup, object]] = {}
        self._found = self._asked = 0
        self._arity = len(arguments)
        known = getattr(environment, "known", None)
        self._lang = known["t"].lang if known and "lang" in arguments else None

    def __call__(self, *args: Any, **kwargs: Any) -> Markup:
        """The macro's HTML. Raises TypeError for arguments that it does not take."""
        if not self.is_plain:
            return cast(Markup, super().__call__(*args, **kwargs))
        if kwargs or len(args) != self._arity:
            args = self._all(args, kwargs)
        if self._results is GIVEN_UP:
            return self._made(args)
        key = tuple([a if a.__class__ is str or a.__class__ is int else _key(a) for a in args])
        known = self._results.get(key)
        self._asked += 1
        if known is None:
            if len(self._results) >= REMEMBERED:
                self._tidy()
            # The arguments are kept with the result, so that no other object can get the identity of one of them.
            known = self._made(args), args
            if self._results is not GIVEN_UP:
                self._results[key] = known
        else:
            self._found += 1
        return known[0]

    def _made(self, args: tuple[Any, ...]) -> Markup:
        if self._lang and args[self.arguments.index("lang")] not in (self._lang, missing):
            raise TypeError(f"macro {self.name!r} is compiled for {self._lang!r} alone")
        # A macro's output is escaped, so that Markup need not look at it again.
        return str.__new__(Markup, self._own(*args))

    def _all(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        given = self.arguments[len(args) :]
        if len(args) > len(self.arguments) or not kwargs.keys() <= set(given):
            raise TypeError(f"macro {self.name!r} takes {self.arguments}, not {len(args)} and {sorted(kwargs)}")
        return (*args, *(kwargs.get(name, missing) for name in given))

    def _tidy(self) -> None:
        if self._found * WORTH < self._asked:
            self._results = GIVEN_UP
        else:
            self._results.clear()
        self._found = self._asked = 0


GIVEN_UP: Final[dict[object, tuple[Markup, object]]] = {}


def _key(value: Any) -> object:
    kind = value.__class__
    if kind is str or kind is int:
        return value
    if kind in (bool, float, Markup):
        return kind, value
    if kind in (tuple, list):
        return tuple([_key(item) for item in value])
    return id(value)


class FastCode(CodeGenerator):
    """Jinja's code generator with shorter ways for what pages do most. Templates must be escaped everywhere."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """A whole template."""
        self._attributes: dict[str, None] = {}
        self._imported: dict[str, tuple[str, str]] = {}
        self._macros: dict[str, Any] = {}
        self._knows_urls = False
        known = getattr(self.environment, "known", None)
        if known is not None:
            folding = Folding(self.environment, known)
            node = folding.fold(node)
            self._imported, self._macros = folding.imported, folding.macros
            self._knows_urls = folding.knows_urls
        names = "ROWS, WORDS, Recalling, classes_with, joined, urls"
        self.writeline(f"from sitegen.codegen import ESCAPED as escaped, {names}")
        super().visit_Template(node, frame)
        for name in self._attributes:
            self.writeline(f"has_{name} = classes_with({name!r})")
        for alias, (template, name) in self._imported.items():
            self.writeline(f"imported_{alias} = environment.get_template({template!r}).module.{name}")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:
        """A name; an imported macro is one of the module."""
        if node.ctx == "load" and node.name in self._imported:
            self.write(f"imported_{node.name}")
        else:
            super().visit_Name(node, frame)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """`name(arguments)`: none of our functions asks for Jinja's context, and asking each is slow."""
        self.visit(node.node, frame)
        if isinstance(node.node, nodes.Name) and not forward_caller:
            order = self._in_order(node, self._macros.get(node.node.name))
            if order is not None:
                self.write("(")
                for each in order:
                    if each is None:
                        self.write("missing, ")
                    else:
                        self.visit(each, frame)
                        self.write(", ")
                self.write(")")
                return
        # Jinja writes each argument after a comma, because its own calls have one argument more in front.
        stream, self.stream = self.stream, StringIO()
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        arguments, self.stream = self.stream.getvalue(), stream
        self.write(f"({arguments.removeprefix(', ')})")

    def _in_order(self, node: nodes.Call, macro: object) -> list[nodes.Expr | None] | None:
        """All arguments of a known macro by their places, so that nobody has to sort them at each call."""
        if not isinstance(macro, Recalling) or not macro.is_plain or node.dyn_args or node.dyn_kwargs:
            return None
        named = {pair.key: pair.value for pair in node.kwargs}
        rest = macro.arguments[len(node.args) :]
        if len(node.args) > len(macro.arguments) or not named.keys() <= set(rest):
            return None
        return [*node.args, *(named.get(name) for name in rest)]

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """`thing.name`, directly where the thing is a view."""
        if self._knows_urls and isinstance(node.node, nodes.Name) and node.node.name == "urls":
            self.write(f"urls.{node.attr}" if hasattr(urls, node.attr) else f"environment.getattr(urls, {node.attr!r})")
            return
        if not classes_with(node.attr):
            super().visit_Getattr(node, frame)
            return
        self._attributes[node.attr] = None
        self.write(f"(_v.{node.attr} if (_v := ")
        self.visit(node.node, frame)
        self.write(f").__class__ in has_{node.attr} else environment.getattr(_v, {node.attr!r}))")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:
        """`things["name"]`, directly where the things are a dict that has it, and `things[0]` of a tuple or list."""
        item = node.arg.value if isinstance(node.arg, nodes.Const) else None
        if isinstance(item, str):
            test = f"__class__ is dict and {item!r} in _v"
        elif isinstance(item, int) and not isinstance(item, bool) and item >= 0:
            test = f"__class__ in ROWS and len(_v) > {item}"
        else:
            super().visit_Getitem(node, frame)
            return
        self.write(f"(_v[{item!r}] if (_v := ")
        self.visit(node.node, frame)
        self.write(f").{test} else environment.getitem(_v, {item!r}))")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:
        """Several things as one text."""
        self.write("joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """What stands between two statements, as one piece: each piece travels through all layouts of a page."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) < 2:
            super().visit_Output(node, frame)
            return
        finalize = self._make_finalize()
        self.writeline("yield concat((", node)
        for part in node.nodes:
            try:
                const = self._output_child_to_const(part, frame, finalize)
            except nodes.Impossible:
                self._output_child_pre(part, frame, finalize)
                self.visit(part, frame)
                self._output_child_post(part, frame, finalize)
            else:
                self.write(self._output_const_repr([const]))
            self.write(", ")
        self.write("))")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """A macro that recalls its results; the body of a call block is used once."""
        if isinstance(macro_ref.node, nodes.Macro) and (self.name or "").startswith("macros/"):
            stream, self.stream = self.stream, StringIO()
            super().macro_def(macro_ref, frame)
            code, self.stream = self.stream.getvalue(), stream
            self.write("Recalling" + code.removeprefix("Macro"))
        else:
            super().macro_def(macro_ref, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write("(_v if (_v := ")

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        self.write(").__class__ is Markup else escaped[_v] if _v.__class__ in WORDS else escape(_v))")


def classes_with(name: str) -> frozenset[type]:
    """The views that have a field of this name, and loops."""
    views = {kind for kind in VIEWS if any(field.name == name for field in fields(kind))}
    return frozenset(views | ({LoopContext} if name in LOOP else set()))


ESCAPED: Final = Escaped()
