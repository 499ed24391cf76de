"""The directory: mirrored from the carrier, found by anything that people type, and trusted by its signature alone."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest

from commerce_api.foundation.db.tx import atomic, transact
from commerce_api.foundation.settings import Settings
from commerce_api.shop.shipping import choices, directory, mirror, spelling
from commerce_api.shop.shipping.errors import ChoiceUnknown
from commerce_api.shop.shipping.models import Branch, City, MirrorRun
from commerce_api.shop.shipping.states import MirrorStage, PointKind
from sandbox.nova_poshta_directory import directory as carriers_own
from tests.commerce_api.shop.shipping.builders import Line, a_point, later, mirrored
from tests.commerce_api.statements import statements

pytestmark = pytest.mark.anyio
KEY = "a key of the shop"


async def names(typed: str) -> list[str]:
    return [city.name for city in await directory.find_cities(typed)]


async def test_the_mirror_has_what_the_carrier_has(database: Settings) -> None:
    await mirrored()

    theirs = carriers_own()
    assert await City.all().count() == len(theirs.cities) >= 50
    assert await Branch.all().count() == len(theirs.points) >= 1000
    open_ones = [one for one in theirs.points if one["WarehouseStatus"] == "Working" and one["DenyToSelect"] == "0"]
    assert await Branch.filter(open=True).count() == len(open_ones) < len(theirs.points)
    kyiv = await City.get(name="Київ")
    assert kyiv.branches == await Branch.filter(city_ref=kyiv.ref, open=True).count()


async def test_a_second_mirror_the_same_night_is_not_made_and_one_a_day_later_changes_nothing(
    sqlite_database: Settings,
) -> None:
    line = await mirrored()
    before = await Branch.all().order_by("id").values("ref", "name", "open", "words")

    assert not await mirror.mirror_if_due(line.carrier())
    assert line.asked == []
    with later(hours=21):
        assert await mirror.mirror_if_due(line.carrier())
    assert await Branch.all().order_by("id").values("ref", "name", "open", "words") == before


async def test_a_mirror_that_broke_off_goes_on_at_its_page(sqlite_database: Settings) -> None:
    line = Line()
    line.broken["getWarehouses"] = "silent"
    assert not await mirror.mirror_if_due(line.carrier())
    assert await City.all().count() > 50
    line.broken.clear()
    line.asked.clear()

    assert await mirror.mirror_if_due(line.carrier())

    assert "getCities" not in line.asked
    assert await MirrorRun.all().count() == 1


async def test_a_page_whose_transaction_had_to_begin_anew_skips_no_other(
    sqlite_database: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Conflict(Exception):
        pass

    async def again(work: Callable[[], Awaitable[MirrorRun]]) -> MirrorRun:
        """Each piece of work collides with somebody once, after all that it did."""
        with suppress(Conflict):
            async with atomic():
                await work()
                raise Conflict
        return await transact(work)

    monkeypatch.setattr(mirror, "transact", again)
    await mirrored()

    assert await City.all().count() == len(carriers_own().cities)
    assert await Branch.all().count() == len(carriers_own().points)


async def test_a_point_that_the_carrier_does_not_name_any_more_is_not_offered(sqlite_database: Settings) -> None:
    line = await mirrored()
    point = await a_point()
    theirs = carriers_own().points
    gone = next(one for one in theirs if one["Ref"] == point.ref)
    theirs.remove(gone)
    try:
        await mirror.mirror(line.carrier())
    finally:
        theirs.append(gone)

    assert await directory.point_by_ref(point.ref) is None
    await mirror.mirror(line.carrier())
    assert await directory.point_by_ref(point.ref) == point


async def test_a_closed_city_offers_no_points_and_believes_in_none(sqlite_database: Settings) -> None:
    await mirrored()
    point = await a_point("Львів", typed="відділення 12")
    tokens = (
        choices.city_token(point.city_ref, point.city, KEY),
        choices.branch_token(point.ref, point.city_ref, point.name, KEY),
    )
    await City.filter(ref=point.city_ref).update(open=False)

    assert await directory.find_points(point.city_ref) == []
    assert await directory.point_by_ref(point.ref) is None
    assert await directory.meant_by("Львів", "відділення 12") is None
    with pytest.raises(ChoiceUnknown):
        await directory.chosen_point(*tokens, KEY)


async def test_a_carrier_that_suddenly_has_nothing_closes_nothing(sqlite_database: Settings) -> None:
    line = await mirrored()
    had = await Branch.filter(open=True).count()
    theirs = carriers_own().points
    kept = theirs[:]
    del theirs[100:]
    try:
        await mirror.mirror(line.carrier())
    finally:
        theirs[:] = kept

    assert await Branch.filter(open=True).count() == had
    last = await MirrorRun.all().order_by("-id").first()
    assert last is not None
    assert last.stage is MirrorStage.DONE


TYPED_CITIES = [
    ("Київ", "Київ"), ("київ", "Київ"), ("КИЇВ", "Київ"), ("Ки", "Київ"), ("Kyiv", "Київ"), ("kyiv", "Київ"),
    ("Kiev", "Київ"), ("kie", "Київ"), ("киев", "Київ"), ("Rbїd", "Київ"), ("Lviv", "Львів"), ("lvov", "Львів"),
    ("Одесса", "Одеса"), ("Kharkov", "Харків"), ("Днепр", "Дніпро"), ("ріг", "Кривий Ріг"), ("rih", "Кривий Ріг"),
    ("Кривий Р", "Кривий Ріг"), ("Кам'янське", "Кам’янське"), ("Камʼянське", "Кам’янське"),
    ("kamianske", "Кам’янське"),
    ("bila ts", "Біла Церква"), ("Франківськ", "Івано-Франківськ"), ("ivano frankivsk", "Івано-Франківськ"),
    ("  полтава ", "Полтава"), ("запорожье", "Запоріжжя"), ("Кіровоград", "Кропивницький"), ("К", "Київ"),
    ("", "Київ"),
]  # fmt: skip


async def test_a_city_is_found_by_whatever_is_typed(directory_of_all: Settings) -> None:
    found = {typed: (await names(typed))[:1] for typed, _ in TYPED_CITIES}

    assert found == {typed: [first] for typed, first in TYPED_CITIES}


async def test_what_is_no_city_finds_none(directory_of_all: Settings) -> None:
    for typed in ["Лондон", "%", "__", "' OR 1=1 --", "🚚", "\\", "12345", "-"]:
        assert await names(typed) == [], typed


async def test_the_bigger_city_comes_first(directory_of_all: Settings) -> None:
    found = await directory.find_cities("Ки")

    assert [city.name for city in found][:2] == ["Київ", "Київець"]
    assert all(one.branches >= two.branches for one, two in zip(found, found[1:], strict=False))


async def test_a_branch_is_found_by_its_number_first(directory_of_all: Settings) -> None:
    kyiv = (await directory.find_cities("Київ"))[0]

    for typed, expected in [
        ("12", 12),
        ("№12", 12),
        ("відділення 12", 12),
        ("viddilennia 12", 12),
        ("Відділення №3", 3),
    ]:
        found = await directory.find_points(kyiv.ref, typed)
        assert (found[0].number, found[0].kind) == (expected, PointKind.BRANCH), typed


async def test_a_branch_is_found_by_words_of_its_street_in_any_alphabet(directory_of_all: Settings) -> None:
    kyiv = (await directory.find_cities("Київ"))[0]

    found = [await directory.find_points(kyiv.ref, typed) for typed in ("Хрещатик", "хрещ", "khreshchatyk")]

    assert found[0]
    assert all("Хрещатик" in point.name for point in found[0])
    assert found[0] == found[1] == found[2]


async def test_closed_points_are_not_offered(directory_of_all: Settings) -> None:
    lviv = (await directory.find_cities("Львів"))[0]

    assert 40 not in [point.number for point in await directory.find_points(lviv.ref, "відділення 40")]
    assert 41 in [point.number for point in await directory.find_points(lviv.ref, "відділення 41")]


async def test_a_search_costs_few_statements_however_big_the_directory(directory_of_all: Settings) -> None:
    kyiv = (await directory.find_cities("Київ"))[0]
    spent = {}
    for typed in ("Ки", "ріг", "nothing at all", "Rbїd"):
        with statements() as seen:
            await directory.find_cities(typed)
        spent[typed] = len(seen)
    with statements() as seen:
        await directory.find_points(kyiv.ref, "вул 12")

    assert len(seen) == 1
    assert max(spent.values()) <= 4, spent


async def test_only_our_own_choices_that_belong_together_are_believed(directory_of_all: Settings) -> None:
    lviv, poltava = (await directory.find_cities("Львів"))[0], (await directory.find_cities("Полтава"))[0]
    point = await a_point("Львів")
    city_token = choices.city_token(lviv.ref, lviv.name, KEY)
    branch_token = choices.branch_token(point.ref, lviv.ref, point.name, KEY)

    assert await directory.chosen_point(city_token, branch_token, KEY) == point
    assert await directory.chosen_city(city_token, KEY) == lviv
    for forged in (
        (choices.city_token(poltava.ref, poltava.name, KEY), branch_token),
        (city_token, f"{point.ref}.{'0' * 32}"),
        (city_token, point.ref),
        (city_token, city_token),
        (branch_token, branch_token),
        (city_token, choices.branch_token(point.ref, lviv.ref, point.name, "another key")),
        ("", ""),
        (city_token, "\x00.%"),
    ):
        with pytest.raises(ChoiceUnknown):
            await directory.chosen_point(*forged, KEY)


async def test_a_choice_of_a_point_that_has_closed_or_moved_is_not_believed(sqlite_database: Settings) -> None:
    await mirrored()
    point = await a_point("Львів")
    tokens = (
        choices.city_token(point.city_ref, point.city, KEY),
        choices.branch_token(point.ref, point.city_ref, point.name, KEY),
    )
    for change in ({"name": "Відділення №1: вул. Інша, 1"}, {"name": point.name, "open": False}):
        await Branch.filter(ref=point.ref).update(**change)
        with pytest.raises(ChoiceUnknown):
            await directory.chosen_point(*tokens, KEY)


TYPED_POINTS = [
    ("Львів", "12", 12), ("м. Львів", "Відділення 12", 12), ("lviv", "№ 12", 12), ("Львів, центр", "відд. 12", 12),
    ("Львів", "біля вокзалу", None), ("Львів", "12 або 13", None), ("Львів", "999", None), ("Нью-Йорк", "12", None),
    ("Ль", "12", None), ("", "12", None), ("Львів", "поштомат 12", None), ("Львів", "поштомат 20022", 20022),
]  # fmt: skip


async def test_typed_words_are_a_point_only_when_they_can_mean_no_other(directory_of_all: Settings) -> None:
    for city, branch, number in TYPED_POINTS:
        point = await directory.meant_by(city, branch)
        assert (point.number if point else None) == number, (city, branch)


def test_english_pages_write_names_in_latin_letters() -> None:
    assert [spelling.latin(name) for name in ("Біла Церква", "Івано-Франківськ", "Київ")] == [
        "Bila Tserkva",
        "Ivano-Frankivsk",
        "Kyiv",
    ]


@pytest.fixture
async def directory_of_all(sqlite_database: Settings) -> Any:
    """A shop whose mirror is full."""
    await mirrored()
    return sqlite_database
