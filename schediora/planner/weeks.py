"""What a week has: which plans and sessions are its own, and whether all of it is done."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from schediora.db.statement import Statement, as_day
from schediora.localtime import A_WEEK, TO_SUNDAY
from schediora.models.planner import PlanSource

_FURTHEST_MOVE = 2 * A_WEEK
"""A plan that was asked for on the last evening of a week and made after it can still go to the week after that."""

OF_WEEK = "p.week_start BETWEEN ? AND ? AND ? IN (p.week_start, p.asked_for)"
"""Tells of a plan `p` whether it is one of a week's, which `of_week` names: made for it, or asked for in it and gone to
a later one because it was too short."""
ALONE = "s.series_id IS NULL"
"""Tells of a session `s` of a week's plan whether it is shown with it wherever it lies. Of a series the week shows what
lies in it and no more, so that there the plan does not matter.
"""

_OF_WEEK = f"SELECT DISTINCT p.source, p.week_start FROM study_plans p WHERE p.user_id = ? AND {OF_WEEK}"
_PLANS = Statement(_OF_WEEK)
_PLANS_BY = Statement(f"{_OF_WEEK} AND p.created_at <= ?")
_DONE_OR_NOT = Statement(f"""
    SELECT DISTINCT s.status = 'done' FROM study_plans p JOIN study_sessions s ON s.plan_id = p.id
    WHERE p.user_id = ? AND {OF_WEEK} AND {ALONE}
    UNION
    SELECT DISTINCT s.status = 'done' FROM study_sessions s WHERE s.user_id = ? AND s.scheduled_on BETWEEN ? AND ?""")


def of_week(monday: date) -> tuple[date, date, date]:
    """Return the values of `OF_WEEK` for the week that starts on `monday`."""
    return monday, monday + _FURTHEST_MOVE, monday


@dataclass(frozen=True, slots=True)
class WeekPlans:
    """Whether a week has plans, a generated one among them, and whether all of them went to a later week."""

    any: bool
    generated: bool
    moved: bool


def week_plans(user_id: UUID, monday: date, *, by: datetime | None = None) -> WeekPlans:
    """Tell which plans the student has for the week that starts on `monday`, made by the instant `by` where one is
    given.
    """
    values = (user_id, *of_week(monday))
    rows = _PLANS_BY.rows(*values, by) if by else _PLANS.rows(*values)
    return WeekPlans(
        any=bool(rows),
        generated=any(source == PlanSource.AI for source, _ in rows),
        moved=bool(rows) and all(as_day(week) > monday for _, week in rows),
    )


def week_done(user_id: UUID, monday: date) -> bool:
    """Tell whether the week that starts on `monday` has sessions, as they are listed with it, and all of them are done.

    A week without any is not done: there was nothing to do.
    """
    sunday = monday + TO_SUNDAY
    found = _DONE_OR_NOT.rows(user_id, *of_week(monday), user_id, monday, sunday)
    return [bool(done) for (done,) in found] == [True]
