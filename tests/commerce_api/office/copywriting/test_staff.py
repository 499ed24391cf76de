"""Texts in the staff office: beside their facts, edited, approved and rejected by those who mind them, and noted."""

import pytest

from commerce_api.office.admin.models import AuditEntry
from commerce_api.office.copywriting import writing
from commerce_api.office.copywriting.models import AiRun, Draft
from commerce_api.office.copywriting.statuses import DraftStatus
from commerce_api.shop.accounts.roles import Role
from commerce_api.shop.catalog.models import ProductText
from tests.commerce_api.office.builders import Office, read
from tests.commerce_api.office.copywriting.builders import Scripted, desk, start


async def _write() -> None:
    await start()
    await writing.work(desk(Scripted()))


@pytest.fixture
def drafts(office: Office) -> Office:
    """An office in which the texts of one product wait."""
    read(office, _write())
    office.sign_in(Role.CONTENT)
    return office


def draft(office: Office, lang: str = "uk") -> Draft:
    found = read(office, Draft.get(lang=lang))
    assert isinstance(found, Draft)
    return found


def act_on_list(office: Office, view: str, name: str, **form: str) -> int:
    """Press a button above a list, with nothing selected."""
    answer = office.client.post(
        f"/admin/_api/{view}/action",
        params={"name": name},
        data=form,
        headers={"X-CSRFToken": office.token("/admin/")},
    )
    return answer.status_code


def edit(office: Office, pk: int, **typed: str) -> tuple[int, str]:
    form = {**typed, "csrftoken": office.token(f"/admin/texts/edit?pk={pk}")}
    answer = office.client.post("/admin/texts/edit", params={"pk": str(pk)}, data=form, follow_redirects=False)
    return answer.status_code, answer.text


def typed_parts(one: Draft) -> dict[str, str]:
    content = one.content or {}
    faq = "\n\n".join(f"{question}\n{answer}" for question, answer in content["faq"])
    plain = {name: content[name] for name in ("story", "seo_title", "seo_description")}
    return {**plain, "keywords": "\n".join(content["keywords"]), "faq": faq}


def test_a_text_stands_beside_the_facts_it_was_made_of(drafts: Office) -> None:
    one = draft(drafts)
    page = drafts.client.get("/admin/texts/detail", params={"pk": str(one.id)})
    assert page.status_code == 200
    assert one.content is not None
    assert one.content["seo_title"] in page.text
    assert "З чого писали" in page.text
    assert "Колос на грудях." in page.text
    assert drafts.client.get("/admin/texts/list").status_code == 200
    assert drafts.client.get("/admin/text-runs/list").status_code == 200


def test_one_click_puts_every_text_that_passed_onto_its_page(drafts: Office) -> None:
    assert act_on_list(drafts, "texts", "approve_all") == 200
    assert read(drafts, Draft.filter(status=DraftStatus.PUBLISHED).count()) == 2
    assert read(drafts, ProductText.filter(story_html__isnull=False).count()) == 2
    assert read(drafts, AuditEntry.filter(action="text.approve").count()) == 1


def test_one_text_is_approved_and_another_rejected_with_the_reason(drafts: Office) -> None:
    assert drafts.act("texts", "approve", pk=draft(drafts).id) == 200
    assert drafts.act("texts", "reject", pk=draft(drafts, "en").id, why="не наш голос") == 200
    other = draft(drafts, "en")
    assert (draft(drafts).status, other.status, other.detail) == (
        DraftStatus.PUBLISHED,
        DraftStatus.REJECTED,
        "не наш голос",
    )
    assert other.decided_by.startswith("account:")
    # decided is decided: the button of a stale page does nothing
    assert drafts.act("texts", "approve", pk=other.id) != 200


def test_a_text_is_edited_before_it_is_approved_and_the_guard_reads_along(drafts: Office) -> None:
    one = draft(drafts)
    form = typed_parts(one)
    assert drafts.client.get("/admin/texts/edit", params={"pk": str(one.id)}).status_code == 200

    status, page = edit(drafts, one.id, **{**form, "seo_title": "Футболка за 890 грн <b>"})
    assert status == 422
    assert "ціни, відсотки або знижки" in page
    assert "Футболка за 890 грн &lt;b&gt;" in page
    status, page = edit(drafts, one.id, **{**form, "faq": "Питання без відповіді?"})
    assert status == 422

    status, page = edit(drafts, one.id, **{**form, "seo_title": "Футболка з колосом"})
    assert status == 303, page
    after = draft(drafts)
    assert after.content is not None
    assert after.content == {**(one.content or {}), "seo_title": "Футболка з колосом"}
    assert after.author.startswith("account:")
    assert read(drafts, AuditEntry.filter(action="text.edit").count()) == 1


def test_a_run_is_begun_by_a_button_and_says_when_texts_are_off(drafts: Office) -> None:
    assert act_on_list(drafts, "text-runs", "start") == 200
    run = read(drafts, AiRun.all().order_by("-id").first())
    assert isinstance(run, AiRun)
    assert (run.state.value, run.reason) == ("skipped", "ai_off")
    assert read(drafts, AuditEntry.filter(action="ai.run").count()) == 1


def test_others_of_the_staff_see_no_texts(drafts: Office) -> None:
    one = draft(drafts)
    drafts.sign_in(Role.ORDERS)
    for page in ("/admin/texts/list", f"/admin/texts/detail?pk={one.id}", "/admin/text-runs/list"):
        assert drafts.client.get(page).status_code == 403
    assert drafts.act("texts", "approve", pk=one.id) == 400
    assert act_on_list(drafts, "texts", "approve_all") == 400
    assert draft(drafts).status is DraftStatus.DRAFT
