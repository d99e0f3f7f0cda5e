"""Running SQL that never changes on Postgres, by libpq's own calls, with a plan that the server keeps.

A cursor of psycopg takes four times as much computing for a row. What turns values and rows into Python's and back is
psycopg's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import psycopg
from psycopg import errors
from psycopg.abc import Transformer as AnyTransformer
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

_DONE = (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK)
_PLAN_OF_NO_USE = (errors.InvalidSqlStatementName, errors.FeatureNotSupported)
"""What Postgres says when it has no such plan any more, and when a migration has changed what a plan gives."""


class Fixed(str):  # noqa: SLOT000  # text has no slots for more than itself
    """SQL that is written once, with `?` where a value goes; it reads as psycopg wants it, with `%s`."""

    numbered: bytes
    """With the values as Postgres's own protocol names them: `$1`, `$2` and so on."""

    def __new__(cls, sql: str) -> Self:
        """Take the SQL."""
        made = super().__new__(cls, sql.replace("%", "%%").replace("?", "%s"))
        first, *others = sql.split("?")
        made.numbered = (first + "".join(f"${number}{part}" for number, part in enumerate(others, 1))).encode()
        return made


class Found:
    """The rows of a statement, as a cursor has them."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[tuple[Any, ...]], rowcount: int) -> None:
        self._rows = rows
        self.rowcount = rowcount

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return every row."""
        return self._rows


@dataclass(frozen=True, slots=True)
class _Plan:
    """What the server knows a statement by, what adapts its values and rows, and which types its values were of."""

    name: bytes
    adapt: AnyTransformer
    types: tuple[int, ...] | None


class Plans:
    """The plans that the server keeps for a connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._plans: dict[bytes, _Plan] = {}
        self._made = 0

    def run(self, sql: Fixed, values: Sequence[object], *, kept: bool) -> Found:
        """Run `sql`; the server keeps its plan where that is wanted, which not every pooler allows.

        Outside of transactions a plan that has become of no use is made anew. Raises psycopg.Error.
        """
        try:
            return self._run(sql.numbered, values, kept=kept)
        except _PLAN_OF_NO_USE:
            planned = self._plans.pop(sql.numbered, None)
            if planned is None or self._connection.pgconn.transaction_status != TransactionStatus.IDLE:
                raise
            return self._run(sql.numbered, values, kept=kept)

    def _run(self, sql: bytes, values: Sequence[object], *, kept: bool) -> Found:
        plan = self._plans.get(sql)
        adapt = plan.adapt if plan else Transformer(self._connection)
        given: Any = adapt.dump_sequence(values, [PyFormat.AUTO] * len(values))
        if plan is None and kept:
            plan = self._make(sql, adapt)
        connection = self._connection.pgconn
        if plan and plan.types == adapt.types:
            result = connection.exec_prepared(plan.name, given, adapt.formats)
        else:
            result = connection.exec_params(sql, given, adapt.types, adapt.formats)
        if result.status not in _DONE:
            raise self._refused(result)
        adapt.set_pgresult(result)
        found = Found(adapt.load_rows(0, result.ntuples, tuple), result.command_tuples or 0)
        adapt.set_pgresult(None)
        return found

    def _make(self, sql: bytes, adapt: AnyTransformer) -> _Plan:
        self._made += 1
        plan = _Plan(b"plan%d" % self._made, adapt, adapt.types)
        result = self._connection.pgconn.prepare(plan.name, sql, adapt.types)
        if result.status not in _DONE:
            raise self._refused(result)
        self._plans[sql] = plan
        return plan

    def _refused(self, result: PGresult) -> psycopg.Error:
        connection = self._connection.pgconn
        if connection.status != ConnStatus.OK:
            return psycopg.OperationalError(connection.get_error_message())
        return errors.error_from_result(result)
