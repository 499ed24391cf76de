"""Texts as a model might write them: from the facts it was told, the same for the same facts, in plain sentences.

No sentence says more than the facts do. What is chosen at each place depends on the piece, so that two pieces have
little in common and the shop's guard against likeness finds nothing.
"""

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

PROSE: Final = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "prose").glob("*.toml"))
}
"""The sentences by language."""
FAQ: Final = 3
KEYWORDS: Final = 8
VOWELS: Final = frozenset("аеєиіїоуюя")
PLACES: Final = re.compile(r"\{(\w+)\}")


def answer(facts: Mapping[str, Any], lang: str, wanted: Sequence[str]) -> dict[str, Any]:
    """A text for each part that is wanted; parts nobody knows are a sentence about the piece."""
    prose = PROSE.get(lang, PROSE["en"])
    words = _words(facts, prose, lang)
    return {part: _part(part, facts, prose, words) for part in wanted}


def _pick(pool: Sequence[str], seed: str) -> str:
    return pool[int.from_bytes(hashlib.sha256(seed.encode()).digest()[:6]) % len(pool)]


def _fill(sentence: str, words: Mapping[str, str]) -> str:
    """The sentence with its places filled; what is in a name is never read as a place again."""
    return PLACES.sub(lambda place: words.get(place[1], ""), sentence)


def _listed(things: Sequence[str], prose: Mapping[str, Any], none: str) -> str:
    if not things:
        return none
    head, last = list(things[:-1]), things[-1]
    if not head:
        return last
    # Ukrainian says й after a vowel and і after a consonant; English has one word for both.
    joint = prose["words"]["and" if head[-1][-1:].casefold() in VOWELS else "and_after_consonant"]
    return f"{', '.join(head)} {joint} {last}"


def _words(facts: Mapping[str, Any], prose: Mapping[str, Any], lang: str) -> dict[str, str]:
    name = str(facts.get("name", ""))
    quoted = re.search(r"[«“\"]([^»”\"]+)[»”\"]", name)
    motif = quoted[1] if quoted else name.removesuffix(" tee").removesuffix(" hoodie").removesuffix(" long sleeve")
    sizes = [str(size) for size in facts.get("sizes", ())]
    gram = facts.get("cloth_g_per_m2")
    colours = [str(colour) for colour in facts.get("colours", ())]
    care = [prose["care"].get(sign, "") for sign in facts.get("care", ())]
    return {
        "name": name,
        "motif": motif,
        "garment": prose["garments"].get(facts.get("garment"), ""),
        "category": str(facts.get("category", "")),
        "colour": str(facts.get("colour") or (colours or [prose["words"]["colours_none"]])[0]),
        "colours": _listed(colours, prose, prose["words"]["colours_none"]),
        "fibres": _listed(
            [prose["fibres"].get(one, one) for one in facts.get("fibres", ())], prose, prose["words"]["none"]
        ),
        "gram": f", {gram} {'г/м²' if lang == 'uk' else 'g/m²'}" if gram else "",
        "care": _listed([sign for sign in care if sign], prose, ""),
        "about": str(facts.get("lead_by_people", "")),
        "sizes": f"{sizes[0]}–{sizes[-1]}" if sizes else "",
    }


def _paragraphs(kind: str, facts: Mapping[str, Any], prose: Mapping[str, Any], words: Mapping[str, str]) -> str:
    def sentence(place: str) -> str:
        pool = prose["story"].get(f"{place}_{facts.get('garment')}") or prose[kind].get(place) or prose["story"][place]
        return _fill(_pick(pool, f"{kind} {place} {words['name']}"), words)

    def paragraph(places: Sequence[str]) -> str:
        return " ".join(sentence(place) for place in places if place != "about" or words["about"])

    return "\n\n".join(map(paragraph, prose[kind]["paragraphs"]))


def _part(part: str, facts: Mapping[str, Any], prose: Mapping[str, Any], words: Mapping[str, str]) -> Any:
    of_category = "drawing" not in facts
    if part in ("story", "description"):
        return _paragraphs(part, facts, prose, words)
    if part == "faq":
        chosen = sorted(
            prose["faq"], key=lambda one: hashlib.sha256((one["question"] + words["name"]).encode()).digest()
        )
        return [{name: _fill(text, words) for name, text in one.items()} for one in chosen[:FAQ]]
    if part == "keywords":
        colours = [
            _fill(prose["keywords"]["colour"], {**words, "colour": str(one)}) for one in facts.get("colours", ())
        ]
        found = [_fill(one, words) for one in prose["keywords"]["always"]] + colours
        return [one[:60] for one in dict.fromkeys(found)][:KEYWORDS]
    if part == "alts":
        return [_alt(side, number, prose, words) for number, side in enumerate(facts.get("pictures", ()))]
    pools = {
        "seo_title": prose["seo"]["category_titles" if of_category else "titles"],
        "seo_description": prose["seo"]["category_descriptions" if of_category else "descriptions"],
        "lead": prose["seo"]["category_leads"] if of_category else prose["lead"]["lines"],
    }
    limits = {"seo_title": 60, "seo_description": 160, "lead": 200}
    fitting = [_fill(one, words) for one in pools.get(part, prose["lead"]["lines"])]
    fitting = [one for one in fitting if len(one) <= limits.get(part, 200)] or [fitting[0][: limits.get(part, 200)]]
    return _pick(fitting, f"{part} {words['name']}")


def _alt(side: str, number: int, prose: Mapping[str, Any], words: Mapping[str, str]) -> str:
    told = _pick(prose["sides"].get(side, prose["sides"]["front"]), f"{side} {number} {words['name']}")
    return _fill(prose["alts"]["line"], {**words, "side": told})
