"""What the dashboard shows. The clock stands at Wednesday 2026-03-04, 09:00 UTC."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from schediora.dashboard.schemas import SummaryView
from tests.client import FrozenClock, Student
from tests.dashboard.history import complete
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, summary, tick, travel, week
from tests.planner.generated import plan_of

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
        "best_streak_days": 0,
        "planned_minutes": 0,
        "done_minutes": 0,
        "weekly_progress": [0] * 7,
        "focus_minutes_trend": [
            {"label": label, "minutes": 0} for label in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
        ],
        "by_weekday": [0] * 7,
        "subject_distribution": [{"subject": "Nothing yet", "minutes": 0}],
        "week_done": False,
        "exams": [],
        "up_next": [],
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


def test_planned_and_done_minutes_are_those_of_the_range(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-03T10:00:00Z")
    append(student, scheduled_at="2026-03-08T10:00:00Z", duration_minutes=60)
    append(student, scheduled_at="2026-03-09T10:00:00Z")
    append(student, scheduled_at="2026-02-20T10:00:00Z", duration_minutes=90)
    change(student, week(student)[0], status="done", actual_minutes=70)
    shown, month = summary(student), summary(student, "30d")
    assert (shown["planned_minutes"], shown["done_minutes"]) == (45 + 60, 70)
    assert (month["planned_minutes"], month["done_minutes"]) == (45 + 90, 70)


def test_minutes_by_weekday_begin_with_monday(student: Student) -> None:
    complete(student, MONDAY, MONDAY - 7 * DAY, TODAY, TODAY - 3 * DAY)
    assert summary(student)["by_weekday"] == [30, 0, 30, 0, 0, 0, 0]
    assert summary(student, "30d")["by_weekday"] == [60, 0, 30, 0, 0, 0, 30]


def test_the_best_streak_is_that_of_a_year(student: Student) -> None:
    complete(student, *(TODAY - back * DAY for back in (0, 1, 5, 6, 7, 8, *range(360, 400))))
    shown = summary(student)
    assert (shown["streak_days"], shown["best_streak_days"]) == (2, 6)


def test_the_best_streak_is_never_less_than_the_streak(student: Student) -> None:
    complete(student, *(TODAY - back * DAY for back in range(400)))
    assert summary(student)["best_streak_days"] == summary(student)["streak_days"] == 400


def test_rest_days_and_days_off_neither_add_to_a_streak_nor_break_it(student: Student, clock: FrozenClock) -> None:
    off = [{"first": "2026-03-09", "last": "2026-03-13"}]
    ok(student.put("/users/preferences", PREFERENCES | {"rest_days": [6, 7], "days_off": off}))
    friday = date(2026, 3, 6)
    complete(student, *(friday - back * DAY for back in range(5)), date(2026, 2, 27))
    for instant in ("2026-03-07T09:00:00Z", "2026-03-09T09:00:00Z", "2026-03-16T09:00:00Z"):
        travel(student, clock, instant)
        assert (summary(student)["streak_days"], summary(student)["best_streak_days"]) == (6, 6), instant
    travel(student, clock, "2026-03-17T09:00:00Z")
    assert (summary(student)["streak_days"], summary(student)["best_streak_days"]) == (0, 6)
    complete(student, friday + DAY, friday + 10 * DAY)
    ok(student.put("/users/preferences", PREFERENCES))
    assert summary(student)["streak_days"] == 8
    ok(student.put("/users/preferences", PREFERENCES | {"rest_days": [], "days_off": []}))
    assert (summary(student)["streak_days"], summary(student)["best_streak_days"]) == (1, 6)


def test_exams_show_how_far_the_student_is(student: Student) -> None:
    ok(student.put("/syllabus", {"topic": "Biology", "units": [{"title": "One", "known": True}, {"title": "Two"}]}))
    exams = [
        {"topic": "Biology", "date": "2026-03-25"},
        {"topic": "Marine knots", "date": "2026-03-04"},
        {"topic": "Biology", "date": "2026-03-03"},
    ]
    ok(student.put("/users/preferences", PREFERENCES | {"exams": exams}))
    today, ahead = summary(student)["exams"]
    assert today == {"topic": "Marine knots", "date": "2026-03-04", "days_left": 0, "coverage": None}
    assert (ahead["topic"], ahead["date"], ahead["days_left"]) == ("Biology", "2026-03-25", 21)
    assert ahead["coverage"] == ok(student.get("/syllabus", params={"topic": "Biology"}))["coverage"]
    assert (ahead["coverage"]["learned"], ahead["coverage"]["units"]) == (1, 2)


def test_what_could_come_next_follows_what_was_done(student: Student) -> None:
    units = [{"title": "One"}, {"title": "Two"}]
    shown = ok(student.put("/syllabus", {"topic": "Biology", "units": units}))["units"]
    plan_of(UUID(student.id), {"units": ((shown[0]["key"], "One"),)})
    assert [unit["title"] for unit in summary(student)["up_next"]] == ["Two"]
    (session,) = week(student)
    change(student, session, status="done", rating="again")
    assert summary(student)["up_next"][0] == {
        "topic": "Biology",
        "key": shown[0]["key"],
        "title": "One",
        "state": "new",
    }
    change(student, session, rating="good")
    assert [unit["title"] for unit in summary(student)["up_next"]] == ["Two"]


def test_a_week_is_done_when_it_has_sessions_and_all_of_them_are_done(student: Student, clock: FrozenClock) -> None:
    make_plan(student)
    append(student, scheduled_at="2026-03-08T10:00:00Z")
    first, last = week(student)
    tick(student, first)
    assert summary(student)["week_done"] is False
    tick(student, last)
    assert summary(student)["week_done"] is True
    travel(student, clock, "2026-03-09T09:00:00Z")
    assert summary(student)["week_done"] is False


def test_a_summary_is_shown_as_the_view_of_it_would_show_it(student: Student) -> None:
    for wish in ({}, {"exams": [{"topic": "Biology", "date": "2026-03-20"}]}):
        ok(student.put("/users/preferences", PREFERENCES | wish))
        make_plan(student)
        tick(student, append(student, scheduled_at="2026-03-02T10:00:00Z"))
        for days in ("7d", "30d"):
            answer = student.get("/dashboard/summary", params={"range": days})
            assert answer.content == SummaryView(**ok(answer)).model_dump_json().encode()
