"""Pages of the sidecar, rendered with the shop's theme and the assets of the published site."""

import gzip
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse

from commerce_api.foundation import theming
from commerce_api.foundation.kit import toml_files
from commerce_api.foundation.kit.searching.rules import SHOP_WORDS, ShopWords, read_shop_words
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.telemetry import logger
from commerce_api.foundation.theming import PageMeta, ThemeIncomplete
from commerce_api.foundation.web import headers
from commerce_api.foundation.web.carried import carried
from commerce_api.foundation.web.error_texts import field_errors
from commerce_api.foundation.web.errors import SiteNotBuilt
from commerce_api.foundation.web.language import alternates, language
from commerce_api.foundation.web.static import pick_encoding

__all__ = ["Renderer", "field_errors", "render", "render_message"]

T = TypeVar("T")
log = logger(__name__)

PACKED_FROM: Final = 1_000
"""Bytes of a page below which packing saves no packet."""
LEVEL: Final = 5
"""Of gzip: a third of a millisecond for the largest page. brotli takes three times as long for a twentieth less."""


class _Watched(Generic[T]):
    """A small file, read again when another one stands in its place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stamp: tuple[int, int, int] | None = None
        self.value: T | None = None

    def changed(self) -> bool:
        """Whether the file differs from the one read last. Raises FileNotFoundError when there is none."""
        found = os.stat(self.path)
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        changed, self.stamp = stamp != self.stamp, stamp
        return changed or self.value is None


class Renderer:
    """The theme of one application: templates, two files of content/ and the asset manifest of the current build."""

    def __init__(self, settings: Settings, theme: Path = theming.THEME) -> None:
        self.settings = settings
        self.theme = theme
        self._assets: _Watched[dict[str, str]] = _Watched(settings.build_dir / "current" / "assets" / "manifest.json")
        self._site: _Watched[dict[str, Any]] = _Watched(settings.content_dir / "site.toml")
        self._words: _Watched[ShopWords] = _Watched(settings.content_dir / SHOP_WORDS)
        self.env: Environment = theming.environment(self.asset, theme, _bytecode_folder(settings), self.assets)
        self.env.auto_reload = settings.env == "dev"
        self._frames: dict[str, dict[str, Markup]] = {}

    def assets(self) -> dict[str, str]:
        """Logical name -> hashed address.

        Raises SiteNotBuilt when no site was published yet.
        """
        try:
            if self._assets.changed():
                self._assets.value = theming.read_assets(self._assets.path)
                self._frames.clear()
        except FileNotFoundError as error:
            raise SiteNotBuilt(retry_after=10) from error
        return self._assets.value or {}

    def asset(self, name: str) -> str:
        """The address of an asset; raises ThemeIncomplete for one that the build does not have."""
        address = self.assets().get(name)
        if address is None:
            raise ThemeIncomplete(f"no asset {name!r} in the build: run `make rebuild`")
        return address

    def site(self) -> dict[str, Any]:
        """`content/site.toml`, with the address and the languages of the shop."""
        if self._site.changed():
            self._read_site()
        return {
            **(self._site.value or {}),
            "url": self.settings.site_url,
            "languages": self.settings.shop.languages,
            "search": self.shop_words(),
        }

    def _read_site(self) -> None:
        try:
            self._site.value = toml_files.read(self._site.path)
        except toml_files.BadToml as error:
            # Somebody has just saved it with a mistake: carts are answered as before, and the build names the mistake.
            if self._site.value is None:
                raise
            log.warning("site.toml cannot be read", problem=str(error))
        self._frames.clear()

    def shop_words(self) -> ShopWords:
        """`content/search.toml`; one that somebody has just spoilt counts as it did before."""
        try:
            if self._words.changed():
                self._words.value = read_shop_words(self.settings.content_dir)
        except FileNotFoundError:
            self._words.value = None
        except toml_files.BadToml as error:
            # Said once for each state of the file, and a shop that begins with a spoilt one has no words.
            log.warning("search.toml cannot be read", problem=str(error))
            self._words.value = self._words.value or ShopWords()
        return self._words.value or ShopWords()

    def context(self, page: PageMeta) -> dict[str, Any]:
        """What every template is given (docs/theme.md)."""
        common: dict[str, Any] = {
            "page": page,
            "lang": page.lang,
            "t": theming.texts(page.lang, self.theme),
            "site": self.site(),
            "facts": self.settings.shop,
        }

        def card(product: object, lang: str, colour: str = "") -> Markup:
            shown = {**common, "product": product, "lang": lang, "colour": colour}
            return self.fragment("macros/product_card.html", shown)

        return {**common, "card": card, **self.frame(common)}

    def frame(self, common: Mapping[str, Any]) -> dict[str, Markup]:
        """Header and footer: the same on every page of a language, so rendered once until something changes."""
        lang = common["lang"]
        if self.env.auto_reload or lang not in self._frames:
            self._frames[lang] = {name: self.fragment(f"partials/{name}.html", common) for name in ("header", "footer")}
        return self._frames[lang]

    def fragment(self, template: str, context: Mapping[str, Any]) -> Markup:
        """A piece of a page."""
        return Markup(self.env.get_template(template).render(context))  # noqa: S704 - templates escape

    def page(self, template: str, page: PageMeta, context: Mapping[str, Any]) -> str:
        """A whole page from a template of `templates/pages/`."""
        self.assets()
        return self.env.get_template(f"pages/{template}").render({**self.context(page), **context})


def _bytecode_folder(settings: Settings) -> Path | None:
    folder = settings.var_dir / "templates"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        # Compiled templates only save time at the start; a read-only disk is no reason not to start.
        return None
    return folder


def _words(request: HTTPConnection, text: str) -> str:
    """The theme's text of a key; words that are no key (a product's name) as they are."""
    entry = theming.texts(language(request), carried(request).renderer.theme).entries.get(text)
    return entry if isinstance(entry, str) else text


def render(
    request: HTTPConnection,
    template: str,
    *,
    kind: str,
    title: str,
    context: Mapping[str, Any],
    description: str = "",
    status: int = 200,
    robots: str | None = "noindex",
) -> HTMLResponse:
    """A page of the theme in the language of the request.

    `template` is a file of `templates/pages/`, `kind` picks its stylesheet and script; `title` and `description` are
    text keys or finished words. Nobody but the visitor keeps the answer. Raises SiteNotBuilt when there are no assets.
    """
    renderer = carried(request).renderer
    path = request.scope["path"]
    meta = PageMeta(
        kind=kind,
        lang=language(request),
        title=_words(request, title),
        description=_words(request, description),
        path=path,
        # What a page was asked stays with it in another language; robots are told plain addresses alone.
        alternates=alternates(_page_of(request), renderer.settings.shop.languages, request.url.query if robots else ""),
        robots=robots,
    )
    body = renderer.page(template, meta, context).encode()
    sent = {"cache-control": headers.PRIVATE, "vary": "Accept-Encoding"}
    # A link on another site comes with our cookie, and a page may repeat its words beside something of the visitor's:
    # how well both pack together would tell that site (BREACH).
    foreign = request.headers.get("sec-fetch-site", "none") in {"cross-site", "same-site"}
    wished = pick_encoding(request.headers.get("accept-encoding", ""), ("gzip",))
    if wished and not foreign and len(body) >= PACKED_FROM:
        body, sent["content-encoding"] = gzip.compress(body, LEVEL, mtime=0), "gzip"
    return HTMLResponse(body, status_code=status, headers=sent)


def _page_of(request: HTTPConnection) -> str:
    """Where the page can be asked for: the address of an action, which knows forms alone, lies below its page."""
    path: str = request.scope["path"]
    return path[: path.rfind("/") + 1] if request.scope.get("method") == "POST" else path


def render_message(
    request: HTTPConnection, *, title: str, body: str, actions: Sequence[tuple[str, str]] = (), status: int = 200
) -> HTMLResponse:
    """A page that says one thing: `title`, `body` and links as (label, path)."""
    return render(
        request,
        "message.html",
        kind="message",
        title=title,
        status=status,
        context={"title": _words(request, title), "body": _words(request, body), "actions": list(actions)},
    )
