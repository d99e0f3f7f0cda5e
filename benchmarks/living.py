"""What a long history costs: each call of a student with 20,000 sessions beside the same of one with 200.

    python -m benchmarks.living [--rounds 60] [--engine sqlite|postgres|both]

Three students are equally busy in the days that the calls ask for: the same sessions done, missed and planned. One has
nothing besides, nor has a second, who shows by how much two equal students differ on this machine; the third has years
of done sessions before. They call by turns, in another order each round, in this process, so that what is timed is our
own work. The ratio of the medians, by the first student's, tells what the history costs, whatever the machine. Exits
with 1 when a call takes more than 1.2 times as long.
"""

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import peewee
from falcon.testing import Result, TestClient

from benchmarks.population import FOCUS_TOPICS, Student, enrol
from benchmarks.stage import CHOICES, Stage, engines, stage
from schediora import log
from schediora.app import connect, create_app, create_queue
from schediora.db.base import new_id
from schediora.db.database import PostgresDatabase, connected
from schediora.localtime import week_start
from schediora.models.planner import Plan, PlanSource, Session, SessionStatus, SessionUnit
from schediora.models.users import Preferences, User
from schediora.planner.scheduler.problem import Kind
from tests.client import Api

MOST_TIMES = 1.2
RECENT = 200
LONG = 20_000
SPARE = 100
"""Room for what the calls themselves add: 20,000 is all that a student may have."""
RECENT_FROM = -50
"""The first of the days, as seen from today, that both are equally busy in; the last is a good week ahead."""
HISTORY_ENDS = timedelta(days=400)
"""Before all that any call asks for: the best streak looks back a year."""
A_DAY = 20
UNITS = tuple(f"biology.{name}" for name in ("cells", "dna", "enzymes", "photosynthesis", "respiration"))
OLD_UNITS = tuple(f"chemistry.{name}" for name in ("atoms", "bonding", "acids", "equilibrium", "redox"))
_ROWS_AT_ONCE = 500

Call = Callable[[], Result]


@dataclass(frozen=True)
class Timed:
    """A call, told by what it asks for; what went before it and comes after it is not timed."""

    name: str
    call: Call
    after: Callable[[Result], object] = lambda answer: None
    before: Callable[[], object] = lambda: None


@dataclass
class Phone:
    """A student's side of the API."""

    api: Api
    student: Student
    now: datetime

    def calls(self) -> Iterator[Timed]:
        """Yield what is timed, in the same order for everybody."""
        today = self.now.date()
        for name, path in {
            "GET sessions, this week": "/sessions?week=current",
            "GET sessions, 7 days": f"/sessions?from={today}&to={today + timedelta(days=6)}",
            "GET sessions, 92 days": f"/sessions?from={today - timedelta(days=50)}&to={today + timedelta(days=41)}",
            "GET sessions, overdue": "/sessions?state=overdue",
            "GET dashboard, 7d": "/dashboard/summary?range=7d",
            "GET dashboard, 30d": "/dashboard/summary?range=30d",
            "GET weekly status": "/ai/plans/status/weekly",
            "GET weekly status, next": "/ai/plans/status/weekly?week=next",
            "GET habits": "/users/me/habits",
            "GET syllabus": "/syllabus?topic=Biology",
        }.items():
            yield Timed(name, self._get(path))
        yield Timed("POST replan", lambda: self._send("POST", "/plans/current/replan", None, 200))
        yield Timed(
            "POST replan, overdue too",
            lambda: self._send("POST", "/plans/current/replan", {"include_overdue": True}, 200),
        )
        ahead = self._first_of_this_week()
        for change in ({"status": "done"}, {"status": "pending"}, {"due_on": (today + timedelta(days=5)).isoformat()}):
            yield Timed(
                f"PATCH {next(iter(change.items()))[0]} {next(iter(change.values()))[:7]}",
                lambda change=change: self._send("PATCH", f"/sessions/{ahead}", change, 200),  # type: ignore[misc]
                before=lambda change=change: self._not_yet(ahead, change),  # type: ignore[misc]
            )
        quick = {"title": "Quick", "topic": "Math", "duration_minutes": 30}
        path = "/plans/current/sessions"
        yield Timed(
            "POST session without a time",
            lambda: self._send("POST", path, quick, 201),
            after=lambda answer: self._delete(answer.json["id"]),
        )
        until = (today + timedelta(days=60)).isoformat()
        at = (self.now + timedelta(days=1)).replace(hour=5, minute=0, second=0, microsecond=0).isoformat()
        series = quick | {"scheduled_at": at, "repeat": {"every": "day", "until": until}}
        yield Timed(
            "POST series of 60",
            lambda: self._send("POST", path, series, 201),
            after=lambda answer: self._delete(answer.json["id"], "?following=true"),
        )
        made: list[str] = []
        yield Timed(
            "DELETE series of 60",
            lambda: self._send("DELETE", f"/sessions/{made.pop()}?following=true", None, 204),
            before=lambda: made.append(self._send("POST", path, series, 201).json["id"]),
        )

    def _get(self, path: str) -> Call:
        return lambda: self._send("GET", path, None, 200)

    def _send(self, method: str, path: str, body: Any, status: int) -> Result:
        answer = self.api.call(method, path, body, token=self.student.access_token)
        if answer.status_code != status:
            raise SystemExit(f"{method} {path} answered {answer.status_code}: {answer.text}")
        return answer

    def _not_yet(self, session: str, change: dict[str, Any]) -> None:
        """Let there be something to change."""
        opposite: dict[str, Any] = {"done": "pending", "pending": "done"}
        back = {name: opposite.get(value) for name, value in change.items()}
        self._send("PATCH", f"/sessions/{session}", back, 200)

    def _delete(self, session: str, query: str = "") -> None:
        self._send("DELETE", f"/sessions/{session}{query}", None, 204)

    def _first_of_this_week(self) -> str:
        """Return an open session with a unit of this week."""
        listed = self._send("GET", "/sessions?week=current", None, 200).json
        return str(next(session["id"] for session in listed if session["status"] == "pending" and session["units"]))


