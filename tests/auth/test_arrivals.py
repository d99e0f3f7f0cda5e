"""Who was let in is known for as long as their sign-in says the same, and no longer than that says."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from schediora.auth.arrivals import Arrivals
from schediora.auth.tokens import AccessClaims
from schediora.http.caller import Arrival, Caller
from tests.client import FrozenClock, Student

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
CLAIMS = AccessClaims(UUID(int=1), UUID(int=2), 3)
ROW = (3, 3, 2, "[]", "2026-03-02T07:59:00Z", "2026-06-01T00:00:00Z", 0, "UTC", 0, 7, None)
"""A sign-in as the engine gives it; the last two are what the student has."""
ARRIVAL = Arrival(Caller(CLAIMS.user_id, ZoneInfo("UTC")), "7 None", CLAIMS.session_id)


def test_the_same_row_lets_in_the_same_for_its_time_alone() -> None:
    arrivals = Arrivals()
    arrivals.note(CLAIMS, ROW, ARRIVAL, since=NOW, until=NOW + timedelta(hours=1))
    assert arrivals.find(CLAIMS, ROW, NOW) is ARRIVAL
    assert arrivals.find(AccessClaims(UUID(int=1), UUID(int=2), 4), ROW, NOW) is None
    assert arrivals.find(AccessClaims(UUID(int=1), UUID(int=3), 3), ROW, NOW) is None
    assert arrivals.find(CLAIMS, ROW, NOW + timedelta(hours=1)) is None
    assert arrivals.find(CLAIMS, ROW, NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize("number", range(9))
def test_whatever_else_a_sign_in_says_is_judged_anew(number: int) -> None:
    arrivals = Arrivals()
    arrivals.note(CLAIMS, ROW, ARRIVAL, since=NOW, until=NOW + timedelta(hours=1))
    assert arrivals.find(CLAIMS, (*ROW[:number], "other", *ROW[number + 1 :]), NOW) is None
    assert arrivals.find(CLAIMS, ROW, NOW) is ARRIVAL


def test_who_has_changed_what_is_theirs_is_let_in_with_what_they_have_now() -> None:
    arrivals = Arrivals()
    arrivals.note(CLAIMS, ROW, ARRIVAL, since=NOW, until=NOW + timedelta(hours=1))
    for what, state in (((8, None), "8 None"), ((8, "a job"), "8 a job"), ((7, None), "7 None")):
        row = (*ROW[:9], *what)
        assert arrivals.find(CLAIMS, row, NOW) == Arrival(ARRIVAL.caller, state, ARRIVAL.sign_in)
        assert arrivals.find(CLAIMS, row, NOW + timedelta(hours=1)) is None
        assert arrivals.find(CLAIMS, row, NOW - timedelta(seconds=1)) is None


def test_no_more_are_known_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schediora.auth.arrivals.MOST_REMEMBERED", 2)
    arrivals = Arrivals()
    claims = [AccessClaims(UUID(int=1), UUID(int=number), 1) for number in range(4)]
    for each in claims:
        arrivals.note(each, ROW, ARRIVAL, since=NOW, until=NOW + timedelta(hours=1))
    assert [arrivals.find(each, ROW, NOW) is not None for each in claims] == [False, False, True, True]


def test_a_sign_in_that_ends_by_its_time_or_by_hand_lets_in_no_longer(student: Student, clock: FrozenClock) -> None:
    assert [student.get("/users/me").status_code for _ in range(3)] == [200] * 3
    student.api.post("/auth/logout", {"refresh_token": student.refresh_token})
    assert student.get("/users/me").status_code == 401


def test_a_zone_that_is_changed_counts_at_once(student: Student, clock: FrozenClock) -> None:
    for zone in ("Asia/Tokyo", "America/New_York", "UTC"):
        wish = {"goal": "Pass the exam", "daily_hours": 2, "focus_topics": ["Biology"], "timezone": zone}
        assert student.put("/users/preferences", wish).status_code == 200
        assert [student.get("/users/me").json["timezone"] for _ in range(2)] == [zone] * 2
