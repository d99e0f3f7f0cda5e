"""Plain SQL on both engines: what goes in comes out, whatever the engine stores it as."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

from schediora.db.database import Database
from schediora.db.statement import Statement, as_day, as_id, as_instant, as_json
from schediora.models.planner import Plan, Session
from schediora.models.users import User

NOW = datetime(2026, 3, 4, 9, 0, 0, 5, tzinfo=UTC)


def test_values_find_the_rows_that_models_stored(database: Database) -> None:
    user = User.create(email="one@example.com", password_hash="none", created_at=NOW)
    plan = Plan.create(
        user=user, title="100%?", topic="?", source="manual", week_start=date(2026, 3, 2), created_at=NOW
    )
    reason = {"code": "first", "text": "“Why?” 100 %"}
    Session.create(
        user=user,
        plan=plan,
        title="Day",
        topic="Math",
        duration_minutes=45,
        scheduled_at=NOW,
        created_at=NOW,
        scheduled_on=date(2026, 3, 4),
        reason=reason,
    )
    found = Statement("""
        SELECT s.id, s.scheduled_at, s.scheduled_on, s.reason, s.completed_at FROM study_sessions s JOIN study_plans p
        ON p.id = s.plan_id WHERE p.id = ? AND s.scheduled_at = ? AND s.scheduled_on = ? AND s.duration_minutes = ?
        AND p.title LIKE '100%'""")
    elsewhere = NOW.astimezone(timezone(timedelta(hours=7)))
    ((key, at, on, why, completed),) = found.rows(plan.id, elsewhere, date(2026, 3, 4), 45)
    assert as_id(key) == Session.get().id
    assert (as_instant(at), as_instant(at).tzinfo, as_day(on), as_json(why)) == (NOW, UTC, date(2026, 3, 4), reason)
    assert completed is None
    assert not found.rows(uuid4(), NOW, date(2026, 3, 4), 45)
