"""What points buy: a personal code (rules.md 7)."""

from typing import Final

REWARD_POINTS: Final = 100
"""Points that one code costs."""
REWARD_PERCENT: Final = 10
"""What that code takes off, in whole percents."""
