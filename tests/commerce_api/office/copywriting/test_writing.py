"""The job: what is chosen, what is paid for, and what is left when something ends it."""

import asyncio
from datetime import timedelta
from functools import partial
from typing import NoReturn

import pytest

from commerce_api.foundation.db.clock import database_now
from commerce_api.foundation.db.tx import transact
from commerce_api.foundation.settings import Settings
from commerce_api.office.copywriting import prompts, queries, writing
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.planning import Wishes
from commerce_api.office.copywriting.service import Budget
from commerce_api.office.copywriting.statuses import DraftStatus, Reason
from commerce_api.office.copywriting.writer import Prompt, Reply, WritingFailed
from commerce_api.shop.catalog import wording
from commerce_api.shop.catalog.files import Words
from commerce_api.shop.catalog.models import Product, ProductText
from tests.commerce_api.office.copywriting.builders import NAMES, Scripted, desk, named, start, written
from tests.commerce_api.shop.catalog.builders import a_product, add

pytestmark = pytest.mark.anyio

STATUS = DraftStatus


async def statuses(run_id: int) -> dict[str, int]:
    return (await queries.standing(run_id)).drafts


async def money_adds_up(run_id: int) -> bool:
    """What the run counted is what its texts cost, when nothing is in hand."""
    run = await AiRun.get(id=run_id)
    drafts = await Draft.filter(run_id=run_id)
    assert all(draft.held_tokens == draft.held_cost == 0 for draft in drafts)
    told = (run.tokens, run.cost)
    counted = (sum(one.tokens_in + one.tokens_out for one in drafts), sum(one.cost for one in drafts))
    return bool(told == counted)


async def test_every_text_that_people_left_out_is_written_and_waits_for_approval(database: Settings) -> None:
    await add(named("kolos-tee"), named("dnipro-tee"))
    writer = Scripted()
    run_id = await written(writer)

    run = await queries.standing(run_id)
    assert (run.state, run.total, run.drafts) == ("done", 4, {"draft": 4})
    draft = await Draft.get(slug="kolos-tee", lang="uk")
    assert set(draft.wanted) == {"story", "seo_title", "seo_description", "keywords", "faq"}
    assert draft.content is not None
    assert draft.content.keys() == set(draft.wanted)
    assert (draft.model, draft.prompt_version, draft.author) == ("test-model-2026", prompts.VERSION, "model")
    assert (draft.tokens_in, draft.tokens_out, draft.cost) == (900, 700, 3700)
    assert await money_adds_up(run_id)


async def test_the_prompt_holds_facts_and_neither_price_nor_stock(sqlite_database: Settings) -> None:
    dear = a_product("kolos-tee", price=123_400, discount_percent=37, points=61)
    await add(dear)
    await Product.all().update(price=123_400)
    writer = Scripted()
    await written(writer)

    for prompt in writer.asked:
        told = prompt.instructions + prompt.facts
        for number in ("1234", "37", "61", "stock", 'price":'):
            assert number not in prompt.facts
        assert "Колос" in told or "Kolos" in told


async def test_what_people_say_of_money_is_not_told_either(sqlite_database: Settings) -> None:
    words = Words("Футболка «Колос»", "Колос на грудях. Лише 890 грн!", "", "", "Тепла річ. Знижка до п’ятниці.")
    await add(a_product(words={"uk": words}))
    writer = Scripted()
    await written(writer)
    assert len(writer.asked) == 1
    assert "Колос на грудях." in writer.asked[0].facts
    assert "890" not in writer.asked[0].facts
    assert "Знижка" not in writer.asked[0].facts


async def test_an_unchanged_thing_is_not_asked_for_twice_and_a_changed_one_is(database: Settings) -> None:
    await add(a_product())
    writer = Scripted()
    await written(writer)
    again = await queries.standing(await written(writer))
    assert (again.state, again.total, again.skipped) == ("done", 0, {"waits_for_approval": 2})
    assert len(writer.asked) == 2

    await Product.all().update(care=["hand-wash"], print="dnipro")
    changed = await queries.standing(await written(writer))
    assert changed.drafts == {"draft": 2}
    assert await Draft.filter(status=STATUS.DRAFT).count() == 2
    assert await Draft.filter(status=STATUS.REJECTED, reason="replaced").count() == 2


