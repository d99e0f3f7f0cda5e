"""Plans, what follows from their sessions, and the lists in pages."""

import base64
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from schediora.models.planner import SessionStatus
from schediora.planner.queries import plan_status
from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, ok, plans, refused, tick, week


def pages(student: Student, path: str, **params: Any) -> list[list[dict[str, Any]]]:
    """Follow the links from the first page to the last."""
    found = []
    at = f"/api/v1{path}"
    while True:
        answer = student.get(at.removeprefix("/api/v1"), params=params)
        found.append(ok(answer))
        if "Link" not in answer.headers:
            return found
        target = re.fullmatch(r'<(/[^>]+)>; rel="next"', answer.headers["Link"])
        assert target is not None, answer.headers["Link"]
        parts = urlsplit(urljoin(at, target[1]))
        at, params = parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}


def test_a_plan_is_answered_as_it_is_listed(student: Student) -> None:
    made = make_plan(student)
    assert made == {
        "id": made["id"],
        "title": "Cell division",
        "topic": "Biology",
        "duration_minutes": 45,
        "status": "pending",
        "source": "manual",
        "week_start": "2026-03-02",
        "created_at": "2026-03-04T09:00:00Z",
        "overlaps": [],
    }
    assert plans(student) == [{name: value for name, value in made.items() if name != "overlaps"}]


def test_plans_are_listed_newest_first(student: Student, clock: FrozenClock) -> None:
    made = []
    for _ in range(3):
        made.append(make_plan(student)["id"])
        clock.advance(minutes=1)
    assert [plan["id"] for plan in plans(student)] == made[::-1]


def test_a_plans_duration_and_status_follow_from_its_sessions(student: Student) -> None:
    make_plan(student)
    second = append(student, duration_minutes=30)
    first = next(session for session in week(student) if session["id"] != second["id"])

    def derived() -> tuple[int, str]:
        (plan,) = plans(student)
        return plan["duration_minutes"], plan["status"]

    assert derived() == (75, "pending")
    change(student, second, status="in_progress")
    assert derived() == (75, "in_progress")
    change(student, second, status="pending")
    tick(student, first)
    assert derived() == (75, "in_progress")
    tick(student, second)
    assert derived() == (75, "done")
    for session in (first, second):
        student.delete(f"/sessions/{session['id']}")
    assert derived() == (0, "pending")


@pytest.mark.parametrize(
    ("sessions", "done", "begun", "status"),
    [(0, 0, 0, "pending"), (2, 0, 0, "pending"), (2, 0, 1, "in_progress"), (2, 1, 0, "in_progress"), (2, 2, 0, "done")],
)
def test_the_status_of_a_plan(sessions: int, done: int, begun: int, status: str) -> None:
    assert plan_status(sessions=sessions, done=done, begun=begun) == SessionStatus(status)


def test_a_plan_for_an_earlier_time_is_this_weeks_so_that_it_can_be_seen(student: Student) -> None:
    plan = make_plan(student, scheduled_at="2026-02-20T10:00:00Z")
    assert plan["week_start"] == "2026-03-02"
    assert [session["scheduled_on"] for session in week(student)] == ["2026-02-20"]


@pytest.mark.parametrize("path", ["/plans", "/sessions"])
def test_pages_hold_everything_once_and_in_order(student: Student, clock: FrozenClock, path: str) -> None:
    for number in range(3):
        make_plan(student, title=f"First {number}")
        make_plan(student, title=f"Second {number}")
        clock.advance(minutes=5)
    whole = ok(student.get(path))
    assert len(whole) == 6
    for limit in (1, 2, 4, 6):
        found = pages(student, path, limit=limit)
        assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)
        assert [row for page in found for row in page] == whole


def test_all_sessions_are_listed_by_time(student: Student, clock: FrozenClock) -> None:
    make_plan(student)
    early = append(student, scheduled_at="2026-01-01T10:00:00Z")
    late = append(student, scheduled_at="2026-09-01T10:00:00Z")
    found = [session["id"] for page in pages(student, "/sessions", week="all", limit=2) for session in page]
    assert (found[0], found[-1], len(found)) == (early["id"], late["id"], 3)


def test_the_next_page_keeps_the_query(student: Student) -> None:
    make_plan(student)
    append(student)
    link = student.get("/sessions", params={"week": "all", "limit": "1"}).headers["Link"]
    assert link.startswith("</api/v1/sessions?week=all&limit=1&cursor=")


def test_this_week_is_one_page_of_up_to_500(student: Student) -> None:
    make_plan(student)
    for _ in range(201):
        append(student)
    assert len(week(student)) == 202
    assert len(ok(student.get("/sessions", params={"week": "all"}))) == 200


@pytest.mark.parametrize("path", ["/plans", "/sessions"])
def test_an_unreadable_cursor_is_refused(student: Student, path: str) -> None:
    for cursor in ("", "x", "A" * 38, "%00", "é", "A" * 5000):
        problem = refused(student.get(path, params={"cursor": cursor}), 422, "validation_failed")
        assert [fault["parameter"] for fault in problem["errors"]] == ["cursor"]


def test_a_cursor_forged_as_the_first_release_wrote_them_is_refused(student: Student) -> None:
    """Its checksum needed no key, and an instant past the calendar's end was an error of the server's."""
    for micros in (0, 2**62, 2**63 - 1):
        checksum = zlib.crc32(struct.pack(">q16sI", micros, bytes(16), 0) + b"plans")
        raw = struct.pack(">q16sI", micros, bytes(16), checksum)
        forged = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        refused(student.get("/plans", params={"cursor": forged}), 422, "validation_failed")


def test_a_mangled_or_borrowed_cursor_is_refused(student: Student, register: Callable[..., Student]) -> None:
    make_plan(student)
    make_plan(student)
    link = student.get("/plans", params={"limit": 1}).headers["Link"]
    cursor = link.partition("cursor=")[2].partition(">")[0]
    ok(student.get("/plans", params={"cursor": cursor}))
    refused(student.get("/sessions", params={"cursor": cursor}), 422, "validation_failed")
    refused(register().get("/plans", params={"cursor": cursor}), 422, "validation_failed")
    for place in range(len(cursor)):
        other = "A" if cursor[place] != "A" else "B"
        mangled = cursor[:place] + other + cursor[place + 1 :]
        refused(student.get("/plans", params={"cursor": mangled}), 422, "validation_failed")
