"""A writer that says what a test wants, and runs of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from commerce_api.foundation.db.tx import transact
from commerce_api.office.copywriting import service, writing
from commerce_api.office.copywriting.costs import Tariff
from commerce_api.office.copywriting.planning import Wishes
from commerce_api.office.copywriting.service import Budget
from commerce_api.office.copywriting.writer import Prompt, Reply, WritingFailed
from commerce_api.shop.catalog.files import ProductFile, Words
from sandbox import writing as sandbox_writing
from tests.commerce_api.shop.catalog.builders import a_product

TARIFF = Tariff(cents_in=100, cents_out=400)
PLENTY = Budget(tokens=1_000_000, cents=1_000)
PRODUCTS = Wishes(subjects=("product",))

Says = Callable[[Prompt, dict[str, Any]], Mapping[str, Any] | str]
"""What is answered to a prompt, given what the stand-in would say: JSON values, or the text itself."""


@dataclass
class Scripted:
    """Answers as the stand-in of the sandbox does, unless a test has it say or raise something else."""

    model: str = "test-model"
    says: Says = lambda _prompt, usual: usual
    raises: list[WritingFailed] = field(default_factory=list)
    asked: list[Prompt] = field(default_factory=list)

    async def write(self, prompt: Prompt) -> Reply:
        self.asked.append(prompt)
        if self.raises:
            raise self.raises.pop(0)
        lang = prompt.name.rpartition("_")[2]
        usual = sandbox_writing.answer(orjson.loads(prompt.facts), lang, list(prompt.schema["properties"]))
        said = self.says(prompt, usual)
        return Reply(said if isinstance(said, str) else orjson.dumps(said).decode(), "test-model-2026", 900, 700)


def desk(writer: Scripted, languages: Sequence[str] = ("uk", "en")) -> writing.Desk:
    """The desk of a shop that speaks these languages."""
    return writing.Desk(writer, TARIFF, languages)


async def start(wishes: Wishes = PRODUCTS, budget: Budget = PLENTY) -> int:
    """Ask for a run; its id."""
    return await transact(lambda: service.start_run(wishes, budget, "account:1"))


async def written(writer: Scripted, wishes: Wishes = PRODUCTS, budget: Budget = PLENTY) -> int:
    """Ask for a run and do its work; its id."""
    run_id = await start(wishes, budget)
    await writing.work(desk(writer))
    return run_id


def named(slug: str, **values: Any) -> ProductFile:
    """A product with a name and a lead of its own: two of one name would be written of alike."""
    words = {
        "uk": Words(
            f"Футболка «{NAMES[slug][0]}»", f"{NAMES[slug][0]} на грудях, двома фарбами.", "", "", "Опис *виробу*."
        ),
        "en": Words(f"{NAMES[slug][1]} tee", f"{NAMES[slug][1]} on the chest, in two inks.", "", "", "About *it*."),
    }
    return a_product(slug, **{"words": words, **values})


NAMES = {
    "kolos-tee": ("Колос", "Kolos"),
    "dnipro-tee": ("Дніпро", "Dnipro"),
    "sova-tee": ("Сова", "Sova"),
    "tram-tee": ("Трамвай", "Tram"),
}
