"""Built pages against the catalogue: nothing unpublished is anywhere, nothing published is missing."""

import re
from collections.abc import Iterator
from typing import Final

from commerce_api.foundation.kit import urls
from sitegen.checks.report import Problem
from sitegen.checks.site import Site, file_of
from sitegen.source import CatalogView

PRODUCT: Final = re.compile(r"(?:[a-z]{2}/)?product/([^/]+)/(?:([^/]+)/)?index\.html")


def check(site: Site, view: CatalogView, languages: tuple[str, ...]) -> Iterator[Problem]:
    """Pages of products or colours that are not published, and published ones without a page."""
    published = {product.slug: {v.colour.slug for v in product.variants} for product in view.products}
    for file in sorted(site.files):
        match = PRODUCT.fullmatch(file)
        if not match:
            continue
        slug, part = match.groups()
        if slug not in published:
            yield Problem("draft", file, f"{slug} is not published")
        elif part and part not in urls.RESERVED_SLUGS and part not in published[slug]:
            yield Problem("draft", file, f"{slug} has no published colour {part}")
    for product in view.products:
        for lang in languages:
            for address in (None, *(variant.colour.slug for variant in product.variants)):
                if file_of("", urls.product(product.slug, lang, address)) not in site.files:
                    yield Problem("draft", product.slug, f"{urls.product(product.slug, lang, address)} was not built")
