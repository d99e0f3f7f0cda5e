"""What was done, and is planned, of the units of one list: counted in the database, so that a history stays there."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from schediora.db.statement import Statement, as_day
from schediora.localtime import DAYS_A_WEEK, week_start

_LESSON = "(s.kind IS NULL OR s.kind = 'learn')"
"""A lesson, or a session of the student's own that names the unit (`schediora.memory.replay`)."""
_WEEKS_AHEAD = 2
"""A week's plan lies in this week or in the next."""


def of_units(columns: str, which: str, end: str = "") -> Statement:
    """Return the read of those sessions of some units (a JSON list of keys, then the student) that are `which`: unit by
    unit along an index, and each session by its id.

    Postgres would rather read the whole of a table that is mostly one student's, and has to be told not to.
    """
    of_unit, found = "u.user_id = ? AND u.unit = w.value", f"s.id = u.session_id AND {which}"
    return Statement(
        f"""SELECT u.unit, {columns} FROM json_each(?) w
            CROSS JOIN session_units u ON {of_unit} CROSS JOIN study_sessions s ON {found} {end}""",
        postgres=f"""SELECT u.unit, {columns} FROM json_array_elements_text(?) w
            CROSS JOIN LATERAL (SELECT * FROM session_units u WHERE {of_unit} OFFSET 0) u
            CROSS JOIN LATERAL (SELECT * FROM study_sessions s WHERE {found} OFFSET 0) s {end}""",
    )


_DONE = of_units(
    f"COUNT(*), MIN(s.completed_on), MAX(CASE WHEN {_LESSON} THEN s.completed_on END)",
    "s.status = 'done'",
    "GROUP BY u.unit",
)
_PLANNED = of_units("s.scheduled_on", f"{_LESSON} AND s.scheduled_on BETWEEN ? AND ?")
_LAST_LANGUAGE = Statement("""
    SELECT language FROM study_plans WHERE user_id = ? AND language IS NOT NULL
    ORDER BY created_at DESC, id DESC LIMIT 1""")


@dataclass(frozen=True, slots=True)
class Studied:
    """How much the student did of some units.

    `sessions` counts the done sessions by unit, `last_lessons` is the local day of the last done lesson by unit,
    `first_on` that of the first done session of any. `planned_lessons` are the units of which the week that holds
    most of them has a lesson, done or not, of this week and the next.
    """

    sessions: Mapping[str, int]
    last_lessons: Mapping[str, date]
    first_on: date | None
    planned_lessons: int


def studied(user_id: UUID, keys: Collection[str], today: date) -> Studied:
    """Return what the student did of the units `keys`, as seen on the local day `today`."""
    if not keys:
        return Studied({}, {}, None, 0)
    units = json.dumps(sorted(keys))
    rows = _DONE.rows(units, user_id)
    monday = week_start(today)
    until = monday + timedelta(days=_WEEKS_AHEAD * DAYS_A_WEEK - 1)
    weeks: dict[date, set[str]] = {}
    for unit, day in _PLANNED.rows(units, user_id, monday, until):
        weeks.setdefault(week_start(as_day(day)), set()).add(unit)
    return Studied(
        sessions={unit: count for unit, count, _, _ in rows},
        last_lessons={unit: as_day(last) for unit, _, _, last in rows if last},
        first_on=min((as_day(first) for _, _, first, _ in rows), default=None),
        planned_lessons=max(map(len, weeks.values()), default=0),
    )


def last_language(user_id: UUID) -> str | None:
    """Return the language (BCP 47) of the newest plan that has one."""
    return next((str(language) for (language,) in _LAST_LANGUAGE.rows(user_id)), None)
