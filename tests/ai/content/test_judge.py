"""One text against one step: what is kept, what is refused and why, and that no text takes long."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from schediora.ai.content import flow
from schediora.ai.content.judge import judge
from schediora.ai.content.moments import moments
from schediora.ai.content.safety import harms
from schediora.ai.content.spoken import foreign
from schediora.ai.content.subject_matter import about
from schediora.ai.content.text import Text
from schediora.ai.content.wording import Given
from schediora.ai.content.workload import too_much
from schediora.ai.curriculum.frame import Role, Slot, Why
from schediora.subjects.catalog import subject_of, unit_of
from schediora.syllabus.syllabus import SyllabusUnit
from tests.ai.content.test_linear import MOST, PIECES, steepness

TEXTS = tomllib.loads(Path(__file__).with_name("judged.toml").read_text("utf-8"))
NOTHING = Given.of_words(())
SEARCHES = {
    "moments": lambda text: list(moments(text, lambda _: False)),
    "harms": lambda text: list(harms(text, frozenset())),
    "too_much": lambda text: too_much(text, 15),
    "foreign": lambda text: foreign(text, "en"),
    "disturbed": lambda text: list(flow.disturbed(Text("a", text))),
    "of_another_kind": lambda text: list(flow.of_another_kind(Text("a", text), Role.RECALL)),
    "about": lambda text: about("Cells", text, ["biology.cells"], ["Cells"], "Biology"),
}
OWN_PIECES = (
    "one ",
    "one a-",
    "1 a a a ",
    "3 hours",
    "10-",
    "12. ",
    "a 1:",
    "on the 5",
    "'",
    "“a",
    "not ",
    "a, ",
    "at ",
    "socket ",
    "bleach acid ",
    "let light ",
    "without a ",
)


def codes(entry: dict[str, Any]) -> set[str]:
    language = entry.get("language", "en")
    unit, subject = unit_of(entry["unit"]), subject_of(entry["unit"])
    assert unit is not None
    assert subject is not None
    asked = SyllabusUnit(unit.key, unit.title(language), material=unit.material(language))
    slot = Slot(Role(entry["role"]), Why.NEW, subject.title(language), (asked,), entry["minutes"])
    text = Text(entry["title"], entry["detail"])
    return {fault.code for fault in judge(text, slot, language=language, given=NOTHING)}


def test_good_texts_are_kept() -> None:
    assert [(entry["title"], found) for entry in TEXTS["good"] if (found := codes(entry))] == []


def test_bad_texts_are_refused_for_what_is_wrong_with_them() -> None:
    kept = [
        (entry["title"], entry["fault"], found)
        for entry in TEXTS["bad"]
        if entry["fault"] not in (found := codes(entry))
    ]
    assert kept == []


@pytest.mark.no_cover
def test_a_text_eight_times_as_long_costs_about_eight_times_as_much() -> None:
    found = {
        (name, piece): steepness(search, piece)
        for name, search in SEARCHES.items()
        for piece in (*PIECES[::12], *OWN_PIECES)
    }
    assert {which: steep for which, steep in found.items() if steep > MOST} == {}
