"""Redirects in a bucket: an object at the old path that carries the header of S3's website hosting.

Its body leads there too, for servers that know no such header. The store library signs no header of this kind, so these
few objects are written by hand, signed as "AWS Signature Version 4" says.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

import httpx2 as httpx

from sitegen import redirects
from sitegen.target import Bucket, Target, TargetRefused

HEADER: Final = "x-amz-website-redirect-location"
TYPE: Final = "text/html; charset=utf-8"
CACHE: Final = "public, max-age=300"
TRIES: Final = 4


def read(root: Path) -> dict[str, str]:
    """The table of a release as object keys and paths; none when the release has no table."""
    try:
        said = json.loads((root / redirects.MACHINE).read_bytes())
    except FileNotFoundError:
        return {}
    return {f"{old[1:]}index.html": quote(new) for old, new in said["redirects"].items()}


def sum_of(to: str) -> str:
    """What the notes of a copy know a redirect by."""
    return f"to {to}"


def body(to: str) -> bytes:
    """A page that leads to `to` by itself."""
    path = escape(to)
    return (
        f'<!doctype html><html lang="uk"><meta charset="utf-8"><title>{path}</title><meta name="robots" '
        f'content="noindex"><link rel="canonical" href="{path}"><meta http-equiv="refresh" content="0; url={path}">'
        f'<p><a href="{path}">{path}</a></p></html>\n'
    ).encode()


def put(target: Target, key: str, to: str) -> str:
    """Write the redirect from `key` to the path `to`; the key. Raises TargetRefused."""
    if target.bucket is None:
        raise TargetRefused("redirects of a folder are its server's: include .nginx/redirects.map")
    data = body(to)
    url, headers = signed(target.bucket, key, data, {HEADER: to, "content-type": TYPE, "cache-control": CACHE}, _now())
    problem = ""
    for _ in range(TRIES):
        try:
            answer = httpx.put(url, headers=headers, content=data, timeout=30)
        except httpx.TransportError as error:
            problem = str(error)
            continue
        if answer.is_success:
            return key
        problem = f"status {answer.status_code}"
        if answer.status_code < 500:
            break
    raise TargetRefused(f"the bucket {target.bucket.name} took no redirect at {key}: {problem}")


def _now() -> datetime:
    return datetime.now(UTC)


def signed(
    bucket: Bucket, key: str, data: bytes, headers: Mapping[str, str], moment: datetime
) -> tuple[str, dict[str, str]]:
    """The address of a PUT of `data` at `key`, and `headers` with those that prove who writes."""
    base = urlsplit(bucket.endpoint or f"https://s3.{bucket.region}.amazonaws.com")
    host = f"{bucket.name}.{base.netloc}" if bucket.virtual_host else base.netloc
    names = [*([] if bucket.virtual_host else [bucket.name]), *([bucket.prefix] if bucket.prefix else []), key]
    path = f"{base.path}/{quote('/'.join(names), safe='/~')}"
    stamp, day = moment.strftime("%Y%m%dT%H%M%SZ"), moment.strftime("%Y%m%d")
    sent = {
        **{name.lower(): value for name, value in headers.items()},
        "host": host,
        "x-amz-content-sha256": sha256(data).hexdigest(),
        "x-amz-date": stamp,
        **({"x-amz-security-token": bucket.token} if bucket.token else {}),
    }
    names_signed = ";".join(sorted(sent))
    lines = "".join(f"{name}:{' '.join(sent[name].split())}\n" for name in sorted(sent))
    asked = f"PUT\n{path}\n\n{lines}\n{names_signed}\n{sent['x-amz-content-sha256']}"
    scope = f"{day}/{bucket.region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{sha256(asked.encode()).hexdigest()}"
    signing = f"AWS4{bucket.secret}".encode()
    for part in (day, bucket.region, "s3", "aws4_request"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.new(signing, text.encode(), "sha256").hexdigest()
    proof = f"AWS4-HMAC-SHA256 Credential={bucket.key}/{scope},SignedHeaders={names_signed},Signature={signature}"
    return f"{base.scheme}://{host}{path}", {**sent, "authorization": proof}