async def test_force_writes_anew_what_is_there(sqlite_database: Settings) -> None:
    await add(a_product())
    writer = Scripted()
    await written(writer)
    forced = await written(writer, Wishes(subjects=("product",), force=True))
    assert await statuses(forced) == {"draft": 2}
    assert [draft.take for draft in await Draft.filter(run_id=forced)] == [1, 1]


async def test_a_dry_run_counts_and_asks_nothing(sqlite_database: Settings) -> None:
    await add(a_product())
    writer = Scripted()
    run = await queries.standing(await written(writer, Wishes(subjects=("product",), dry_run=True)))
    assert (run.state, run.reason, run.total, run.drafts) == ("done", "dry_run", 2, {})
    assert writer.asked == []


async def test_texts_of_people_and_products_without_consent_are_left_alone(sqlite_database: Settings) -> None:
    words = Words("Назва", "Підпис", "Заголовок", "Опис сторінки", "Опис", "Історія")
    await add(a_product("kolos-tee", words={"uk": words}), a_product("dnipro-tee"))
    await ProductText.filter(product__slug="kolos-tee").update(keywords=["колос"], faq=[["Що?", "Так."]])
    await transact(partial(wording.set_consent, "dnipro-tee", allowed=False))
    writer = Scripted()
    run = await queries.standing(await written(writer))
    assert run.skipped == {"by_people": 1, "no_consent": 2}
    assert writer.asked == []


async def test_a_language_without_a_name_has_no_place_for_texts(sqlite_database: Settings) -> None:
    await add(a_product(words={"uk": Words("Назва", "Підпис", "", "", "Опис"), "en": Words("", "", "", "", "")}))
    writer = Scripted()
    assert await statuses(await written(writer)) == {"draft": 1}


async def test_wishes_narrow_what_is_written(sqlite_database: Settings) -> None:
    await add(named("kolos-tee"), named("dnipro-tee"))
    writer = Scripted()
    wishes = Wishes(subjects=("product", "category"), slugs=("kolos-tee",), languages=("en",))
    run_id = await written(writer, wishes)
    assert [(row.slug, row.lang) for row in await queries.drafts_of(run_id)] == [("kolos-tee", "en")]


async def test_categories_and_pictures_are_described_where_people_did_not(sqlite_database: Settings) -> None:
    await add(a_product())
    await transact(_forget_alts)
    writer = Scripted()
    run_id = await written(writer, Wishes(subjects=("variant", "category")))
    made = {(row.subject, row.slug, row.lang) for row in await queries.drafts_of(run_id, (STATUS.DRAFT,))}
    assert ("variant", "kolos-tee/coal", "en") in made
    assert ("variant", "kolos-tee/coal", "uk") not in made


async def _forget_alts() -> None:
    from_both = await Product.all().prefetch_related("variants__images")
    for product in from_both:
        for variant in product.variants:
            for image in variant.images:
                image.alt = {"uk": image.alt["uk"]}
                await image.save()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("{", "wrong_shape"),
        ('{"story": 1}', "wrong_shape"),
        ("[]", "wrong_shape"),
        ("null", "wrong_shape"),
    ],
)
async def test_an_answer_of_another_shape_fails_one_text_and_no_more(
    sqlite_database: Settings, said: str, reason: str
) -> None:
    await add(a_product())
    writer = Scripted(says=lambda prompt, usual: said if prompt.name == "product_uk" else usual)
    run_id = await written(writer)
    assert (await queries.standing(run_id)).state == "done"
    assert await statuses(run_id) == {"failed": 1, "draft": 1}
    assert (await Draft.get(run_id=run_id, lang="uk")).reason == reason
    assert await money_adds_up(run_id)


