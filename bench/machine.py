"""What was measured on: a figure without its machine says nothing."""

import os
import platform
import sqlite3
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import psutil  # type: ignore[import-untyped]

PACKAGES = ("pelican", "jinja2", "starlette", "uvicorn", "tortoise-orm", "asyncpg", "hugo", "pyvips")


def cpu_model() -> str:
    """The processor as Linux names it, else as Python does."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def facts(packages: Iterable[str] = PACKAGES) -> dict[str, str]:
    """The machine and its state at this moment, in words."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return {
        "CPU": f"{cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "load average before": load,
        "packages": ", ".join(f"{name} {version(name)}" for name in packages),
    }
