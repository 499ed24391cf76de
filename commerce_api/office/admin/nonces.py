"""Making starlette-admin's pages fit a policy without inline code.

Its templates carry inline scripts and styles without a hook for nonces, two inline handlers, and a font from another
host. A loader around its loaders rewrites the sources once, when they are compiled.
"""

import re
from collections.abc import Callable

from jinja2 import BaseLoader, Environment

NONCE = ' nonce="{{ request.state.csp_nonce }}"'
HANDLERS = (
    ('onclick="applyColumnVisibility()"', 'data-office="apply-columns"'),
    ('onchange="window.location = this.value"', 'data-office="go-to-value"'),
)


def with_nonces(source: str) -> str:
    """A template whose inline scripts and styles carry the nonce of the answer, and whose handlers are data."""
    source = re.sub(r"<style(?=[\s>])", f"<style{NONCE}", source)
    source = re.sub(r"<script(?![^>]*\bsrc=)(?=[\s>])", f"<script{NONCE}", source)
    for handler, data in HANDLERS:
        source = source.replace(handler, data)
    return source


class NonceLoader(BaseLoader):
    """Another loader's templates, rewritten by `with_nonces`."""

    def __init__(self, inner: BaseLoader) -> None:
        self.inner = inner

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, filename, uptodate = self.inner.get_source(environment, template)
        return with_nonces(source), filename, uptodate

    def list_templates(self) -> list[str]:
        return self.inner.list_templates()
