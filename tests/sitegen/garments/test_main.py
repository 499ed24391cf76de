"""Drawing the masters of a catalogue, and leaving photos alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import pyvips
from typer.testing import CliRunner

from sitegen.garments import picture
from sitegen.garments.__main__ import app
from sitegen.garments.masters import RECORD, draw_masters, plan_masters, read_record
from sitegen.garments.products import read_orders

PRODUCT = """+++
kind = "tee"
print = "khrest"
[[colours]]
slug = "coal"
[[colours.pictures]]
file = "coal-front.avif"
side = "front"
[[colours.pictures]]
file = "coal-back.avif"
side = "back"
+++
"""
SMALL = 80  # pixels of width: what is tested does not depend on it


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    (tmp_path / "colours.toml").write_text('[[colour]]\nslug = "coal"\nhex = "#1c1d20"\n', encoding="utf-8")
    (tmp_path / "khrest-tee").mkdir()
    (tmp_path / "khrest-tee" / "product.md").write_text(PRODUCT, encoding="utf-8")
    return tmp_path


def draw(catalog: Path, *, only: str = "", force: bool = False) -> list[str]:
    plan = plan_masters(catalog, read_orders(catalog), only=only, force=force)
    return list(draw_masters(catalog, plan.draw, width=SMALL, processes=1))


def test_every_named_picture_is_drawn_and_recorded(catalog: Path) -> None:
    assert draw(catalog) == ["khrest-tee/coal-front.avif", "khrest-tee/coal-back.avif"]
    assert set(read_record(catalog)) == {"khrest-tee/coal-front.avif", "khrest-tee/coal-back.avif"}
    image = pyvips.Image.new_from_file(str(catalog / "khrest-tee" / "coal-front.avif"))
    assert (image.width, image.height) == (SMALL, SMALL * 5 // 4)


def test_what_is_drawn_is_not_drawn_again(catalog: Path) -> None:
    draw(catalog)
    assert draw(catalog) == []


def test_force_draws_again_what_was_drawn_here(catalog: Path) -> None:
    draw(catalog)
    assert len(draw(catalog, force=True)) == 2


def test_only_draws_the_files_whose_path_holds_the_text(catalog: Path) -> None:
    assert draw(catalog, only="-back") == ["khrest-tee/coal-back.avif"]


@pytest.mark.parametrize("force", [False, True])
def test_a_photo_not_drawn_here_is_never_overwritten(catalog: Path, force: bool) -> None:
    # given somebody's photo under the name of a picture
    photo = catalog / "khrest-tee" / "coal-front.avif"
    photo.write_bytes(b"a photo")
    # when the masters are drawn, even by force
    drawn = draw(catalog, force=force)
    # then the photo stands as it was and is named
    assert drawn == ["khrest-tee/coal-back.avif"]
    assert photo.read_bytes() == b"a photo"
    assert plan_masters(catalog, read_orders(catalog), force=force).photos == ["khrest-tee/coal-front.avif"]


def test_a_photo_put_in_the_place_of_a_drawing_is_never_overwritten(catalog: Path) -> None:
    # given a drawing that was replaced by a photo
    draw(catalog)
    photo = catalog / "khrest-tee" / "coal-front.avif"
    photo.write_bytes(b"a photo")
    # when all is drawn again by force, then the photo stays
    assert draw(catalog, force=True) == ["khrest-tee/coal-back.avif"]
    assert photo.read_bytes() == b"a photo"


def test_an_interrupted_run_still_records_what_it_drew(catalog: Path) -> None:
    # given a run that stops after the first picture
    plan = plan_masters(catalog, read_orders(catalog))
    first = next(draw_masters(catalog, plan.draw, width=SMALL, processes=1))
    # then that picture is known as a drawing and the other is still to be drawn
    assert set(read_record(catalog)) == {first}
    assert len(draw(catalog)) == 1


def test_two_processes_draw_the_same_as_one(catalog: Path) -> None:
    # given the pictures as one process draws them
    draw(catalog)
    alone = read_record(catalog)
    # when two processes draw them again
    plan = plan_masters(catalog, read_orders(catalog), force=True)
    drawn = list(draw_masters(catalog, plan.draw, width=SMALL, processes=2))
    # then all are drawn, byte for byte alike
    assert sorted(drawn) == sorted(alone)
    assert read_record(catalog) == alone


def test_the_record_is_sorted_and_ends_with_a_line_end(catalog: Path) -> None:
    draw(catalog)
    text = (catalog / RECORD).read_text(encoding="utf-8")
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert text.endswith("}\n")


def test_no_unfinished_file_stays_behind(catalog: Path) -> None:
    draw(catalog)
    assert list(catalog.rglob("*.part")) == []


def test_a_bad_print_is_named_by_the_command(catalog: Path) -> None:
    # given a product whose print does not exist
    file = catalog / "khrest-tee" / "product.md"
    file.write_text(PRODUCT.replace("khrest", "khvist"), encoding="utf-8")
    # when the command runs
    result = CliRunner().invoke(app, ["--catalog", str(catalog)])
    # then it fails with one line naming the product, the field and the value
    assert result.exit_code == 1
    assert "khrest-tee/product.md: print: 'khvist' is unknown" in result.output


def test_the_command_names_the_photos_it_left_alone(catalog: Path) -> None:
    for name in ("coal-front.avif", "coal-back.avif"):
        (catalog / "khrest-tee" / name).write_bytes(b"a photo")
    result = CliRunner().invoke(app, ["--catalog", str(catalog), "--force"])
    assert result.exit_code == 0
    assert "khrest-tee/coal-front.avif: not drawn here, left alone" in result.output
    assert "0 drawn" in result.output


def test_a_picture_that_stays_too_heavy_is_named(catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # given a limit no picture can keep
    monkeypatch.setattr(picture.encode, "__kwdefaults__", {"heaviest": 10})
    # when the masters are drawn, then the picture is named
    with pytest.raises(picture.TooHeavy, match="khrest-tee/coal-front.avif"):
        draw(catalog)
