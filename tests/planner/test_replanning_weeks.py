"""What a replanning looks at and in which week it places what; by the service. It is Wednesday 2026-03-04, 09:00."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from schediora.db.base import new_id
from schediora.db.database import Database
from schediora.http.caller import Caller
from schediora.localtime import local_day, zone
from schediora.models.planner import Plan, Session
from schediora.models.users import Preferences, User
from schediora.planner.proposal import MOST_AT_ONCE, MOST_LOOKED_AT, origin_of
from schediora.planner.replanning import apply_replan, preview_replan, undo_replan
from schediora.planner.replanning_schemas import ReplannedView, ReplanView
from tests.planner.replanning import rows

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
THIS_MONDAY = "2026-03-02"
UTC_ZONE = zone("UTC")
EVERY_DAY = [{"weekday": weekday, "start": "08:00", "end": "22:00"} for weekday in range(1, 8)]


def a_student(tz: ZoneInfo = UTC_ZONE, availability: Sequence[dict[str, Any]] = EVERY_DAY) -> Caller:
    user = User.create(email=f"{new_id()}@example.com", password_hash="none", created_at=NOW)
    Preferences.create(
        user=user,
        goal="Pass",
        focus_topics=["Math"],
        daily_minutes=120,
        exams=[],
        availability=availability,
        updated_at=NOW,
    )
    return Caller(user.id, tz)


def a_plan(student: Caller, monday: str = THIS_MONDAY) -> Plan:
    """A plan of this week, or one that was asked for in it and went to a later one."""
    return Plan.create(
        user=student.user_id,
        title="Plan",
        topic="Math",
        source="manual",
        week_start=date.fromisoformat(monday),
        asked_for=THIS_MONDAY if monday > THIS_MONDAY else None,
        created_at=NOW,
    )


def a_session(student: Caller, plan: Plan, title: str, at: str, **fields: Any) -> Session:
    starts_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    usual: dict[str, Any] = {
        "topic": title,
        "duration_minutes": 45,
        "scheduled_on": local_day(starts_at, student.zone),
    }
    return Session.create(
        user=student.user_id, plan=plan, title=title, scheduled_at=starts_at, created_at=NOW, **(usual | fields)
    )


def titles(entries: Sequence[ReplannedView]) -> list[str]:
    return [entry.title for entry in entries]


def parts(shown: ReplanView) -> tuple[list[str], list[str], list[str]]:
    return titles(shown.moved), titles(shown.kept), titles(shown.impossible)


def test_a_later_week_sees_what_an_earlier_one_has_placed(database: Database) -> None:
    # Said in New York, a session of Sunday evening lies on Monday morning in Jakarta, where the student is now.
    student = a_student(
        zone("Asia/Jakarta"),
        [{"weekday": 7, "start": "10:00", "end": "11:00"}, {"weekday": 1, "start": "08:00", "end": "08:45"}],
    )
    a_session(student, a_plan(student), "Sunday's", "2026-03-09T01:00", scheduled_on=date(2026, 3, 8))
    a_session(student, a_plan(student, "2026-03-09"), "Next week's", "2026-03-10T03:00")
    shown = preview_replan(student, now=NOW)
    assert parts(shown) == (["Sunday's", "Next week's"], [], [])
    assert [entry.scheduled_at for entry in shown.moved] == [
        datetime(2026, 3, 8, 3, tzinfo=UTC),
        datetime(2026, 3, 9, 1, tzinfo=UTC),
    ]


def test_what_another_week_still_holds_is_in_the_way(database: Database) -> None:
    student = a_student(zone("Asia/Jakarta"), [{"weekday": 1, "start": "08:00", "end": "08:45"}])
    a_session(student, a_plan(student), "Sunday's", "2026-03-09T01:00", scheduled_on=date(2026, 3, 8))
    a_session(student, a_plan(student, "2026-03-09"), "Next week's", "2026-03-10T03:00")
    assert parts(preview_replan(student, now=NOW)) == ([], [], ["Sunday's", "Next week's"])


@pytest.mark.parametrize("monday", ["2026-03-02", "2026-03-09"])
def test_what_is_pinned_on_a_weeks_last_day_is_in_the_way(database: Database, monday: str) -> None:
    student = a_student(UTC_ZONE, [{"weekday": 7, "start": "10:00", "end": "11:00"}])
    plan = a_plan(student, monday)
    first, sunday = date.fromisoformat(monday), date.fromisoformat(monday) + timedelta(days=6)
    a_session(student, plan, "Pinned", f"{sunday}T10:15", pinned=True)
    a_session(student, plan, "In no window", f"{first}T06:00")
    assert parts(preview_replan(student, now=NOW)) == ([], [], ["In no window"])


def test_what_is_kept_keeps_the_day_that_it_was_put_on(database: Database) -> None:
    all_day = [{"weekday": weekday, "start": "00:00", "end": "24:00"} for weekday in range(1, 8)]
    student = a_student(zone("Asia/Jakarta"), all_day)
    a_session(student, a_plan(student), "Said in New York", "2026-03-05T20:00", scheduled_on=date(2026, 3, 5))
    (kept,) = preview_replan(student, now=NOW).kept
    assert (kept.scheduled_on, kept.reason.code) == (date(2026, 3, 5), "kept")


def test_each_part_is_in_order_of_time_and_says_where_it_was(database: Database) -> None:
    student = a_student()
    plan = a_plan(student)
    for number, hour in enumerate((14, 10, 12)):
        a_session(student, plan, f"Missed {number}", f"2026-03-02T{hour}:00")
        a_session(student, plan, f"Ahead {number}", f"2026-03-06T{hour}:00", topic="Math", duration_minutes=30)
        a_session(student, plan, f"Long {number}", f"2026-03-03T{hour}:00", duration_minutes=480)
    shown = preview_replan(student, now=NOW)
    assert shown.applied is False
    assert parts(shown)[1:] == (["Ahead 1", "Ahead 2", "Ahead 0"], ["Long 1", "Long 2", "Long 0"])
    starts = [entry.scheduled_at for entry in shown.moved]
    assert (starts, len(starts)) == (sorted(starts), 3)
    for entry in (*shown.kept, *shown.impossible):
        assert (entry.scheduled_at, entry.scheduled_on) == (entry.was_at, entry.was_at.date())
    assert {entry.title: entry.was_at.hour for entry in shown.moved} == {"Missed 0": 14, "Missed 1": 10, "Missed 2": 12}
    assert all(entry.scheduled_on == entry.scheduled_at.date() for entry in shown.moved)
    assert all(entry.duration_minutes == 45 and entry.topic == entry.title for entry in shown.moved)


def test_a_session_of_an_earlier_week_comes_into_this_one(database: Database) -> None:
    student = a_student()
    a_session(student, a_plan(student), "Old", "2026-02-18T10:00")
    (moved,) = preview_replan(student, now=NOW).moved
    assert "2026-03-04" <= moved.scheduled_on.isoformat() <= "2026-03-08"


def test_a_session_of_another_plan_counts_when_it_is_of_this_week_alone(database: Database) -> None:
    student = a_student()
    old = a_plan(student, "2026-02-23")
    a_plan(student)
    a_session(student, old, "Sunday before", "2026-03-01T10:00")
    a_session(student, old, "Monday", "2026-03-02T10:00")
    a_session(student, old, "Monday after", "2026-03-09T10:00")
    assert parts(preview_replan(student, now=NOW)) == (["Monday"], [], [])


@pytest.mark.parametrize("hours", [-1, 0, 1])
def test_of_very_many_only_those_that_began_before_now_move(database: Database, hours: int) -> None:
    student = a_student()
    plan = a_plan(student)
    for number in range(MOST_AT_ONCE):
        a_session(student, plan, f"Ahead {number}", "2026-03-05T10:00", topic="Math")
    edge = a_session(student, plan, "Edge", (NOW + timedelta(hours=hours)).replace(tzinfo=None).isoformat())
    shown = preview_replan(student, now=NOW)
    entries = {entry.id: entry for entry in (*shown.moved, *shown.kept)}
    assert len(shown.kept) == MOST_AT_ONCE + (hours >= 0)
    assert (edge.id in {entry.id for entry in shown.moved}) == (hours < 0)
    if hours >= 0:
        assert entries[edge.id].reason.code == "still_ahead"
        assert entries[edge.id].reason.text.startswith("Its time is still ahead")
        assert entries[edge.id].reason.text.endswith(" You can move it yourself.")


def test_just_as_many_as_are_placed_at_once_are_all_placed(database: Database) -> None:
    student = a_student()
    plan = a_plan(student)
    for number in range(MOST_AT_ONCE):
        a_session(student, plan, f"{number}", "2026-03-05T23:00", topic="Math", duration_minutes=15)
    shown = preview_replan(student, now=NOW)
    assert shown.kept == []
    assert {entry.reason.code for entry in shown.impossible} <= {"no_time_left"}


def test_what_is_left_for_the_next_time_is_said(database: Database) -> None:
    student = a_student()
    plan = a_plan(student)
    for number in range(MOST_AT_ONCE + 2):
        a_session(student, plan, f"{number:02}", f"2026-03-02T08:{number:02}", duration_minutes=15)
    shown = preview_replan(student, now=NOW)
    assert len(shown.moved) + len(shown.kept) + len(shown.impossible) == MOST_AT_ONCE + 2
    left = [entry for entry in shown.impossible if entry.reason.code == "too_many"]
    assert titles(left) == ["40", "41"]
    assert left[0].reason.text.endswith("Replan again for the rest.")


def test_the_first_500_open_sessions_are_looked_at(database: Database) -> None:
    student = a_student()
    plan = a_plan(student)
    at = datetime(2026, 3, 9, 10, tzinfo=UTC)
    row = {"user": student.user_id, "plan": plan, "title": "Later", "topic": "Math", "duration_minutes": 15}
    row |= {"scheduled_at": at, "scheduled_on": at.date(), "created_at": NOW}
    Session.insert_many([row | {"id": new_id()} for _ in range(MOST_LOOKED_AT + 5)]).execute()
    missed = a_session(student, plan, "Missed", "2026-03-02T10:00")
    for status in ("done", "in_progress"):
        done = {"completed_at": NOW, "completed_on": NOW.date()} if status == "done" else {}
        a_session(student, plan, status, "2026-03-02T12:00", status=status, **done)
    a_session(student, plan, "Pinned", "2026-03-02T14:00", pinned=True)
    shown = preview_replan(student, now=NOW)
    assert [entry.id for entry in shown.moved] == [missed.id]
    assert len(shown.moved) + len(shown.kept) + len(shown.impossible) == MOST_LOOKED_AT


def test_a_revision_names_the_moment_the_planner_and_what_is_proposed(database: Database) -> None:
    student = a_student()
    plan = a_plan(student)
    session = a_session(student, plan, "Missed", "2026-03-02T10:00")
    then = NOW.replace(microsecond=7)
    revision = preview_replan(student, now=then).revision
    assert origin_of(revision).made_at == then
    assert revision == preview_replan(student, now=then).revision
    assert len(revision) == 43
    assert "=" not in revision
    others = {preview_replan(student, now=NOW).revision}
    for change in ({"planner_revision": User.planner_revision + 1}, {"planner_revision": User.planner_revision - 1}):
        User.update(change).where(User.id == student.user_id).execute()
        others.add(preview_replan(student, now=then).revision)
    a_session(student, plan, "Another", "2026-03-02T12:00")
    others.add(preview_replan(student, now=then).revision)
    Session.update(pinned=True).where(Session.id == session.id).execute()
    others.add(preview_replan(student, now=then).revision)
    assert (len(others), revision in others) == (5, True)


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "!" * 43, "A" * 10 + "f" + "/" * 32])
def test_other_text_is_no_revision(text: str) -> None:
    with pytest.raises(ValueError, match="not a revision"):
        origin_of(text)


def test_a_moved_session_keeps_the_reason_and_undoing_gives_back_the_one_before(database: Database) -> None:
    student = a_student()
    before = {"code": "first", "text": "Placed first."}
    session = a_session(student, a_plan(student), "Missed", "2026-03-02T10:00", reason=before)
    stored_before = rows()
    (moved,) = apply_replan(student, preview_replan(student, now=NOW).revision, now=NOW).moved
    stored = Session.get_by_id(session.id)
    assert (stored.scheduled_at, stored.scheduled_on) == (moved.scheduled_at, moved.scheduled_on)
    assert stored.reason == {"code": moved.reason.code, "text": moved.reason.text} != before
    undo_replan(student, now=NOW)
    assert rows() == stored_before
