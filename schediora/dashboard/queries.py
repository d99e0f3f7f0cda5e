"""Reads for the summary. Each is a bounded range of the student's local days, however long their history is."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from schediora.db.statement import Statement, as_day

# What was completed, by local day and topic; and, in a row without a day, how many sessions are scheduled for today but
# were not completed today, and how many of these were completed on another day.
_NUMBERS = Statement("""
    SELECT completed_on, topic, COUNT(*), SUM(COALESCE(actual_minutes, duration_minutes))
    FROM study_sessions WHERE user_id = ? AND completed_on BETWEEN ? AND ? GROUP BY completed_on, topic
    UNION ALL
    SELECT NULL, '', COUNT(*), COUNT(completed_on)
    FROM study_sessions WHERE user_id = ? AND scheduled_on = ? AND (completed_on IS NULL OR completed_on <> ?)""")

_DAYS_WITH_A_COMPLETION = Statement("""
    SELECT DISTINCT completed_on FROM study_sessions WHERE user_id = ? AND completed_on BETWEEN ? AND ?""")


@dataclass(frozen=True, slots=True)
class Completed:
    """What was completed of one topic on one local day: how many sessions, and their minutes."""

    day: date
    topic: str
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was completed in some days, and how many sessions scheduled for today were not completed today.

    `others_done` of these `others` are done all the same: they were completed on another day.
    """

    completed: list[Completed]
    others: int
    others_done: int


def numbers(user_id: UUID, *, first: date, last: date, today: date) -> Numbers:
    """Return what was completed from `first` to `last`, and what else is scheduled for `today`, in one read.

    A session's minutes are what it really took, where the student has said so, else its duration.
    """
    rows = _NUMBERS.rows(user_id, first, last, user_id, today, today)
    others, others_done = next((count, done) for day, _, count, done in rows if day is None)
    completed = [
        Completed(as_day(day), topic, count, int(minutes)) for day, topic, count, minutes in rows if day is not None
    ]
    return Numbers(completed, others, others_done)


def streak_days(user_id: UUID, today: date, known: set[date], known_from: date) -> int:
    """Return how many local days in a row have a completion, ending today, or yesterday while nothing is done today.

    `known` are the days with a completion since `known_from`. Earlier ones are read only while the streak goes on,
    twice as many days each time.
    """
    last = today if today in known else today - timedelta(days=1)
    day, look_back = last, today - known_from
    while day in known:
        day -= timedelta(days=1)
        if day < known_from:
            look_back *= 2
            known_from -= look_back
            known = {as_day(row[0]) for row in _DAYS_WITH_A_COMPLETION.rows(user_id, known_from, day)}
    return (last - day).days
