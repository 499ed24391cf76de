"""A site of a few pages with nothing wrong, to be spoiled in one place."""

import json
from pathlib import Path
from typing import Any

from sitegen.checks import Report, check

URL = "http://shop.test"
ROBOTS = f"User-agent: *\nDisallow: /cart/\nSitemap: {URL}/sitemap.xml\n"
MANIFEST = {"name": "x", "short_name": "x", "start_url": "/", "icons": [{"src": "/a.png"}]}
MESSAGES = ("404", "500", "503", "gone", "offline")


def page(path: str, body: str = "", *, head: str = "", lang: str = "uk", title: str = "", hidden: bool = False) -> str:
    """A page that says of itself what it should."""
    other = {"uk": path.removeprefix("/en"), "en": path if lang == "en" else f"/en{path}"}
    links = "".join(f'<link rel="alternate" hreflang="{each}" href="{URL}{p}">' for each, p in other.items())
    neutral = f'<link rel="alternate" hreflang="x-default" href="{URL}{other["uk"]}">'
    robots = '<meta name="robots" content="noindex">' if hidden else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title or lang + path}</title>{robots}'
        f'<meta name="description" content="about {lang}{path}"><link rel="canonical" href="{URL}{path}">'
        f'{links}{neutral}{head}</head><body><main id="main"><h1>x</h1>{body}</main></body></html>'
    )


def sitemap(*paths: str) -> str:
    """The sitemap of these paths."""
    entries = "".join(f"<url><loc>{URL}{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'


def write(root: Path, files: dict[str, str]) -> None:
    """Files below a folder."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def good(root: Path, body: str = "", head: str = "") -> None:
    """Home and one page in two languages; `body` and `head` are put into the Ukrainian home page."""
    write(
        root,
        {
            "index.html": page("/", f'<a href="/other/">x</a>{body}', head=head),
            "en/index.html": page("/en/", '<a href="/en/other/">x</a>', lang="en"),
            "other/index.html": page("/other/", '<h2 id="sizes">z</h2>'),
            "en/other/index.html": page("/en/other/", lang="en"),
            "sitemap.xml": sitemap("/", "/en/", "/other/", "/en/other/"),
            "robots.txt": ROBOTS,
            "llms.txt": "# x\n[other](/other/)\n",
            "manifest.webmanifest": json.dumps(MANIFEST),
            "a.png": "",
            "sw.js": 'self.BUILD={"files":["/a.png"]};',
            "r.json": "{}",
            "redirects.json": "{}",
            **{f"{name}.html": page("/", title=name, hidden=True) for name in MESSAGES},
        },
    )


def ld(*things: dict[str, Any]) -> str:
    """Structured data as it stands in a page."""
    whole = json.dumps({"@context": "https://schema.org", "@graph": things})
    return f'<script type="application/ld+json">{whole}</script>'


def found(root: Path) -> list[str]:
    """What is wrong with a site, but for the feeds that it need not have here."""
    report: Report = check(root, URL)
    return [str(p) for p in report.problems if not (p.kind == "feed" and p.what == "is missing")]
