"""Settings of the shop: frozen, typed, read once from the environment and `.env`.

`.env.example` names each of them. A `TWOCOMMS_*` name that is not in the table below stops the
start, so that a mistyped name never leaves a default in force (lessons.md 41).
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT: Final = Path(__file__).resolve().parents[2]
"""The checkout: content, themes and build stand in it."""

T = TypeVar("T")


class BadSettings(Exception):
    """One or more settings cannot be used; `problems` says for each what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """The business numbers of rules.md that may differ between shops: kopiyky, whole percents, minutes, days."""

    languages: tuple[str, ...] = ("uk", "en")
    free_delivery_from: int = 250_000
    branch_price: int = 8_000
    locker_price: int = 7_000
    courier_price: int = 12_000
    cod_enabled: bool = True
    cod_limit: int = 500_000
    locker_limit: int = 1_000_000
    cod_fixed: int = 2_000
    cod_percent: int = 2
    prepay: int = 20_000
    return_days: int = 14
    reserve_minutes: int = 30


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
    without_effect: tuple[str, ...]
    shop: ShopSettings

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


def _text(value: str) -> str:
    return value


def _whole(value: str) -> int:
    return int(value)


def _hryvnias(value: str) -> int:
    return int(value) * 100


def _flag(value: str) -> bool:
    flags = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    return flags[value.lower()]


