"""The pictures that stand beside links in messengers."""

from dataclasses import replace
from pathlib import Path

import pyvips

from sitegen import card_files, cards
from sitegen.encoder import put_card
from sitegen.sharing import card_of, card_path
from tests.sitegen.builders import catalogue, config_in, priced, product, shop_of


def picture(path: Path) -> Path:
    noise = pyvips.Image.gaussnoise(600, 750, mean=128, sigma=30).cast("uchar")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(noise.bandjoin([noise, noise]).copy(interpretation="srgb").jpegsave_buffer(Q=80))
    return path


def job(folder: Path, name: str) -> cards.CardJob:
    source = str(picture(folder / "a.jpg"))
    return cards.CardJob("k", source, name, "вугілля й молоко", "TwoComms", str(folder), str(folder / "k-card.jpg"))


def test_a_card_has_the_size_messengers_want_and_weighs_little_even_for_a_noisy_picture(tmp_path: Path) -> None:
    put_card(job(tmp_path, "Худі «Дніпро» & друзі <з довгою назвою>"))

    made = pyvips.Image.new_from_file(str(tmp_path / "k-card.jpg"))
    assert (made.width, made.height) == (1200, 630)
    assert (tmp_path / "k-card.jpg").stat().st_size <= cards.HEAVIEST


def test_the_name_is_written_within_its_column(tmp_path: Path) -> None:
    # given a name of long words
    made = pyvips.Image.new_from_buffer(cards.draw(job(tmp_path, "Лонгслів «Незворушність» і сорочка")), "")

    # when the paper between the words and the band is looked at, then nothing is written there
    strip = made.crop(cards.MARGIN + cards.COLUMN + 2, 180, 20, 300)
    assert strip.min() > 200
    assert made.crop(cards.MARGIN, 180, cards.COLUMN, 300).min() < 60


def test_a_card_does_not_change_with_the_price_and_does_with_the_name() -> None:
    view = product("kolos", price=89_000)
    renamed = replace(view, texts={"uk": replace(view.texts["uk"], name="Інша")})
    shop = shop_of(catalogue(view))

    same, other = (card_path(shop, each, each.variants[0], "uk") for each in (priced(view, 99_000), renamed))

    assert same == card_path(shop, view, view.variants[0], "uk") != other
    assert card_of("Test", replace(view, variants=()), replace(view.variants[0], images=()), "uk") is None


def test_every_card_is_drawn_once_where_its_picture_is_there(tmp_path: Path) -> None:
    # given a product in two colours and two languages, the first colour's picture made
    config, view = config_in(tmp_path), product("kolos", colours=("coal", "milk"))
    shop = shop_of(catalogue(view))
    picture(config.images / f"{view.variants[0].images[0].key}-600.jpg")

    # when
    problems = card_files.derive(config, shop, [view])
    drawn = {file: source.stat().st_mtime_ns for file, source in card_files.files(config, shop, [view])}
    card_files.derive(config, shop, [view])

    # then
    assert problems == []
    assert len(drawn) == 2
    assert set(drawn) < card_files.names(shop, [view])
    assert drawn == {file: source.stat().st_mtime_ns for file, source in card_files.files(config, shop, [view])}
