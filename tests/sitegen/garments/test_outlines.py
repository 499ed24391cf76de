"""Outlines that other drawings share."""

from __future__ import annotations

import re

from sitegen.garments.outlines import KINDS, PATTERNS


def test_only_the_hoodie_has_a_hood_and_a_pocket() -> None:
    assert [kind for kind in KINDS if PATTERNS[kind].hood] == ["hoodie"]
    assert [kind for kind in KINDS if PATTERNS[kind].pocket] == ["hoodie"]


def test_the_long_sleeve_reaches_lower_than_the_tee() -> None:
    lowest = {kind: max(float(y) for _, y in re.findall(r"([\d.]+) ([\d.]+)", PATTERNS[kind].left)) for kind in KINDS}
    assert lowest["longsleeve"] > lowest["tee"] + 300
