"""What there is to learn, on the wire. Dates are the student's local days."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import MISSING, Field, field_validator

from schediora.http.wire import Body, Query, Text, View
from schediora.memory.state import UnitState
from schediora.subjects.text import compared_title

LocalDay = date
MOST_UNITS = 60
LONGEST_KEY = 100

Topic = Annotated[str, Text(1, 120), Field(examples=["Biology"])]
Key = Annotated[str, Text(1, LONGEST_KEY), Field(examples=["biology.cells"])]

_TITLE = "What the unit is called."
_KEY = "Stable: sessions and memory go by it."
_TOPIC = "What is learned, in the student's words."
_LANGUAGE = "The language that a plan for the topic would have (BCP 47)."


class Source(StrEnum):
    """Where a list of units comes from, the first that there is."""

    STUDENT = "student"
    BUILTIN = "builtin"
    MODEL = "model"
    GENERAL = "general"


class SyllabusQuery(Query):
    """Of which topic."""

    topic: Topic = Field(description=_TOPIC)


class UnitEntry(Body):
    """A unit of the student's own list."""

    key: Key | MISSING = Field(
        default=MISSING,
        description=f"{_KEY} Left out: that of the unit with the same title, ours or the student's, or a new one.",
    )
    title: Annotated[str, Text(1, 120)] = Field(description=_TITLE, examples=["Cells"])
    known: bool | MISSING = Field(
        default=MISSING, description="The student knows it already; false if left out.", examples=[False]
    )
    left_out: bool | MISSING = Field(
        default=MISSING, description="The student does not want to learn it; false if left out.", examples=[False]
    )


class SyllabusUpdate(Body):
    """The student's own list of what there is to learn in a topic."""

    topic: Topic = Field(description=f"{_TOPIC} All spellings of a topic have one list.")
    units: Annotated[list[UnitEntry], Field(min_length=1, max_length=MOST_UNITS)] | None = Field(
        description="In the order to learn them, each title once; null goes back to our list.",
        examples=[[{"key": "biology.cells", "title": "Cells", "known": True}, {"title": "Chapter 2: Enzymes"}]],
    )

    @field_validator("units")
    @classmethod
    def _different(cls, units: list[UnitEntry] | None) -> list[UnitEntry] | None:
        if units and len({compared_title(unit.title) for unit in units}) < len(units):
            raise ValueError("must not name the same unit twice")
        return units


class ExamView(View):
    """The next exam that concerns the topic."""

    topic: str = Field(description="What it is in.", examples=["Biology"])
    date: LocalDay = Field(description="Its local day.", examples=["2026-12-18"])


class UnitView(View):
    """A unit, and how the student stands in it."""

    key: str = Field(description=_KEY, examples=["biology.cells"])
    title: str = Field(description=_TITLE, examples=["Cells"])
    needs: list[str] = Field(description="Keys of the units that come before it.", examples=[["biology.matter"]])
    state: UnitState = Field(
        description="`new`: not learned; `due`: learned, and to be gone back to; `solid`: not before 21 days; "
        "`learning`: sooner; `known` and `left_out`: the student said so.",
        examples=["learning"],
    )
    learned_on: date | None = Field(description="When it was learned; null where it was not.", examples=["2026-11-16"])
    due_on: date | None = Field(description="When it should come back; null where nothing is learned.")
    sessions_done: int = Field(description="How many sessions of it were done.", examples=[3])


class CoverageView(View):
    """How far the student is. Without an exam `weeks_left` and what follows from it is null."""

    units: int = Field(description="How many units there are without those left out.", examples=[16])
    learned: int = Field(description="How many of them are learned or known.", examples=[7])
    weeks_left: float | None = Field(description="To the day of the exam, in halves.", examples=[3.0])
    units_a_week_needed: float | None = Field(
        description="To learn all of them before the exam, with one decimal.", examples=[3.0]
    )
    expected_by_exam: int | None = Field(
        description="How many will be learned by the exam at the pace of the last 28 days.", examples=[12]
    )
    text: str = Field(
        description="All that in one sentence.",
        examples=["7 of 16 learned; at this pace 12 by the exam on 18 December."],
    )


class SyllabusView(View):
    """What there is to learn in a topic, and how the student stands in it."""

    topic: str = Field(description=_TOPIC, examples=["Biology"])
    source: Source = Field(
        description="Whose list it is: ours, the student's, a model's; `general` is none, as nothing is known of it."
    )
    language: str = Field(description=_LANGUAGE, examples=["en"])
    exam: ExamView | None = Field(description="The next exam that concerns the topic; null where none is ahead.")
    units: list[UnitView] = Field(description="In the order to learn them.")
    coverage: CoverageView | None = Field(description="Null where there are no units.")


class UpNextView(View):
    """A unit that could come next; a session of it is added by its topic and key."""

    topic: str = Field(description=_TOPIC, examples=["Biology"])
    key: str = Field(description=_KEY, examples=["biology.cells"])
    title: str = Field(description=f"{_TITLE} It is in the plan's language.", examples=["Cells"])
    state: UnitState = Field(
        description="`due`, `learning` or `known`: to be gone back to; `new`: to be learned, or not gone well yet.",
        examples=["due"],
    )
