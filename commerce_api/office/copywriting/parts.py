"""The parts of a text that a model may write: their form, their length, and the JSON Schema that asks for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Form(StrEnum):
    """How a part is written."""

    LINE = "line"
    PARAGRAPHS = "paragraphs"
    WORDS = "words"
    QUESTIONS = "questions"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Part:
    """Lengths are characters of the whole part; `most` limits the members of a list."""

    form: Form
    shortest: int
    longest: int
    about: str
    least: int = 1
    most: int = 1


PARTS: Final[Mapping[str, Part]] = {
    "lead": Part(Form.LINE, 40, 200, "one or two sentences that stand under the name"),
    "description": Part(
        Form.PARAGRAPHS, 250, 2500, "three or four short paragraphs about the piece, separated by empty lines"
    ),
    "story": Part(
        Form.PARAGRAPHS, 500, 6000, "the story of the drawing: four to seven paragraphs, separated by empty lines"
    ),
    "seo_title": Part(Form.LINE, 15, 60, "a title for search results"),
    "seo_description": Part(Form.LINE, 60, 160, "one or two sentences for search results"),
    "keywords": Part(Form.WORDS, 3, 400, "what people would type to find the piece", 3, 10),
    "faq": Part(Form.QUESTIONS, 60, 2500, "questions that a shopper may ask, each with its answer", 2, 5),
    "alts": Part(Form.LINES, 15, 200, "for each picture in its order, what is seen on it", 1, 12),
}
LONGEST_WORD: Final = 60
"""Characters of one keyword."""
LONGEST_QUESTION: Final = 160


class BadShape(ValueError):
    """An answer that is not what the schema asks for; the message says where."""


def schema_of(wanted: Iterable[str], pictures: int = 0) -> dict[str, Any]:
    """The JSON Schema of an answer with these parts, strict: all are required and nothing else may come."""
    properties = {name: _schema(PARTS[name]) for name in wanted}
    if pictures and "alts" in properties:
        properties["alts"]["description"] += f"; exactly {pictures}"
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _schema(part: Part) -> dict[str, Any]:
    text = {"type": "string"}
    about = f"{part.about}; {part.shortest} to {part.longest} characters"
    if part.form in (Form.WORDS, Form.LINES):
        return {"type": "array", "items": text, "description": f"{about}; {part.least} to {part.most} of them"}
    if part.form is Form.QUESTIONS:
        pair = {
            "type": "object",
            "properties": {"question": text, "answer": text},
            "required": ["question", "answer"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": pair, "description": f"{about}; {part.least} to {part.most} of them"}
    return {"type": "string", "description": about}


def tokens_of(wanted: Iterable[str]) -> int:
    """The most tokens that an answer with these parts is given: Ukrainian takes one for about two letters."""
    return 1500 + sum(
        round(PARTS[name].longest * max(1, PARTS[name].most if name == "alts" else 1) / 2) for name in wanted
    )


def read_answer(answer: object, wanted: Iterable[str]) -> dict[str, Any]:
    """The parts of an answer in the form they are kept in: strings, and lists of strings or of [question, answer].

    Raises BadShape.
    """
    names = list(wanted)
    if not isinstance(answer, dict) or answer.keys() != set(names):
        raise BadShape("the answer should have " + ", ".join(names))
    return {name: _read(name, answer[name]) for name in names}


def _read(name: str, value: object) -> Any:
    form = PARTS[name].form
    if form in (Form.LINE, Form.PARAGRAPHS):
        return _text(name, value)
    if not isinstance(value, list):
        raise BadShape(f"{name} should be a list")
    if form is Form.QUESTIONS:
        return [_pair(name, one) for one in value]
    return [_text(name, one) for one in value]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise BadShape(f"{name} should be text")
    return value.replace("\r\n", "\n").strip()


def _pair(name: str, value: object) -> list[str]:
    if not isinstance(value, dict) or value.keys() != {"question", "answer"}:
        raise BadShape(f"{name} should hold question and answer")
    return [_text(name, value["question"]), _text(name, value["answer"])]


def strings_of(value: Any) -> list[str]:
    """Every string of a part, however it is kept."""
    if isinstance(value, str):
        return [value]
    return [string for one in value for string in strings_of(one)]


def as_text(value: Any) -> str:
    """A part as staff edit it: keywords and descriptions of pictures a line each, answers below their questions."""
    if isinstance(value, str):
        return value
    return "\n".join(one if isinstance(one, str) else "\n".join([*one, ""]) for one in value or ()).strip()


def from_text(name: str, typed: str) -> Any:
    """The part that staff typed. Raises BadShape for questions without an answer."""
    form = PARTS[name].form
    text = typed.replace("\r\n", "\n").strip()
    if form in (Form.LINE, Form.PARAGRAPHS):
        return text
    if form is Form.QUESTIONS:
        blocks = [block.strip().split("\n", 1) for block in text.split("\n\n") if block.strip()]
        if any(len(block) != 2 for block in blocks):
            raise BadShape("a question in one line, its answer in the next, an empty line between two of them")
        return [[question.strip(), answer.strip()] for question, answer in blocks]
    return [line.strip() for line in text.split("\n") if line.strip()]
