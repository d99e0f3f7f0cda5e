"""What the API is measured against: the least that an answer can cost.

    python -m benchmarks.serve_baselines hello|one_query|by_hand waitress|ours PORT DATABASE_URL KEY

`hello` answers a constant, `one_query` looks the caller's sign-in up and answers a constant, `by_hand` is what somebody
would write who needs no more than three calls: raw SQL, dictionaries, no schema, no log, no limits. Each is served by
waitress as its authors made it, with as many threads as the API has and on one core, where it does best, or by the very
server that the API is served by, so that what the API gains from its server can be told from what it costs.
"""

import json
import logging
import os
import sqlite3
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import falcon
import jwt
import psycopg
import waitress  # type: ignore[import-untyped]

from schediora.auth.keys import Keys
from schediora.server.listening import listen
from schediora.server.waitress_server import Server
from schediora.settings.values import ServerSettings

THREADS = ServerSettings().threads
_SIGN_IN = """
    SELECT t.generation, t.used_generation, t.expires_at, t.revoked_at IS NOT NULL, u.timezone, u.planner_revision
    FROM refresh_tokens t JOIN users u ON u.id = t.user_id WHERE t.id = ? AND t.user_id = ?"""
_ME = """
    SELECT u.id, u.email, u.timezone, u.created_at, p.goal, p.daily_minutes, p.focus_topics, p.availability,
        p.session_minutes, p.exams, p.rest_days, p.days_off, p.language
    FROM users u LEFT JOIN onboarding_preferences p ON p.user_id = u.id WHERE u.id = ?"""
_COLUMNS = (
    *("id", "plan_id", "title", "topic", "duration_minutes", "actual_minutes", "status", "scheduled_at"),
    *("scheduled_on", "due_on", "detail", "kind", "units", "reason", "pinned", "series_id", "started_at"),
    *("completed_at", "completed_on", "rating", "created_at"),
)
_SAID = (
    *("goal", "daily_minutes", "focus_topics", "availability", "session_minutes", "exams", "rest_days", "days_off"),
    "language",
)
_WEEK = f"""
    SELECT {", ".join(_COLUMNS)} FROM study_sessions
    WHERE user_id = ? AND scheduled_at BETWEEN ? AND ? AND scheduled_on BETWEEN ? AND ?
    ORDER BY scheduled_at, id LIMIT 501"""
_TICK = "UPDATE study_sessions SET status = ?, completed_at = ?, completed_on = ? WHERE id = ? AND user_id = ?"
_COUNT = "UPDATE users SET planner_revision = planner_revision + 1 WHERE id = ?"
_ONE = f"SELECT {', '.join(_COLUMNS)} FROM study_sessions WHERE id = ? AND user_id = ?"


