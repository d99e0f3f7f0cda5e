"""How much is planned once there are weeks to look back on, and how long the steps are."""

from datetime import date

from schediora.ai.curriculum.frame import Frame, NoteCode, PastSession, Role
from tests.ai.curriculum.simulated import MONDAY, WEEK, Done, Habit, Life, a_third, absent, diligent, syllabus_of


def total(frame: Frame) -> int:
    """Return the minutes of all slots."""
    return sum(slot.minutes for slot in frame.slots)


def third_week(habit: Habit, minutes: int | None = 120) -> tuple[Frame, Frame, float]:
    """Return the first and the third week's frame, and the minutes done a week in the two before it."""
    life = Life([syllabus_of("Biology")], minutes=minutes)
    first = life.week(MONDAY, habit)
    life.week(MONDAY + WEEK, habit)
    did = sum(session.planned_minutes for session in life.past if session.done_on) / 2
    return first, life.frame(MONDAY + 2 * WEEK), did


def test_who_does_a_third_is_offered_less_in_the_third_week_and_is_told() -> None:
    for minutes in (60, 120, 240, None):
        first, third, did = third_week(a_third, minutes)
        offered = 7 * (minutes or 120)
        assert total(third) < total(first)
        assert max(0.3 * offered, 90) - 10 <= total(third) <= max(1.2 * did, 0.3 * offered, 90)
        assert NoteCode.LESS_THAN_OFFERED in [note.code for note in third.notes]


def test_who_does_everything_is_offered_no_less() -> None:
    for minutes in (60, 120, 240, None):
        first, third, _ = third_week(diligent, minutes)
        assert total(first) <= total(third) <= 0.9 * 7 * (minutes or 120)
        assert NoteCode.LESS_THAN_OFFERED not in [note.code for note in third.notes]


def test_who_does_nothing_is_still_offered_six_steps() -> None:
    _, third, _ = third_week(absent, 30)
    assert 90 <= total(third) <= 100
    assert len(third.slots) == 6


def test_a_first_week_that_began_late_does_not_count_as_a_lazy_one() -> None:
    life = Life([syllabus_of("Biology")])
    friday = MONDAY + 4 * (date(2026, 1, 2) - date(2026, 1, 1))
    life.week(MONDAY, diligent, friday)
    first = life.week(MONDAY + WEEK, diligent)
    assert total(life.frame(MONDAY + 2 * WEEK)) >= total(first)


def test_who_always_takes_half_as_long_again_gets_fitting_lengths_week_after_week() -> None:
    def takes_its_time(session: PastSession) -> Done:
        return Done(session.day, actual_minutes=round(1.5 * session.planned_minutes / session.pace))

    life = Life([syllabus_of("Biology")])
    assert life.week(MONDAY, takes_its_time).pace == 1
    paces = [life.week(MONDAY + number * WEEK, takes_its_time).pace for number in range(1, 9)]
    assert [pace for pace in paces if abs(pace - 1.5) > 0.05] == []


def test_who_takes_twice_as_long_gets_longer_and_fewer_steps() -> None:
    def slow(session: PastSession) -> Done:
        return Done(session.day, actual_minutes=2 * session.planned_minutes)

    _, usual, _ = third_week(diligent)
    _, longer, _ = third_week(slow)

    def lesson(frame: Frame) -> float:
        lessons = [slot.minutes / slot.units[0].minutes for slot in frame.slots if slot.role is Role.LESSON]
        return sum(lessons) / len(lessons)

    assert lesson(longer) > 1.2 * lesson(usual)
    assert len(longer.slots) < len(usual.slots)
