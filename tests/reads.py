"""What reads cost: which were run, and how many rows they look at."""

import json
import re
from typing import Any

import pytest

from schediora.db.database import Database, PostgresDatabase

Ran = list[tuple[str, tuple[Any, ...]]]
"""The reads of plans and sessions, with their values."""

_CHANGES = re.compile(r"UPDATE \w+ SET")
"""Postgres's `WITH` can change something, too: that is no read, and not to be done again to explain it."""


def noted(database: Database, monkeypatch: pytest.MonkeyPatch) -> Ran:
    """Return the list in which every read of plans and sessions from now on is noted."""
    found: Ran = []
    execute = database.execute_sql

    def note(sql: str, params: Any = None, *rest: Any) -> Any:
        reads = sql.lstrip("( \n").startswith(("SELECT", "WITH")) and not _CHANGES.search(sql)
        if "study_" in sql and reads:
            found.append((sql, tuple(params or ())))
        return execute(sql, params, *rest)

    monkeypatch.setattr(database, "execute_sql", note)
    return found


def rows_touched(database: Database, ran: Ran) -> int:
    """Return how many rows the reads look at; SQLite does not count them, so there they must search along an index."""
    touched = 0
    for sql, params in list(ran):
        if isinstance(database, PostgresDatabase):
            ((answer,),) = database.execute_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params).fetchall()
            touched += _rows_in((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"])
        else:
            steps = [row[3] for row in database.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()]
            reads = [step for step in steps if "study_" in step]
            assert reads, steps
            assert all(step.startswith("SEARCH") and "INDEX" in step for step in reads), steps
            assert not any(_walks_the_history(step) for step in reads), steps
    return touched


def pages_touched(database: PostgresDatabase, ran: Ran) -> int:
    """Return how many pages the reads look at, those of indexes among them: what Postgres passes by in an index counts
    as no row.
    """
    touched = 0
    for sql, params in list(ran):
        ((answer,),) = database.execute_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params).fetchall()
        plan = (json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]
        touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return touched


def _walks_the_history(step: str) -> bool:
    """Tell whether a step goes along all that a student has, or along their sessions in time without an end."""
    in_time = "(user_id=? AND" in step and "scheduled_at" in step
    return "user_id=?)" in step or (in_time and "scheduled_at<?" not in step)


def _rows_in(node: dict[str, Any]) -> int:
    below = sum(_rows_in(child) for child in node.get("Plans", ()))
    here = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if "Relation Name" in node else 0
    return int((here + below) * node.get("Actual Loops", 1)) if here else below