class Connections(threading.local):
    """A connection a thread."""

    def __init__(self, url: str) -> None:
        self.sqlite = url.startswith("sqlite:///")
        self._opened: Any = None
        self._url = url

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement and return its rows."""
        if self._opened is None:
            self._opened = self._open()
        if self.sqlite:
            given = [value.hex if isinstance(value, UUID) else value for value in values]
            return list(self._opened.execute(sql, given).fetchall())
        cursor = self._opened.execute(sql.replace("?", "%s"), values)
        return list(cursor.fetchall()) if cursor.description else []

    def _open(self) -> Any:
        if not self.sqlite:
            return psycopg.connect(self._url, autocommit=True)
        opened = sqlite3.connect(self._url.removeprefix("sqlite:///"), isolation_level=None, timeout=10)
        opened.execute("PRAGMA synchronous = FULL")
        return opened


class Caller:
    """Finds out who is calling."""

    def __init__(self, connections: Connections, key: str) -> None:
        self._connections = connections
        self._key = next(iter(Keys(bytes.fromhex(key)).derived("schediora access token")))
        self._verified: dict[str, tuple[UUID, UUID, int]] = {}

    def __call__(self, req: falcon.Request) -> UUID:
        """Return their id."""
        token = (req.get_header("Authorization") or "").removeprefix("Bearer ")
        if token not in self._verified:
            said = jwt.decode(token, self._key, ["HS256"], issuer="schediora", audience="schediora-api")
            self._verified[token] = UUID(said["sub"]), UUID(said["sid"]), said["gen"]
        user, session, shown = self._verified[token]
        ((generation, used, _, revoked, *_),) = self._connections.rows(_SIGN_IN, session, user)
        if revoked or shown not in (generation, used):
            raise falcon.HTTPUnauthorized()
        return user


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    shown = dict(zip(_COLUMNS, row, strict=True))
    for name in ("id", "plan_id", "series_id"):
        shown[name] = shown[name] and str(UUID(str(shown[name])))
    for name in ("units", "reason"):
        shown[name] = json.loads(shown[name]) if isinstance(shown[name], str) else shown[name]
    for name, value in shown.items():
        if isinstance(value, datetime):
            shown[name] = value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        elif isinstance(value, date):
            shown[name] = value.isoformat()
    return shown | {"late": False, "pinned": bool(shown["pinned"]), "units": shown["units"] or []}


class Hello:
    """Answers a constant."""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        """Answer."""
        resp.data = b'{"status": "ok"}'


class OneQuery:
    """Answers a constant to whoever is signed in."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer the caller."""
        self._caller(req)
        resp.data = b'{"status": "ok"}'


class ByHand:
    """The student, their week and a tick, as the API answers them."""

    def __init__(self, connections: Connections, caller: Caller) -> None:
        self._connections = connections
        self._caller = caller

    def on_get_me(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show the caller."""
        ((key, email, zone, created, *said),) = self._connections.rows(_ME, self._caller(req))
        resp.media = {
            "id": str(UUID(str(key))),
            "email": email,
            "timezone": zone or "UTC",
            "created_at": str(created),
            "preferences": None if said[0] is None else dict(zip(_SAID, said, strict=True)),
        }

    def on_get_week(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the sessions of the week."""
        user, today = self._caller(req), datetime.now(UTC).date()
        monday = today - timedelta(days=today.weekday())
        sunday = monday + timedelta(days=6)
        wide = (str(monday - timedelta(days=2)), str(sunday + timedelta(days=3)))
        found = self._connections.rows(_WEEK, user, *wide, str(monday), str(sunday))
        resp.text = json.dumps([_shown(row) for row in found])
        resp.content_type = falcon.MEDIA_JSON

    def on_patch_tick(self, req: falcon.Request, resp: falcon.Response, key: UUID) -> None:
        """Tick a session off, or not."""
        user, status = self._caller(req), req.get_media()["status"]
        now = datetime.now(UTC)
        done = (now.isoformat(), now.date().isoformat()) if status == "done" else (None, None)
        rows = self._connections.rows
        rows("BEGIN IMMEDIATE" if self._connections.sqlite else "BEGIN")
        rows(_TICK, status, *done, key, user)
        rows(_COUNT, user)
        (row,) = rows(_ONE, key, user)
        rows("COMMIT")
        resp.media = {"message": "session updated", "session": _shown(row)}


def main() -> None:
    """Serve one of them."""
    _, which, server, port, url, key = sys.argv
    connections = Connections(url)
    caller = Caller(connections, key)
    app = falcon.App()
    by_hand = ByHand(connections, caller)
    resource = {"hello": Hello(), "one_query": OneQuery(caller), "by_hand": by_hand}[which]
    if which == "by_hand":
        app.add_route("/api/v1/users/me", by_hand, suffix="me")
        app.add_route("/api/v1/sessions", by_hand, suffix="week")
        app.add_route("/api/v1/sessions/{key:uuid}", by_hand, suffix="tick")
    app.add_route("/api/v1/health/live", resource if which != "by_hand" else Hello())
    if server == "ours":
        Server(app, listening=listen("127.0.0.1", int(port)), threads=THREADS).run()
    else:
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it would say that calls wait, thousands of times
        waitress.serve(app, listen=f"127.0.0.1:{port}", threads=THREADS)


if __name__ == "__main__":
    main()
