"""What holds for replanning, whatever is in the planner: it does what it said, settles, and can be undone exactly."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schediora import localtime
from schediora.db.base import new_id
from schediora.db.database import Database
from schediora.db.statement import Statement
from schediora.http.caller import Caller
from schediora.models.planner import Plan, Session
from schediora.models.users import Preferences, User
from schediora.planner.replanning import apply_replan, preview_replan, undo_replan
from schediora.planner.replanning_schemas import ReplanView
from tests.planner.reasons_read import Offered, Reader

NOW = datetime(2026, 3, 4, 9, 2, tzinfo=UTC)
ZONES = ["UTC", "Asia/Jakarta", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]
DRAWN = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

_COLUMNS = ", ".join(name for name in Session._meta.columns if name != "revision")  # which goes on counting
_ROWS = Statement(f"SELECT {_COLUMNS} FROM study_sessions WHERE user_id = ? ORDER BY id")

SESSIONS = st.lists(
    st.fixed_dictionaries(
        {
            "minutes_from_now": st.integers(-7 * 24 * 60, 12 * 24 * 60)
            | st.integers(-34 * 60, 50 * 60).map(lambda fives: 5 * fives - NOW.minute),
            "duration_minutes": st.sampled_from([15, 20, 45, 47, 90, 480]),
            "topic": st.sampled_from(["Biology", "biology", "Math"]),
            "status": st.sampled_from(["pending", "pending", "pending", "in_progress", "done"]),
            "pinned": st.sampled_from([False, False, True]),
            "kind": st.sampled_from([None, "learn", "practice", "review", "mock"]),
            "reason": st.sampled_from([None, {"code": "first", "text": "Placed first."}]),
            "role": st.sampled_from([None, "lesson"]),
            "builds_on": st.lists(st.integers(0, 13), max_size=2),
            "due_on": st.sampled_from([None, None, None, date(2026, 3, 2), date(2026, 3, 5), date(2026, 3, 12)]),
        }
    ),
    max_size=14,
)
WISHES = st.fixed_dictionaries(
    {
        "daily_minutes": st.sampled_from([30, 120, 960]),
        "session_minutes": st.sampled_from([None, 30, 180]),
        "exams": st.sampled_from([[], [{"topic": "Math", "date": "2026-03-06"}]]),
        "availability": st.sampled_from(
            [None, [{"weekday": day, "start": "16:00", "end": "24:00"} for day in (1, 3, 5, 6)]]
        ),
    }
)
ALL_DAY = [{"weekday": day, "start": "08:00", "end": "22:00"} for day in range(1, 8)]


def student_with(sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: ZoneInfo) -> Caller:
    """Store a student whose plan of this week has `sessions`, which build on others by their positions."""
    user = User.create(email=f"{new_id()}@example.com", password_hash="none", created_at=NOW)
    Preferences.create(user=user, goal="Pass", focus_topics=["Math"], updated_at=NOW, **wishes)
    caller = Caller(user.id, zone)
    monday = caller.monday(NOW)
    plan = Plan.create(user=user, title="Plan", topic="Math", source="ai", week_start=monday, created_at=NOW)
    ids = [new_id() for _ in sessions]
    for position, drawn in enumerate(sessions):
        builds_on = [str(ids[other]) for other in drawn["builds_on"] if drawn["role"] and other < len(ids)]
        at = NOW.replace(second=0) + timedelta(minutes=drawn["minutes_from_now"])
        done = {"completed_at": NOW, "completed_on": date(2026, 3, 4)} if drawn["status"] == "done" else {}
        given_ = {name: value for name, value in drawn.items() if name not in ("minutes_from_now", "builds_on")}
        Session.create(
            id=ids[position],
            user=user,
            plan=plan,
            title=f"Session {position}",
            scheduled_at=at,
            scheduled_on=localtime.local_day(at, zone),
            created_at=NOW,
            builds_on=builds_on or None,
            **given_,
            **done,
        )
    return caller


def rows(caller: Caller) -> list[tuple[Any, ...]]:
    """Return the student's sessions just as the database holds them."""
    return list(_ROWS.rows(caller.user_id))


def applied(caller: Caller) -> ReplanView:
    """Preview, and apply the preview."""
    shown = preview_replan(caller, now=NOW)
    done = apply_replan(caller, shown.revision, now=NOW)
    assert done == shown.model_copy(update={"applied": True})
    return done


@DRAWN
@given(SESSIONS, WISHES, st.sampled_from(ZONES))
def test_undoing_a_replanning_gives_back_the_same_rows(
    database: Database, sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: str
) -> None:
    caller = student_with(sessions, wishes, ZoneInfo(zone))
    before = rows(caller)
    moved = applied(caller).moved
    assert (rows(caller) != before) == bool(moved)
    if moved:
        undo_replan(caller, now=NOW)
        assert rows(caller) == before


