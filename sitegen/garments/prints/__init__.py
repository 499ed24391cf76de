"""The prints of the shop, by slug."""

from __future__ import annotations

from sitegen.garments.prints import (
    dnipro,
    kavun,
    khrest,
    kin,
    kolos,
    leleka,
    maky,
    mist,
    pivnyk,
    relief,
    sad,
    smereka,
    soniakh,
    sova,
    tram,
    vikno,
)
from sitegen.garments.prints.base import Box, Print

_MODULES = (
    dnipro,
    kavun,
    khrest,
    kin,
    kolos,
    leleka,
    maky,
    mist,
    pivnyk,
    relief,
    sad,
    smereka,
    soniakh,
    sova,
    tram,
    vikno,
)

PRINTS: dict[str, Print] = {module.PRINT.slug: module.PRINT for module in _MODULES}

__all__ = ["PRINTS", "Box", "Print"]
