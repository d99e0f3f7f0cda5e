import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from falcon.testing import TestClient
from hypothesis import given
from hypothesis import settings as few
from hypothesis import strategies as st

from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.calendar.icalendar_text import calendar_text
from schediora.calendar.queries import Entry
from schediora.db.base import new_id
from schediora.db.database import Database
from schediora.localtime import zone
from schediora.models.calendar import CalendarFeed
from schediora.queue import Queue
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.calendar.reading import events, feed, fetch, link, opened
from tests.client import Api, FrozenClock, Student, register_student
from tests.conftest import KEYS

BERLIN = ZoneInfo("Europe/Berlin")
SESSION = {"title": "Cells; part 1, again", "topic": "Biology", "duration_minutes": 45}


def add(student: Student, at: str = "2026-03-05T16:00:00Z", **fields: Any) -> str:
    answer = student.post("/plans", SESSION | {"scheduled_at": at} | fields)
    assert answer.status_code == 201, answer.text
    return next(str(row["id"]) for row in student.get("/sessions?week=all").json if row["plan_id"] == answer.json["id"])


@pytest.fixture
def berliner(register: Callable[..., Student]) -> Student:
    return register(timezone="Europe/Berlin")


def test_two_readers_find_the_sessions_in_the_students_own_zone(berliner: Student) -> None:
    add(berliner)
    url = link(berliner)
    assert opened(berliner, url) == [
        (SESSION["title"], datetime(2026, 3, 5, 17, tzinfo=BERLIN), datetime(2026, 3, 5, 17, 45, tzinfo=BERLIN))
    ]
    text = fetch(berliner, url).text
    assert "DTSTART;TZID=Europe/Berlin:20260305T170000\r\n" in text
    assert text.count("BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n") == 1


def test_a_session_over_the_change_to_winter_keeps_its_instants(clock: FrozenClock, berliner: Student) -> None:
    clock.set(datetime(2026, 10, 23, 9, tzinfo=UTC))
    berliner = register_student(berliner.api, timezone="Europe/Berlin")
    for at in ("2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z"):
        add(berliner, at)
    found = [(start, end) for _, start, end in opened(berliner, link(berliner))]
    first, length = datetime(2026, 10, 25, 0, 15, tzinfo=UTC), timedelta(minutes=45)
    starts = [first + index * timedelta(minutes=30) for index in range(3)]
    assert found == [(start, start + length) for start in starts]


def test_moves_and_changes_are_counted_and_the_rest_is_left_alone(berliner: Student) -> None:
    session_id, other = add(berliner), add(berliner, "2026-03-06T16:00:00Z")
    url = link(berliner)
    before = events(berliner, url)
    assert len(before) == 2
    uid = next(uid for uid in before if uid.startswith(session_id))
    assert berliner.patch(f"/sessions/{session_id}", {"scheduled_at": "2026-03-07T10:00:00Z"}).status_code == 200
    after = events(berliner, url)
    assert after.keys() == before.keys()
    assert after[uid].start == datetime(2026, 3, 7, 11, tzinfo=BERLIN)
    assert after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"]
    counts = [after[uid]["SEQUENCE"]]
    for change in ({"title": "Cell walls"}, {"duration_minutes": 30}, {"status": "done"}, {"status": "pending"}):
        assert berliner.patch(f"/sessions/{session_id}", change).status_code == 200
        counts.append(events(berliner, url)[uid]["SEQUENCE"])
    assert counts == sorted(set(counts))
    assert berliner.patch(f"/sessions/{session_id}", {"title": "Cell walls", "pinned": True}).status_code == 200
    last = events(berliner, url)
    assert last[uid]["SEQUENCE"] == counts[-1]
    (untouched,) = (uid for uid in before if uid.startswith(other))
    assert last[untouched].to_ical() == before[untouched].to_ical()


def test_what_replanning_moves_is_counted_and_so_is_the_way_back(clock: FrozenClock, berliner: Student) -> None:
    add(berliner, "2026-03-04T08:00:00Z")
    url = link(berliner)
    counts = [event["SEQUENCE"] for event in events(berliner, url).values()]
    preview = berliner.post("/plans/current/replan", {}).json
    assert len(preview["moved"]) == 1
    applied = berliner.post("/plans/current/replan", {"apply": True, "revision": preview["revision"]})
    assert applied.status_code == 200, applied.text
    counts += [event["SEQUENCE"] for event in events(berliner, url).values()]
    assert berliner.post("/plans/current/replan/undo").status_code == 200
    counts += [event["SEQUENCE"] for event in events(berliner, url).values()]
    assert counts == sorted(set(counts))


