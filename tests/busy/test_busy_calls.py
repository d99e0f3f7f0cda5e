from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from schediora.busy import expander
from schediora.busy.errors import CalendarRefused, ExpandersBusy
from schediora.busy.jobs import Keeper
from schediora.db.database import Database
from schediora.models.calendar import BusyCalendar, BusyTime
from tests.busy.calendars import LECTURE, calendar
from tests.client import FrozenClock, Student
from tests.prepared import prepared_service

KIND = {"Content-Type": "text/calendar"}
WEEK = "/users/me/busy?from=2026-03-02&to=2026-03-08"
WISH = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"]}


def put(student: Student, text: str | bytes, **headers: str) -> Any:
    return student.put("/users/me/busy", body=text, headers=KIND | {k.replace("_", "-"): v for k, v in headers.items()})


def busy(student: Student, path: str = WEEK) -> list[tuple[str, str]]:
    answer = student.get(path)
    assert answer.status_code == 200, answer.text
    return [(row["start"], row["end"]) for row in answer.json]


@pytest.fixture
def jakartan(register: Callable[..., Student]) -> Student:
    return register(timezone="Asia/Jakarta")


def test_a_calendar_is_kept_shown_replaced_and_forgotten(jakartan: Student) -> None:
    assert busy(jakartan) == []
    answer = put(jakartan, calendar(LECTURE, "DTSTART:20260305T093000Z\r\nDURATION:PT1H"))
    assert answer.status_code == 200, answer.text
    assert answer.json == {"events": 2, "from": "2026-03-04", "to": "2026-07-02", "notes": []}
    assert busy(jakartan) == [("2026-03-05T08:00:00Z", "2026-03-05T10:30:00Z")]
    assert busy(jakartan, "/users/me/busy?from=2026-03-06&to=2026-03-08") == []
    assert put(jakartan, calendar("DTSTART:20260306T080000Z\r\nDURATION:PT1H")).json["events"] == 1
    assert busy(jakartan) == [("2026-03-06T08:00:00Z", "2026-03-06T09:00:00Z")]
    assert jakartan.delete("/users/me/busy").status_code == 204
    assert jakartan.delete("/users/me/busy").status_code == 204
    assert busy(jakartan) == []
    assert not BusyCalendar.select().exists()


def test_every_student_has_their_own(register: Callable[..., Student]) -> None:
    one, other = register(), register()
    put(one, calendar(LECTURE))
    assert busy(other) == []
    other.delete("/users/me/busy")
    assert len(busy(one)) == 1


def test_what_is_past_this_week_is_shown_too(jakartan: Student) -> None:
    answer = put(jakartan, calendar("DTSTART:20260302T080000Z\r\nDURATION:PT1H"))
    assert answer.json["events"] == 0
    assert busy(jakartan) == [("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z")]


def test_a_refused_calendar_changes_nothing(jakartan: Student) -> None:
    put(jakartan, calendar(LECTURE))
    before = busy(jakartan)
    for text in ("hello", calendar(f"{LECTURE}\r\nRRULE:FREQ=SECONDLY"), calendar(LECTURE) + "\0"):
        answer = put(jakartan, text)
        assert (answer.status_code, answer.json["code"]) == (422, "validation_failed")
        assert answer.json["detail"]
    assert put(jakartan, b"BEGIN:VCALENDAR\xff").status_code == 400
    assert put(jakartan, calendar(LECTURE), Content_Encoding="gzip").status_code == 415
    assert put(jakartan, calendar(LECTURE), Content_Type="application/json").status_code == 415
    assert put(jakartan, calendar(LECTURE), Content_Type="text/calendar; charset=latin1").status_code == 415
    assert put(jakartan, calendar(LECTURE), Content_Type='text/calendar; charset="UTF-8"').status_code == 200
    too_large = put(jakartan, calendar(LECTURE) + " " * 1024 * 1024)
    assert (too_large.status_code, too_large.json["code"]) == (413, "body_too_large")
    assert busy(jakartan) == before


