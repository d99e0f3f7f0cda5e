"""What was done, and is planned, of the units of one list: counted in the database, so that a history stays there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import peewee

from schediora.db.statement import as_day
from schediora.localtime import DAYS_A_WEEK, week_start
from schediora.models.planner import Plan, Session, SessionStatus, SessionUnit

_LESSON = Session.kind.is_null() | (Session.kind == "learn")
"""A lesson, or a session of the student's own that names the unit (`schediora.memory.replay`)."""
_WEEKS_AHEAD = 2
"""A week's plan lies in this week or in the next."""


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
    of_units = (SessionUnit.user == user_id) & SessionUnit.unit.in_(sorted(keys))
    done: Any = (
        SessionUnit.select(
            SessionUnit.unit,
            peewee.fn.COUNT(Session.id),
            peewee.fn.MIN(Session.completed_on),
            peewee.fn.MAX(peewee.Case(None, ((_LESSON, Session.completed_on),), None)),
        )
        .join(Session)
        .where(of_units & (Session.status == SessionStatus.DONE))
        .group_by(SessionUnit.unit)
        .tuples()
    )
    rows = list(done)
    monday = week_start(today)
    until = monday + timedelta(days=_WEEKS_AHEAD * DAYS_A_WEEK - 1)
    planned: Any = (
        SessionUnit.select(SessionUnit.unit, Session.scheduled_on)
        .join(Session)
        .where(of_units & _LESSON & Session.scheduled_on.between(monday, until))
        .tuples()
    )
    weeks: dict[date, set[str]] = {}
    for unit, day in planned:
        weeks.setdefault(week_start(day), set()).add(unit)
    return Studied(
        sessions={unit: count for unit, count, _, _ in rows},
        last_lessons={unit: as_day(last) for unit, _, _, last in rows if last},
        first_on=min((as_day(first) for _, _, first, _ in rows), default=None),
        planned_lessons=max(map(len, weeks.values()), default=0),
    )


def last_language(user_id: UUID) -> str | None:
    """Return the language (BCP 47) of the newest plan that has one."""
    row = (
        Plan.select(Plan.language)
        .where((Plan.user == user_id) & Plan.language.is_null(False))
        .order_by(Plan.created_at.desc(), Plan.id.desc())
        .tuples()
        .first()
    )
    return row[0] if row else None