def test_deleted_sessions_leave_the_feed_and_done_ones_are_ticked(berliner: Student) -> None:
    gone, done = add(berliner), add(berliner, "2026-03-06T16:00:00Z")
    url = link(berliner)
    berliner.delete(f"/sessions/{gone}")
    berliner.patch(f"/sessions/{done}", {"status": "done"})
    (event,) = events(berliner, url).values()
    assert event["UID"] == f"{done}@schediora"
    assert event["SUMMARY"] == f"\N{CHECK MARK} {SESSION['title']}"


def test_a_moved_student_finds_the_same_instants_in_the_new_zone(berliner: Student) -> None:
    add(berliner)
    url = link(berliner)
    wish = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"], "timezone": "Asia/Tokyo"}
    assert berliner.put("/users/preferences", wish).status_code == 200
    text = fetch(berliner, url).text
    assert "DTSTART;TZID=Asia/Tokyo:20260306T010000\r\n" in text
    assert "TZID:Europe/Berlin" not in text


def test_reminders_are_as_the_address_asks(berliner: Student) -> None:
    add(berliner)
    done = add(berliner, "2026-03-06T16:00:00Z")
    berliner.patch(f"/sessions/{done}", {"status": "done"})
    url = link(berliner)
    assert "VALARM" not in fetch(berliner, url).text
    (event, ticked) = feed(berliner, f"{url}?alarm=10").events
    (reminder,) = event.walk("VALARM")
    assert reminder["TRIGGER"].dt == timedelta(minutes=-10)
    assert ticked.walk("VALARM") == []
    for wrong in ("alarm=-1", "alarm=10081", "alarm=ten", "alarm=", "alarm=5&alarm=6", "remind=5"):
        assert fetch(berliner, f"{url}?{wrong}").status_code == 422, wrong


def test_only_60_days_back_and_120_ahead_are_told(clock: FrozenClock, berliner: Student) -> None:
    today = clock.now
    days = {day: add(berliner, (today + timedelta(days=day)).isoformat()) for day in (-61, -60, 0, 120, 121)}
    told = events(berliner, link(berliner))
    assert told.keys() == {f"{days[day]}@schediora" for day in (-60, 0, 120)}


