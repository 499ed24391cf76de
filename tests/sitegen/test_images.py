"""Pictures derived from masters."""

from dataclasses import replace
from pathlib import Path

import pytest
import pyvips

from sitegen import images
from sitegen.config import Config
from sitegen.encoder import BadMaster, Job, encode, key_of
from sitegen.source import ImageView, ProductView
from tests.sitegen.builders import config_in, product, variant


def draw(path: Path, width: int = 300, colour: int = 90) -> bytes:
    """A small picture with an edge in it; its bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = pyvips.Image.black(width, width * 5 // 4, bands=3) + [colour, 60, 30]
    image = image.draw_rect([240, 240, 240], 10, 10, width // 2, width // 2, fill=True)
    image.cast("uchar").copy(interpretation="srgb").write_to_file(str(path))
    return path.read_bytes()


def shown(slug: str, *masters: tuple[str, bytes]) -> ProductView:
    """A product that shows these masters."""
    pictures = tuple(ImageView(key_of(data), name, "front", {"uk": "ф", "en": "p"}, 300, 375) for name, data in masters)
    return product(slug, variants=(replace(variant(slug, "coal"), images=pictures),))


def job(config: Config, name: str, data: bytes, **more: object) -> Job:
    config.images.mkdir(parents=True, exist_ok=True)
    made = Job(key_of(data), str(config.masters / name), str(config.images), 0)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return config_in(tmp_path)


def test_all_sizes_are_made_once_in_processes_of_their_own(config: Config) -> None:
    data = draw(config.masters / "kolos/front.png")
    view = shown("kolos", ("kolos/front.png", data))

    problems = images.derive(config, [view])
    stamps = {path.name: path.stat().st_mtime_ns for path in config.images.iterdir()}
    again = images.derive(config, [view])

    assert problems == again == []
    assert set(stamps) == set(images.names(key_of(data)))
    assert {path.name: path.stat().st_mtime_ns for path in config.images.iterdir()} == stamps
    assert {file for file, _ in images.files(config, [view])} == {f"images/{name}" for name in stamps}


def test_a_corrupt_master_is_named_and_stops_nothing_else(config: Config) -> None:
    good = draw(config.masters / "kolos/front.png")
    (config.masters / "sova").mkdir()
    (config.masters / "sova/front.avif").write_bytes(good[:200])
    views = [
        shown("sova", ("sova/front.avif", good[:200]), ("sova/back.avif", b"never drawn")),
        shown("kolos", ("kolos/front.png", good)),
    ]

    problems = images.derive(config, views)

    assert [problem.split(":")[0] for problem in problems] == ["sova/back.avif", "sova/front.avif"]
    assert {path.name for path in config.images.iterdir()} == set(images.names(key_of(good)))


def test_a_picture_that_kills_its_encoder_is_named_and_the_next_one_is_made(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = draw(config.masters / "kolos/front.png")
    encoder = images.Encoder()
    try:
        process = encoder._start()
        process.kill()
        process.wait()

        first = encoder.encode(job(config, "kolos/front.png", data))
        second = encoder.encode(job(config, "kolos/front.png", data))
    finally:
        encoder.stop()

    assert first == "the picture stopped the encoder"
    assert second == ""


def test_an_interrupted_run_makes_only_what_is_missing(config: Config) -> None:
    data = draw(config.masters / "kolos/front.png")
    encode(job(config, "kolos/front.png", data))
    left = config.images / f"{key_of(data)}-400.avif"
    left.unlink()
    kept = (config.images / f"{key_of(data)}-600.avif").stat().st_mtime_ns

    encode(job(config, "kolos/front.png", data))

    assert left.exists()
    assert (config.images / f"{key_of(data)}-600.avif").stat().st_mtime_ns == kept


def test_an_avif_master_of_full_width_is_its_own_largest_size(config: Config) -> None:
    data = draw(config.masters / "kolos/front.avif", width=1200)

    encode(job(config, "kolos/front.avif", data))

    assert (config.images / f"{key_of(data)}-1200.avif").read_bytes() == data
    assert pyvips.Image.new_from_file(str(config.images / f"{key_of(data)}-400.avif")).width == 400


def test_a_small_photo_is_never_enlarged(config: Config) -> None:
    data = draw(config.masters / "kolos/front.jpg", width=500)

    encode(job(config, "kolos/front.jpg", data))

    assert pyvips.Image.new_from_file(str(config.images / f"{key_of(data)}-1200.avif")).width == 500


def test_a_master_that_changed_since_the_import_is_refused(config: Config) -> None:
    draw(config.masters / "kolos/front.png")

    with pytest.raises(BadMaster, match="import the catalogue again"):
        encode(job(config, "kolos/front.png", b"another picture"))


def test_improving_keeps_the_address_and_never_makes_a_file_larger(config: Config) -> None:
    data = draw(config.masters / "kolos/front.png")
    view = shown("kolos", ("kolos/front.png", data))
    images.derive(config, [view])
    sizes = {path.name: path.stat().st_size for path in config.images.iterdir()}

    done = images.improve(config, [view])
    again = images.improve(config, [view])

    assert (done, again) == (1, 0)
    after = {path.name: path.stat().st_size for path in config.images.iterdir() if path.suffix != ".json"}
    assert after.keys() == sizes.keys()
    assert all(after[name] <= sizes[name] for name in after)
