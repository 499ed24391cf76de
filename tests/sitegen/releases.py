"""Releases made by hand, for tests of what happens to finished files."""

import re
from collections.abc import Mapping
from pathlib import Path

from sitegen import publish
from sitegen.target import Target

STYLE = "assets/home-{}.css"


def page(*links: str) -> bytes:
    """A page that names these files."""
    return "".join(f'<link href="/{link}">' for link in links).encode() + b"." * 300


def released(build: Path, files: Mapping[str, bytes], compress: bool = True) -> str:
    """Publish a site of these files; its id."""
    with publish.lock(build):
        folder = publish.begin(build, compress)
        for file, data in files.items():
            folder.put(file, data)
        release = publish.finish(build, folder)
    publish.write_state(build, publish.State(release, {"made": "by hand"}))
    return release


def site(style: str, *names: str) -> dict[str, bytes]:
    """Pages of these names with one stylesheet, whose hash is `style`."""
    pages = {f"{name}/index.html": page(STYLE.format(style), "images/0123456789abcdef-400.avif") for name in names}
    return {
        STYLE.format(style): style.encode() * 100,
        "images/0123456789abcdef-400.avif": b"picture",
        "index.html": page(STYLE.format(style)),
        **pages,
        "sitemap.xml": b"<x/>" * 100,
        ".nginx/redirects.map": b"",
    }


def broken_pages(target: Target) -> list[str]:
    """Pages of a copy that name a file which is not there."""
    there = set(target.names(""))
    return [
        f"{file} lacks {link}"
        for file in sorted(there)
        if file.endswith(".html")
        for link in re.findall(r'<link href="/([^"]+)">', (target.read(file) or b"").decode())
        if link not in there
    ]