def test_an_unreadable_range_is_refused(jakartan: Student) -> None:
    put(jakartan, calendar(LECTURE))
    for query in ("", "?from=2026-03-02", "?to=2026-03-02", "?from=2026-03-08&to=2026-03-02", "?from=x&to=y"):
        assert jakartan.get(f"/users/me/busy{query}").status_code == 422, query
    assert jakartan.get("/users/me/busy?from=2026-03-01&to=2026-06-01").status_code == 422
    assert jakartan.get("/users/me/busy?from=2026-03-02&to=2026-06-01").status_code == 200
    for far in ("0001-01-01", "9999-12-31"):
        assert busy(jakartan, f"/users/me/busy?from={far}&to={far}") == []


def test_a_calendar_goes_on_each_day(jakartan: Student, clock: FrozenClock, database: Database) -> None:
    put(jakartan, calendar(f"{LECTURE}\r\nRRULE:FREQ=DAILY"))
    keeper = Keeper(database, clock, "UTC")
    late = "/users/me/busy?from=2026-07-06&to=2026-07-09"
    assert busy(jakartan, late) == []
    assert keeper.step() is False
    clock.advance(days=6)
    assert keeper.step() is True
    assert keeper.step() is False
    assert [start for start, _ in busy(jakartan, late)] == [f"2026-07-0{day}T08:00:00Z" for day in (6, 7, 8)]
    assert [start for start, _ in busy(jakartan)] == [f"2026-03-0{day}T08:00:00Z" for day in (5, 6, 7, 8)]


def test_floating_times_move_with_the_student(jakartan: Student) -> None:
    put(jakartan, calendar("DTSTART:20260305T080000\r\nDURATION:PT1H", LECTURE))
    times = [("2026-03-05T01:00:00Z", "2026-03-05T02:00:00Z"), ("2026-03-05T08:00:00Z", "2026-03-05T10:00:00Z")]
    assert busy(jakartan) == times
    assert jakartan.put("/users/preferences", WISH | {"timezone": "America/New_York"}).status_code == 200
    times = [("2026-03-05T08:00:00Z", "2026-03-05T10:00:00Z"), ("2026-03-05T13:00:00Z", "2026-03-05T14:00:00Z")]
    assert busy(jakartan) == times


def test_one_that_cannot_be_expanded_any_more_keeps_its_times_and_is_tried_again(
    jakartan: Student, clock: FrozenClock, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(jakartan, calendar(f"{LECTURE}\r\nRRULE:FREQ=DAILY"))
    keeper, before = Keeper(database, clock, "UTC"), BusyTime.select().count()
    clock.advance(days=1)
    for problem, wait in ((ExpandersBusy(), timedelta(minutes=1)), (CalendarRefused("No."), timedelta(minutes=30))):
        with monkeypatch.context() as broken:
            broken.setattr(expander, "_expanded", Mock(side_effect=problem))
            assert keeper.step() is True
            assert keeper.step() is False
        clock.advance(wait)
    assert BusyTime.select().count() == before
    assert (keeper.step(), keeper.step()) == (True, False)
    assert BusyTime.select().count() == before + 1


def test_deleting_the_student_deletes_the_calendar(jakartan: Student) -> None:
    put(jakartan, calendar(LECTURE))
    BusyCalendar.get().user.delete_instance()
    assert not BusyTime.select().exists()


def test_many_events_are_kept_whole(jakartan: Student, clock: FrozenClock) -> None:
    hours = [clock.now + timedelta(hours=2 * number) for number in range(1200)]
    put(jakartan, calendar(*(f"DTSTART:{at:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H" for at in hours)))
    assert BusyTime.select().count() == 1200


def test_a_large_calendar_comes_through_with_a_token_alone(tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", "--no-worker") as server:
        account = {"email": "a@example.com", "password": "correct horse"}
        token = server.call("POST", "/auth/register", account).json["access_token"]
        long = calendar(f"{LECTURE}\r\nDESCRIPTION:{'x' * 900_000}").encode()
        taken = server.call("PUT", "/users/me/busy", token=token, body=long, headers=KIND)
        assert (taken.status, taken.json["notes"]) == (200, []), taken.body
        forged = server.call("PUT", "/users/me/busy", token=token[:-2], body=long, headers=KIND)
        assert forged.status in (401, 413)
        elsewhere = server.call("PUT", "/users/preferences", token=token, body=long, headers=KIND)
        assert elsewhere.status == 413
