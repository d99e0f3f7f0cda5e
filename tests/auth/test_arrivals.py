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
ARRIVAL = Arrival(Caller(CLAIMS.user_id, ZoneInfo("UTC")), "7 None", CLAIMS.session_id)


def test_the_same_row_lets_in_the_same_for_its_time_alone() -> None:
    arrivals = Arrivals()
    arrivals.note(CLAIMS, (1, "2"), ARRIVAL, since=NOW, until=NOW + timedelta(hours=1))
    assert arrivals.find(CLAIMS, (1, "2"), NOW) is ARRIVAL
    assert arrivals.find(CLAIMS, (1, "3"), NOW) is None
    assert arrivals.find(AccessClaims(UUID(int=1), UUID(int=2), 4), (1, "2"), NOW) is None
    assert arrivals.find(AccessClaims(UUID(int=1), UUID(int=3), 3), (1, "2"), NOW) is None
    assert arrivals.find(CLAIMS, (1, "2"), NOW + timedelta(hours=1)) is None
    assert arrivals.find(CLAIMS, (1, "2"), NOW - timedelta(seconds=1)) is None


def test_no_more_are_known_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schediora.auth.arrivals.MOST_REMEMBERED", 2)
    arrivals = Arrivals()
    claims = [AccessClaims(UUID(int=1), UUID(int=number), 1) for number in range(4)]
    for each in claims:
        arrivals.note(each, (1,), ARRIVAL, since=NOW, until=NOW + timedelta(hours=1))
    assert [arrivals.find(each, (1,), NOW) is not None for each in claims] == [False, False, True, True]


def test_a_sign_in_that_ends_by_its_time_or_by_hand_lets_in_no_longer(student: Student, clock: FrozenClock) -> None:
    assert [student.get("/users/me").status_code for _ in range(3)] == [200] * 3
    student.api.post("/auth/logout", {"refresh_token": student.refresh_token})
    assert student.get("/users/me").status_code == 401


def test_a_zone_that_is_changed_counts_at_once(student: Student, clock: FrozenClock) -> None:
    for zone in ("Asia/Tokyo", "America/New_York", "UTC"):
        wish = {"goal": "Pass the exam", "daily_hours": 2, "focus_topics": ["Biology"], "timezone": zone}
        assert student.put("/users/preferences", wish).status_code == 200
        assert [student.get("/users/me").json["timezone"] for _ in range(2)] == [zone] * 2
