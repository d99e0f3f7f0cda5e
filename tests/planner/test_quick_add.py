"""A session without a time starts now, or as soon as nothing else is in its way. It is Wednesday 2026-03-04, 09:00."""

from datetime import UTC, datetime, timedelta
from itertools import count, takewhile
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.http.caller import Caller
from schediora.localtime import zone
from schediora.planner.quick_add import Stretch, start_without_time
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, tick, travel, week

MARK = timedelta(minutes=5)
MINUTE = timedelta(minutes=1)
AROUND = {
    "UTC": datetime(2026, 3, 4, tzinfo=UTC),
    "Europe/Berlin": datetime(2026, 10, 24, 22, tzinfo=UTC),
    "America/New_York": datetime(2026, 3, 8, 5, tzinfo=UTC),
    "Asia/Kathmandu": datetime(2026, 3, 4, 18, 15, tzinfo=UTC),
    "Antarctica/Troll": datetime(2026, 10, 24, 22, tzinfo=UTC),
}
"""A midnight in each zone, in three of them that of a day on which the clocks change."""


def plain_reference(caller: Caller, minutes: int, taken: list[Stretch], now: datetime) -> datetime:
    """Try every mark until today is over."""
    length, today = timedelta(minutes=minutes), caller.today(now)
    first = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    marks = (first + number * MARK for number in count(0 if first == now else 1))
    free = [
        mark
        for mark in takewhile(lambda mark: caller.day_of(mark) == today, marks)
        if not any(mark < end and begin < mark + length for begin, end in taken)
    ]
    return free[0] if free else first if caller.day_of(first) == today else now.replace(second=0, microsecond=0)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(AROUND)),
    st.sampled_from([0, 0, 240, 243]),
    st.integers(-1500, 1500),
    st.integers(0, 59),
    st.integers(15, 480),
    st.lists(st.tuples(st.integers(-500, 1600), st.integers(15, 480)), max_size=12),
)
def test_it_starts_at_the_first_free_mark_of_today(
    name: str, starts_at: int, offset: int, seconds: int, minutes: int, others: list[tuple[int, int]]
) -> None:
    caller = Caller(UUID(int=0), zone(name), starts_at)
    now = AROUND[name] + timedelta(minutes=offset, seconds=seconds)
    taken = [(now + begin * MINUTE, now + (begin + length) * MINUTE) for begin, length in others]
    start = start_without_time(caller, minutes, taken, now=now)
    assert start == plain_reference(caller, minutes, taken, now)
    assert caller.day_of(start) == caller.today(now)


def starts(student: Student) -> list[str]:
    return [session["scheduled_at"] for session in week(student)]


def test_three_quick_adds_land_one_after_another(student: Student, clock: FrozenClock) -> None:
    clock.advance(minutes=2)
    assert make_plan(student)["overlaps"] == []
    assert [append(student)["overlaps"] for _ in range(2)] == [[], []]
    assert starts(student) == ["2026-03-04T09:05:00Z", "2026-03-04T09:50:00Z", "2026-03-04T10:35:00Z"]
    assert {session["pinned"] for session in week(student)} == {False}


def test_what_is_done_is_not_in_the_way_and_what_is_begun_is(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    change(student, session, status="in_progress")
    assert append(student)["scheduled_at"] == "2026-03-04T09:45:00Z"
    tick(student, session)
    assert append(student)["scheduled_at"] == "2026-03-04T09:00:00Z"


def test_a_gap_is_used_when_it_is_long_enough(student: Student) -> None:
    make_plan(student)
    append(student, scheduled_at="2026-03-04T10:15:00Z")
    assert append(student)["scheduled_at"] == "2026-03-04T11:00:00Z"
    assert append(student, duration_minutes=30)["scheduled_at"] == "2026-03-04T09:45:00Z"


def test_at_the_end_of_the_day_it_is_still_today(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-03-04T23:40:00+00:00")
    make_plan(student, scheduled_at="2026-03-04T08:00:00Z")
    for now, minutes, start in (
        ("2026-03-04T23:50:00+00:00", 45, "2026-03-04T23:50:00Z"),
        ("2026-03-04T23:51:00+00:00", 30, "2026-03-04T23:50:00Z"),
        ("2026-03-04T23:57:00+00:00", 15, "2026-03-04T23:55:00Z"),
        ("2026-03-05T00:00:00+00:00", 30, "2026-03-05T00:35:00Z"),
    ):
        travel(student, clock, now)
        added = append(student, duration_minutes=minutes)
        assert (added["scheduled_at"], added["scheduled_on"]) == (start, start[:10])
    assert len(append(student, scheduled_at="2026-03-04T23:58:00Z")["overlaps"]) == 4


def test_a_full_evening_is_no_reason_to_add_it_to_tomorrow(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-03-04T21:03:00+00:00")
    make_plan(student, scheduled_at="2026-03-04T20:00:00Z", duration_minutes=300)
    (other,) = week(student)
    added = append(student)
    assert (added["scheduled_at"], added["overlaps"]) == ("2026-03-04T21:00:00Z", [other["id"]])


def test_the_day_ends_when_the_student_says(student: Student, clock: FrozenClock) -> None:
    ok(student.put("/users/preferences", PREFERENCES | {"timezone": "Europe/Berlin", "day_starts_at": "04:00"}))
    travel(student, clock, "2026-03-05T01:30:00+00:00")
    make_plan(student)
    assert starts(student) == ["2026-03-05T01:30:00Z"]
    added = [append(student, duration_minutes=60) for _ in range(2)]
    assert [each["scheduled_at"] for each in added] == ["2026-03-05T02:15:00Z", "2026-03-05T01:30:00Z"]
    assert {each["scheduled_on"] for each in added} == {"2026-03-04"}
    assert [len(each["overlaps"]) for each in added] == [0, 2]


def test_a_quick_plan_on_sunday_night_is_this_weeks(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-03-08T23:57:00+00:00")
    assert make_plan(student)["week_start"] == "2026-03-02"
    assert starts(student) == ["2026-03-08T23:55:00Z"]


def test_with_a_time_an_overlap_is_accepted_and_named(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-04T10:00:00Z")
    append(student, scheduled_at="2026-03-04T10:45:00Z")
    done = tick(student, append(student, scheduled_at="2026-03-04T10:30:00Z"))
    first, _, second = week(student)
    plan = make_plan(student, scheduled_at="2026-03-04T10:30:00Z", duration_minutes=60)
    assert plan["overlaps"] == [first["id"], second["id"]]
    assert "overlaps" not in ok(student.get("/plans"))[0]
    assert append(student, scheduled_at="2026-03-04T09:15:00Z")["overlaps"] == []
    tick(student, first)
    assert done["id"] not in append(student, scheduled_at="2026-03-04T10:00:00Z", duration_minutes=15)["overlaps"]


def test_a_series_names_what_any_of_its_sessions_lies_on(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-06T10:00:00Z")
    append(student, scheduled_at="2026-03-04T10:44:00Z")
    beside = append(student, scheduled_at="2026-03-05T10:45:00Z")
    others = [session["id"] for session in week(student) if session["id"] != beside["id"]]
    repeat = {"every": "day", "until": "2026-03-08"}
    assert append(student, scheduled_at="2026-03-04T10:00:00Z", repeat=repeat)["overlaps"] == others
