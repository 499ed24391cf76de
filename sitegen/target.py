"""Where a copy of the site goes besides `build/`: a folder that another server reads, or an S3 bucket.

A folder gets files with their compressed twins, for nginx. A bucket gets plain files that carry their type and cache
rule: it cannot choose an encoding for a visitor, and the CDN before it compresses (docs/adr/, "plain objects").
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, ObjectStore, S3Store

from commerce_api.foundation.kit import served
from sitegen.store import TWINS

RETRIES: Final = 5
TIMEOUT: Final = timedelta(seconds=60)
REGION: Final = "us-east-1"
"""Where nothing else is said: every S3-like server knows it."""
OPTIONS: Final = frozenset({"endpoint", "region", "virtual_host"})


class TargetRefused(Exception):
    """The copy cannot be written or read; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How an S3 bucket is reached. `key` and `secret` come from the environment."""

    name: str
    prefix: str
    region: str
    endpoint: str
    virtual_host: bool
    key: str = field(repr=False)
    secret: str = field(repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """An opened place for a copy. `bucket` is None for a folder."""

    store: ObjectStore
    bucket: Bucket | None

    def put(self, file: str, data: bytes, twins: Mapping[str, bytes]) -> None:
        """Write a file whole; a folder's twins before it. Raises TargetRefused."""
        if self.bucket:
            said: Any = {
                "Content-Type": served.content_type(f"/{file}"),
                "Cache-Control": served.cache_control(f"/{file}"),
            }
            self._do(lambda: obstore.put(self.store, file, data, attributes=said))
            return
        for suffix in TWINS:
            if suffix in twins:
                self._do(lambda name=file + suffix, twin=twins[suffix]: obstore.put(self.store, name, twin))
            else:
                self.delete([file + suffix])
        self._do(lambda: obstore.put(self.store, file, data))

    def note(self, file: str, data: bytes) -> None:
        """Write a file of our own that no visitor asks for. Raises TargetRefused."""
        self._do(lambda: obstore.put(self.store, file, data))

    def read(self, file: str) -> bytes | None:
        """A file, or None when there is none. Raises TargetRefused."""
        try:
            return bytes(self._do(lambda: obstore.get(self.store, file).bytes()))
        except FileNotFoundError:
            return None

    def names(self, prefix: str) -> list[str]:
        """Files below `prefix` in their order. Raises TargetRefused."""

        def found() -> list[str]:
            return sorted(meta["path"] for batch in obstore.list(self.store, prefix) for meta in batch)

        listed: list[str] = self._do(found)
        return listed

    def delete(self, files: Iterable[str]) -> None:
        """Take files away, whether they are there or not. Raises TargetRefused."""
        for file in files:
            try:
                self._do(lambda name=file: obstore.delete(self.store, name))
            except FileNotFoundError:
                continue

    def _do(self, deed: Any) -> Any:
        try:
            return deed()
        except (BaseError, OSError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> Exception:
        said = str(error)
        if self.bucket is None:
            if isinstance(error, (NotFoundError, FileNotFoundError)):
                return FileNotFoundError(said)
            return TargetRefused(f"the copy cannot be written: {said.splitlines()[0]}")
        if "NoSuchBucket" in said:
            return TargetRefused(f"there is no bucket {self.bucket.name}: make it, or correct TWOCOMMS_PUBLISH_URL")
        if isinstance(error, (NotFoundError, FileNotFoundError)):
            return FileNotFoundError(said)
        if isinstance(error, (PermissionDeniedError, UnauthenticatedError)) or "AccessDenied" in said:
            return TargetRefused(
                f"the bucket {self.bucket.name} refuses these keys: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
                "what they may do"
            )
        return TargetRefused(f"the bucket {self.bucket.name} does not answer: {said.splitlines()[0]}")


def open_target(url: str, environ: Mapping[str, str] = os.environ, retries: int = RETRIES) -> Target:
    """The place that TWOCOMMS_PUBLISH_URL names: a path, `file:///path` or `s3://bucket/prefix?endpoint=…&region=…`.

    Raises TargetRefused when the address cannot be used.
    """
    parts = urlsplit(url)
    if parts.scheme != "s3":
        try:
            return Target(LocalStore(parts.path, mkdir=True), None)
        except (BaseError, OSError) as error:
            raise TargetRefused(f"the folder {parts.path} cannot be made: {error}") from error
    options = dict(parse_qsl(parts.query))
    if options.keys() - OPTIONS:
        raise TargetRefused(f"TWOCOMMS_PUBLISH_URL may say {', '.join(sorted(OPTIONS))} after its question mark")
    bucket = Bucket(
        name=parts.netloc,
        prefix=parts.path.strip("/"),
        region=options.get("region") or environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or REGION,
        endpoint=(options.get("endpoint") or environ.get("AWS_ENDPOINT_URL") or "").rstrip("/"),
        virtual_host=options.get("virtual_host", "").lower() in ("1", "true", "yes"),
        key=environ.get("AWS_ACCESS_KEY_ID", ""),
        secret=environ.get("AWS_SECRET_ACCESS_KEY", ""),
        token=environ.get("AWS_SESSION_TOKEN", ""),
    )
    if not (bucket.key and bucket.secret):
        raise TargetRefused("publishing to S3 needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
    return Target(_s3(bucket, retries), bucket)


def _s3(bucket: Bucket, retries: int) -> S3Store:
    config: Any = {
        "region": bucket.region,
        "access_key_id": bucket.key,
        "secret_access_key": bucket.secret,
        "virtual_hosted_style_request": bucket.virtual_host,
    }
    if bucket.endpoint:
        config["endpoint"] = bucket.endpoint
    if bucket.token:
        config["session_token"] = bucket.token
    return S3Store(
        bucket.name,
        prefix=bucket.prefix or None,
        config=config,
        client_options={"timeout": TIMEOUT, "allow_http": bucket.endpoint.startswith("http://")},
        retry_config={"max_retries": retries, "retry_timeout": TIMEOUT},
    )
