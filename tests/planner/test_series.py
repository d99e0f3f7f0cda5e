"""Sessions that come back every day or every week. It is Wednesday 2026-03-04, 09:00 UTC."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from schediora.http.caller import Caller
from schediora.localtime import zone
from schediora.models.planner import Session
from schediora.planner.schemas import Every, Repeat
from schediora.planner.series import MOST_SESSIONS, starts_of
from tests.client import FrozenClock, Student
from tests.dashboard.history import store
from tests.planner.book import PREFERENCES, SESSION, append, make_plan, ok, plans, refused, tick, travel, week
from tests.planner.series import WHEN, all_of, days, every

APPEND = "/plans/current/sessions"
GENERATE = {"goal": "Pass the exam", "topic": "Chemistry"}


@pytest.mark.parametrize("path", ["/plans", APPEND])
def test_a_series_is_made_at_once_and_its_first_session_answered(student: Student, path: str) -> None:
    make_plan(student, title="There already", scheduled_at="2026-03-02T10:00:00Z")
    wish = SESSION | {"scheduled_at": WHEN, "repeat": every("day", "2026-03-08")}
    answer = ok(student.post(path, wish), 201)
    made = all_of(student)[1:]
    assert days(made) == [f"2026-03-0{day}" for day in (4, 5, 6, 7, 8)]
    assert {session["scheduled_at"][11:] for session in made} == {"16:00:00Z"}
    for same in (
        "series_id",
        "title",
        "topic",
        "duration_minutes",
        "plan_id",
        "status",
        "units",
        "pinned",
        "created_at",
    ):
        assert len({str(session[same]) for session in made}) == 1, same
    assert made[0]["series_id"] is not None
    assert answer["id"] == (made[0]["plan_id"] if path == "/plans" else made[0]["id"])
    minutes = {plan["id"]: plan["duration_minutes"] for plan in plans(student)}
    assert minutes[made[0]["plan_id"]] == 45 * (5 if path == "/plans" else 6)
    if path == "/plans":
        assert answer in [plan | {"overlaps": []} for plan in plans(student)]


def test_a_weekly_series_goes_over_the_end_of_the_year(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-12-16T09:00:00+00:00")
    make_plan(student, scheduled_at="2026-12-16T16:00:00Z", repeat=every("week", "2027-01-12"))
    assert days(all_of(student)) == ["2026-12-16", "2026-12-23", "2026-12-30", "2027-01-06"]


def test_a_session_that_comes_once_is_no_series(student: Student) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("day", "2026-03-04"))
    append(student, repeat=every("week", "2026-03-10"))
    assert [session["series_id"] for session in all_of(student)] == [None, None]


def test_a_series_without_a_time_begins_now(student: Student, clock: FrozenClock) -> None:
    clock.advance(minutes=2)
    make_plan(student, repeat=every("day", "2026-03-05"))
    assert [session["scheduled_at"] for session in all_of(student)] == ["2026-03-04T09:05:00Z", "2026-03-05T09:05:00Z"]


def test_sixty_sessions_are_made_and_no_more(student: Student) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("day", "2026-05-02"))
    assert len(all_of(student)) == 60


def test_a_repetition_that_cannot_be_is_refused_and_nothing_made(student: Student) -> None:
    make_plan(student)
    faulty: list[tuple[Any, str, str]] = [
        (every("day", "2026-05-03"), "/repeat/until", "60"),
        (every("day", "9999-12-31"), "/repeat/until", "60"),
        (every("week", "2027-04-28"), "/repeat/until", "60"),
        (every("week", "2027-03-10"), "/repeat/until", "366"),
        (every("day", "2026-03-03"), "/repeat/until", "before"),
        (every("day", "0001-01-01"), "/repeat/until", "before"),
        (every("month", "2026-03-08"), "/repeat/every", "day"),
        (every("day", "2026-02-30"), "/repeat/until", "exists"),
        (every("day", WHEN), "/repeat/until", "date"),
        ({"every": "day"}, "/repeat/until", "missing"),
        ({"until": "2026-03-08"}, "/repeat/every", "missing"),
        (every("day", "2026-03-08") | {"count": "3"}, "/repeat/count", "known"),
        (None, "/repeat", "object"),
        ([every("day", "2026-03-08")], "/repeat", "object"),
        ("day", "/repeat", "object"),
    ]
    wrong = []
    for path in ("/plans", APPEND):
        for repeat, pointer, word in faulty:
            answer = student.post(path, SESSION | {"scheduled_at": WHEN, "repeat": repeat})
            problem = refused(answer, 422, "validation_failed")
            if [fault["pointer"] for fault in problem["errors"]] != [pointer] or word not in problem["detail"]:
                wrong.append((path, repeat, problem["errors"]))
    assert not wrong
    assert len(all_of(student)) == len(plans(student)) == 1


def test_a_series_is_made_as_a_whole_or_not_at_all(student: Student) -> None:
    make_plan(student)
    store(student, ({"day": date(2026, 3, 18), "topic": "A", "minutes": 15} for _ in range(500)))
    for path in ("/plans", APPEND):
        answer = student.post(path, SESSION | {"scheduled_at": WHEN, "repeat": every("week", "2026-03-25")})
        assert "500" in refused(answer, 409, "quota_exceeded")["detail"]
    assert Session.select().where(Session.user == student.id).count() == 501
    append(student, scheduled_at=WHEN, repeat=every("week", "2026-03-17"))


def test_a_deadline_holds_for_every_session_and_is_not_before_the_last(student: Student) -> None:
    wish = SESSION | {"scheduled_at": WHEN, "repeat": every("day", "2026-03-06")}
    for path in ("/plans", APPEND):
        make_plan(student)
        problem = refused(student.post(path, wish | {"due_on": "2026-03-05"}), 422, "validation_failed")
        assert [fault["pointer"] for fault in problem["errors"]] == ["/due_on"]
    assert len(all_of(student)) == 2
    ok(student.post(APPEND, wish | {"due_on": "2026-03-06"}), 201)
    assert [session["due_on"] for session in all_of(student)[2:]] == ["2026-03-06"] * 3
    append(student, scheduled_at=WHEN, repeat=every("day", "2026-03-04"), due_on="2026-03-04")


def test_a_series_keeps_the_students_wall_clock_through_clock_changes(register: Callable[..., Student]) -> None:
    student = register(timezone="Europe/Berlin")
    make_plan(student, scheduled_at="2026-03-28T01:30:00Z", repeat=every("day", "2026-03-30"))
    assert [session["scheduled_at"] for session in all_of(student)] == [
        "2026-03-28T01:30:00Z",
        "2026-03-29T01:00:00Z",
        "2026-03-30T00:30:00Z",
    ], "02:30 is skipped on the 29th: that session is at the change"
    make_plan(student, scheduled_at="2026-10-24T00:30:00Z", repeat=every("day", "2026-10-26"))
    assert [session["scheduled_at"] for session in all_of(student)[3:]] == [
        "2026-10-24T00:30:00Z",
        "2026-10-25T00:30:00Z",
        "2026-10-26T01:30:00Z",
    ], "02:30 comes twice on the 25th: that session is at the first"


def test_a_series_in_the_small_hours_is_on_the_evenings_before(register: Callable[..., Student]) -> None:
    student = register(timezone="Europe/Berlin")
    ok(student.put("/users/preferences", PREFERENCES | {"day_starts_at": "04:00"}))
    at_two = SESSION | {"scheduled_at": "2026-03-07T01:00:00Z"}
    refused(student.post("/plans", at_two | {"repeat": every("day", "2026-03-05")}), 422, "validation_failed")
    make_plan(student, **at_two, repeat=every("day", "2026-03-10"))
    assert days(all_of(student)) == ["2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09", "2026-03-10"]
    assert [session["scheduled_at"] for session in week(student)] == [
        f"2026-03-0{day}T01:00:00Z" for day in (7, 8, 9)
    ], "Monday at two at night is still Sunday"


def test_the_week_shows_of_a_series_only_its_own_days(student: Student, clock: FrozenClock) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("day", "2026-03-20"))
    append(student, scheduled_at="2026-03-16T10:00:00Z", title="Of this plan, for later")
    assert days(week(student)) == [f"2026-03-0{day}" for day in (4, 5, 6, 7, 8)] + ["2026-03-16"]
    params, found = {"limit": "2"}, []
    for _ in range(3):
        answer = student.get("/sessions", params=params)
        assert len(answer.json) == 2
        found += answer.json
        params["cursor"] = answer.headers.get("Link", "").partition("cursor=")[2].partition(">")[0]
    assert (found, params["cursor"]) == (week(student), "")
    travel(student, clock, "2026-03-11T09:00:00+00:00")
    assert days(week(student)) == [f"2026-03-{day:02}" for day in range(9, 16)]
    travel(student, clock, "2026-03-23T09:00:00+00:00")
    assert week(student) == []


def test_a_series_is_no_weekly_plan_for_the_weeks_after(student: Student, clock: FrozenClock) -> None:
    plan = make_plan(student, scheduled_at=WHEN, repeat=every("week", "2026-04-01"))
    status = ok(student.get("/ai/plans/status/weekly"))
    assert (status["can_generate"], status["reason"]) == (False, "weekly_plan_exists")
    travel(student, clock, "2026-03-10T09:00:00+00:00")
    status = ok(student.get("/ai/plans/status/weekly"))
    assert (status["can_generate"], status["reason"], status["has_generated_this_week"]) == (True, None, False)
    assert append(student)["plan_id"] == plan["id"], "what this week shows is what can be added to"
    assert ok(student.post("/ai/plans/generate", GENERATE), 202)["status"] == "queued"


def test_a_plan_with_a_series_is_done_when_all_of_it_is(student: Student) -> None:
    make_plan(student, scheduled_at=WHEN, repeat=every("week", "2026-03-18"))
    for session in all_of(student):
        assert plans(student)[0]["status"] != "done"
        tick(student, session)
    assert (plans(student)[0]["status"], plans(student)[0]["duration_minutes"]) == ("done", 135)


@settings(max_examples=40, deadline=None)
@given(
    zone_name=st.sampled_from(
        ["UTC", "Europe/Berlin", "America/Santiago", "Africa/Cairo", "Asia/Jakarta", "Australia/Lord_Howe"]
    ),
    first=st.datetimes(datetime(2025, 9, 1), datetime(2026, 12, 31)).map(lambda at: at.replace(tzinfo=UTC)),
    step=st.sampled_from(Every),
    more=st.integers(0, MOST_SESSIONS - 1),
    day_starts_at=st.sampled_from([0, 60, 180, 240, 360]),
)
@example("Europe/Berlin", datetime(2026, 3, 28, 1, 30, tzinfo=UTC), Every.DAY, 3, 240)
@example("Africa/Cairo", datetime(2026, 4, 22, 22, 15, tzinfo=UTC), Every.DAY, 3, 0)
@example("America/Santiago", datetime(2026, 4, 3, 2, 30, tzinfo=UTC), Every.DAY, 3, 0)
def test_a_series_has_a_session_on_each_of_its_days_at_one_wall_clock_time(
    zone_name: str, first: datetime, step: Every, more: int, day_starts_at: int
) -> None:
    tz = zone(zone_name)
    caller = Caller(UUID(int=1), tz, day_starts_at)
    gap = timedelta(days=7 if step is Every.WEEK else 1)
    last_day = caller.day_of(first) + more * gap
    repeat = Repeat.model_validate({"every": step, "until": str(last_day + gap / 2)})
    starts = starts_of(caller, first, repeat, now=first + more * gap / 2)
    assert (starts[0], len(starts)) == (first, more + 1)
    assert all(earlier < later for earlier, later in pairwise(starts))
    wall = first.astimezone(tz).replace(tzinfo=None)
    for number, start in enumerate(starts):
        shown, wanted = start.astimezone(tz).replace(tzinfo=None), wall + number * gap
        just_before = (start - timedelta(seconds=1)).astimezone(tz).replace(tzinfo=None)
        assert shown == wanted or just_before < wanted < shown, "at its time, or at the change that skips it"
        if shown == wanted:
            assert caller.day_of(start) == caller.day_of(first) + number * gap
