"""Settings of the shop: frozen, typed, read once from the environment and `.env`.

`.env.example` names each of them. A `TWOCOMMS_*` name that is not in the table below stops the
start, so that a mistyped name never leaves a default in force (lessons.md 41).
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from dotenv import dotenv_values

from commerce_api.foundation.kit import data_keys
from commerce_api.foundation.kit.reading import Reader, flag, listed, text, whole
from commerce_api.foundation.outside_settings import OutsideSettings, read_outside
from commerce_api.foundation.shop_settings import SHOP_PREFIX, SHOP_READERS, read_shop
from commerce_api.foundation.shop_settings import ShopSettings as ShopSettings

ROOT: Final = Path(__file__).resolve().parents[2]
"""The checkout: content, themes and build stand in it."""


class BadSettings(Exception):
    """One or more settings cannot be used; `problems` says for each what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a process of the shop may know about where it runs."""

    env: str
    secret_key: str = field(repr=False)
    site_url: str
    database_url: str = field(repr=False)
    port: int
    build_dir: Path
    content_dir: Path
    var_dir: Path
    log_file: Path | None
    crash_point: str | None
    limits: bool
    trusted_proxies: tuple[str, ...]
    redis_url: str = field(repr=False)
    without_effect: tuple[str, ...]
    shop: ShopSettings
    publish_url: str = field(default="", repr=False)
    purge_url: str = ""
    purge_token: str = field(default="", repr=False)
    sentry_dsn: str = field(default="", repr=False)
    data_keys: tuple[str, ...] = field(default=(), repr=False)
    outside: OutsideSettings = OutsideSettings()

    @property
    def secure(self) -> bool:
        """Whether the shop is reached over https: cookies are Secure and HSTS is sent only then."""
        return self.site_url.startswith("https://")

    @property
    def own_origins(self) -> frozenset[str]:
        """Origins that may post to us; in development both names of this machine."""
        local = {f"http://{host}:{self.port}" for host in ("localhost", "127.0.0.1")}
        return frozenset({self.site_url} | (local if self.env == "dev" else set()))

    @property
    def hosts(self) -> frozenset[str]:
        """Host headers we answer to, with and without a port."""
        names = {urlsplit(origin).netloc for origin in self.own_origins}
        return frozenset(names | {name.rsplit(":", 1)[0] for name in names})


LOOPBACK: Final = ("127.0.0.0/8", "::1/128")
"""Proxies whose word about a visitor's address is believed when no others are named: this machine."""

OWN_NAMES: Final = frozenset(
    {
        "TWOCOMMS_ENV",
        "TWOCOMMS_SECRET_KEY",
        "TWOCOMMS_SITE_URL",
        "TWOCOMMS_BUILD_DIR",
        "TWOCOMMS_CONTENT_DIR",
        "TWOCOMMS_VAR_DIR",
        "TWOCOMMS_CRASH_POINT",
        "TWOCOMMS_PUBLISH_URL",
        "TWOCOMMS_PURGE_URL",
        "TWOCOMMS_PURGE_TOKEN",
        "TWOCOMMS_TRUSTED_PROXIES",
        "TWOCOMMS_LIMITS",
        "TWOCOMMS_DATA_KEYS",
        "TWOCOMMS_AI_ENABLED",
        "TWOCOMMS_MAIL_FROM",
    }
)

CRASH_POINTS: Final = frozenset(
    {"before_commit", "after_commit", "before_reply", "worker_after_call", "worker_after_effect", "worker_after_ack"}
)
"""Where a test may kill a process (foundation/crash.py)."""

RESERVED_NAMES: Final = frozenset({"TWOCOMMS_MEDIA_URL"})
"""Names that are promised in the interface and do nothing yet: accepted, and said so at the start."""


def _refuse_unknown(reader: Reader) -> None:
    known = OWN_NAMES | RESERVED_NAMES | {SHOP_PREFIX + name for name in SHOP_READERS}
    for name in sorted(reader.values):
        if name.startswith("TWOCOMMS_") and name not in known:
            reader.problems.append(f"{name} is not a setting of this shop: see .env.example for the names")


def _networks(value: str) -> tuple[str, ...]:
    return tuple(str(ip_network(part)) for part in listed(value))


def _redis_url(value: str) -> str:
    if urlsplit(value).scheme not in {"redis", "rediss", "unix"}:
        raise ValueError(value)
    return value


def _limits(reader: Reader, env: str) -> bool:
    # A suite of thousands of requests from one address is no visitor: in the test environment counting is asked for.
    limits = reader.read("TWOCOMMS_LIMITS", env != "test", flag, "on or off")
    if env == "production" and not limits:
        reader.problems.append("TWOCOMMS_LIMITS is off: remove it, production never runs without limits")
    return limits


def _site_url(reader: Reader, port: int) -> str:
    url = reader.read("TWOCOMMS_SITE_URL", f"http://localhost:{port}", text, "an address").rstrip("/")
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and parts.netloc and url == f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        sound = False
    if not sound:
        reader.problems.append(
            "TWOCOMMS_SITE_URL should be a scheme and a host without a path, such as https://twocomms.example"
        )
    return url


def _publish_url(reader: Reader) -> str:
    url = reader.read("TWOCOMMS_PUBLISH_URL", "", text, "an address")
    if url and not (url.startswith("/") or re.match(r"(?:file:///.|s3://[a-z0-9])", url)):
        reader.problems.append("TWOCOMMS_PUBLISH_URL should be a folder such as /srv/site, or s3://bucket/prefix")
    return url


