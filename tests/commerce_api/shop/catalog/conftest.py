"""A content folder for every test that asks for one."""

from pathlib import Path

import pytest

from tests.commerce_api.shop.catalog.builders import write_content
from tests.commerce_api.shop.catalog.folders import HOODIE, TEE


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A content folder with a tee and a hoodie."""
    write_content(tmp_path / "content", TEE, HOODIE)
    return tmp_path / "content"
