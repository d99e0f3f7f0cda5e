"""Whole plans with their reasons, read by a checker that shares nothing with how they are made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from docs.lives import JAKARTA, WEEK, Habit, Life, Planned
from schediora.planner.scheduler.problem import Kind, Window

pytestmark = pytest.mark.no_cover
"""Counting the lines of so many runs would take minutes."""

MONDAYS = [datetime(2026, 1, 5, 1, tzinfo=UTC) + number * WEEK for number in range(0, 52, 13)]
SUBJECTS = ("Math", "Biology", "Chemistry", "Physics", "English")
WEEKS = 5
SINCE = re.compile(r"(?P<days>\d+) days? after “(?P<title>[^”]+)”")
SAME_DAY = re.compile(r"on the same day as “(?P<title>[^”]+)”")
GO_BACK = {"practice", "mixed", "recall", "rework"}


@dataclass(frozen=True)
class Sitting:
    """A session as a student sees it: its title, day, what it is for, and what it is about."""

    title: str
    day: date
    role: str
    units: frozenset[str]
    reason: str = ""


def every_other(_planned: Planned, piece: object) -> bool | None:
    """Miss every second step."""
    return None if piece.step % 2 == 0 else False  # type: ignore[attr-defined]


HABITS: dict[str, Habit] = {
    "does everything": lambda _planned, _piece: None,
    "does every second step": every_other,
    "does nothing": lambda _planned, _piece: False,
}


def sittings(planned: Planned) -> list[Sitting]:
    slots = planned.frame.slots
    return [
        Sitting(
            piece.title,
            piece.day,
            slots[piece.step].role,
            frozenset(unit.key for unit in slots[piece.step].units),
            piece.reason.text,
        )
        for piece in planned.placed.pieces
    ]


def history(life: Life) -> list[Sitting]:
    return [
        Sitting(session.title, session.done_on, str(session.role), frozenset(session.units))
        for session in life.past
        if session.done_on
    ]


def taught(sitting: Sitting, others: list[Sitting]) -> list[Sitting]:
    """Return the lessons, and for a rework the mocks, that `sitting` goes back to."""
    if sitting.role == "rework":
        return [other for other in others if other.role in ("mock", "diagnostic") and other.day <= sitting.day]
    return [
        other for other in others if other.role == "lesson" and other.units & sitting.units and other.day <= sitting.day
    ]


def weeks(subject: str, habit: Habit, start: datetime, exam: bool) -> Iterator[tuple[list[Sitting], list[Sitting]]]:
    """Yield each week's sittings, with those that were done before."""
    days = ((subject, start.date() + timedelta(days=39)),) if exam else ()
    life = Life((subject,), days)
    for number in range(WEEKS):
        planned = life.plan(start + number * WEEK)
        yield sittings(planned), history(life)
        life.live(planned, habit)


@pytest.mark.parametrize("habit", HABITS)
def test_reasons_name_the_lesson_and_nothing_is_tested_that_was_not_learned(habit: str) -> None:
    wrong, early, named, could = [], [], 0, 0
    for number, subject in enumerate(SUBJECTS):
        for week, before in weeks(subject, HABITS[habit], MONDAYS[number % len(MONDAYS)], exam=number % 2 == 0):
            for sitting in week:
                lessons = taught(sitting, week + before)
                found = SINCE.search(sitting.reason) or SAME_DAY.search(sitting.reason)
                days = int(found.groupdict().get("days") or 0) if found else 0
                right = [each for each in lessons if found and each.title == found["title"]]
                if found and not any(each.day + timedelta(days=days) == sitting.day for each in right):
                    wrong.append((subject, sitting, found.groupdict()))
                if sitting.role in GO_BACK and lessons:
                    could += 1
                    named += bool(found)
                if sitting.role in ("recall", "review", "mock", "light_review"):
                    known = {key for each in lessons for key in each.units}
                    early += [(subject, sitting.title)] if sitting.units - known else []
    assert wrong == []
    assert early == []
    assert named >= 0.9 * could


def test_the_first_plan_of_a_new_student_is_the_same_on_every_monday() -> None:
    for subject in SUBJECTS:
        plans = [sittings(Life((subject,)).plan(monday)) for monday in MONDAYS]
        shapes = {tuple((each.title, each.day.weekday(), each.role) for each in plan) for plan in plans}
        assert len(shapes) == 1, subject
        [lesson] = [each for each in plans[0] if each.role == "lesson"][:1]
        assert lesson.units == {Life((subject,)).syllabus(subject).units[0].key}


def test_a_term_of_ielts_has_forty_titles_in_its_four_sections() -> None:
    life = Life(("IELTS",), (("IELTS", MONDAYS[0].date() + 6 * WEEK),))
    titles, sections = set(), set()
    for number in range(6):
        planned = life.plan(MONDAYS[0] + number * WEEK)
        titles |= {piece.title for piece in planned.placed.pieces}
        sections |= {unit.section for slot in planned.frame.slots for unit in slot.units}
        life.live(planned, HABITS["does everything"])
    assert len(titles) >= 40
    assert len(sections - {None}) == 4


def test_nothing_of_a_plan_lies_on_or_after_the_exam_that_it_is_for() -> None:
    for days in (1, 2, 3, 6):
        exam = MONDAYS[0].date() + timedelta(days=days)
        planned = Life(("Biology",), (("Biology", exam),)).plan(MONDAYS[0])
        eve = [piece for piece in planned.placed.pieces if piece.day == exam - timedelta(days=1)]
        assert all(piece.day < exam for piece in planned.placed.pieces)
        assert sum(piece.minutes for piece in eve) <= (120 if days == 1 else 30)
        mocks = [piece for piece in planned.placed.pieces if piece.kind is Kind.MOCK]
        assert all(piece.day <= exam - timedelta(days=2) for piece in mocks)
        assert bool(mocks) == (days > 1)


@pytest.mark.parametrize(
    ("asked", "exam", "days"),
    [
        ((7, 21, 30), 9, {8}),  # Saturday night, exam on Monday: all of Sunday, though the week is nearly over
        ((8, 8, 0), 10, {8}),  # Sunday, exam on Tuesday: Sunday has room for a mock
        ((8, 19, 30), 9, {8}),  # the very eve, in the evening
        ((8, 8, 0), 12, {9, 10, 11}),  # Sunday, exam on Thursday: next week holds more
    ],
)
def test_an_exam_early_in_next_week_decides_which_week_a_plan_is_for(
    asked: tuple[int, int, int], exam: int, days: set[int]
) -> None:
    day, hour, minute = asked
    now = datetime(2026, 3, day, hour, minute, tzinfo=JAKARTA).astimezone(UTC)
    hours = tuple(Window(weekday, 8 * 60, 21 * 60) for weekday in range(1, 8))
    planned = Life(("Biology",), (("Biology", date(2026, 3, exam)),), windows=hours).plan(now)
    assert planned.placed.unplaced == ()
    assert len(planned.placed.pieces) >= 6
    assert {piece.day.day for piece in planned.placed.pieces} == days