def _purge_url(reader: Reader, env: str) -> str:
    url = reader.read("TWOCOMMS_PURGE_URL", "", text, "an address")
    # A bearer token in the clear is a token given away; on this machine nobody listens.
    local = re.match(r"http://(?:localhost|127\.0\.0\.1)(?::\d+)?(?:/|$)", url)
    if url and not (url.startswith("https://") or (local and env != "production")):
        reader.problems.append("TWOCOMMS_PURGE_URL should begin with https://")
    return url


def _sentry_dsn(reader: Reader, env: str) -> str:
    dsn = reader.read("SENTRY_DSN", "", text, "an address")
    local = re.fullmatch(r"http://\w+@(?:localhost|127\.0\.0\.1)(?::\d+)?(?:/[\w-]+)*/\d+", dsn)
    if dsn and not (
        re.fullmatch(r"https://\w+@[\w.-]+(?::\d+)?(?:/[\w-]+)*/\d+", dsn) or (local and env != "production")
    ):
        reader.problems.append(
            "SENTRY_DSN should be the address that the settings of the project show, such as "
            "https://0123abcd@errors.example/1"
        )
    return dsn


def _secret_key(reader: Reader, env: str) -> str:
    key = reader.read("TWOCOMMS_SECRET_KEY", "", text, "a secret")
    if env == "production" and len(key) < 32:
        reader.problems.append(
            "TWOCOMMS_SECRET_KEY is missing or shorter than 32 characters: put one into .env, for example "
            f"{secrets.token_urlsafe(32)!r}"
        )
    return key or "development-only-key-that-production-refuses"


def _data_keys(reader: Reader, env: str, secret_key: str) -> tuple[str, ...]:
    none: tuple[str, ...] = ()
    keys = reader.read("TWOCOMMS_DATA_KEYS", none, listed, "keys")
    if any(not data_keys.is_key(key) for key in keys):
        reader.problems.append(
            f"TWOCOMMS_DATA_KEYS should be keys such as {data_keys.new_key()!r}, the one that writes first"
        )
        return ()
    if not keys and env == "production":
        reader.problems.append(
            f"TWOCOMMS_DATA_KEYS is missing: put one into .env, for example {data_keys.new_key()!r}, and keep a copy: "
            "without it nobody's second factor can be read"
        )
    # On a developer's machine one secret less to think of.
    return keys or (data_keys.derived_key(secret_key),)


def parse(values: Mapping[str, str]) -> Settings:
    """Settings from names and values.

    Raises BadSettings naming every value that cannot be used and what it should be.
    """
    reader = Reader(values)
    _refuse_unknown(reader)
    env = reader.read("TWOCOMMS_ENV", "dev", text, "dev, test or production")
    if env not in {"dev", "test", "production"}:
        reader.problems.append("TWOCOMMS_ENV should be dev, test or production")
    port = reader.read("PORT", 8000, whole, "a port number such as 8000")
    if not 0 < port < 65536:
        reader.problems.append("PORT should be a port number from 1 to 65535")
    var_dir = reader.read("TWOCOMMS_VAR_DIR", ROOT / "var", Path, "a folder")
    database_url = reader.read("DATABASE_URL", f"sqlite://{var_dir / 'shop.sqlite3'}", text, "a database address")
    if database_url.split(":", 1)[0] not in {"sqlite", "postgres", "postgresql", "asyncpg"}:
        reader.problems.append("DATABASE_URL should begin with sqlite:// or postgres://")
    crash_point = reader.read("TWOCOMMS_CRASH_POINT", "", text, "the name of a crash point")
    if crash_point and env != "test":
        reader.problems.append("TWOCOMMS_CRASH_POINT works only with TWOCOMMS_ENV=test: remove it")
    elif crash_point and crash_point not in CRASH_POINTS:
        reader.problems.append(f"TWOCOMMS_CRASH_POINT should be one of {', '.join(sorted(CRASH_POINTS))}")
    log_file = reader.read("LOG_FILE", "", text, "a file")
    secret_key = _secret_key(reader, env)
    settings = Settings(
        env=env,
        secret_key=secret_key,
        site_url=_site_url(reader, port),
        database_url=database_url,
        port=port,
        build_dir=reader.read("TWOCOMMS_BUILD_DIR", ROOT / "build", Path, "a folder"),
        content_dir=reader.read("TWOCOMMS_CONTENT_DIR", ROOT / "content", Path, "a folder"),
        var_dir=var_dir,
        log_file=Path(log_file) if log_file else None,
        crash_point=crash_point or None,
        limits=_limits(reader, env),
        trusted_proxies=reader.read("TWOCOMMS_TRUSTED_PROXIES", LOOPBACK, _networks, "addresses or networks"),
        redis_url=reader.read("REDIS_URL", "", _redis_url, "an address such as redis://127.0.0.1:6379/0"),
        without_effect=tuple(sorted(name for name in RESERVED_NAMES if values.get(name))),
        shop=read_shop(reader),
        publish_url=_publish_url(reader),
        purge_url=_purge_url(reader, env),
        purge_token=reader.read("TWOCOMMS_PURGE_TOKEN", "", text, "a secret"),
        sentry_dsn=_sentry_dsn(reader, env),
        data_keys=_data_keys(reader, env, secret_key),
        outside=read_outside(reader, env),
    )
    if reader.problems:
        raise BadSettings(reader.problems)
    return settings


def given_values(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> dict[str, str]:
    """Names and values that this process was given: the environment over `.env` beside the Makefile."""
    given = os.environ if environ is None else environ
    from_file = {name: value or "" for name, value in dotenv_values(env_file or ROOT / ".env").items()}
    return {**from_file, **given}


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Settings of this process.

    Raises BadSettings as `parse` does.
    """
    return parse(given_values(environ, env_file))