async def test_a_text_that_the_guard_refuses_is_kept_with_what_was_found(sqlite_database: Settings) -> None:
    await add(a_product())
    writer = Scripted(says=lambda prompt, usual: {**usual, "seo_title": "Футболка за 890 грн <b>"})
    run_id = await written(writer)
    draft = await Draft.get(run_id=run_id, lang="uk")
    assert (draft.status, draft.reason) == (STATUS.FAILED, "guarded")
    assert draft.problems == ["seo_title: markup", "seo_title: money"]
    assert draft.content is not None


async def test_texts_that_resemble_each_other_fail_from_the_second_on(sqlite_database: Settings) -> None:
    await add(named("kolos-tee"), named("dnipro-tee"))
    same = "\n\n".join(
        f"Це речення номер {number} у кожній історії однакове, і їй це на шкоду." for number in range(16)
    )
    writer = Scripted(says=lambda prompt, usual: {**usual, "story": same})
    run_id = await written(writer, Wishes(subjects=("product",), languages=("uk",)))
    assert await statuses(run_id) == {"draft": 1, "failed": 1}
    assert (await Draft.get(run_id=run_id, status=STATUS.FAILED)).problems == ["story: similar"]


async def test_failed_texts_are_tried_again_by_the_next_run_and_rejected_ones_are_not(database: Settings) -> None:
    await add(a_product())
    await written(Scripted(raises=[WritingFailed(Reason.REFUSED, paid=True, tokens_in=10, tokens_out=1)]))
    await Draft.filter(status=STATUS.DRAFT).update(status=STATUS.REJECTED)
    writer = Scripted()
    run = await queries.standing(await written(writer))
    assert (run.drafts, run.skipped) == ({"draft": 1}, {"rejected": 1})


async def test_the_budget_stops_a_run_before_it_is_passed_and_the_next_run_goes_on(database: Settings) -> None:
    await add(*map(named, NAMES))
    writer = Scripted()
    first = await written(writer, budget=Budget(tokens=15_000, cents=1_000))
    run = await queries.standing(first)
    assert (run.state, run.reason) == ("stopped", "budget")
    assert 0 < run.tokens <= 15_000
    assert run.drafts["draft"] + run.drafts["waiting"] == 8
    assert run.drafts["draft"] == len(writer.asked)

    second = await queries.standing(await written(writer))
    assert second.state == "done"
    assert second.drafts["draft"] == 8 - run.drafts["draft"]
    assert len(writer.asked) == 8


async def test_a_budget_of_money_stops_a_run_too(sqlite_database: Settings) -> None:
    await add(a_product())
    writer = Scripted()
    run = await queries.standing(await written(writer, budget=Budget(tokens=1_000_000, cents=1)))
    assert (run.state, run.reason, run.cost) == ("stopped", "budget", 0)
    assert writer.asked == []


async def test_a_service_that_asks_to_wait_is_waited_for_and_nothing_is_paid(database: Settings) -> None:
    await add(a_product())
    writer = Scripted(raises=[WritingFailed(Reason.RATE_LIMITED, "429", retry_after=30)])
    run_id = await written(writer)
    run = await AiRun.get(id=run_id)
    assert run.resume_at is not None
    assert timedelta(seconds=20) < run.resume_at - await database_now() <= timedelta(seconds=30)
    assert (run.tokens, run.cost) == (0, 0)
    assert await writing.work(desk(writer)) == 0

    await AiRun.filter(id=run_id).update(resume_at=await database_now())
    await writing.work(desk(writer))
    assert await statuses(run_id) == {"draft": 2}
    assert (await AiRun.get(id=run_id)).pauses == 0


async def test_a_service_that_never_recovers_stops_the_run_and_keeps_its_texts(sqlite_database: Settings) -> None:
    await add(a_product())
    writer = Scripted(raises=[WritingFailed(Reason.UNREACHABLE, "no connection") for _ in range(50)])
    run_id = await start()
    for _ in range(writing.PAUSES):
        await writing.work(desk(writer))
        await AiRun.filter(id=run_id).update(resume_at=None)
    run = await queries.standing(run_id)
    assert (run.state, run.reason, run.drafts) == ("stopped", "unreachable", {"waiting": 2})
    assert len(writer.asked) == writing.PAUSES


