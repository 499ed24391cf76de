"""Deciding about texts: what staff may change, and how an approved text comes onto its page."""

from dataclasses import replace
from functools import partial

import pytest

from commerce_api.foundation.db.tx import NoTransaction, transact
from commerce_api.foundation.outbox.models import OutboxEvent
from commerce_api.foundation.settings import Settings
from commerce_api.office.copywriting import queries, service, writing
from commerce_api.office.copywriting.errors import DraftDecided, DraftStale, DraftUnfit, DraftUnknown, RunUnknown
from commerce_api.office.copywriting.models import Draft
from commerce_api.office.copywriting.planning import Wishes
from commerce_api.office.copywriting.statuses import DraftStatus, Reason
from commerce_api.office.copywriting.writer import Prompt, Reply
from commerce_api.shop.catalog import feed, rows, storing
from commerce_api.shop.catalog.files import CategoryEntry, CategoryWords, ProductFile, Words
from commerce_api.shop.catalog.models import CategoryText, Product, ProductImage, ProductText
from tests.commerce_api.office.copywriting.builders import PLENTY, PRODUCTS, Scripted, desk, named, start, written
from tests.commerce_api.shop.catalog.builders import a_product, add, masters, stale

pytestmark = pytest.mark.anyio

STAFF = "account:7"
UK = Wishes(subjects=("product",), languages=("uk",))


async def one_draft(product: ProductFile | None = None) -> int:
    """A Ukrainian text that waits for a decision; its id."""
    await add(product or named("kolos-tee"))
    await written(Scripted(), UK)
    return (await Draft.get(status=DraftStatus.DRAFT)).id


async def approve(*ids: int) -> dict[DraftStatus, int]:
    return dict(await transact(partial(service.approve, ids, STAFF)))


async def test_an_approved_text_and_its_stale_pages_are_one_transaction(database: Settings) -> None:
    draft_id = await one_draft()
    assert await stale() == set()

    assert await approve(draft_id) == {DraftStatus.PUBLISHED: 1}

    draft = await Draft.get(id=draft_id)
    text = await ProductText.get(product__slug="kolos-tee", lang="uk")
    assert draft.content is not None
    assert text.story_md == draft.content["story"]
    assert text.story_html is not None
    assert text.story_html.startswith("<p>")
    assert sorted(text.by_model or ()) == sorted(draft.wanted)
    assert (text.lead, text.description_md) == ("Колос на грудях, двома фарбами.", "Опис *виробу*.")
    assert "product:kolos-tee" in await stale()
    assert (draft.decided_by, draft.status) == (STAFF, DraftStatus.PUBLISHED)
    event = await OutboxEvent.get(name="TextsPublished")
    assert event.payload == {"run_id": draft.run_id, "count": 1}


async def test_a_publication_that_fails_leaves_neither_text_nor_stale_page(database: Settings) -> None:
    draft_id = await one_draft()

    async def both() -> None:
        await service.approve([draft_id], STAFF)
        raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        await transact(both)
    assert (await Draft.get(id=draft_id)).status is DraftStatus.DRAFT
    assert (await ProductText.get(product__slug="kolos-tee", lang="uk")).story_md is None
    assert await stale() == set()
    assert await OutboxEvent.filter(name="TextsPublished").count() == 0


async def test_pages_are_told_which_descriptions_a_model_wrote(database: Settings) -> None:
    words = {"uk": Words("Футболка «Колос»", "", "", "", "")}
    draft_id = await one_draft(a_product(words=words, status="draft"))
    await approve(draft_id)
    await Product.all().update(status="published")

    view = (await feed.read_products(["kolos-tee"], ("uk", "en")))[0]
    text = view.texts["uk"]
    assert text.written_by == "model"
    assert text.story_html
    assert len(text.faq) == 3
    assert text.seo_title != text.name


async def test_a_story_alone_leaves_the_description_the_words_of_people(sqlite_database: Settings) -> None:
    await approve(await one_draft())
    view = (await feed.read_products(["kolos-tee"], ("uk", "en")))[0]
    assert view.texts["uk"].written_by == "people"
    assert view.texts["uk"].story_html
    assert view.texts["en"].story_html is None


async def test_what_people_wrote_meanwhile_is_never_overwritten(database: Settings) -> None:
    draft_id = await one_draft()
    await ProductText.filter(lang="uk").update(story_md="Слово людини.", story_html="<p>Слово людини.</p>")
    assert await approve(draft_id) == {DraftStatus.PUBLISHED: 1}
    text = await ProductText.get(lang="uk")
    assert text.story_md == "Слово людини."
    assert "story" not in (text.by_model or ())
    assert text.keywords


async def test_a_text_whose_every_part_people_have_written_comes_too_late(sqlite_database: Settings) -> None:
    draft_id = await one_draft()
    await ProductText.filter(lang="uk").update(
        story_md="Слово.", seo_title="Назва", seo_description="Опис", keywords=["слово"], faq=[["Що?", "Слово."]]
    )
    assert await approve(draft_id) == {DraftStatus.REJECTED: 1}
    assert (await Draft.get(id=draft_id)).reason == "by_people"
    assert (await ProductText.get(lang="uk")).by_model is None


async def test_a_text_about_facts_that_have_changed_is_not_published(sqlite_database: Settings) -> None:
    draft_id = await one_draft()
    await Product.all().update(material={"bamboo": 100})
    with pytest.raises(DraftStale):
        await approve(draft_id)
    assert await service.approvable() == []


async def test_only_texts_that_wait_can_be_approved_and_only_once(sqlite_database: Settings) -> None:
    draft_id = await one_draft()
    assert await service.approvable() == [draft_id]
    await approve(draft_id)
    with pytest.raises(DraftDecided):
        await approve(draft_id)
    with pytest.raises(DraftUnknown):
        await approve(999)
    with pytest.raises(NoTransaction):
        await service.approve([draft_id], STAFF)
    assert await service.approvable() == []


