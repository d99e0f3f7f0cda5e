"""Reads for the summary. Each is a bounded range of the student's local days, however long their history is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from schediora.db.statement import Statement, as_day

# What was completed, by local day and topic; in a row without a day, how many sessions are scheduled for today but were
# not completed today, and how many of these were completed on another day; and in one without a topic, the minutes that
# were planned.
_NUMBERS = Statement("""
    SELECT completed_on, topic, COUNT(*), SUM(COALESCE(actual_minutes, duration_minutes))
    FROM study_sessions WHERE user_id = ? AND completed_on BETWEEN ? AND ? GROUP BY completed_on, topic
    UNION ALL
    SELECT NULL, '', COUNT(*), COUNT(completed_on)
    FROM study_sessions WHERE user_id = ? AND scheduled_on = ? AND (completed_on IS NULL OR completed_on <> ?)
    UNION ALL
    SELECT NULL, NULL, COUNT(*), COALESCE(SUM(duration_minutes), 0)
    FROM study_sessions WHERE user_id = ? AND scheduled_on BETWEEN ? AND ?""")

# From each day to the last one before it that has a completion: along the index by days, not by sessions.
_DAYS_WITH_A_COMPLETION = Statement("""
    WITH RECURSIVE days (day) AS (
        SELECT (SELECT MAX(completed_on) FROM study_sessions WHERE user_id = ? AND completed_on BETWEEN ? AND ?)
        UNION ALL
        SELECT (SELECT MAX(completed_on) FROM study_sessions
            WHERE user_id = ? AND completed_on >= ? AND completed_on < days.day)
        FROM days WHERE day IS NOT NULL
    )
    SELECT day FROM days WHERE day IS NOT NULL""")


@dataclass(frozen=True, slots=True)
class Completed:
    """What was completed of one topic on one local day: how many sessions, and their minutes."""

    day: date
    topic: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, `first` to `last`."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was completed in some days, and how many sessions scheduled for today were not completed today.

    `others_done` of these `others` are done all the same: they were completed on another day. `planned_minutes` are
    those of the sessions scheduled on the days of the range.
    """

    completed: list[Completed]
    others: int
    others_done: int
    planned_minutes: int


def numbers(user_id: UUID, *, completed: Days, scheduled: Days, today: date) -> Numbers:
    """Return what was completed in the days `completed`, what else is scheduled for `today`, and how much was planned
    for the days `scheduled`, in one read.

    A completed session's minutes are what it really took, where the student has said so, else its duration.
    """
    rows = _NUMBERS.rows(
        *(user_id, completed.first, completed.last),
        *(user_id, today, today),
        *(user_id, scheduled.first, scheduled.last),
    )
    ((others, others_done),) = ((count, done) for day, topic, count, done in rows if day is None and topic is not None)
    (planned,) = (int(minutes) for _, topic, _, minutes in rows if topic is None)
    done = [
        Completed(as_day(day), topic, count, int(minutes)) for day, topic, count, minutes in rows if day is not None
    ]
    return Numbers(done, others, others_done, planned)


def days_with_a_completion(user_id: UUID, first: date, last: date) -> frozenset[date]:
    """Return the local days from `first` to `last` on which something was completed."""
    return frozenset(as_day(day) for (day,) in _DAYS_WITH_A_COMPLETION.rows(user_id, first, last, user_id, first))
