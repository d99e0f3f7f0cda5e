"""Which weeks a new plan can be for: what stands in the way of one, and where the plan of a job can go."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from schediora.ai.queries import ActiveJob, claims, closed_weeks
from schediora.http.caller import Caller
from schediora.localtime import A_WEEK
from schediora.models.ai import Job
from schediora.planner.weeks import week_plans

NEVER_SINCE = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class WeekState:
    """What a week has: `active` is the job that makes a plan right now, of whatever week, `generated` tells whether
    one was made for it, there still or deleted, `has_plan` whether it has a plan of any source, `moved` whether
    that lies in a later week, as this one was too short, and `accepted` how many jobs were lately.
    """

    active: ActiveJob | None
    generated: bool
    has_plan: bool
    moved: bool
    accepted: int = 0

    @property
    def closed(self) -> bool:
        """Tell whether the week takes no new plan."""
        return self.generated or self.has_plan


def state_of(user_id: UUID, monday: date, *, by: datetime | None = None, since: datetime = NEVER_SINCE) -> WeekState:
    """Return the state of the week that starts on `monday`, without the plans that were made after the instant `by`
    where one is given, and with the jobs that were accepted `since` another.
    """
    # Jobs first: one that completes between the two reads has then been seen, as active or by its plan.
    claimed = claims(user_id, monday, since)
    plans = week_plans(user_id, monday, by=by)
    return WeekState(
        claimed.active,
        generated=plans.generated or claimed.completed,
        has_plan=plans.any,
        moved=plans.moved,
        accepted=claimed.accepted,
    )


def first_open_week(user_id: UUID, monday: date) -> date:
    """Return the first Monday, `monday` or a later one, whose week takes a new plan."""
    closed = closed_weeks(user_id, monday)
    while monday in closed:
        monday += A_WEEK
    return monday


@dataclass(frozen=True, slots=True)
class OpenWeeks:
    """Where the plan of a job can go: to the week of `monday`, and to the next one, too, where it `may_move`.

    `asked_ahead` tells that it was asked for before that week; `closed` that it was asked for in an earlier week and
    this one had a plan by then.
    """

    monday: date
    may_move: bool
    asked_ahead: bool = False
    closed: bool = False


def open_weeks(job: Job, caller: Caller, now: datetime) -> OpenWeeks:
    """Return where the plan of `job` can go at `now`.

    One that was asked for ahead keeps to its week, also when that has begun meanwhile. Any other is for the rest of
    this week, whichever it was asked for in, or for the next where that had no plan yet.
    """
    this_monday = caller.monday(now)
    if job.week_start > caller.monday(job.created_at) and job.week_start >= this_monday:
        return OpenWeeks(job.week_start, may_move=False, asked_ahead=True)

    def had_a_plan(monday: date) -> bool:
        return state_of(job.user_id, monday, by=job.created_at).closed

    return OpenWeeks(
        this_monday,
        may_move=not had_a_plan(this_monday + A_WEEK),
        closed=this_monday != job.week_start and had_a_plan(this_monday),
    )