@DRAWN
@given(SESSIONS, WISHES, st.sampled_from(ZONES))
def test_what_moves_finds_a_free_time_ahead_and_is_well_there(
    database: Database, sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: str
) -> None:
    caller = student_with(sessions, wishes, ZoneInfo(zone))
    before = {session.id: session for session in Session.select().where(Session.user == caller.user_id)}
    shown = applied(caller)
    moved = {entry.id for entry in shown.moved}
    untouched = [entry.id for part in (shown.kept, shown.impossible) for entry in part]
    open_ = {key for key, session in before.items() if session.status == "pending" and not session.pinned}
    open_ |= {key for key, session in before.items() if is_left(session, caller)}
    assert sorted([*moved, *untouched]) == sorted(open_)
    after = {session.id: session for session in Session.select().where(Session.user == caller.user_id)}
    for key, session in after.items():
        if key not in moved:
            assert session.__data__ == before[key].__data__
            continue
        assert session.scheduled_at >= NOW
        assert session.scheduled_on == localtime.local_day(session.scheduled_at, caller.zone)
        in_the_way = [other for other in after.values() if other.id != key and other.status != "done"]
        assert not any(overlap(session, other) for other in in_the_way)


@DRAWN
@given(SESSIONS, WISHES, st.sampled_from(ZONES), st.sampled_from([0, 1, 7, 31]), st.booleans())
def test_replanning_twice_is_replanning_once_as_long_as_nothing_is_missed(
    database: Database, sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: str, minutes: int, overdue: bool
) -> None:
    caller = student_with(sessions, wishes, ZoneInfo(zone))
    shown = preview_replan(caller, include_overdue=overdue, now=NOW)
    apply_replan(caller, shown.revision, now=NOW)
    later = NOW + timedelta(minutes=minutes)
    mine = Session.select().where(Session.user == caller.user_id)
    # A pinned session is missed once its end is past, any other one once its start is.
    if not any(NOW <= moment <= later for session in mine for moment in (session.scheduled_at, _end(session))):
        again = preview_replan(caller, include_overdue=overdue, now=later)
        assert again.moved == []
        assert [entry.id for entry in again.impossible] == [entry.id for entry in shown.impossible]


@DRAWN
@given(SESSIONS, WISHES, st.sampled_from(ZONES))
def test_what_moves_comes_after_what_it_builds_on(
    database: Database, sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: str
) -> None:
    in_order = [
        session | {"builds_on": [other for other in session["builds_on"] if other < position]}
        for position, session in enumerate(sessions)
    ]
    caller = student_with(in_order, wishes, ZoneInfo(zone))
    shown = applied(caller)
    placed = {entry.id: entry for entry in (*shown.moved, *shown.kept)}
    after = {session.id: session for session in Session.select().where(Session.user == caller.user_id)}
    for key in placed:
        for other in map(UUID, after[key].builds_on or ()):
            if other in placed and same_week(after[other], after[key]):
                assert _end(after[other]) <= after[key].scheduled_at


def is_left(session: Session, caller: Caller) -> bool:
    """Tell whether a session is one that the student pinned or began, and missed."""
    if session.status == "in_progress":
        return bool(session.scheduled_on < caller.today(NOW))
    return bool(session.status == "pending" and session.pinned and _end(session) <= NOW)


@DRAWN
@given(SESSIONS, WISHES, st.sampled_from(ZONES), st.booleans())
def test_whatever_moves_says_why_and_nothing_else_than_the_truth(
    database: Database, sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: str, overdue: bool
) -> None:
    caller = student_with(sessions, wishes | {"language": "en"}, ZoneInfo(zone))
    shown = preview_replan(caller, include_overdue=overdue, now=NOW)
    apply_replan(caller, shown.revision, now=NOW)
    exams = {exam["topic"].casefold(): date.fromisoformat(exam["date"]) for exam in wishes["exams"]}
    offered = Offered(wishes["availability"] or ALL_DAY, wishes["daily_minutes"])
    assert list(Reader(caller, NOW, exams, offered).untrue(shown.moved)) == []


@DRAWN
@given(SESSIONS, WISHES, st.sampled_from(ZONES))
def test_what_is_due_lies_before_the_end_of_that_day_or_is_said_to_have_no_room(
    database: Database, sessions: list[dict[str, Any]], wishes: dict[str, Any], zone: str
) -> None:
    caller = student_with(sessions, wishes, ZoneInfo(zone))
    shown = applied(caller)
    due = {session.id: session.due_on for session in Session.select().where(Session.user == caller.user_id)}
    for entry in (*shown.moved, *shown.kept):
        day = due[entry.id]
        assert day is None or day < caller.today(NOW) or entry.scheduled_on <= day


def same_week(one: Session, other: Session) -> bool:
    """Tell whether two sessions lie in the same local week."""
    return bool(localtime.week_start(one.scheduled_on) == localtime.week_start(other.scheduled_on))


def overlap(one: Session, other: Session) -> bool:
    """Tell whether two sessions take up the same time."""
    return bool(one.scheduled_at < _end(other) and other.scheduled_at < _end(one))


def _end(session: Session) -> datetime:
    end: datetime = session.scheduled_at + timedelta(minutes=session.duration_minutes)
    return end