def _listed(value: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", value) if part)


SHOP_PREFIX: Final = "TWOCOMMS_SHOP_"
SHOP_READERS: Final[Mapping[str, tuple[str, Callable[[str], object], str]]] = {
    "LANGUAGES": ("languages", _listed, "language codes, the default one first, such as uk,en"),
    "FREE_DELIVERY_FROM": ("free_delivery_from", _hryvnias, "whole hryvnias"),
    "BRANCH_PRICE": ("branch_price", _hryvnias, "whole hryvnias"),
    "LOCKER_PRICE": ("locker_price", _hryvnias, "whole hryvnias"),
    "COURIER_PRICE": ("courier_price", _hryvnias, "whole hryvnias"),
    "COD_ENABLED": ("cod_enabled", _flag, "on or off"),
    "COD_LIMIT": ("cod_limit", _hryvnias, "whole hryvnias"),
    "LOCKER_LIMIT": ("locker_limit", _hryvnias, "whole hryvnias"),
    "COD_FIXED": ("cod_fixed", _hryvnias, "whole hryvnias"),
    "COD_PERCENT": ("cod_percent", _whole, "a whole number"),
    "PREPAY": ("prepay", _hryvnias, "whole hryvnias"),
    "RETURN_DAYS": ("return_days", _whole, "a whole number of days"),
    "RESERVE_MINUTES": ("reserve_minutes", _whole, "a whole number of minutes"),
}

OWN_NAMES: Final = frozenset(
    {
        "TWOCOMMS_ENV",
        "TWOCOMMS_SECRET_KEY",
        "TWOCOMMS_SITE_URL",
        "TWOCOMMS_BUILD_DIR",
        "TWOCOMMS_CONTENT_DIR",
        "TWOCOMMS_VAR_DIR",
        "TWOCOMMS_CRASH_POINT",
    }
)

CRASH_POINTS: Final = frozenset(
    {"before_commit", "after_commit", "before_reply", "worker_after_call", "worker_after_effect", "worker_after_ack"}
)
"""Where a test may kill a process (foundation/crash.py)."""

RESERVED_NAMES: Final = frozenset(
    {
        "TWOCOMMS_MEDIA_URL",
        "TWOCOMMS_PUBLISH_URL",
        "TWOCOMMS_TRUSTED_PROXIES",
        "TWOCOMMS_LIMITS",
        "TWOCOMMS_DATA_KEYS",
        "TWOCOMMS_AI_ENABLED",
        "TWOCOMMS_MAIL_FROM",
        "TWOCOMMS_PURGE_URL",
        "TWOCOMMS_PURGE_TOKEN",
    }
)
"""Names that are promised in the interface and do nothing yet: accepted, and said so at the start."""


class _Reader:
    """Reads values one by one and collects what is wrong, so that a person mends all of it at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values
        self.problems: list[str] = []

    def read(self, name: str, default: T, reader: Callable[[str], T], form: str) -> T:
        given = self.values.get(name, "").strip()
        if not given:
            return default
        try:
            return reader(given)
        except (ValueError, KeyError):
            self.problems.append(f"{name} should be {form}")
            return default

    def unknown(self) -> None:
        known = OWN_NAMES | RESERVED_NAMES | {SHOP_PREFIX + name for name in SHOP_READERS}
        for name in sorted(self.values):
            if name.startswith("TWOCOMMS_") and name not in known:
                self.problems.append(f"{name} is not a setting of this shop: see .env.example for the names")


def _shop(reader: _Reader) -> ShopSettings:
    given = {
        attribute: reader.read(SHOP_PREFIX + name, getattr(ShopSettings(), attribute), read, form)
        for name, (attribute, read, form) in SHOP_READERS.items()
    }
    shop = ShopSettings(**given)
    for name, (attribute, _, form) in SHOP_READERS.items():
        value = getattr(shop, attribute)
        if isinstance(value, int) and value < 0:
            reader.problems.append(f"{SHOP_PREFIX}{name} should be {form}, not below zero")
    if not shop.languages or shop.languages[0] != "uk":
        reader.problems.append(f"{SHOP_PREFIX}LANGUAGES should begin with uk, the language without an address prefix")
    return shop


def _site_url(reader: _Reader, port: int) -> str:
    url = reader.read("TWOCOMMS_SITE_URL", f"http://localhost:{port}", _text, "an address").rstrip("/")
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


def _secret_key(reader: _Reader, env: str) -> str:
    key = reader.read("TWOCOMMS_SECRET_KEY", "", _text, "a secret")
    if env == "production" and len(key) < 32:
        reader.problems.append(
            "TWOCOMMS_SECRET_KEY is missing or shorter than 32 characters: put one into .env, for example "
            f"{secrets.token_urlsafe(32)!r}"
        )
    return key or "development-only-key-that-production-refuses"


def parse(values: Mapping[str, str]) -> Settings:
    """Settings from names and values.

    Raises BadSettings naming every value that cannot be used and what it should be.
    """
    reader = _Reader(values)
    reader.unknown()
    env = reader.read("TWOCOMMS_ENV", "dev", _text, "dev, test or production")
    if env not in {"dev", "test", "production"}:
        reader.problems.append("TWOCOMMS_ENV should be dev, test or production")
    port = reader.read("PORT", 8000, _whole, "a port number such as 8000")
    if not 0 < port < 65536:
        reader.problems.append("PORT should be a port number from 1 to 65535")
    var_dir = reader.read("TWOCOMMS_VAR_DIR", ROOT / "var", Path, "a folder")
    database_url = reader.read("DATABASE_URL", f"sqlite://{var_dir / 'shop.sqlite3'}", _text, "a database address")
    if database_url.split(":", 1)[0] not in {"sqlite", "postgres", "postgresql", "asyncpg"}:
        reader.problems.append("DATABASE_URL should begin with sqlite:// or postgres://")
    crash_point = reader.read("TWOCOMMS_CRASH_POINT", "", _text, "the name of a crash point")
    if crash_point and env != "test":
        reader.problems.append("TWOCOMMS_CRASH_POINT works only with TWOCOMMS_ENV=test: remove it")
    elif crash_point and crash_point not in CRASH_POINTS:
        reader.problems.append(f"TWOCOMMS_CRASH_POINT should be one of {', '.join(sorted(CRASH_POINTS))}")
    log_file = reader.read("LOG_FILE", "", _text, "a file")
    settings = Settings(
        env=env,
        secret_key=_secret_key(reader, env),
        site_url=_site_url(reader, port),
        database_url=database_url,
        port=port,
        build_dir=reader.read("TWOCOMMS_BUILD_DIR", ROOT / "build", Path, "a folder"),
        content_dir=reader.read("TWOCOMMS_CONTENT_DIR", ROOT / "content", Path, "a folder"),
        var_dir=var_dir,
        log_file=Path(log_file) if log_file else None,
        crash_point=crash_point or None,
        without_effect=tuple(sorted(name for name in RESERVED_NAMES if values.get(name))),
        shop=_shop(reader),
    )
    if reader.problems:
        raise BadSettings(reader.problems)
    return settings


def load(environ: Mapping[str, str] | None = None, env_file: Path | None = None) -> Settings:
    """Settings of this process: the environment over `.env` beside the Makefile.

    Raises BadSettings as `parse` does.
    """
    given = os.environ if environ is None else environ
    from_file = {name: value or "" for name, value in dotenv_values(env_file or ROOT / ".env").items()}
    return parse({**from_file, **given})
