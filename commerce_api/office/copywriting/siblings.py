"""The texts that stand beside a new one: a catalogue in which every piece says the same says nothing of any of them."""

from typing import Final

from commerce_api.office.copywriting.guard import compared
from commerce_api.office.copywriting.models import Draft
from commerce_api.office.copywriting.statuses import DraftStatus
from commerce_api.shop.catalog import unwritten

NEWEST: Final = 200
"""Texts of each source that a new one is held against."""


async def beside(draft: Draft) -> list[str]:
    """What models and people wrote of the other things of its kin, in its language; a few at most."""
    if draft.subject != "product":
        return []
    drafts = (
        await Draft.filter(
            kin=draft.kin,
            lang=draft.lang,
            subject=draft.subject,
            status__in=[DraftStatus.DRAFT, DraftStatus.PUBLISHED],
        )
        .exclude(subject_id=draft.subject_id)
        .order_by("-id")
        .limit(NEWEST)
        .values("content")
    )
    models = [compared(row["content"] or {}) for row in drafts]
    people = await unwritten.beside(draft.kin, draft.lang, draft.subject_id, NEWEST)
    return [text for text in (*models, *people) if text]
