"""What the documents say is so."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    dead = [link for link in LINK.findall(document.read_text("utf-8")) if not (document.parent / link).exists()]
    assert dead == []


def test_the_house_names_every_room_and_no_other() -> None:
    named = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "house.md").read_text("utf-8"), re.MULTILINE))
    wings = ("foundation", "shop", "office")
    rooms = {
        str(path.parent.relative_to(ROOT))
        for wing in wings
        for path in (ROOT / "commerce_api" / wing).glob("*/__init__.py")
    }
    rooms |= {"commerce_api/integrations", "commerce_api/migrations", "themes/twocomms", "sandbox"}
    rooms |= {"sitegen", "sitegen/checks", "sitegen/feeds", "sitegen/finding", "sitegen/garments", "sitegen/seo"}
    assert named == rooms


def test_every_command_of_the_makefile_that_readers_are_told_of_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"`make ([a-z][a-z0-9-]*)", document.read_text("utf-8"))
    }
    assert told <= targets


def test_every_setting_is_in_the_example_file() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    foundation = ROOT / "commerce_api" / "foundation"
    source = "".join(path.read_text("utf-8") for path in sorted(foundation.glob("*settings.py")))
    shop = re.findall(r'^    "([A-Z_]+)": \("', source, re.MULTILINE)
    names = set(re.findall(r'"(TWOCOMMS_[A-Z_]+[A-Z])"', source)) | {f"TWOCOMMS_SHOP_{name}" for name in shop}
    names |= set(re.findall(r'\b(?:read|text|address|pair)\("([A-Z_]+)"', source))
    names |= set(re.findall(r'\bpair\("[A-Z_]+", "([A-Z_]+)"', source))
    missing = sorted(name for name in names if not re.search(rf"\b{name}\b", example))
    assert missing == []


def test_no_note_to_do_something_later_is_left_in_the_code() -> None:
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    left = [
        str(path.relative_to(ROOT))
        for folder in ("commerce_api", "sitegen", "sandbox", "bench", "deploy", "themes", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".js", ".css", ".html", ".toml"} and marks.search(path.read_text("utf-8"))
    ]
    assert left == []
