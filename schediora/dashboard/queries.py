"""Reads for the summary. Each is a bounded range of the student's local days, however long their history is."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from schediora.db.statement import Statement, as_day

# What was completed, by local day and topic; in rows without a topic, the earlier days with a completion; in a row
# without a day, how many sessions are scheduled for today but were not completed today, and how many of these were
# completed on another day; and in one without both, the minutes that were planned. The earlier days come from an index
# alone, so that what was done on them costs nothing more.
_NUMBERS = Statement("""
    SELECT completed_on, topic, COUNT(*), SUM(COALESCE(actual_minutes, duration_minutes))
    FROM study_sessions WHERE user_id = ? AND completed_on BETWEEN ? AND ? GROUP BY completed_on, topic
    UNION ALL
    SELECT DISTINCT completed_on, NULL, 0, 0 FROM study_sessions
    WHERE user_id = ? AND completed_on >= ? AND completed_on < ?
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
    """What was completed in some days, the `earlier` days on which something was, and how many sessions scheduled for
    today were not completed today.

    `others_done` of these `others` are done all the same: they were completed on another day. `planned_minutes` are
    those of the sessions scheduled on the days of the range.
    """

    completed: list[Completed]
    earlier: frozenset[date]
    others: int
    others_done: int
    planned_minutes: int


def numbers(user_id: UUID, *, shown: Days, since: date, today: date) -> Numbers:
    """Return what was completed and how much was planned in the days `shown`, on which of those before them, `since`
    a day, something was completed, and what else is scheduled for `today`, in one read.

    A completed session's minutes are what it really took, where the student has said so, else its duration.
    """
    rows = _NUMBERS.rows(
        *(user_id, shown.first, shown.last),
        *(user_id, since, shown.first),
        *(user_id, today, today),
        *(user_id, shown.first, shown.last),
    )
    completed, earlier = [], []
    others = others_done = planned = 0
    for day, topic, count, number in rows:
        if day is not None and topic is not None:
            completed.append(Completed(as_day(day), topic, count, int(number)))
        elif day is not None:
            earlier.append(as_day(day))
        elif topic is not None:
            others, others_done = count, number
        else:
            planned = int(number)
    return Numbers(completed, frozenset(earlier), others, others_done, planned)


def days_with_a_completion(user_id: UUID, first: date, last: date) -> frozenset[date]:
    """Return the local days from `first` to `last` on which something was completed."""
    return frozenset(as_day(day) for (day,) in _DAYS_WITH_A_COMPLETION.rows(user_id, first, last, user_id, first))
