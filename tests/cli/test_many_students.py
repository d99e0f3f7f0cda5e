"""Many students are as whole as the one who lived through the weeks, and share nothing with them."""

from datetime import UTC, datetime
from itertools import combinations
from typing import Any
from uuid import UUID

from schediora_cli.many_students import add_students, address_of, missing_of
from schediora_cli.sample_week import PASSWORD

from schediora.auth.passwords import Hasher
from schediora.db.database import Database, PostgresDatabase, connected
from schediora.models.planner import Plan, Session, SessionUnit
from schediora.models.users import User
from tests.client import Api, FrozenClock

NOW = datetime(2026, 3, 4, 18, 0, tzinfo=UTC)
PATHS = ("/sessions?week=all", "/plans", "/dashboard/summary?range=30d", "/users/me", "/syllabus?topic=Biology")
OWN = {"id", "plan_id", "email", "series_id", "sessions"}


def seen(api: Api, number: int) -> tuple[list[Any], set[str]]:
    """Return what the student of that number sees, without ids and address, and the ids."""
    sign_in = {"email": address_of(number), "password": PASSWORD}
    token = api.post("/auth/login", sign_in).json["access_token"]
    answers = [api.get(path, token=token).json for path in PATHS]
    ids = {entry["id"] for answer in answers[:2] for entry in answer} | {answers[3]["id"]}
    return [without_own(answer) for answer in answers], ids


def without_own(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_own(entry) for key, entry in value.items() if key not in OWN}
    return [without_own(entry) for entry in value] if isinstance(value, list) else value


def test_each_sees_the_same_weeks_under_ids_of_their_own(
    api: Api, database: Database, hasher: Hasher, clock: FrozenClock
) -> None:
    clock.set(NOW)
    with connected(database):
        hashed = hasher.hash(PASSWORD)
        stored = [*add_students(database, missing_of(2), hashed, default_timezone="UTC", now=NOW)]
        stored += add_students(database, missing_of(3), hashed, default_timezone="UTC", now=NOW)
        assert [students for students, _ in stored] == [1, 1, 1]
        assert len({rows for _, rows in stored}) == 1
        assert missing_of(3) == []
        assert [model.select().count() % 3 for model in (User, Plan, Session, SessionUnit)] == [0] * 4
        of_others = Session.select().join(Plan).where(Session.user != Plan.user).count()
        assert of_others == 0
        if isinstance(database, PostgresDatabase):
            known = database.execute_sql("SELECT reltuples FROM pg_class WHERE relname = 'study_sessions'").fetchall()
            assert known == [(Session.select().count(),)], "it plans by what there is"
    views, ids = zip(*(seen(api, number) for number in (1, 2, 3)), strict=True)
    assert views[0] == views[1] == views[2]
    assert len(views[0][0]) > 20
    assert [pair for pair in combinations(ids, 2) if pair[0] & pair[1]] == []
    assert all(UUID(key).version == 7 for student in ids for key in student)
