"""A hundred thousand students within minutes: copies of one, made by the database itself."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from benchmarks.population import Studied, enrol, let_study
from benchmarks.stage import Stage
from schediora.auth.keys import load_keys
from schediora.auth.tokens import AccessClaims, AccessTokens
from schediora.db.base import Table
from schediora.models.ai import Job
from schediora.models.auth import SignIn
from schediora.models.planner import Plan, Session
from schediora.models.users import Preferences, User

WEEKS = 9
SESSIONS = WEEKS * 6
"""What each student has: a plan with six sessions for each of nine weeks."""
_TABLES: tuple[Any, ...] = (User, SignIn, Preferences, Plan, Session, Job)
_IDS = {"id", "user_id", "plan_id"}
_SQLITE_FAST = ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000")
_POSTGRES_FAST = (
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET statement_timeout = 0",
)
"""Without looking up what each row points to."""


class Crowd:
    """The students of a stage: number 0 is the one that the others are copies of."""

    def __init__(self, prepared: Stage, students: int) -> None:
        """Store so many students, and let the database know what it holds."""
        self._prepared = prepared
        self._sqlite = prepared.engine == "sqlite"
        now = datetime.now(UTC)
        with prepared.database():
            self._first: Studied = let_study(enrol(prepared.settings, 1, now=now), now=now, weeks=WEEKS)[0]
            self._weeks = [plan.created_at for plan in Plan.select(Plan.created_at).order_by(Plan.created_at)]
            self._sign_in: UUID = SignIn.select(SignIn.id).scalar()
            for statement in _SQLITE_FAST if self._sqlite else _POSTGRES_FAST:
                self._run(statement)
            for model in _TABLES:
                for statement in self._copies(model, students):
                    self._run(statement)
            self._run("ANALYZE" if self._sqlite else "VACUUM ANALYZE")
            assert Session.select().count() == students * SESSIONS
        self._access = AccessTokens(load_keys(prepared.settings))
        self._now = now

    def token(self, number: int) -> str:
        """Return the access token on the phone of a student."""
        claims = AccessClaims(_copy(self._first.student.id, number), _copy(self._sign_in, number), generation=1)
        lifetime = self._now.replace(year=self._now.year + 1)
        return self._access.issue(claims, issued_at=self._now, expires_at=lifetime)

    def session(self, number: int) -> UUID:
        """Return a session of this week's of a student."""
        return _copy(self._first.sessions[-1], number)

    def job(self, number: int) -> UUID:
        """Return a student's job of this week."""
        return _copy(self._first.job, number)

    def _copies(self, model: Any, students: int) -> Iterator[str]:
        """Yield what copies a table's rows; week by week where there is one, as they would have come."""
        columns = [field.column_name for field in model._meta.sorted_fields]
        table, numbers = (
            model._meta.table_name,
            f"numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {students - 1})",
        )
        values = ", ".join(self._value(column) for column in columns)
        names = ", ".join(columns)
        first = self._literal(self._first.student.id)
        own = f"t.{'id' if model is User else 'user_id'} = {first}"
        weeks: Sequence[str] = [own]
        if model in (Plan, Session):
            weeks = [f"{own} AND t.created_at = {self._instant(at)}" for at in self._weeks]
        for which in weeks:
            yield (
                f"INSERT INTO {table} ({names}) WITH RECURSIVE {numbers} SELECT {values} "
                f"FROM numbers CROSS JOIN {table} t WHERE {which} ORDER BY n"
            )

    def _instant(self, at: datetime) -> str:
        return f"'{at:%Y-%m-%dT%H:%M:%S.%fZ}'"

    def _literal(self, id_: UUID) -> str:
        return f"'{id_.hex}'" if self._sqlite else f"'{id_}'"

    def _value(self, column: str) -> str:
        if column == "email":
            return "'student' || n || '@example.com'"
        if column not in _IDS:
            return f"t.{column}"
        if self._sqlite:
            return f"substr(t.{column}, 1, 16) || printf('%08x', n) || substr(t.{column}, 25)"
        digits = f"replace(t.{column}::text, '-', '')"
        return f"(left({digits}, 16) || lpad(to_hex(n), 8, '0') || right({digits}, 8))::uuid"

    def _run(self, statement: str) -> None:
        database: Any = Table._meta.database
        connection = database.connection()
        connection.execute(statement)


def _copy(id_: UUID, number: int) -> UUID:
    """Return the id of a student's copy of the row `id_`: eight of its hex digits count the students. UUIDv7 begin with
    their time, and those of the same millisecond differ at the end.
    """
    return UUID(f"{id_.hex[:16]}{number:08x}{id_.hex[24:]}") if number else id_
