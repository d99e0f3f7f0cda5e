"""How a student really studies: when they start, how much of what was planned they do, and how long it takes them."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any

from pydantic import Field

from schediora.db.statement import Statement
from schediora.http.caller import Caller
from schediora.http.wire import View
from schediora.localtime import DAYS_A_WEEK, MINUTES_A_DAY, clock_of
from schediora.planner.history import MOST_SESSIONS, minutes_taken, start_of

HABIT_DAYS = 56
"""Habits are those of the last eight weeks: long enough for a typical Tuesday, short enough for this term."""

_DONE = Statement("""
    SELECT started_at, completed_at, completed_on, scheduled_on, actual_minutes, duration_minutes FROM study_sessions
    WHERE user_id = ? AND completed_on BETWEEN ? AND ? ORDER BY completed_on DESC, id DESC LIMIT ?""")
_FINISHED = Statement("""
    SELECT COUNT(completed_on), COUNT(*) FROM study_sessions WHERE user_id = ? AND scheduled_on BETWEEN ? AND ?""")


class HabitsView(View):
    """How a student studied in the last 56 days."""

    median_start_by_weekday: list[str | None] = Field(
        description="When the sessions of a weekday usually start, on the local clock (`HH:MM`), Monday first; null "
        "for one without any. Where nobody said when, a session that was ticked off on its day started as long before "
        "that as it took.",
        examples=[["16:00", "16:30", None, "16:00", None, "10:00", None]],
    )
    finish_rate: float | None = Field(
        description="Which share of the sessions of past days was done, 0 to 1; null without any.", examples=[0.75]
    )
    actual_over_planned: float | None = Field(
        description="How many minutes were taken for each planned one, in the done sessions of which that is known: "
        "the student said it, or started and ticked the session off within half to twice its length; null without any.",
        examples=[1.25],
    )


def habits(caller: Caller, *, now: datetime) -> HabitsView:
    """Return how the caller studied in the last `HABIT_DAYS` days, those of today that are done among them."""
    today = caller.today(now)
    first = today - timedelta(days=HABIT_DAYS)
    done = _DONE.rows(caller.user_id, first + timedelta(days=1), today, MOST_SESSIONS)
    ((finished, planned),) = _FINISHED.rows(caller.user_id, first, today - timedelta(days=1))
    return HabitsView(
        median_start_by_weekday=_usual_starts(caller, done),
        finish_rate=finished / planned if planned else None,
        actual_over_planned=_ratio(done),
    )


def _usual_starts(caller: Caller, done: Any) -> list[str | None]:
    """Return the median start by weekday; what is begun after midnight, before the student's day starts, is late."""
    minutes: list[list[int]] = [[] for _ in range(DAYS_A_WEEK)]
    for started, ticked, completed_on, scheduled_on, actual, length in done:
        start = start_of(caller, started, ticked, completed_on, scheduled_on, actual or length)
        if start:
            wall, day = start.astimezone(caller.zone), caller.day_of(start)
            minutes[day.weekday()].append((wall.date() - day).days * MINUTES_A_DAY + wall.hour * 60 + wall.minute)
    return [clock_of(int(median(of_day)) % MINUTES_A_DAY) if of_day else None for of_day in minutes]


def _ratio(done: Any) -> float | None:
    known = [
        (taken, length)
        for started, ticked, _, _, actual, length in done
        if (taken := minutes_taken(actual, started, ticked, length))
    ]
    return sum(taken for taken, _ in known) / sum(length for _, length in known) if known else None
