"""Pelican's side of the generator: its signals, our generators and writer, one template environment.

Pelican reads the content and drives the build. What it reads becomes `ContentView`s; every page, its own and
ours, is described by `pages.py` and rendered by `render.py`, so that the watcher renders the same bytes.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Any

from pelican import Pelican
from pelican.contents import Article, Content
from pelican.generators import ArticlesGenerator, Generator, PagesGenerator
from pelican.plugins import signals
from pelican.settings import read_settings
from pelican.writers import Writer as PelicanWriter

from commerce_api.foundation.kit import toml_files, urls
from commerce_api.foundation.kit.searching.rules import read_shop_words
from commerce_api.foundation.kit.typesetting import unbroken
from sitegen import assets, card_files, images, redirects
from sitegen.config import Config, from_pelican
from sitegen.content import COVERS, BadContent, ContentView, fill
from sitegen.list_files import read_lists
from sitegen.page import Page
from sitegen.pages import all_keys, expand, keys_to_build, redirect_table
from sitegen.parallel import write_groups
from sitegen.render import Renderer
from sitegen.snapshot import Snapshot, snapshot_of
from sitegen.source import CatalogView, opened
from sitegen.store import Folder
from sitegen.words import words_of

WRITTEN_BY_PELICAN = ("content:", "article:")


class Order:
    """What a build of ours hands to Pelican beside its settings. Says nothing of itself: Pelican writes its
    settings out as text more than once, which takes a second for a large catalogue."""

    def __init__(self, view: CatalogView, folder: Folder) -> None:
        self.view = view
        self.folder = folder


@dataclass(repr=False)
class Site:
    """One build: what it was asked, what it made, what went wrong without stopping it."""

    config: Config
    view: CatalogView
    folder: Folder
    assets: Mapping[str, str]
    errors: list[str] = field(default_factory=list)
    renderer: Renderer | None = None
    written: dict[str, Page] = field(default_factory=dict)

    def ready(self) -> Renderer:
        """The renderer, once all content is read.

        Raises RuntimeError before.
        """
        if self.renderer is None:
            raise RuntimeError("Pelican renders before it has read the content")
        return self.renderer


class CatalogueGenerator(Generator):  # type: ignore[misc]
    """Everything that is not a file of content/: shop pages, messages, sitemap, pictures and assets."""

    def generate_output(self, writer: "Writer") -> None:
        """Render and write, in forked processes when there is much.

        Raises sitegen.parallel.PageFailed for a page that cannot be made.
        """
        site = writer.site
        renderer = site.ready()
        keys = keys_to_build(renderer.shop, site.config.extras)
        keys = [key for key in keys if not key.startswith(WRITTEN_BY_PELICAN)]
        write_groups(renderer, site.folder, keys, site.config.workers)
        for file, source in assets.files(site.config, site.assets):
            site.folder.place(file, str(source))
        site.folder.put("assets/manifest.json", assets.manifest_text(site.assets))
        for file, source in images.files(site.config, site.view.products):
            site.folder.place(file, str(source))
        if site.config.extras:
            site.errors += card_files.derive(site.config, renderer.shop, site.view.products)
            for file, source in card_files.files(site.config, renderer.shop, site.view.products):
                site.folder.place(file, str(source))


class Writer(PelicanWriter):  # type: ignore[misc]
    """Pelican's writer: whatever a generator hands over goes through the folder that writes only what is new."""

    def __init__(self, output_path: str, settings: Mapping[str, Any]) -> None:
        super().__init__(output_path, settings)
        self.site: Site = settings["SITEGEN_SITE"]

    def write_file(self, name: str, template: Any, context: Any, *args: Any, **kwargs: Any) -> None:
        """Write the content page called `name`; drafts, hidden pages and languages not spoken here are left out."""
        source = kwargs.get("page") or kwargs.get("article")
        if not name or getattr(source, "status", "published") != "published":
            return
        page = self.site.written.get(name)
        if page is not None:
            self.site.folder.put(name, self.site.ready().render(page))