def test_a_reader_who_has_it_is_told_so_until_something_changes(clock: FrozenClock, berliner: Student) -> None:
    session_id = add(berliner)
    url = link(berliner)
    first = fetch(berliner, url)
    tag = first.headers["etag"]
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "private" in first.headers["cache-control"]
    again = fetch(berliner, url, If_None_Match=f'"other", {tag}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert fetch(berliner, url, If_None_Match='"other"').status_code == 200
    assert fetch(berliner, f"{url}?alarm=5", If_None_Match=tag).status_code == 200
    head = fetch(berliner, url, "HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    wish = {"goal": "Pass", "daily_hours": 3, "focus_topics": ["Biology"], "day_starts_at": "04:00"}
    assert berliner.put("/users/preferences", wish).status_code == 200
    berliner.delete(f"/sessions/{add(berliner)}")
    clock.advance(days=1)
    assert fetch(berliner, url, If_None_Match=tag).status_code == 304
    berliner.patch(f"/sessions/{session_id}", {"title": "Other"})
    assert fetch(berliner, url, If_None_Match=tag).status_code == 200
    tag = fetch(berliner, url).headers["etag"]
    clock.advance(days=62)
    assert fetch(berliner, url, If_None_Match=tag).status_code == 200


def test_a_new_link_and_taking_it_back_close_the_old_one(register: Callable[..., Student]) -> None:
    student, other = register(), register()
    theirs = link(other)
    first = link(student)
    second = link(student)
    assert first != second
    assert [fetch(student, url).status_code for url in (first, second)] == [404, 200]
    assert student.delete("/users/me/calendar").status_code == 204
    assert student.delete("/users/me/calendar").status_code == 204
    answer = fetch(student, second)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert fetch(other, theirs).status_code == 200


def test_the_database_does_not_know_the_address(student: Student, database: Database) -> None:
    url = link(student)
    token = url.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 22
    (row,) = CalendarFeed.select().dicts()
    assert token not in str(row)


@pytest.mark.parametrize(
    ("public_url", "start"),
    [("https://study.example.org", "https://study.example.org/calendar/"), ("", "/calendar/")],
)
def test_the_link_is_absolute_where_the_server_knows_its_address(
    database_url: str,
    settings: Settings,
    database: Database,
    queue: Queue,
    clock: FrozenClock,
    hasher: Hasher,
    public_url: str,
    start: str,
) -> None:
    own = load(overrides={"database.url": database_url, "data_dir": settings.data_dir, "server.public_url": public_url})
    app = create_app(own.settings, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
    assert link(register_student(Api(TestClient(app)))).startswith(start)


def test_a_feed_is_not_asked_for_all_the_time(clock: FrozenClock, register: Callable[..., Student]) -> None:
    student, other = register(), register()
    url, theirs = link(student), link(other)
    answers = [fetch(student, url) for _ in range(61)]
    assert [answer.status_code for answer in answers] == [200] * 60 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert answers[-1].json["code"] == "too_many_requests"
    assert fetch(student, theirs).status_code == 200
    clock.advance(hours=1)
    assert fetch(student, url).status_code == 200


def test_strangers_do_not_try_addresses_for_ever(student: Student) -> None:
    answers = [fetch(student, f"/calendar/{number:022}.ics").status_code for number in range(301)]
    assert answers == [404] * 300 + [429]
    assert fetch(student, link(student)).status_code == 200


def test_what_is_no_address_is_not_found(student: Student) -> None:
    link(student)
    for path in ("/calendar/x.ics", "/calendar/.ics", "/calendar/" + "a" * 5_000 + ".ics", "/calendar/%00.ics"):
        answer = fetch(student, path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), path
    assert fetch(student, link(student), "POST").status_code == 405


def test_the_rules_of_the_zone_are_those_that_the_times_were_made_by() -> None:
    """Not the machine's: a country that changes its clocks is in the bundled zones before it is in every system's."""
    with files("tzdata").joinpath("zoneinfo", "Asia", "Tokyo").open("rb") as stream:
        changed = ZoneInfo.from_file(stream, key="Europe/Berlin")
    at = datetime(2026, 3, 5, 16, tzinfo=UTC)
    text = calendar_text([Entry(new_id(), "a", "b", "", 45, False, at, at, 0)], changed, at.year, alarm=None).decode()
    assert "DTSTART;TZID=Europe/Berlin:20260306T010000\r\n" in text
    assert re.findall("TZOFFSETTO:(.*)\r\n", text) == ["+0900"]


def test_around_every_change_of_the_clocks_a_reader_of_the_rules_finds_the_instants() -> None:
    """By half an hour, by two hours, in winter's summer time, in Ramadan, at the other end of the world."""
    names = ("Australia/Lord_Howe", "Antarctica/Macquarie", "Africa/Casablanca", "Europe/Dublin", "America/St_Johns")
    lasts, wrong = timedelta(minutes=45), {}
    for name in (*names, "Pacific/Chatham", "Asia/Gaza", "America/Nuuk", "Africa/Cairo", "Pacific/Apia"):
        tz, first = zone(name), datetime(2026, 1, 1, tzinfo=UTC)
        hours = [first + timedelta(hours=hour) for hour in range(365 * 24)]
        changes = [
            hour for hour in hours if hour.astimezone(tz).utcoffset() != (hour - lasts).astimezone(tz).utcoffset()
        ]
        around = [at + timedelta(minutes=15 * step) for at in changes or hours[:1] for step in range(-12, 13)]
        starts = dict(zip(map(str, range(len(around))), around, strict=True))
        entries = [Entry(new_id(), title, "b", "", 45, False, at, at, 0) for title, at in starts.items()]
        text = calendar_text(entries, tz, 2026, alarm=None).decode()
        found = {
            event.summary.value: [moment.value.astimezone(UTC) for moment in (event.dtstart, event.dtend)]
            for event in vobject.readOne(text).vevent_list
        }
        if found != {title: [at, at + lasts] for title, at in starts.items()}:
            wrong[name] = text
    assert wrong == {}


@few(max_examples=40, deadline=None)
@given(title=st.text(min_size=1, max_size=60), detail=st.text(max_size=200), topic=st.text(min_size=1, max_size=20))
def test_any_text_of_a_student_comes_out_as_one_event(title: str, detail: str, topic: str) -> None:
    at = datetime(2026, 3, 5, 16, tzinfo=UTC)
    entry = Entry(new_id(), title, topic, detail, 45, False, at, at, 3)
    text = calendar_text([entry], BERLIN, at.year, alarm=5)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert text.count(b"BEGIN:VEVENT") == text.count(b"BEGIN:VALARM") == 1
