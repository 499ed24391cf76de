"""What a template says in one language, worked out when it is compiled instead of on each of forty thousand pages.

Sites are built language by language, so inside an environment `lang` never changes. Words, addresses and icons whose
arguments are written in the template become part of its text. A template that gives the name `lang` or `t` another
meaning is left as it is, and a macro that is called for another language than its environment's refuses
(`codegen.Recalling`), so that folding cannot write a wrong word.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import is_dataclass
from typing import Any, Final

from jinja2 import Environment, TemplateError, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from commerce_api.foundation.kit import urls
from commerce_api.foundation.theming import Texts, ThemeIncomplete

LONGEST: Final = 8
"""Turns of a loop that are written out."""
PLAIN: Final = (str, int, float, bool, type(None))
Function = Callable[..., Any]


class Folding(NodeTransformer):
    """Replaces what is always the same in a template of one language by its text. `known` are values that every page
    is given, by name; `t` among them holds the words of the language."""

    def __init__(self, environment: Environment, known: Mapping[str, Any]) -> None:
        self._env = environment
        self._words: Texts = known["t"]
        self._values = {name: value for name, value in known.items() if name != "t"}
        self.macros: dict[str, Function] = {}
        """Macros that the template imports, by the names it gives them."""
        self.imported: dict[str, tuple[str, str]] = {}
        """The same as (template, name)."""
        self._knows_lang = self._knows_t = self.knows_urls = False

    def fold(self, template: nodes.Template) -> nodes.Template:
        """The template with its constant parts replaced, in place.

        Raises what loading an imported template raises.
        """
        bound = {name.name for name in template.find_all(nodes.Name) if name.ctx == "store"}
        given = {name.name for name in template.find_all(nodes.Name) if name.ctx == "param"}
        self._knows_lang = "lang" not in bound
        self.knows_urls = "urls" not in bound | given
        self._values = {name: value for name, value in self._values.items() if name not in bound | given}
        self._knows_t = self._knows_lang and "t" not in given and all(map(_is_texts, _bindings(template, "t")))
        # Macros see only their arguments and `texts`; a page is given its words.
        if any(_bindings(template, "t")):
            self._words = self._env.globals["texts"](self._words.lang)  # type: ignore[operator]
        for imported in template.find_all(nodes.FromImport):
            self._take_over(imported, bound | given)
        self.visit(template)
        return template

    def _take_over(self, imported: nodes.FromImport, other: set[str]) -> None:
        if not isinstance(imported.template, nodes.Const) or imported.with_context:
            return
        module = self._env.get_template(imported.template.value).module
        for name in imported.names:
            original, alias = name if isinstance(name, tuple) else (name, name)
            macro = getattr(module, original, None)
            if callable(macro) and alias not in other:
                self.macros[alias] = macro
                self.imported[alias] = imported.template.value, original

    def visit_FromImport(self, node: nodes.FromImport) -> nodes.Node | None:
        """Macros that were found need no import on each page."""
        aliases = {name[1] if isinstance(name, tuple) else name for name in node.names}
        return None if aliases <= self.macros.keys() else node

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """`lang` is known."""
        if node.name == "lang" and node.ctx == "load" and self._knows_lang:
            return nodes.Const(self._words.lang, lineno=node.lineno)
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        """A plain value inside one that every page is given."""
        value = self._value(node)
        if isinstance(value, PLAIN) and value is not None:
            return nodes.Const(value, lineno=node.lineno)
        return self.generic_visit(node)

    def _value(self, node: nodes.Node) -> Any:
        if isinstance(node, nodes.Name):
            return self._values.get(node.name)
        if not isinstance(node, nodes.Getattr):
            return None
        owner = self._value(node.node)
        if isinstance(owner, Mapping):
            return owner.get(node.attr)
        return getattr(owner, node.attr, None) if is_dataclass(owner) else None

    def visit_For(self, node: nodes.For) -> nodes.Node | list[nodes.Node]:
        """A loop over values of `urls`, such as the widths of pictures, written out."""
        self.generic_visit(node)
        values, target = self._row(node.iter), node.target
        simple = not (node.test or node.else_ or node.recursive) and isinstance(target, nodes.Name)
        if not simple or not isinstance(values, tuple) or len(values) > LONGEST:
            return node
        if any(body.find(kind) for body in node.body for kind in (nodes.Assign, nodes.For, nodes.CallBlock)):
            return node
        written: list[nodes.Node] = []
        for place, value in enumerate(values):
            turn = {"index": place + 1, "index0": place, "first": place == 0, "last": place == len(values) - 1}
            inside = Unrolled(target.name, value, turn)  # type: ignore[attr-defined]
            for body in node.body:
                again = self.visit(inside.visit(deepcopy(body, {id(self._env): self._env})))
                written += again if isinstance(again, list) else [again]
        return written

    def _row(self, node: nodes.Node) -> object:
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "urls":
            return getattr(urls, node.attr, None)
        return None

    def visit_Output(self, node: nodes.Output) -> nodes.Node:
        """An output; what is only said on a condition is else nothing."""
        for each in node.nodes:
            if isinstance(each, nodes.CondExpr) and each.expr2 is None:
                each.expr2 = nodes.Const("", lineno=each.lineno)
        return self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        """A filter of something known."""
        self.generic_visit(node)
        try:
            return _literal(node.as_const(nodes.EvalContext(self._env, None)), node)
        except nodes.Impossible:
            return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:
        """The macro of a call block is given a body, so only what is inside is folded."""
        node.body = [self.visit(each) for each in node.body]
        node.call.args = [self.visit(each) for each in node.call.args]
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """A call whose arguments are all known, of a function that does nothing but answer."""
        self.generic_visit(node)
        named = {pair.key: pair.value for pair in node.kwargs}
        if node.dyn_args or node.dyn_kwargs or not _known([*node.args, *named.values()]):
            return node
        function = self._function(node.node)
        if function is None:
            return node
        try:
            value = function(
                *(arg.value for arg in node.args),  # type: ignore[attr-defined]
                **{name: arg.value for name, arg in named.items()},  # type: ignore[attr-defined]
            )
        except (TemplateError, ThemeIncomplete, TypeError, KeyError, ValueError):
            # The page that needs it will say what is wrong, and where.
            return node
        return _literal(value, node)

    def _function(self, node: nodes.Node) -> Function | None:
        if isinstance(node, nodes.Name):
            return self._words if node.name == "t" and self._knows_t else self.macros.get(node.name)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name == "urls":
            found = getattr(urls, node.attr, None)
            return found if callable(found) else None
        return None


class Unrolled(NodeTransformer):
    """Puts one turn of a loop into a copy of its body."""

    def __init__(self, target: str, value: object, turn: Mapping[str, object]) -> None:
        self._target, self._value, self._turn = target, value, turn

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """The loop's variable."""
        return nodes.Const(self._value, lineno=node.lineno) if node.name == self._target else node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        """`loop.last` and its like."""
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and node.attr in self._turn:
            return nodes.Const(self._turn[node.attr], lineno=node.lineno)
        return self.generic_visit(node)


def _bindings(template: nodes.Template, name: str) -> list[nodes.Assign]:
    return [each for each in template.find_all(nodes.Assign) if _names(each.target) == [name]]


def _names(target: nodes.Node) -> list[str]:
    return [target.name] if isinstance(target, nodes.Name) else [name.name for name in target.find_all(nodes.Name)]


def _is_texts(binding: nodes.Assign) -> bool:
    """Whether it is `{% set t = texts(lang) %}`."""
    call = binding.node
    return (
        isinstance(call, nodes.Call)
        and isinstance(call.node, nodes.Name)
        and call.node.name == "texts"
        and [arg.name for arg in call.args if isinstance(arg, nodes.Name)] == ["lang"]
    )


def _known(arguments: list[nodes.Expr]) -> bool:
    return all(isinstance(each, nodes.Const) for each in arguments)


def _literal(value: object, node: nodes.Node) -> nodes.Node:
    if isinstance(value, Markup):
        return nodes.TemplateData(str(value), lineno=node.lineno)
    if isinstance(value, PLAIN):
        return nodes.Const(value, lineno=node.lineno)
    return node
