"""Ukrainian phone numbers: any usual way of writing one, stored as E.164 (`+380` and nine digits, rules.md 6)."""

import re


def normalize_phone(text: str) -> str | None:
    """`067 123-45-67`, `380671234567`, `+38 (067) 1234567` as `+380671234567`; None when it is no Ukrainian number."""
    if not re.fullmatch(r"\+?[\d\s().\-–\u00a0]{9,24}", text.strip()):
        return None
    digits = re.sub(r"\D", "", text)
    for prefix in ("380", "80", "0"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + 9:
            rest = digits[len(prefix) :]
            break
    else:
        return None
    return f"+380{rest}" if rest[0] != "0" else None


def show_phone(e164: str) -> str:
    """`+380 67 123 45 67`, with no-break spaces."""
    rest = e164.removeprefix("+380")
    return "\u00a0".join(("+380", rest[:2], rest[2:5], rest[5:7], rest[7:9]))


def mask_phone(e164: str) -> str:
    """`+380 67 ••• •• 67`: enough for its owner, nothing for a stranger who found the page."""
    shown = show_phone(e164).split("\u00a0")
    return "\u00a0".join((shown[0], shown[1], "•••", "••", shown[4]))