def connect() -> None:
    """Listen to Pelican's signals; a second call changes nothing."""
    signals.initialized.connect(open_site)
    signals.get_generators.connect(_generators)
    signals.get_writer.connect(_writer)
    signals.all_generators_finalized.connect(finish_context)
    signals.finalized.connect(tidy)


def _generators(pelican: Pelican) -> type[CatalogueGenerator]:
    return CatalogueGenerator


def _writer(pelican: Pelican) -> type[Writer]:
    return Writer


def open_site(pelican: Pelican) -> None:
    """Read the catalogue, make pictures and assets, before Pelican reads the content."""
    given = pelican.settings
    config = from_pelican(given)
    order: Order | None = given.get("SITEGEN_ORDER")
    view = order.view if order else asyncio.run(_read(config))
    folder = order.folder if order else None
    if folder is None:
        folder = Folder(str(pelican.output_path), config.compress, live=True)
        folder.survey()
    errors = images.derive(config, view.products)
    given["SITEGEN_SITE"] = Site(config, view, folder, assets.merge(config), errors)


async def _read(config: Config) -> CatalogView:
    async with opened(config) as source:
        return await source.read_all()


def finish_context(generators: list[Generator]) -> None:
    """All content is read: describe its pages and give every generator the one template environment."""
    site: Site = generators[0].settings["SITEGEN_SITE"]
    facts = read_site(site.config, site.view)
    content, failed = content_views(generators, site.view, facts)
    site.errors += failed
    shop, site.renderer = _ready(site.config, site.view, content, facts, site.assets)
    site.errors += redirect_table(shop).problems
    for key in all_keys(shop):
        if key.startswith(WRITTEN_BY_PELICAN):
            site.written |= {page.file: page for page in expand(shop, key) if isinstance(page, Page)}
    for generator in generators:
        generator.env = site.renderer.env
        if isinstance(generator, ArticlesGenerator):
            # Articles only: this site has no pages of tags, authors and months.
            generator.generate_pages = partial(_write_articles, generator)


def _write_articles(generator: ArticlesGenerator, writer: Writer) -> None:
    generator.generate_articles(writer.write_file)


def tidy(pelican: Pelican) -> None:
    """Take away what an earlier build left in a plain output folder and no page is now."""
    site: Site = pelican.settings["SITEGEN_SITE"]
    for file in set(site.folder.sums) - site.folder.kept:
        site.folder.remove(file)


def read_site(config: Config, view: CatalogView) -> dict[str, Any]:
    """content/site.toml with the site's address and languages, and what else stands in files beside it.

    Raises BadContent when the file is missing or is no TOML.
    """
    path = config.content / "site.toml"
    try:
        loaded = toml_files.read(path)
        words = read_shop_words(config.content)
    except FileNotFoundError as error:
        raise BadContent(f"{path}: {error}") from error
    except toml_files.BadToml as error:
        raise BadContent(str(error)) from error
    given = {"url": config.site_url, "languages": view.languages, "search": words}
    return {**loaded, **given, **read_lists(config.content, view.languages)}


def content_views(
    generators: list[Generator], view: CatalogView, site: Mapping[str, Any]
) -> tuple[list[ContentView], list[str]]:
    """What Pelican's generators read, finished and in order, and the files they could not read.

    Raises BadContent for an unknown token, and for two files that claim one address.
    """
    read = generators[0].context["generated_content"]
    for content in filter(None, read.values()):
        # Pelican looks for the template of what is not written too: a draft, a language that this shop does not speak.
        content.template = "pages/article" if isinstance(content, Article) else "pages/content"
    views = [
        _view_of(content, view, site)
        for generator in generators
        for content in _published(generator)
        if content.lang in view.languages
    ]
    owners: dict[str, ContentView] = {}
    for each in views:
        other = owners.setdefault(each.path, each)
        if other is not each:
            raise BadContent(f"{each.source}: {other.source} already is the page {each.path}")
    failed = sorted(f"{path}: cannot be read as a page" for path, content in read.items() if content is None)
    return sorted(views, key=lambda v: (v.date is not None, v.slug, v.lang)), failed


