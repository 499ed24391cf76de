"""The same tables for a CDN before a bucket: `python -m commerce_api.foundation.web.cdn` prints them as JSON.

A bucket keeps type and cache rule with each object and knows nothing of paths; what nginx gets from its template, a CDN
is told by its own rules or by a function at the edge that reads this.
"""

import json
import sys
from typing import Any

from commerce_api.foundation.kit.served import CACHE_BY_NAME
from commerce_api.foundation.settings import Settings, load
from commerce_api.foundation.web import paths
from commerce_api.foundation.web.headers import STATIC_PAGE, RouteClass, security_headers
from commerce_api.foundation.web.nginx import office_pattern, sidecar_pattern


def cdn_rules(settings: Settings) -> dict[str, Any]:
    """Headers of pages and files, who answers which path, and the files that say where old paths lead.

    Patterns are regular expressions over the path; the first of `cache` that fits decides.
    """
    secure = settings.secure
    return {
        "pages": dict((*security_headers(RouteClass.SHOP, secure=secure), *STATIC_PAGE)),
        "files": dict(security_headers(RouteClass.FILE, secure=secure)),
        "cache": [[pattern.pattern, value] for pattern, value in CACHE_BY_NAME],
        "sidecar": sidecar_pattern(settings.shop.languages),
        "office": office_pattern(),
        "hidden": [f"^{path}" for path in paths.INTERNAL] + [r"/\."],
        "old_paths": "/redirects.json",
        "errors": {"404": "/404.html", "410": "/gone.html", "503": "/503.html"},
        "languages": list(settings.shop.languages[1:]),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(cdn_rules(load()), indent=1) + "\n")
