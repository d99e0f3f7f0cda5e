"""What days off change in a week's frame: how much there is to do, and what leads up to an exam."""

from dataclasses import replace
from datetime import date, timedelta

from schediora.ai.curriculum.frame import DayTime, Frame, Request, Role
from schediora.ai.curriculum.week import frame_of
from schediora.planner.scheduler.problem import Kind
from tests.ai.curriculum.simulated import Life, own_list

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)
SUNDAY = frozenset({7})


def off(request: Request, *spans: tuple[int, int], rest: frozenset[int] = frozenset()) -> Request:
    """The request of a student with these days off (counted from Monday) and days of rest."""
    dates = tuple((MONDAY + first * DAY, MONDAY + last * DAY) for first, last in spans)
    student = replace(request.student, rest_days=rest, days_off=dates)
    days = tuple(DayTime(each.day, 0 if student.is_off(each.day) else each.minutes) for each in student.days)
    return replace(request, student=replace(student, days=days))


def request(exam: int | None = None, units: int = 12) -> Request:
    topic = own_list(*(f"Chapter {number}" for number in range(units)))
    return Life([topic], {"Sailing": (MONDAY + exam * DAY,)} if exam else {}).request(MONDAY)


def lessons(frame: Frame) -> int:
    return len({slot.units for slot in frame.slots if slot.kind is Kind.LEARN})


def roles(frame: Frame) -> set[Role]:
    return {slot.role for slot in frame.slots}


def test_a_holiday_before_the_exam_asks_for_more_each_week_that_is_left() -> None:
    usual = frame_of(request(35))
    assert lessons(frame_of(off(request(35), (7, 20)))) > lessons(usual)
    assert lessons(frame_of(off(request(35), (36, 60)))) == lessons(usual)


def test_days_of_rest_in_every_week_leave_the_pace_of_a_week_as_it_is() -> None:
    assert lessons(frame_of(off(request(35), rest=SUNDAY))) == lessons(frame_of(request(35)))
    assert lessons(frame_of(off(request(), rest=SUNDAY))) == lessons(frame_of(request()))


def test_a_week_with_fewer_days_takes_fewer_minutes() -> None:
    def minutes(frame: Frame) -> int:
        return sum(slot.minutes for slot in frame.slots)

    assert minutes(frame_of(off(request(), (2, 6)))) < minutes(frame_of(request()))


def test_a_day_off_on_the_eve_leaves_the_day_before_to_work_and_ends_it_lightly() -> None:
    frame = frame_of(off(request(7), rest=SUNDAY))  # the exam is on Monday
    (light,) = [slot for slot in frame.slots if slot.role is Role.LIGHT_REVIEW]
    assert (light.latest_day, light.minutes <= 30) == (MONDAY + 5 * DAY, True)
    assert {Role.MOCK, Role.DIAGNOSTIC} & roles(frame)
    assert all((slot.latest_day or MONDAY) <= MONDAY + 5 * DAY for slot in frame.slots)


def test_the_mock_comes_before_a_holiday_that_takes_up_the_last_week() -> None:
    frame = frame_of(off(request(15), (5, 14)))
    (mock,) = [slot for slot in frame.slots if slot.kind is Kind.MOCK]
    assert mock.latest_day == MONDAY + 4 * DAY
    assert Role.LIGHT_REVIEW in roles(frame)
    assert not {Role.LIGHT_REVIEW, Role.MOCK, Role.DIAGNOSTIC} & roles(frame_of(request(15)))


def test_an_exam_on_a_day_off_is_prepared_for_like_any_other() -> None:
    plain = frame_of(request(6))
    assert frame_of(off(request(6), (6, 8))).slots == plain.slots


def test_a_student_who_is_off_until_the_exam_gets_a_frame_all_the_same() -> None:
    assert frame_of(off(request(6), (0, 8))).slots
