"""The days before an exam, across the border of two weeks: a mock, its errors, and a light eve."""

from dataclasses import replace
from datetime import date

from schediora.ai.curriculum.frame import Frame, NoteCode, PastSession, Role
from schediora.planner.scheduler.problem import Kind
from tests.ai.curriculum.simulated import DAY, MONDAY, WEEK, Life, diligent, syllabus_of


def lived(topic: str, exam: date) -> list[PastSession]:
    """Return the sessions of a diligent student who plans each Monday until the exam."""
    life = Life([syllabus_of(topic)], {topic: (exam,)})
    monday = MONDAY
    while monday < exam:
        life.week(monday, diligent)
        monday += WEEK
    return life.past


def of(frame: Frame, *roles: Role) -> list[int]:
    """Return the indexes of the slots of some roles."""
    return [index for index, slot in enumerate(frame.slots) if slot.role in roles]


def test_whatever_weekday_the_exam_is_on_a_mock_leads_the_last_week_and_its_errors_follow() -> None:
    faults: list[tuple[int, str, list[str]]] = []
    for days in range(3, 31):
        exam = MONDAY + days * DAY
        sessions = [each for each in lived("Biology", exam) if exam - each.day <= WEEK]
        mocks = [each for each in sessions if each.kind is Kind.MOCK]
        reworks = [each for each in sessions if each.role is Role.REWORK]
        if len(mocks) != 1 or mocks[0].day > exam - 2 * DAY:
            faults.append((days, "mocks", [str(mock.day) for mock in mocks]))
        if not reworks or any(mock.day > each.day for each in reworks for mock in mocks):
            faults.append((days, "reworks", [str(each.day) for each in reworks]))
        eve = [each for each in sessions if each.day == exam - DAY]
        asked_on_eve = eve and exam - DAY == eve[0].day - eve[0].day.weekday() * DAY
        if not asked_on_eve and [each for each in eve if each.role is not Role.LIGHT_REVIEW]:
            faults.append((days, "eve", [str(each.role) for each in eve]))
        if sum(each.planned_minutes for each in eve) > (120 if asked_on_eve else 30):
            faults.append((days, "eve", [str(each.planned_minutes) for each in eve]))
    assert not faults


def test_the_mock_is_as_long_as_the_paper_or_as_the_longest_session_and_then_says_so() -> None:
    for longest, paper, wanted in ((120, 90, 90), (45, 90, 45), (180, 165, 120), (180, 60, 60)):
        life = Life([syllabus_of("Biology")], {"Biology": (MONDAY + 6 * DAY,)}, session_minutes=longest)
        life.topics = [replace(life.topics[0], mock_minutes=paper)]
        frame = life.frame(MONDAY)
        (mock,) = of(frame, Role.DIAGNOSTIC)
        said = [dict(note.values) for note in frame.notes if note.code is NoteCode.SHORTER_PAPER]
        assert frame.slots[mock].minutes == wanted
        assert frame.slots[mock].whole
        assert said == ([{"minutes": wanted, "paper_minutes": paper}] if wanted < paper else [])


def test_who_has_learned_everything_gets_a_mock_and_no_diagnostic() -> None:
    life = Life([syllabus_of("Biology")], {"Biology": (MONDAY + 41 * DAY,)})
    for week in range(5):
        life.week(MONDAY + week * WEEK, diligent)
    frame = life.frame(MONDAY + 5 * WEEK)
    (mock,) = of(frame, Role.MOCK)
    assert not of(frame, Role.DIAGNOSTIC)
    assert {unit.key for unit in frame.slots[mock].units} == {unit.key for unit in life.topics[0].units}
    assert all(mock in frame.slots[index].after for index in of(frame, Role.REWORK, Role.PRACTICE, Role.MIXED))


def test_on_the_eve_there_are_six_short_steps_and_no_mock() -> None:
    for minutes in (60, 90, 120, 240):
        life = Life([syllabus_of("Biology")], {"Biology": (MONDAY + DAY,)}, minutes=minutes)
        frame = life.frame(MONDAY)
        assert not of(frame, Role.MOCK, Role.DIAGNOSTIC)
        assert len(frame.slots) == 6
        assert sum(slot.minutes for slot in frame.slots) <= max(90, min(120, minutes))
        assert frame.slots[-1].role is Role.LIGHT_REVIEW


def test_what_cannot_be_learned_before_the_exam_is_said() -> None:
    for days, units in ((6, 14), (2, 14)):
        frame = Life([syllabus_of("Biology")], {"Biology": (MONDAY + days * DAY,)}).frame(MONDAY)
        (note,) = [note for note in frame.notes if note.code is NoteCode.NOT_EVERYTHING]
        assert note.values == {"learned": len(of(frame, Role.LESSON)), "units": units, "topic": "Biology"}
