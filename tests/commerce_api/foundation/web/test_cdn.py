"""What a CDN is told is what the edge does."""

import json
import re
from dataclasses import replace

import pytest

from commerce_api.edge import make_edge
from commerce_api.foundation.settings import Settings
from commerce_api.foundation.web import paths
from commerce_api.foundation.web.cdn import cdn_rules
from commerce_api.foundation.web.headers import cache_control
from commerce_api.integrations.upstream import Upstream
from tests.commerce_api.foundation.web.apps import visiting


@pytest.mark.anyio
async def test_a_page_and_a_file_get_the_headers_of_the_edge(settings: Settings) -> None:
    for name in ("index.html", "robots.txt"):
        file = settings.build_dir / "current" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    nobody = Upstream(f"unix:{settings.var_dir}/none.sock")
    rules = cdn_rules(settings)

    async with visiting(make_edge(settings, sidecar=nobody, office=nobody)) as visitor:
        page, robots = await visitor.get("/"), await visitor.get("/robots.txt")

    assert {name: page.headers[name] for name in rules["pages"]} == rules["pages"]
    assert {name: robots.headers[name] for name in rules["files"]} == rules["files"]


def test_paths_and_cache_rules_are_those_of_the_tables(settings: Settings) -> None:
    rules = json.loads(json.dumps(cdn_rules(replace(settings, site_url="https://shop.test"))))

    for path in ("/cart/", "/en/checkout/", "/api/v1/cart", "/cartoon/", "/"):
        assert bool(re.search(rules["sidecar"], path)) == paths.is_sidecar(path), path
    for path in ("/", "/assets/x-0123abcd.css", "/sw.js", "/feeds/google.xml", "/data/search-uk-0123abcd.json"):
        assert next(value for pattern, value in rules["cache"] if re.search(pattern, path)) == cache_control(path)
    assert "strict-transport-security" in rules["pages"]
