"""What has changed since a device last asked: all of it, by number and not by clock, and nothing that is not so."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from schediora.db.base import new_id
from schediora.db.database import Database, connected
from schediora.models.planner import DeletedSession, Plan, Session
from schediora.models.users import User
from schediora.purger import Purger
from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, move_to, ok, tick, week
from tests.planner.other_device import OtherDevice, all_sessions, link_of
from tests.planner.replanning import UNDO, apply, preview


@pytest.fixture
def device(student: Student) -> OtherDevice:
    return OtherDevice(student)


def test_the_first_time_all_is_listed_and_then_only_what_changed(student: Student, device: OtherDevice) -> None:
    make_plan(student)
    others = [append(student, title=f"Session {number}") for number in range(4)]
    device.sync(2)
    assert device.lasting == all_sessions(student)
    assert len(device.sessions) == 5
    assert ok(device.ask()) == []
    changed = tick(student, others[1])
    ok(student.delete(f"/sessions/{others[2]['id']}"), 204)
    assert ok(device.ask()) == [changed, {"id": others[2]["id"], "deleted": True}]
    device.sync()
    assert ok(device.ask()) == []
    assert device.lasting == all_sessions(student)


def test_who_begins_is_not_told_of_what_was_gone_before(student: Student, device: OtherDevice) -> None:
    gone, kept = make_plan(student), make_plan(student)
    ok(student.delete(f"/plans/{gone['id']}"), 204)
    assert [(each["plan_id"], "deleted" in each) for each in ok(device.ask())] == [(kept["id"], False)]


def test_a_plan_a_series_and_a_session_leave_tombstones(student: Student, device: OtherDevice) -> None:
    make_plan(student, repeat={"every": "day", "until": "2026-03-12"})
    other = make_plan(student, title="Another")
    device.sync()
    series = [each for each in device.sessions.values() if each["series_id"]]
    first, second, _, later, *_ = sorted(series, key=lambda each: str(each["scheduled_at"]))
    tick(student, later)
    ok(student.delete(f"/sessions/{second['id']}?following=true"), 204)
    ok(student.delete(f"/plans/{other['id']}"), 204)
    device.sync(3)
    assert device.lasting == all_sessions(student)
    assert set(device.sessions) == {first["id"], later["id"]}


def test_replanning_its_undo_and_a_journey_are_told(student: Student, device: OtherDevice) -> None:
    make_plan(student, scheduled_at="2026-03-02T10:00:00Z")
    append(student, scheduled_at="2026-03-05T23:30:00Z")
    device.sync()
    before = device.lasting
    apply(student, preview(student)["revision"])
    device.sync()
    assert before != device.lasting == all_sessions(student)
    ok(student.post(UNDO))
    device.sync()
    assert device.lasting == all_sessions(student)
    move_to(student, "Asia/Jakarta")
    assert [each["scheduled_on"] for each in ok(device.ask())] == ["2026-03-06"]


def test_what_changes_while_pages_are_turned_comes_later_and_nothing_is_missed(
    student: Student, device: OtherDevice
) -> None:
    make_plan(student)
    sessions = [*week(student), *(append(student, title=f"Session {number}") for number in range(5))]
    for session in sessions:
        assert device.turn(1)
        change(student, session, title="Changed meanwhile")
        if session is sessions[-1]:
            append(student, title="New meanwhile")
    ok(student.delete(f"/sessions/{sessions[0]['id']}"), 204)
    device.sync(1)
    assert device.lasting == all_sessions(student)
    assert len(device.sessions) == 6


def test_a_page_says_how_to_go_on_and_keeps_the_query(student: Student) -> None:
    make_plan(student)
    append(student)
    address, relation = link_of(student.get("/sessions?since=&limit=1"))
    assert relation == "next"
    assert "limit=1" in address
    answer = student.get(address)
    assert link_of(answer)[1] == "since"
    assert len(ok(answer)) == 1
    unchanged = student.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (unchanged.status_code, unchanged.text, unchanged.headers["Link"]) == (304, "", answer.headers["Link"])
    tick(student, ok(answer)[0])
    assert student.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_it_is_a_list_of_its_own_and_its_cursor_the_students(student: Student, register: Any) -> None:
    make_plan(student)
    address, _ = link_of(student.get("/sessions?since="))
    cursor = address.partition("since=")[2]
    stranger = register()
    refused = [
        student.get(f"/sessions?since={cursor}x"),
        student.get("/sessions?since=nonsense"),
        student.get("/sessions?since=a+b"),
        student.get(f"/sessions?cursor={cursor}"),
        stranger.get(f"/sessions?since={cursor}"),
        *(student.get(f"/sessions?since=&{other}") for other in ("week=all", "state=overdue", "cursor=abc")),
        student.get("/sessions?since=&from=2026-03-02&to=2026-03-03"),
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in refused] == [(422, "validation_failed")] * 9
    assert [answer.json["errors"][0]["parameter"] for answer in refused[:3]] == ["since"] * 3


def test_a_cursor_is_good_for_ninety_days(
    student: Student, device: OtherDevice, clock: FrozenClock, database: Database
) -> None:
    purger = Purger(database, clock)
    gone = make_plan(student)
    device.sync()
    ok(student.delete(f"/plans/{gone['id']}"), 204)
    clock.advance(days=90)
    student = device.student = again(student)
    while purger.step():
        pass
    assert ok(device.ask()) == [{"id": each, "deleted": True} for each in device.sessions]
    clock.advance(timedelta(seconds=1))
    refused = device.ask()
    assert (refused.status_code, refused.json["code"]) == (410, "resync_needed")
    clock.advance(days=2)
    while purger.step():
        pass
    assert DeletedSession.select().count() == 0
    device.sync()
    assert device.sessions == {}


def test_a_database_that_was_put_back_has_the_device_begin_anew(student: Student, device: OtherDevice) -> None:
    """It has never come to the revision of the cursor."""
    make_plan(student)
    before = User.get()
    append(student, title="Lost")
    device.sync()
    Session.delete().where(Session.title == "Lost").execute()
    before.save(only=[User.planner_revision, User.recorded_revision, User.unrecorded_revision])
    assert device.ask().status_code == 410
    device.sync()
    assert device.lasting == all_sessions(student)


def test_what_older_code_changes_is_never_missed(
    student: Student, device: OtherDevice, database: Database, clock: FrozenClock
) -> None:
    """It serves beside this one during an upgrade: it counts its changes, and keeps no record of them."""
    plan = make_plan(student)
    append(student)
    device.sync()

    def older(write: Any) -> None:
        with connected(database):
            write()
            User.update(planner_revision=User.planner_revision + 1).execute()

    def insert() -> None:
        row = {"plan": plan["id"], "user": student.id, "topic": "Math", "duration_minutes": 45}
        times = {"scheduled_at": clock.now, "scheduled_on": clock.now.date(), "created_at": clock.now}
        Session.insert(row | times | {"id": new_id(), "title": "Older"}).execute()

    def rename() -> None:
        Session.update(title=f"Renamed {new_id()}").where(Session.title.startswith("Cell")).execute()

    def delete() -> None:
        Session.get(Session.title == "Older").delete_instance()

    for write in (insert, rename, delete):
        older(write)
        assert device.ask().status_code == 410, write
        device.sync(1)
        assert device.lasting == all_sessions(student)
    for write in (insert, rename, delete):
        older(write)
        append(student, title="By this one")
        assert device.ask().status_code == 410, write
        device.sync(1)
        assert device.lasting == all_sessions(student)


def test_sessions_from_before_there_was_a_record_are_listed_a_page_at_a_time(
    student: Student, device: OtherDevice
) -> None:
    make_plan(student)
    for number in range(6):
        append(student, title=f"Session {number}")
    Session.update(revision=None).execute()
    User.update(recorded_revision=None, unrecorded_revision=None).execute()
    assert device.turn(2)
    append(student, title="By this one, meanwhile")
    device.sync(2)
    assert device.lasting == all_sessions(student)
    assert len(device.sessions) == 8


def test_every_changed_row_carries_the_revision_of_its_change(student: Student) -> None:
    make_plan(student, repeat={"every": "day", "until": "2026-03-08"})
    found = {row.revision for row in Session.select()}
    assert found == {User.get().planner_revision}
    assert Plan.select().count() == 1
    assert UUID(student.id)


def again(student: Student) -> Student:
    """Sign in again, as a token lasts seven days."""
    pair = ok(student.api.post("/auth/login", {"email": student.email, "password": "correct horse"}))
    return Student(student.api, student.email, pair["access_token"], pair["refresh_token"], student.id)
