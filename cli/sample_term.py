"""The demonstration's student: nine weeks of a term that end with the current one, lived through the services.

Time is a value to the services, so each week is lived as it would have been: on its Monday the plan is asked for and
made, by the day sessions are done and rated or missed, and what was missed is planned anew. Memory, units, reasons and
charts are therefore the planner's own and no stage set.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from schediora import localtime
from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.ai.schemas import GenerateRequest
from schediora.ai.service import generate
from schediora.db.database import Database, connected
from schediora.http.caller import Caller
from schediora.planner.redating import redate
from schediora.planner.replanning import apply_replan, preview_replan
from schediora.planner.schemas import SessionCreate, SessionUpdate
from schediora.planner.service import append_session, update_session
from schediora.planner.session_lists import range_page, views
from schediora.planner.session_view import SessionView
from schediora.syllabus.view import unit_title
from schediora.users.schemas import PreferencesUpdate
from schediora.users.service import add_user, set_preferences

from .sample_week import EMAIL

_WEEK = timedelta(weeks=1)
_PLANNING_MINUTE = 7 * 60
_GOAL = "Pass the semester exams"
_PREFERENCES: dict[str, Any] = {
    "goal": _GOAL,
    "daily_hours": 1.5,
    "focus_topics": ["Biology", "Math", "History", "English"],
    "availability": [
        *({"weekday": day, "start": "15:30", "end": "20:30"} for day in (1, 2, 4, 5)),
        {"weekday": 3, "start": "17:00", "end": "20:30"},
        {"weekday": 6, "start": "09:30", "end": "13:00"},
        {"weekday": 7, "start": "14:00", "end": "18:00"},
    ],
    "session_minutes": 60,
}
_HOURS_BEFORE_EXAMS = 2.5
"""What the student says in the last week, so that what was missed finds room when it is planned anew."""
_EXAMS_IN_DAYS = {"Biology": 13, "Math": 24}
_MOST_A_DAY = 100
_REPORT_IN_DAYS = 3
_FREE_HAND_MINUTE = 20 * 60 + 30
_RATINGS = {"again": 1, "hard": 4, "good": 10, "easy": 4}
"""How often each is given."""
_PACE_PERCENT = (80, 135)
"""What sessions take of the minutes that they were planned with."""
_SEED = 7


@dataclass(frozen=True, slots=True)
class _Week:
    """What is asked for, and the ISO weekdays on which nothing was done; `makes_up` plans the missed anew next day."""

    topic: str
    also: tuple[str, ...] = ()
    missed: frozenset[int] = frozenset()
    makes_up: bool = False


_WEEKS = (
    _Week("Math", ("History",)),
    _Week("Biology", ("English",), frozenset({4}), makes_up=True),
    _Week("History", ("Math",), frozenset({2}), makes_up=True),
    _Week("Biology", ("English",)),
    _Week("Math", ("History",), frozenset({3}), makes_up=True),
    _Week("Biology", ("Math",), frozenset({5}), makes_up=True),
    _Week("Math", ("English",), frozenset({1}), makes_up=True),
    _Week("Biology", ("History",), frozenset({6})),
    _Week("Biology", ("Math", "English")),
)


def live_through_term(database: Database, password_hash: str, *, zone: str, now: datetime) -> Iterator[date]:
    """Store the student and live through the term up to `now`, a week at a time; yields the Monday of each week lived.

    `zone` is an IANA name. Stopping early leaves whole weeks. Raises peewee.IntegrityError when the address is taken.
    """
    tz = localtime.zone(zone)
    this_monday = localtime.week_start(localtime.local_day(now, tz))
    mondays = [this_monday - _WEEK * back for back in reversed(range(len(_WEEKS)))]
    started = min(localtime.at_minute(mondays[0], _PLANNING_MINUTE, tz), now)
    with connected(database):
        caller = Caller(add_user(EMAIL, password_hash, zone, now=started).id, tz)
        exams = [
            {"topic": topic, "date": f"{_school_day(caller.today(now) + timedelta(days=days))}"}
            for topic, days in _EXAMS_IN_DAYS.items()
        ]
        wish = _PREFERENCES | {"exams": exams}
        set_preferences(caller, PreferencesUpdate.model_validate(wish), redate, now=started)
    term = _Term(database, caller, now)
    for monday, week in zip(mondays, _WEEKS, strict=True):
        term.live(week, monday)
        yield monday
    with connected(database):
        wish["daily_hours"] = _HOURS_BEFORE_EXAMS
        set_preferences(caller, PreferencesUpdate.model_validate(wish), redate, now=now)


def _school_day(day: date) -> date:
    """Return the day, or the Monday after it where it is at a weekend."""
    return day + timedelta(days=8 - day.isoweekday() if day.isoweekday() > 5 else 0)


class _Term:
    """The student's life, up to `until`."""

    def __init__(self, database: Database, caller: Caller, until: datetime) -> None:
        self._database = database
        self._caller = caller
        self._until = until
        self._now = until
        self._chance = Random(_SEED)
        author = build_author(provider="rules")
        zone = str(caller.zone)
        self._runner = Runner(database, author, default_timezone=zone, clock=lambda: self._now)

    def live(self, week: _Week, monday: date) -> None:
        """Plan the week of `monday` in its morning, and go through its days."""
        with connected(self._database):
            self._now = min(localtime.at_minute(monday, _PLANNING_MINUTE, self._caller.zone), self._until)
            jobs: list[UUID] = []
            wish = GenerateRequest(goal=_GOAL, topic=week.topic, also=list(week.also))
            generate(self._caller, wish, now=self._now, hint=jobs.append)
            for job in jobs:
                self._runner.run(job)
            for day in localtime.week_days(monday):
                self._live_day(week, day)
            if self._until < localtime.at_minute(monday + _WEEK, 0, self._caller.zone):
                self._add_report()

    def _live_day(self, week: _Week, day: date) -> None:
        morning = localtime.at_minute(day, _PLANNING_MINUTE, self._caller.zone)
        if morning > self._until:
            return
        self._now = max(self._now, morning)
        if week.makes_up and day.isoweekday() - 1 in week.missed:
            self._plan_anew()
        if day.isoweekday() in week.missed:
            return
        for session in self._sessions(day):
            self._study(session)

    def _study(self, session: SessionView) -> None:
        """Do a session when it is planned; the last of yesterday stays undone, as somebody's would."""
        took = self._took(session.duration_minutes)
        ends_at = session.scheduled_at + timedelta(minutes=took)
        if session.scheduled_at > self._until or self._is_left_out(session):
            return
        self._change(session, {"status": "in_progress"}, session.scheduled_at)
        if ends_at <= self._until:
            self._change(session, {"status": "done", "rating": self._rating(), "actual_minutes": took}, ends_at)

    def _is_left_out(self, session: SessionView) -> bool:
        """Tell whether it is what was missed last, so that there is something to plan anew."""
        if session.scheduled_on != self._caller.today(self._until) - timedelta(days=1):
            return False
        of_day = self._sessions(session.scheduled_on)
        return len(of_day) > 1 and session.id == of_day[-1].id

    def _plan_anew(self) -> None:
        preview = preview_replan(self._caller, include_overdue=True, now=self._now)
        apply_replan(self._caller, preview.revision, now=self._now)

    def _add_report(self) -> None:
        """Add what school asked for besides, with a day by which it has to be there."""
        due_on = self._caller.today(self._until) + timedelta(days=_REPORT_IN_DAYS)
        starts_at = localtime.at_minute(due_on - timedelta(days=1), _FREE_HAND_MINUTE, self._caller.zone)
        wish = {
            "title": "Finish the lab report on enzymes",
            "topic": "Biology",
            "duration_minutes": 30,
            "scheduled_at": starts_at.isoformat(),
            "due_on": f"{due_on}",
        }
        append_session(self._caller, SessionCreate.model_validate(wish), unit_title, now=self._until)

    def _sessions(self, day: date) -> list[SessionView]:
        today = self._caller.today(self._now)
        return views(range_page(self._caller.user_id, day, day, rows=_MOST_A_DAY, after=None), today)

    def _change(self, session: SessionView, fields: dict[str, Any], now: datetime) -> None:
        self._now = max(self._now, now)
        update_session(self._caller, session.id, SessionUpdate.model_validate_json(json.dumps(fields)), now=now)

    def _rating(self) -> str:
        return self._chance.choices(list(_RATINGS), list(_RATINGS.values()))[0]

    def _took(self, planned: int) -> int:
        return max(5, planned * self._chance.randint(*_PACE_PERCENT) // 100)