async def test_a_refused_key_stops_the_run_at_once(sqlite_database: Settings) -> None:
    await add(a_product())
    writer = Scripted(raises=[WritingFailed(Reason.KEY_REFUSED, "401")])
    run = await queries.standing(await written(writer))
    assert (run.state, run.reason, run.drafts) == ("stopped", "key_refused", {"waiting": 2})
    assert (run.tokens, run.cost, len(writer.asked)) == (0, 0, 1)


async def test_an_answer_lost_on_the_way_is_asked_for_once_more_and_counted_as_paid(sqlite_database: Settings) -> None:
    await add(a_product(words={"uk": Words("Назва", "Підпис", "", "", "Опис")}))
    lost = [WritingFailed(Reason.UNREACHABLE, "no answer in time", paid=True) for _ in range(2)]
    writer = Scripted(raises=lost)
    run_id = await start()
    for _ in range(3):
        await writing.work(desk(writer))
        await AiRun.filter(id=run_id).update(resume_at=None)
    run = await queries.standing(run_id)
    assert (run.state, run.drafts, len(writer.asked)) == ("done", {"failed": 1}, 2)
    assert run.tokens > 0
    assert await money_adds_up(run_id)


async def test_a_text_in_the_hands_of_a_dead_worker_is_taken_up_when_its_lease_ends(database: Settings) -> None:
    await add(a_product(words={"uk": Words("Назва", "Підпис", "", "", "Опис")}))
    run_id = await start()

    class Dies(Scripted):
        async def write(self, prompt: Prompt) -> NoReturn:
            raise asyncio.CancelledError

    for calls in (1, 2):
        with pytest.raises(asyncio.CancelledError):
            await writing.work(desk(Dies()))
        draft = await Draft.get(run_id=run_id)
        assert (draft.status, draft.attempts) == (STATUS.WRITING, calls)
        # Nobody else touches it while the lease holds.
        idle = Scripted()
        await writing.work(desk(idle))
        assert idle.asked == []
        await Draft.filter(id=draft.id).update(locked_until=await database_now() - timedelta(seconds=1))

    late = Scripted()
    await writing.work(desk(late))
    draft = await Draft.get(run_id=run_id)
    assert late.asked == []
    assert (draft.status, draft.reason) == (STATUS.FAILED, "lost")
    assert (await AiRun.get(id=run_id)).cost == draft.cost > 0


async def test_who_was_slower_than_its_lease_writes_nothing(sqlite_database: Settings) -> None:
    await add(a_product(words={"uk": Words("Назва", "Підпис", "", "", "Опис")}))
    run_id = await start()
    rival = Scripted()

    class Slow(Scripted):
        async def write(self, prompt: Prompt) -> Reply:
            await Draft.all().update(locked_until=await database_now() - timedelta(seconds=1))
            await writing.work(desk(rival))
            return await super().write(prompt)

    await writing.work(desk(Slow(model="slow")))
    draft = await Draft.get(run_id=run_id)
    assert (draft.status, draft.attempts, len(rival.asked)) == (STATUS.DRAFT, 2, 1)
    run = await AiRun.get(id=run_id)
    # Both calls were paid for: the first one at what was put aside for it.
    assert run.cost == draft.cost
    assert run.tokens > 1600


async def test_two_workers_at_once_write_each_text_once(database: Settings) -> None:
    await add(*map(named, NAMES))
    run_id = await start()
    writers = [Scripted(), Scripted()]
    await asyncio.gather(*(writing.work(desk(writer)) for writer in writers))
    await writing.work(desk(writers[0]))
    assert sum(len(writer.asked) for writer in writers) == 8
    assert await statuses(run_id) == {"draft": 8}
    assert await money_adds_up(run_id)


async def test_two_runs_at_once_choose_each_text_once(database: Settings) -> None:
    await add(*map(named, NAMES))
    runs = [await start(), await start()]
    writers = [Scripted(), Scripted()]
    await asyncio.gather(*(writing.work(desk(writer)) for writer in writers))
    await writing.work(desk(writers[0]))
    assert await Draft.all().count() == 8
    assert sum(len(writer.asked) for writer in writers) == 8
    assert {(await queries.standing(run)).state for run in runs} == {"done"}
