"""Why no plan can be asked for now: the code, which the weekly status tells too, and sentences that are true in every
state of the planner.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from schediora.ai.errors import GenerationInProgress, WeeklyPlanExists
from schediora.ai.weeks import WeekState, first_open_week, state_of
from schediora.errors import Code, Conflict, TooManyRequests
from schediora.http.caller import Caller
from schediora.languages.language import FALLBACK, written_in
from schediora.localtime import A_WEEK, at_minute
from schediora.planner.quotas import full
from schediora.rate_limits.rate_limits import RateLimits
from schediora.rate_limits.table import JOBS


def state_for(caller: Caller, monday: date, *, now: datetime) -> WeekState:
    """Return the state of a week with the jobs that were accepted on the student's day of `now`."""
    return state_of(caller.user_id, monday, since=_day_starts(caller, caller.today(now)))


def obstacle(user_id: UUID, state: WeekState, limits: RateLimits) -> Code | None:
    """Return the code of what stands in the way of a new plan for the week of `state`, None where nothing does."""
    if state.active:
        return Code.GENERATION_IN_PROGRESS
    if state.closed:
        return Code.WEEKLY_PLAN_EXISTS
    if full(user_id):
        return Code.QUOTA_EXCEEDED
    return Code.TOO_MANY_REQUESTS if _enough_today(state, limits) else None


def refusal(
    caller: Caller, monday: date, state: WeekState, *, now: datetime, limits: RateLimits | None
) -> Conflict | TooManyRequests | None:
    """Return what stands in the way of a new plan for the week of `monday`, which is this or the next, in words; None
    where nothing does. Without `limits` a day has room for any number of jobs.
    """
    if state.active:
        other = None if state.active.week_start == monday else _of_another_week(state.active.week_start)
        return GenerationInProgress(other, job_id=str(state.active.id))
    in_the_way: Conflict | TooManyRequests | None = full(caller.user_id)
    if in_the_way is None and limits is not None and _enough_today(state, limits):
        tomorrow = _day_starts(caller, caller.today(now) + timedelta(days=1))
        in_the_way = limits.reached(JOBS, retry_after=(tomorrow - now).total_seconds())
    if not state.closed:
        return in_the_way
    ahead = monday > caller.monday(now)
    then = in_the_way.detail if in_the_way else _when(caller.user_id, monday, ahead=ahead)
    return WeeklyPlanExists(f"{_what_is_there(state, 'next week' if ahead else 'this week')} {then}")


def _day_starts(caller: Caller, day: date) -> datetime:
    return at_minute(day, caller.day_starts_at, caller.zone)


def _enough_today(state: WeekState, limits: RateLimits) -> bool:
    return limits.enabled and state.accepted >= JOBS.most


def _of_another_week(monday: date) -> str:
    return f"Your plan for the week of {_said(monday)} is being made right now. Ask again when it is there."


def _what_is_there(state: WeekState, week: str) -> str:
    if not state.has_plan:
        return f"{week.capitalize()}'s plan was made already and deleted."
    if state.moved:
        return "The plan that you asked for this week went to next week, because this one was too short for it."
    return f"You already have a plan for {week}."


def _when(user_id: UUID, monday: date, *, ahead: bool) -> str:
    """Return for which week a plan can be asked for; only new apps ask for one ahead."""
    first = first_open_week(user_id, monday + A_WEEK)
    if ahead:
        now = "" if state_of(user_id, monday - A_WEEK).closed else "For this week you can ask for one. "
        return f"{now}A new one can be made from {_said(first)}."
    ahead_too = ", or right now where your app can plan ahead" if first == monday + A_WEEK else ""
    return f"A new one can be made from {_said(first)}{ahead_too}."


def _said(day: date) -> str:
    return written_in(FALLBACK).date(day)
