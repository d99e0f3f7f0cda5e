"""What the dashboard shows. The clock stands at Wednesday 2026-03-04, 09:00 UTC."""

from datetime import date, timedelta

import pytest

from tests.client import FrozenClock, Student
from tests.dashboard.history import complete
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, summary, tick, travel, week

TODAY = date(2026, 3, 4)
MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_a_new_student_has_a_whole_but_empty_dashboard(student: Student) -> None:
    assert summary(student) == {
        "range": "7d",
        "today": "2026-03-04",
        "today_completed": 0,
        "today_total": 0,
        "streak_days": 0,
        "weekly_progress": [0] * 7,
        "focus_minutes_trend": [
            {"label": label, "minutes": 0} for label in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        ],
        "subject_distribution": [{"subject": "Nothing yet", "minutes": 0}],
    }
    assert ok(student.get("/dashboard/summary")) == summary(student)


def test_with_nothing_completed_the_focus_topics_are_named(student: Student) -> None:
    topics = ["Biology", "Physics", "Math", "English", "Chemistry", "History"]
    ok(student.put("/users/preferences", PREFERENCES | {"focus_topics": topics}))
    for days in ("7d", "30d"):
        shown = summary(student, days)["subject_distribution"]
        assert shown == [{"subject": topic, "minutes": 0} for topic in topics[:5]]


def test_today_is_what_is_scheduled_or_completed_today(student: Student, clock: FrozenClock) -> None:
    make_plan(student, scheduled_at="2026-03-03T10:00:00Z")
    overdue = week(student)[0]
    early = append(student, scheduled_at="2026-03-05T10:00:00Z")
    append(student, scheduled_at="2026-03-04T20:00:00Z")
    append(student, scheduled_at="2026-03-06T20:00:00Z")
    today = summary(student)
    assert (today["today_completed"], today["today_total"]) == (0, 1)
    tick(student, overdue)
    tick(student, early)
    today = summary(student)
    assert (today["today_completed"], today["today_total"]) == (2, 3)
    travel(student, clock, "2026-03-05T09:00:00Z")
    today = summary(student)
    assert (today["today_completed"], today["today_total"]) == (1, 1)


def test_starting_or_reopening_a_session_completes_nothing(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    tick(student, session)
    for status in ("in_progress", "pending"):
        change(student, session, status=status)
        shown = summary(student)
        assert (shown["today_completed"], shown["today_total"], shown["streak_days"]) == (0, 1, 0)
        assert sum(shown["weekly_progress"]) == 0


def test_a_week_runs_from_monday_to_sunday(student: Student) -> None:
    complete(student, MONDAY - DAY, MONDAY, MONDAY, TODAY, MONDAY + 7 * DAY)
    shown = summary(student)
    assert shown["weekly_progress"] == [2, 0, 1, 0, 0, 0, 0]
    assert [point["minutes"] for point in shown["focus_minutes_trend"]] == [60, 0, 30, 0, 0, 0, 0]
    assert shown["subject_distribution"] == [{"subject": "Biology", "minutes": 90}]


def test_thirty_days_are_five_buckets_that_end_today_and_sum_up(student: Student) -> None:
    complete(student, *(TODAY - back * DAY for back in range(-2, 60)))
    complete(student, TODAY - 29 * DAY, TODAY - 30 * DAY, minutes=100)
    shown = summary(student, "30d")
    assert shown["weekly_progress"] == [3, 7, 7, 7, 7]
    assert shown["focus_minutes_trend"] == [
        {"label": "W1", "minutes": 160},
        *({"label": f"W{number}", "minutes": 210} for number in range(2, 6)),
    ]
    assert shown["subject_distribution"] == [{"subject": "Biology", "minutes": 1000}]


def test_minutes_are_what_it_really_took_where_that_is_known(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    change(student, session, status="done", actual_minutes=50)
    assert summary(student)["focus_minutes_trend"][2] == {"label": "Wed", "minutes": 50}
    change(student, session, actual_minutes=None)
    assert summary(student)["subject_distribution"] == [{"subject": "Biology", "minutes": 45}]


@pytest.mark.parametrize(
    ("done", "streak"),
    [
        ([0], 1),
        ([1], 1),
        ([2], 0),
        ([0, 1, 2], 3),
        ([1, 2, 3], 3),
        ([0, 2, 3], 1),
        ([-1], 0),
        ([-1, 0, 1], 2),
        (list(range(400)), 400),
        (list(range(1, 401)), 400),
        ([*range(29), *range(30, 60)], 29),
        ([*range(31), *range(32, 60)], 31),
        ([*range(90), *range(91, 100)], 90),
        ([*range(91), *range(92, 100)], 91),
    ],
)
def test_a_streak_ends_today_or_yesterday(student: Student, done: list[int], streak: int) -> None:
    complete(student, *(TODAY - back * DAY for back in done))
    assert summary(student)["streak_days"] == summary(student, "30d")["streak_days"] == streak


def test_deleting_what_was_completed_ends_the_streak(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    tick(student, session)
    assert summary(student)["streak_days"] == 1
    student.delete(f"/sessions/{session['id']}")
    assert summary(student)["streak_days"] == 0
