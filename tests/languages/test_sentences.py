"""No language lacks a sentence, a value in it or a word for a value, and none is there that nobody says."""

import re
import string
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from schediora.ai.content import sentences as of_plans
from schediora.ai.curriculum.frame import Note, NoteCode
from schediora.ai.model.failures import FailureCode
from schediora.languages.language import LANGUAGES
from schediora.languages.sentences import Sentences
from schediora.planner.scheduler.problem import Kind, WhichWeek
from schediora.planner.scheduler.sentences import Phrase, Value, sentence

ROOT = Path(__file__).parents[2] / "schediora"
ROOMS = sorted(folder for folder in ROOT.rglob("sentences") if folder.is_dir())
OF_PLANS = Sentences("schediora.ai.content")
NOTES: dict[NoteCode, dict[str, str | int]] = {
    NoteCode.NOT_EVERYTHING: {"learned": 7, "units": 16, "topic": "Math"},
    NoteCode.MORE_IS_NOT_USEFUL: {"minutes": 240, "topic": "Math"},
    NoteCode.UNKNOWN_SUBJECT: {"topic": "Falconry"},
    NoteCode.LESS_THAN_OFFERED: {"minutes": 150},
    NoteCode.SHORTER_PAPER: {"minutes": 45, "paper_minutes": 90},
}


VALUES: dict[str, Value] = {
    "days": 3,
    "title": "A “good” title",
    "topic": "Math",
    "part": 1,
    "minutes": 90,
    "sessions": 500,
    "day": date(2026, 11, 25),
    "cause": "Missed on Monday",
    "reason": "Placed first.",
    "start": 9 * 60,
    "end": 21 * 60 + 30,
    "week": WhichWeek.NEXT,
}
"""What the scheduler tells in its sentences, each under one name in all of them."""
TABLES = ("because", "doing", "in_week", "whose_week", "in_rest")


def document(room: Path, language: str) -> dict[str, Any]:
    return tomllib.loads((room / f"{language}.toml").read_text("utf-8"))


def places(template: str) -> set[tuple[str, bool]]:
    """Return each value's name, and whether it is a table of the file that words it."""
    return {(name, form in TABLES) for _, name, form, _ in string.Formatter().parse(template) if name}


def lacking() -> Iterator[str]:
    for room in ROOMS:
        english = document(room, "en")
        assert {file.stem for file in room.iterdir()} == set(LANGUAGES), room
        for language in LANGUAGES:
            own = document(room, language)
            for table in english.keys() | own.keys():
                if english.get(table, {}).keys() != own.get(table, {}).keys():
                    yield f"{room}/{language}: keys of {table}"
            for key, template in own["sentences"].items():
                if not template.strip() or "  " in template:
                    yield f"{room}/{language}: {key} is blank somewhere"
                if places(template) - places(english["sentences"].get(key, "")):
                    yield f"{room}/{language}: {key} tells a value that English does not have"


def test_every_language_has_the_same_sentences_of_the_same_values() -> None:
    assert ROOMS
    assert list(lacking()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_note_failure_and_fallback_has_its_sentence(language: str) -> None:
    said = {code: of_plans.note_in(language, Note(code, values)) for code, values in NOTES.items()}
    reasons = {code: of_plans.degraded(language, code) for code in FailureCode}
    some = of_plans.degraded(language, FailureCode.TIMEOUT, own=2, steps=8)
    parts = of_plans.degraded(language, FailureCode.TIMEOUT, own=0, steps=8)
    quotas = {"sessions_a_week": 500, "sessions": 20_000, "plans": 2_000}
    failures = {
        why: of_plans.why_no_plan(language, why, topic="Math", **quotas) for why in get_args(of_plans.WhyNoPlan)
    }
    told = [*said.values(), *reasons.values(), some, parts, *failures.values()]
    assert len(set(told)) == len(told)
    assert not [sentence for sentence in told if "{" in sentence or "}" in sentence]
    for code, values in NOTES.items():
        where = [value for name, value in values.items() if name in ("topic", "learned", "paper_minutes")]
        assert all(str(value) in said[code] for value in where), said[code]
    assert {"2", "8"} <= set(some)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_of_a_week_names_the_week_that_it_is(language: str) -> None:
    of_a_week = [
        phrase for phrase in Phrase if "week" in Sentences("schediora.planner.scheduler").places(phrase, language)
    ]
    assert len(of_a_week) == 8
    for phrase in of_a_week:
        said = {sentence(phrase, language, **VALUES | {"week": week}) for week in WhichWeek}
        assert len(said) == len(WhichWeek), said


def test_nothing_is_worded_that_nobody_says() -> None:
    code = "".join(file.read_text("utf-8") for file in ROOT.rglob("*.py"))
    named = set(re.findall(r'"(\w+)"', code))
    unsaid = [
        f"{room}: {key}" for room in ROOMS for words in document(room, "en").values() for key in words.keys() - named
    ]
    assert unsaid == []
    assert set(document(ROOT / "ai" / "content" / "sentences", "en")["because"]) == set(FailureCode)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_scheduler_is_said_in_every_language(language: str) -> None:
    said = {phrase: sentence(phrase, language, kind=Kind.RECALL, **VALUES) for phrase in Phrase}
    assert len(set(said.values())) == len(Phrase)
    assert not [text for text in said.values() if "{" in text or "}" in text]
    assert "3" in said[Phrase.SPACED]
    assert "A “good” title" in said[Phrase.SPACED]
    assert "09:00" in said[Phrase.WIDER_WINDOW]
    assert "21:30" in said[Phrase.WIDER_WINDOW]
    kinds = {sentence(Phrase.SPREAD, language, kind=kind, **VALUES) for kind in (*Kind, None)}
    assert len(kinds) == len(Kind) + 1
    assert Sentences("schediora.planner.scheduler").keys(language) == {*Phrase}


WHY: dict[FailureCode, str] = {
    FailureCode.UNREACHABLE: "the AI service could not be reached",
    FailureCode.TIMEOUT: "the AI service did not answer in time",
    FailureCode.UNAUTHORIZED: "the AI service did not accept this server's key",
    FailureCode.RATE_LIMITED: "the AI service is busy",
    FailureCode.ERROR: "the AI service had an error",
    FailureCode.BAD_ANSWER: "the AI service's answer could not be read as a plan",
    FailureCode.REFUSED: "the AI service declined to write a plan for this topic",
    FailureCode.UNAVAILABLE: "the AI service failed a moment ago and is being left alone for a while",
    FailureCode.SKIPPED: "earlier tries with the AI service were cut short",
    FailureCode.CONTENT_REJECTED: "the AI service's plan did not pass the content check",
    FailureCode.DAILY_LIMIT: "the AI service has written as much today as this server allows",
}


def test_english_says_why_as_it_always_did() -> None:
    for code in FailureCode:
        whole = f"This plan was written by Schediora's own rules, because {WHY[code]}."
        assert of_plans.degraded("en", code) == whole
        assert of_plans.degraded("en", code, own=8, steps=8) == whole
    assert of_plans.degraded("en", FailureCode.TIMEOUT, own=2, steps=8).startswith("2 of 8 steps were written")


def test_what_a_student_wrote_is_never_filled_in() -> None:
    note = Note(NoteCode.UNKNOWN_SUBJECT, {"topic": "{minutes:hours} {topic}"})
    assert "“{minutes:hours} {topic}”" in of_plans.note_in("en", note)


def test_a_key_or_a_value_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError):
        OF_PLANS.say("no_such_sentence", "en")
    with pytest.raises(KeyError):
        OF_PLANS.say(NoteCode.SHORTER_PAPER, "en", minutes=45)