def _published(generator: Generator) -> Iterator[Content]:
    if isinstance(generator, ArticlesGenerator):
        return chain(generator.articles, generator.translations)
    if isinstance(generator, PagesGenerator):
        return chain(generator.pages, generator.translations)
    return iter(())


def _view_of(content: Content, view: CatalogView, site: Mapping[str, Any]) -> ContentView:
    source = str(content.get_relative_source_path())
    is_article = isinstance(content, Article)

    def finished(text: str) -> str:
        return fill(text, content.lang, view.facts, site, source)

    content._content = finished(content._content)
    title = finished(unescape(str(content.title)))
    summary = finished(unescape(str(content.metadata.get("summary", ""))))
    description = finished(unescape(str(content.metadata.get("description", "")))) or summary or title
    if content.slug in urls.RESERVED_SLUGS:
        raise BadContent(f"{source}: the address {content.slug!r} is taken")
    cover = str(content.metadata.get("cover", ""))
    if cover and cover not in COVERS:
        raise BadContent(f"{source}: there is no cover {cover!r}; there are {', '.join(COVERS)}")
    return ContentView(
        slug=content.slug,
        lang=content.lang,
        title=title,
        description=description,
        summary=summary or description,
        body=unbroken(content.content),
        date=content.date.date() if is_article else None,
        source=source,
        cover=cover,
    )


def pelican_settings(config: Config, output: str | Path, **more: Any) -> dict[str, Any]:
    """Pelican's settings for a run of our own: those of pelicanconf.py over the folders of `config`."""
    override = {
        "PATH": str(config.content),
        "THEME": str(config.theme),
        "OUTPUT_PATH": str(output),
        "SITEGEN_CONFIG": config,
        **more,
    }
    settings: dict[str, Any] = read_settings(str(config.conf), override=override)
    return settings


def run(config: Config, view: CatalogView, folder: Folder) -> Site:
    """A whole build by Pelican into `folder`.

    Raises BadContent, sitegen.parallel.PageFailed or sitegen.assets.BadAssets; the folder is then incomplete.
    """
    pelican = Pelican(pelican_settings(config, folder.root, SITEGEN_ORDER=Order(view, folder)))
    pelican.run()
    site: Site = pelican.settings["SITEGEN_SITE"]
    return site


def warm(config: Config, view: CatalogView) -> tuple[Snapshot, Renderer, list[str]]:
    """The shop ready for rendering without a build, and the content files that cannot be read.

    Raises as `run` does.
    """
    content, failed = read_content(config, view)
    shop, renderer = _ready(config, view, content, read_site(config, view), assets.merge(config))
    return shop, renderer, failed


def _ready(
    config: Config,
    view: CatalogView,
    content: list[ContentView],
    site: Mapping[str, Any],
    manifest: Mapping[str, str],
) -> tuple[Snapshot, Renderer]:
    texts = {lang: words_of(lang, config.theme) for lang in view.languages}
    shop = snapshot_of(view, content, site, texts, manifest, redirects.read(config.content))
    return shop, Renderer(shop, config.theme, config.cache / "templates")


def read_content(config: Config, view: CatalogView) -> tuple[list[ContentView], list[str]]:
    """The content files alone, read by Pelican's own generators, and those that cannot be read.

    Raises BadContent for an unknown token.
    """
    settings = pelican_settings(config, config.build)
    context = {
        **settings,
        "generated_content": {},
        "static_links": set(),
        "static_content": {},
        "localsiteurl": settings["SITEURL"],
    }
    generators = [
        kind(context=context, settings=settings, path=settings["PATH"], theme=settings["THEME"], output_path="")
        for kind in (ArticlesGenerator, PagesGenerator)
    ]
    for generator in generators:
        generator.generate_context()
    return content_views(generators, view, read_site(config, view))
