"""What comes back: what was missed, what went wrong, what is due, and what a mock brought to light."""

from dataclasses import replace
from uuid import UUID

from schediora.ai.curriculum.frame import Frame, PastSession, Role, Slot, Why
from schediora.memory.replay import Rating
from schediora.planner.scheduler.problem import Kind
from schediora.syllabus.syllabus import Syllabus, SyllabusUnit
from tests.ai.curriculum.simulated import DAY, MONDAY, WEEK, Done, Life, absent, diligent, syllabus_of


def taught(life: Life, units: tuple[SyllabusUnit, ...], *, ago: int, rating: Rating | None = None) -> None:
    """Let the student have had a lesson of each unit, the last one `ago` days before the week."""
    for number, unit in enumerate(reversed(units)):
        done(life, (unit,), Kind.LEARN, ago + number, rating)


def done(
    life: Life,
    units: tuple[SyllabusUnit, ...],
    kind: Kind,
    ago: int,
    rating: Rating | None = None,
    builds_on: tuple[UUID, ...] = (),
) -> PastSession:
    """Let the student have done one session `ago` days before the week."""
    day, keys = MONDAY - ago * DAY, tuple(unit.key for unit in units)
    id_ = UUID(int=10_000 + len(life.past))
    topic = life.topics[0].topic
    session = PastSession(id_, topic, "", keys, kind, 60, None, day, None, None, builds_on, from_plan=False)
    return life.live(session, Done(day, rating))


def of(frame: Frame, role: Role, why: Why) -> list[Slot]:
    """Return the slots of one role and reason."""
    return [slot for slot in frame.slots if slot.role is role and slot.why is why]


def math() -> tuple[Life, Syllabus]:
    """Return a student of Math, and their units."""
    life = Life([syllabus_of("Math")])
    return life, life.topics[0]


def test_a_missed_lesson_says_on_which_day_it_was_missed() -> None:
    life, _ = math()
    life.week(MONDAY, absent)
    days = {session.units[0]: session.day for session in life.past if session.kind is Kind.LEARN}
    slots = of(life.frame(MONDAY + WEEK), Role.LESSON, Why.MISSED)
    assert {slot.units[0].key: slot.missed_on for slot in slots} == days


def test_the_missed_part_of_a_lesson_comes_back_alone_and_builds_on_the_part_that_was_done() -> None:
    life, syllabus = math()
    unit, planned = syllabus.units[0], []
    for number, day in enumerate((MONDAY, MONDAY + DAY)):
        part = PastSession(UUID(int=number + 1), "Math", "", (unit.key,), Kind.LEARN, 50, None, day, None, None)
        planned.append(life.live(part, Done(day if number == 0 else None)))
    slot = of(life.frame(MONDAY + WEEK), Role.LESSON, Why.MISSED)[0]
    assert (slot.units, slot.builds_on, slot.missed_on) == ((unit,), (planned[0].id,), MONDAY + DAY)
    assert slot.turn == 1


def test_a_lesson_that_went_wrong_is_a_lesson_again_within_three_days() -> None:
    life, syllabus = math()
    taught(life, syllabus.units[1:4], ago=6)
    failed = done(life, syllabus.units[:1], Kind.LEARN, 2, Rating.AGAIN)
    slot = of(life.frame(MONDAY), Role.LESSON, Why.AGAIN)[0]
    assert (slot.units, slot.builds_on, slot.latest_day) == (syllabus.units[:1], (failed.id,), MONDAY + 2 * DAY)


def test_other_work_that_went_wrong_is_practice_and_a_mock_is_reworked() -> None:
    for kind, about, role in (
        (Kind.PRACTICE, 1, Role.PRACTICE),
        (Kind.RECALL, 1, Role.PRACTICE),
        (Kind.RECALL, 4, Role.MIXED),
        (Kind.MOCK, 5, Role.REWORK),
    ):
        life, syllabus = math()
        taught(life, syllabus.units[:5], ago=4)
        failed = done(life, syllabus.units[:about], kind, 1, Rating.AGAIN)
        slots = [slot for slot in life.frame(MONDAY).slots if failed.id in slot.builds_on]
        assert [slot.role for slot in slots] == [role], kind
        assert {unit.key for unit in slots[0].units} == {unit.key for unit in syllabus.units[:about]}


def test_what_went_wrong_and_was_worked_on_since_does_not_come_again() -> None:
    life, syllabus = math()
    taught(life, syllabus.units[:5], ago=8)
    done(life, syllabus.units[:3], Kind.RECALL, 4, Rating.AGAIN)
    done(life, syllabus.units[:3], Kind.PRACTICE, 2)
    assert not [slot for slot in life.frame(MONDAY).slots if slot.why is Why.AGAIN]


