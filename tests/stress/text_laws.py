"""What must hold of the texts that a model writes: runs end, nothing stands unread, and what was spent is counted."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from tests.stress.seen import Seen

NOTHING: Final = frozenset({"", "null", "[]", "{}"})
"""How columns hold no words."""
OPEN: Final = frozenset({"waiting", "writing"})


def runs_end(seen: Seen) -> list[str]:
    wrong, known = list[str](), {id_ for id_, *_ in seen.rows["runs"]}
    for id_, state, reason, _ in seen.rows["runs"]:
        left = sum(run == id_ and status in OPEN for run, _, _, _, _, status, *_ in seen.rows["drafts"])
        if not (state == "done" and not left or state == "stopped" and reason):
            wrong.append(f"run {id_} is {state} ({reason or 'no reason'}), {left} of its texts wait")
    return wrong + [f"run {id_} was promised and is not there" for id_ in seen.asked if id_ not in known]


def nothing_stands_unread(seen: Seen) -> list[str]:
    approved = {(subject, lang) for _, subject, lang, _, _, status, *_ in seen.rows["drafts"] if status == "published"}
    words = [
        f"a product has words in {lang} that nobody approved"
        for lang, *some in seen.rows["words"]
        if not NOTHING.issuperset(some) and ("product", lang) not in approved
    ]
    return words + [
        f"{path} is described, and nobody approved it"
        for path, alt in seen.rows["pictures"]
        if alt not in NOTHING and not any(subject == "variant" for subject, _ in approved)
    ]


def all_is_counted(seen: Seen) -> list[str]:
    """A run may count more than was spent, where an answer never came and nobody can know; never less. What came at the
    first try costs exactly what the answer said; who takes over the texts of another run has their tries forgotten."""
    counted, spent = sum(int(tokens) for *_, tokens in seen.rows["runs"]), sum(one.tokens for one in seen.spent)
    wrong = [f"{spent} tokens were spent, {counted} are counted"] if counted < spent else []
    if len(seen.rows["runs"]) > 1:
        return wrong
    for _, _, lang, wanted, facts, _, attempts, tokens, written in seen.rows["drafts"]:
        asked = (json.loads(facts)["name"], lang, sorted(json.loads(wanted)))
        said = {one.tokens for one in seen.spent if (one.of, one.language, sorted(one.parts)) == asked}
        if written and attempts == "1" and int(tokens) not in said:
            wrong.append(f"a text of {asked} counts {tokens} tokens, the answer said {said}")
    return wrong


TEXT_LAWS: Final[Mapping[str, Callable[[Seen], list[str]]]] = {
    "a run of texts ends, or says why it stopped": runs_end,
    "no words of a model stand where nobody approved them": nothing_stands_unread,
    "every token that was spent is counted": all_is_counted,
}
"""In words, and what finds the breaches."""