def live(student: Student, now: datetime, sessions: int) -> None:
    """Give a student the recent days that all have, and done sessions of long ago until there are so many."""
    Preferences.create(
        user=student.id, goal="Exam", daily_minutes=240, focus_topics=list(FOCUS_TOPICS), exams=[], updated_at=now
    )
    monday = week_start(now.date())
    plan = _plan(student, monday, now)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    _store(_recent(student, plan, number, midnight) for number in range(RECENT))
    if sessions > RECENT:
        ended = midnight - HISTORY_ENDS
        weeks = [_plan(student, week_start((ended - timedelta(weeks=back)).date()), ended) for back in range(150)]
        _store(
            _done(student, weeks[number // A_DAY // 7 % 150], OLD_UNITS[number % 5], "Chemistry", _old(ended, number))
            for number in range(sessions - RECENT - SPARE)
        )


def _plan(student: Student, monday: Any, now: datetime) -> Plan:
    return Plan.create(
        user=student.id, title="Week", topic="Biology", source=PlanSource.AI, week_start=monday, created_at=now
    )


def _old(ended: datetime, number: int) -> datetime:
    return ended - timedelta(days=number // A_DAY) + timedelta(minutes=30 * (number % A_DAY))


def _recent(student: Student, plan: Plan, number: int, midnight: datetime) -> dict[str, Any]:
    """Return the session of that number of the recent days: four a day, done but for every ninth, open from today."""
    day, place = divmod(number, 4)
    at = midnight + timedelta(days=day + RECENT_FROM + 10, hours=14 + 2 * place)
    row = _done(student, plan, UNITS[number % 5], "Biology", at)
    if at >= midnight or number % 9 == 0:
        row |= {"status": SessionStatus.PENDING, "completed_at": None, "completed_on": None}
    return row


def _done(student: Student, plan: Plan, unit: str, topic: str, at: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "user": student.id,
        "plan": plan.id,
        "title": "Recall, then check",
        "topic": topic,
        "detail": "Write down all that you know on an empty sheet, then add in red what was missing.",
        "kind": Kind.LEARN,
        "units": [{"key": unit, "title": "A unit"}],
        "duration_minutes": 30,
        "status": SessionStatus.DONE,
        "scheduled_at": at,
        "scheduled_on": at.date(),
        "started_at": at,
        "completed_at": at,
        "completed_on": at.date(),
        "created_at": at,
    }


def _store(rows: Iterator[dict[str, Any]]) -> None:
    with User.transaction():
        for some in peewee.chunked(rows, _ROWS_AT_ONCE):
            Session.insert_many(some).execute()
            SessionUnit.insert_many(
                [{"user": row["user"], "session": row["id"], "unit": row["units"][0]["key"]} for row in some]
            ).execute()


def measure(prepared: Stage, rounds: int) -> dict[str, list[float]]:
    """Return by call the medians, in seconds, of a student with little, of another, and of one with a long history."""
    now = datetime.now(UTC)
    database, queue = connect(prepared.settings), create_queue(prepared.settings)
    with connected(database):
        students = enrol(prepared.settings, 3, now=now)
        for student, sessions in zip(students, (RECENT, RECENT, LONG), strict=True):
            live(student, now, sessions)
        if isinstance(database, PostgresDatabase):
            database.execute_sql("ANALYZE")
    app = create_app(prepared.settings, database=database, queue=queue)
    phones = [Phone(Api(TestClient(app)), student, now) for student in students]
    found = {}
    for of_all in zip(*(phone.calls() for phone in phones), strict=True):
        seconds: list[list[float]] = [[] for _ in of_all]
        for number in range(rounds):
            for turn in range(len(of_all)):
                who = (number + turn) % len(of_all)
                seconds[who].append(_seconds(of_all[who]))
        found[of_all[0].name] = [median(each) for each in seconds]
    queue.close()
    database.close_all()
    return found


def _seconds(timed: Timed) -> float:
    timed.before()
    gc.collect(0)
    begun = time.perf_counter()
    answer = timed.call()
    took = time.perf_counter() - begun
    timed.after(answer)
    return took


def report(engine: str, found: dict[str, list[float]]) -> bool:
    """Print the table of an engine; tell whether no call takes too much longer."""
    print(f"\n{engine:<28}{f'{RECENT} ms':>10}{'an equal':>10}{f'{LONG:,}':>10}")
    for name, (little, equal, much) in found.items():
        mark = "  <-" if much > MOST_TIMES * little else ""
        print(f"{name:<28}{1000 * little:>10.2f}{equal / little:>10.2f}{much / little:>10.2f}{mark}")
    return all(much <= MOST_TIMES * little for little, _, much in found.values())


def main() -> int:
    """Measure on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Time each call of a student with a long history beside one without.")
    parser.add_argument("--rounds", type=int, default=60, help="how often each calls")
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    log.configure(production=True, level="warning")
    good = True
    for engine in engines(options.engine):
        with stage(engine) as prepared:
            good &= report(engine, measure(prepared, options.rounds))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
