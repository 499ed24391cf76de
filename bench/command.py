"""The command line that every bench has."""

import argparse
from collections.abc import Sequence


def asked(about: str | None, small: str, **usual: int | Sequence[int]) -> argparse.Namespace:
    """What a bench was asked for: `quick`, `store`, and a number, or several, by each name of `usual`.

    `small` says what a quick run is; its figures are never stored.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help=f"{small}, to see that it works; stores nothing")
    for name, value in usual.items():
        parser.add_argument(f"--{name}", type=int, nargs=None if isinstance(value, int) else "+", default=value)
    parser.add_argument("--no-store", action="store_true", help="leave bench/results and docs/quality.md as they are")
    found = parser.parse_args()
    found.store = not (found.quick or found.no_store)
    return found