def test_a_mock_is_reworked_once() -> None:
    life, syllabus = math()
    taught(life, syllabus.units[:5], ago=4)
    mock = done(life, syllabus.units[:5], Kind.MOCK, 2)
    assert [slot.builds_on for slot in life.frame(MONDAY).slots if slot.role is Role.REWORK] == [(mock.id,)]
    done(life, syllabus.units[:5], Kind.PRACTICE, 1, builds_on=(mock.id,))
    assert not [slot for slot in life.frame(MONDAY).slots if slot.role is Role.REWORK]


def test_what_is_due_takes_two_fifths_of_a_week_at_most_while_units_are_left_and_all_it_needs_then() -> None:
    life, syllabus = math()
    taught(life, syllabus.units[:14], ago=20)
    first = life.frame(MONDAY)
    recalls = of(first, Role.RECALL, Why.DUE)
    assert recalls
    assert sum(slot.minutes for slot in recalls) <= 0.4 * sum(slot.minutes for slot in first.slots)
    assert all(len(slot.units) <= 4 for slot in recalls)
    assert of(first, Role.LESSON, Why.NEW)
    life, syllabus = math()
    taught(life, syllabus.units, ago=20)
    asked = {unit.key for slot in of(life.frame(MONDAY), Role.RECALL, Why.DUE) for unit in slot.units}
    assert asked == {unit.key for unit in syllabus.units}


def test_a_recall_names_the_lessons_that_it_builds_on() -> None:
    life, _ = math()
    for week in range(4):
        frame = life.week(MONDAY + week * WEEK, diligent)
    lessons = {session.id: session.units[0] for session in life.past if session.kind is Kind.LEARN}
    looking_back = [slot for slot in frame.slots if slot.role in (Role.RECALL, Role.REVIEW, Role.PRACTICE, Role.MIXED)]
    faults = []
    for slot in looking_back:
        named = {lessons[id_] for id_ in slot.builds_on}
        named |= {unit.key for other in slot.after for unit in frame.slots[other].units}
        if named != {unit.key for unit in slot.units}:
            faults.append((slot.role, slot.units, named))
    assert looking_back
    assert not faults


def test_what_the_student_knows_is_not_taught_and_comes_back_after_two_weeks() -> None:
    life, syllabus = math()
    known = tuple(replace(unit, known_on=MONDAY) if place < 6 else unit for place, unit in enumerate(syllabus.units))
    life.topics = [replace(syllabus, units=known)]
    keys = {unit.key for unit in known[:6]}
    first = life.frame(MONDAY)
    assert first.slots[0].units == (syllabus.units[6],)
    assert not keys & {unit.key for slot in first.slots if slot.role is Role.LESSON for unit in slot.units}
    assert not [slot for slot in of(first, Role.RECALL, Why.DUE) if keys & {unit.key for unit in slot.units}]
    later = life.frame(MONDAY + 2 * WEEK)
    assert keys <= {unit.key for slot in of(later, Role.RECALL, Why.DUE) for unit in slot.units}


def test_a_lesson_that_is_still_to_come_this_week_is_not_planned_for_the_next() -> None:
    life, syllabus = math()
    saturday = MONDAY + 5 * DAY
    life.past = [
        PastSession(UUID(int=1), "Math", "", (syllabus.units[0].key,), Kind.LEARN, 60, None, saturday, None, None)
    ]
    frame = life.frame(MONDAY + WEEK, saturday)
    assert all(slot.units != syllabus.units[:1] for slot in frame.slots)


def test_what_is_recalled_or_worked_on_again_this_week_is_not_planned_for_the_next() -> None:
    saturday, sunday = MONDAY + 5 * DAY, MONDAY + 6 * DAY
    for to_come in (False, True):
        life, syllabus = math()
        taught(life, syllabus.units[:2], ago=8)
        done(life, syllabus.units[1:2], Kind.PRACTICE, 1, Rating.AGAIN)
        for number, (unit, kind) in enumerate(zip(syllabus.units, (Kind.RECALL, Kind.PRACTICE), strict=False)):
            if to_come:
                ahead = PastSession(UUID(int=number + 1), "Math", "", (unit.key,), kind, 20, None, sunday, None, None)
                life.past = [*life.past, ahead]
        frame = life.frame(MONDAY + WEEK, saturday)
        again = {unit.key for slot in frame.slots if slot.why is Why.AGAIN for unit in slot.units}
        due = {unit.key for slot in of(frame, Role.RECALL, Why.DUE) for unit in slot.units}
        assert (syllabus.units[1].key in again) is not to_come
        assert (syllabus.units[0].key in due) is not to_come


def test_all_that_went_wrong_comes_back_however_much_it_was() -> None:
    life, syllabus = math()
    taught(life, syllabus.units[:8], ago=8)
    failed = [done(life, (unit,), Kind.PRACTICE, 1, Rating.AGAIN).id for unit in syllabus.units[:7]]
    slots = [slot for slot in life.frame(MONDAY).slots if slot.why is Why.AGAIN]
    assert {unit.key for slot in slots for unit in slot.units} == {unit.key for unit in syllabus.units[:7]}
    assert set(failed) <= {id_ for slot in slots for id_ in slot.builds_on}
