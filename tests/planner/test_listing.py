"""Sessions listed by days, and those that are overdue. It is Wednesday 2026-03-04, 09:00."""

from typing import Any

from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, move_to, ok, refused, tick, travel
from tests.planner.test_plans import pages


def listed(student: Student, **query: Any) -> list[str]:
    """Return the days of the sessions that a query lists."""
    return [session["scheduled_on"] for session in ok(student.get("/sessions", params=query))]


def in_days(student: Student, first: str, last: str, **query: Any) -> list[str]:
    return listed(student, **{"from": first, "to": last}, **query)


def test_a_range_lists_the_sessions_of_its_days_alone_by_time(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-05T10:00:00Z")
    for day in ("2026-02-20", "2026-03-01", "2026-06-01", "2026-03-01"):
        append(student, scheduled_at=f"{day}T10:00:00Z")
    assert in_days(student, "2026-03-01", "2026-03-05") == ["2026-03-01", "2026-03-01", "2026-03-05"]
    assert in_days(student, "2026-03-02", "2026-03-04") == []
    assert in_days(student, "2026-03-02", "2026-06-01") == ["2026-03-05", "2026-06-01"]
    assert in_days(student, "0001-01-01", "0001-03-01") == in_days(student, "9999-12-01", "9999-12-31") == []
    assert ok(student.get("/sessions", params={"from": "2026-06-01", "to": "2026-06-01"})) == [
        session
        for session in ok(student.get("/sessions", params={"week": "all"}))
        if session["scheduled_on"] > "2026-05"
    ]


def test_the_days_are_those_that_the_sessions_were_planned_for(student: Student) -> None:
    move_to(student, "Pacific/Kiritimati")
    make_plan(student, scheduled_at="2026-03-05T10:30:00Z")
    assert in_days(student, "2026-03-06", "2026-03-06") == ["2026-03-06"]
    ok(student.put("/users/preferences", PREFERENCES | {"timezone": "Etc/GMT+12", "day_starts_at": "06:00"}))
    night = append(student, scheduled_at="2026-03-11T17:59:00Z")
    assert night["scheduled_on"] == "2026-03-10"
    assert in_days(student, "2026-03-10", "2026-03-10") == ["2026-03-10"]


def test_what_of_the_last_28_days_is_not_done_is_overdue_once_its_day_is_over(
    student: Student, clock: FrozenClock
) -> None:
    make_plan(student, scheduled_at="2026-03-04T08:00:00Z")
    for day in ("2026-02-03", "2026-02-04", "2026-03-01", "2026-03-05"):
        append(student, scheduled_at=f"{day}T10:00:00Z")
    change(student, append(student, scheduled_at="2026-03-03T10:00:00Z"), status="in_progress")
    tick(student, append(student, scheduled_at="2026-03-02T10:00:00Z"))
    assert listed(student, state="overdue") == ["2026-02-04", "2026-03-01", "2026-03-03"]
    travel(student, clock, "2026-03-09T00:00:00+00:00")
    assert listed(student, state="overdue") == ["2026-03-01", "2026-03-03", "2026-03-04", "2026-03-05"]


def test_ranges_and_what_is_overdue_come_in_pages(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-03T10:00:00Z")
    for minute in (0, 0, 0, 30):
        append(student, scheduled_at=f"2026-03-03T10:{minute:02}:00Z")
    for query in ({"from": "2026-03-01", "to": "2026-03-31"}, {"state": "overdue"}):
        whole = ok(student.get("/sessions", params=query))
        found = pages(student, "/sessions", limit=2, **query)
        assert [len(page) for page in found] == [2, 2, 1]
        assert [session for page in found for session in page] == whole


def test_a_cursor_is_good_for_its_own_list(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-03T10:00:00Z")
    append(student, scheduled_at="2026-03-03T11:00:00Z")
    queries = (
        {"week": "current"},
        {"state": "overdue"},
        {"from": "2026-03-01", "to": "2026-03-31"},
        {"from": "2026-03-01", "to": "2026-03-30"},
    )
    for query in queries:
        link = student.get("/sessions", params={**query, "limit": 1}).headers["Link"]
        cursor = link.partition("cursor=")[2].partition(">")[0]
        for other in queries:
            answer = student.get("/sessions", params={**other, "cursor": cursor})
            if other == query:
                assert len(ok(answer)) == 1
            else:
                problem = refused(answer, 422, "validation_failed")
                assert problem["errors"][0]["parameter"] == "cursor"