async def test_staff_edit_a_text_and_the_guard_reads_it_again(sqlite_database: Settings) -> None:
    draft_id = await one_draft()
    with pytest.raises(DraftUnfit) as refused:
        await transact(partial(service.edit, draft_id, {"seo_title": "Футболка за 890 грн"}, STAFF))
    assert refused.value.details["problems"] == ["seo_title: money"]

    await transact(partial(service.edit, draft_id, {"seo_title": "Футболка з колосом"}, STAFF))
    draft = await Draft.get(id=draft_id)
    assert draft.content is not None
    assert (draft.content["seo_title"], draft.author) == ("Футболка з колосом", STAFF)
    await approve(draft_id)
    assert (await ProductText.get(lang="uk")).seo_title == "Футболка з колосом"
    with pytest.raises(DraftDecided):
        await transact(partial(service.edit, draft_id, {"seo_title": "Ще одна назва тут"}, STAFF))


async def test_a_text_that_failed_can_be_mended_by_hand(sqlite_database: Settings) -> None:
    await add(named("kolos-tee"))
    await written(Scripted(says=lambda prompt, usual: {**usual, "seo_title": "Знижка 20 %, поспішайте"}), UK)
    draft = await Draft.get(lang="uk")
    assert draft.status is DraftStatus.FAILED
    await transact(partial(service.edit, draft.id, {"seo_title": "Футболка з колосом"}, STAFF))
    assert await approve(draft.id) == {DraftStatus.PUBLISHED: 1}


async def test_a_rejected_text_stays_away(sqlite_database: Settings) -> None:
    draft_id = await one_draft()
    assert await transact(partial(service.reject, [draft_id], "не наш голос", STAFF)) == 1
    draft = await Draft.get(id=draft_id)
    assert (draft.status, draft.reason, draft.detail) == (DraftStatus.REJECTED, "by_staff", "не наш голос")
    again = await queries.standing(await written(Scripted(), UK))
    assert again.skipped == {"rejected": 1}
    with pytest.raises(DraftDecided):
        await approve(draft_id)


async def test_a_run_that_is_not_wanted_says_so_and_asks_nobody(sqlite_database: Settings) -> None:
    await add(named("kolos-tee"))
    run_id = await transact(lambda: service.start_run(PRODUCTS, PLENTY, STAFF, Reason.AI_OFF))
    writer = Scripted()
    await writing.work(desk(writer))
    run = await queries.standing(run_id)
    assert (run.state, run.reason, run.ended, writer.asked) == ("skipped", "ai_off", True, [])
    with pytest.raises(RunUnknown):
        await queries.standing(999)


async def test_an_import_keeps_the_words_of_the_model_and_sees_no_edit_in_them(database: Settings) -> None:
    product = named("kolos-tee")
    draft_id = await one_draft(product)
    await Product.all().update(row_hash=rows.value_hash(product))
    await approve(draft_id)

    found = (await rows.read_products(["kolos-tee"]))["kolos-tee"]
    assert rows.value_hash(found) == rows.value_hash(product)
    await transact(partial(storing.store_product, product, masters(product)))
    text = await ProductText.get(lang="uk")
    assert text.story_md
    assert text.story_html
    assert text.by_model
    assert text.search

    words = {**product.words, "uk": Words(*_parts(product.words["uk"]), "Слово людини.")}
    told = replace(product, words=words)
    await transact(partial(storing.store_product, told, masters(told)))
    text = await ProductText.get(lang="uk")
    assert text.story_md == "Слово людини."
    assert "story" not in (text.by_model or ())
    assert text.keywords


def _parts(words: Words) -> tuple[str, str, str, str, str]:
    return words.name, words.lead, words.seo_title, words.seo_description, words.description


async def test_pictures_and_categories_get_their_words_and_keep_them_over_an_import(sqlite_database: Settings) -> None:
    product = named("kolos-tee")
    await add(product)
    for image in await ProductImage.all():
        await ProductImage.filter(id=image.id).update(alt={"uk": image.alt["uk"]})
    await CategoryText.filter(category__slug="t-shirts", lang="uk").update(seo_title="", seo_description="")
    run_id = await written(Scripted(), Wishes(subjects=("variant", "category")))
    await approve(*await service.approvable(run_id))

    image = (await ProductImage.all().order_by("position"))[0]
    assert (image.alt_by_model, "coal" in image.alt["en"]) == (["en"], True)
    told = await CategoryText.get(category__slug="t-shirts", lang="uk")
    assert told.by_model == ["seo_description", "seo_title"]
    assert await stale() >= {"all", "product:kolos-tee"}

    words = {"uk": CategoryWords("Футболки", "Прості футболки.", "", "")}
    await transact(partial(storing.store_category, CategoryEntry("t-shirts", "tee", words), 0, "as built"))
    assert (await CategoryText.get(category__slug="t-shirts", lang="uk")).seo_title == told.seo_title


async def test_progress_is_told_while_a_run_is_at_work(sqlite_database: Settings) -> None:
    await add(named("kolos-tee"), named("sova-tee"))
    run_id = await start()
    assert (await queries.standing(run_id)).state == "queued"
    seen = []

    class Watched(Scripted):
        async def write(self, prompt: Prompt) -> Reply:
            run = await queries.standing(run_id)
            seen.append((run.state, run.written, run.total))
            return await super().write(prompt)

    await writing.work(desk(Watched()))
    assert seen == [("running", number, 4) for number in range(4)]
    assert [run.id for run in await queries.newest()] == [run_id]
