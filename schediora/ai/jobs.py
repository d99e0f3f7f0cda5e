"""Making the plan that a job asks for: claim, ask the author outside any transaction, place, and finish behind the
fence.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import peewee
import structlog

from schediora import log
from schediora.ai import leases
from schediora.ai.author import Author, Authored
from schediora.ai.errors import JobFailure
from schediora.ai.leases import Lease
from schediora.ai.queries import waiting_jobs
from schediora.ai.situation import Situation, situation_of
from schediora.clock import Clock
from schediora.db.database import Database, connected
from schediora.db.outages import Outages, is_outage
from schediora.http.caller import Caller
from schediora.models.ai import Job, JobStatus
from schediora.models.users import User
from schediora.planner.errors import QuotaExceeded
from schediora.planner.scheduler import placement
from schediora.planner.service import NewSession, add_plan
from schediora.users.locking import lock_student
from schediora.users.queries import caller_of

_log = log.get_logger("schediora.job")

HEARTBEAT_SECONDS = 3.0
LOOKS = 20
"""A planner that has changed each time, in so many placements in a row, is not waited for: others want the thread."""
EVER_CHANGING = "Your sessions kept changing while your plan was made. Please ask for it again."
NO_TIME = (
    "There is no free time left for this plan, neither this week nor next. "
    "Free some hours or allow more hours a day, then ask again."
)


class Runner:
    """Runs jobs on the consumer's threads; knows which ones this process holds."""

    def __init__(self, database: Database, author: Author, *, default_timezone: str, clock: Clock) -> None:
        self._database = database
        self._author = author
        self._default_timezone = default_timezone
        self._clock = clock
        self._beats = Outages(_log, "heartbeat_failed", over="heartbeat_resumed")
        self._outages = Outages(_log, "job_interrupted", over="jobs_resumed")
        self._held: dict[UUID, Lease] = {}
        self._change = threading.Condition()

    def run(self, job_id: UUID) -> None:
        """Make the job's plan, unless somebody else does or did. Never raises: what went wrong is in the log and the
        row.
        """
        with structlog.contextvars.bound_contextvars(job_id=str(job_id)):
            try:
                with connected(self._database):
                    lease = leases.claim(job_id, now=self._clock())
                self._outages.succeeded(wrote=lease is not None)
            except Exception as error:
                self._outages.failed(error)
                return
            if lease is not None:
                with self._holding(lease):
                    self._work(lease)

    def heartbeat(self) -> None:
        """Renew every lease that this process holds; a failure is logged and the next beat tries again."""
        with self._change:
            tokens = [lease.token for lease in self._held.values()]
        if not tokens:
            return
        try:
            with connected(self._database):
                leases.renew(tokens, now=self._clock())
            self._beats.succeeded(wrote=True)
        except Exception as error:
            self._beats.failed(error)

    def waiting(self, *, everything: bool) -> list[UUID]:
        """Return the jobs to hint at and note that they were; `everything` also those hinted at just now."""
        now = self._clock()
        with connected(self._database):
            jobs = waiting_jobs(now, everything=everything)
            for job in jobs:
                Job.update(hinted_at=now).where(Job.id == job.id).execute()
        return [job.id for job in jobs]

    def drain(self, seconds: float) -> None:
        """Wait up to `seconds` for the jobs in flight, then hand the rest back without counting an attempt."""
        with self._change:
            self._change.wait_for(lambda: not self._held, timeout=seconds)
            rest = list(self._held.values())
        for lease in rest:
            if self._part_with(lease, leases.hand_back):
                _log.info("job_handed_back", job_id=str(lease.job.id))

    @contextmanager
    def _holding(self, lease: Lease) -> Iterator[None]:
        with self._change:
            self._held[lease.token] = lease
        try:
            yield
        finally:
            with self._change:
                del self._held[lease.token]
                self._change.notify_all()

    def _work(self, lease: Lease) -> None:
        _log.info(
            "job_running",
            user_id=str(lease.job.user_id),
            attempt=lease.job.attempts + 1,
            use_model=lease.model_seconds > 0,
        )
        try:
            with connected(self._database):
                caller = caller_of(lease.job.user_id, self._default_timezone)
                situation = situation_of(lease.job, caller, now=self._clock()) if caller else None
            if caller is None or situation is None:
                return  # The account is gone, and the job's row went with it.
            authored = self._author.write(situation.brief, model_seconds=lease.model_seconds)
            with connected(self._database):
                self._finish(lease, caller, authored)
        except Exception as error:
            if is_outage(error):
                self._outages.failed(error)
            else:
                _log.exception("job_crashed")
            self._part_with(lease, leases.let_go)

    def _part_with(self, lease: Lease, how: Callable[..., object]) -> bool:
        """Tell whether the lease could be given up; one that could not runs out by itself."""
        try:
            with connected(self._database):
                how(lease, now=self._clock())
        except Exception as error:
            self._outages.failed(error)
            return False
        return True

    def _finish(self, lease: Lease, caller: Caller, authored: Authored) -> None:
        """Place the outline and store everything in one transaction; place again when the planner changed meanwhile."""
        for _ in range(LOOKS):
            now = self._clock()
            situation = situation_of(lease.job, caller, now=now)
            week, placed = placement.choose_week(authored.outline.steps, situation.this_week, situation.next_week)
            if not placed.pieces:
                self._fail(lease, JobFailure.NO_TIME_AVAILABLE, NO_TIME, now)
                return
            try:
                outcome = _store(lease, caller, authored, situation, week, placed, now)
            except QuotaExceeded as error:
                # The planner was filled while the plan was written, or it has less room than the plan has sessions.
                self._fail(lease, JobFailure.QUOTA_EXCEEDED, error.detail, now)
                return
            except peewee.IntegrityError:
                # Another job of that week completed; only a change of time zone in mid-job can lead here.
                self._fail(lease, JobFailure.WEEKLY_PLAN_EXISTS, "You already have a plan for this week.", now)
                return
            if outcome is not None:
                break
        else:
            self._fail(lease, JobFailure.INTERNAL_ERROR, EVER_CHANGING, self._clock())
            return
        if outcome:
            _log.info(
                "job_completed",
                source=authored.source,
                sessions=len(placed.pieces),
                unplaced=len(placed.unplaced),
                degraded=authored.degraded_code,
            )
        else:
            _log.warning("job_lost", reason="another worker took the job over")

    def _fail(self, lease: Lease, code: JobFailure, detail: str, now: datetime) -> None:
        if leases.fail(lease, code, detail, now=now):
            _log.info("job_failed", code=str(code))


def _store(
    lease: Lease,
    caller: Caller,
    authored: Authored,
    situation: Situation,
    week: placement.Week,
    placed: placement.Placement,
    now: datetime,
) -> bool | None:
    """Store plan, sessions and outcome together; return False when the lease was lost, None when the planner has
    changed.
    """
    with User.transaction() as transaction:
        user = lock_student(caller.user_id)
        if user.planner_revision != situation.revision:
            return None
        plan = add_plan(
            caller.user_id,
            title=authored.outline.title,
            topic=lease.job.topic,
            week_start=week.monday,
            sessions=[_session(piece) for piece in placed.pieces],
            now=now,
        )
        stored = (
            Job.update(
                status=JobStatus.COMPLETED,
                plan=plan.id,
                week_start=week.monday,
                source=authored.source,
                degraded_reason=authored.degraded_reason,
                result=_outline(authored),
                feasibility=_feasibility(placed),
                lease_token=None,
                lease_until=None,
                updated_at=now,
            )
            .where((Job.id == lease.job.id) & (Job.lease_token == lease.token))
            .execute()
        )
        if not stored:
            transaction.rollback()
        return bool(stored)


def _session(piece: placement.Piece) -> NewSession:
    return NewSession(
        title=piece.title,
        topic=piece.topic,
        detail=piece.detail,
        kind=piece.kind,
        duration_minutes=piece.minutes,
        scheduled_at=piece.starts_at,
        scheduled_on=piece.day,
        reason={"code": piece.reason.code, "text": piece.reason.text},
    )


def _outline(authored: Authored) -> dict[str, Any]:
    outline = authored.outline
    steps = [{"title": step.title, "detail": step.detail} for step in outline.steps]
    return {"title": outline.title, "summary": outline.summary, "steps": steps}


def _feasibility(placed: placement.Placement) -> dict[str, Any]:
    return {
        "needed_minutes": placed.needed_minutes,
        "available_minutes": placed.available_minutes,
        "unplaced": [
            {"title": left.title, "minutes": left.minutes, "code": left.reason.code, "text": left.reason.text}
            for left in placed.unplaced
        ],
        "suggestion": _suggestion(placed.suggestion),
    }


def _suggestion(suggestion: placement.Suggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    hours = suggestion.daily_minutes and suggestion.daily_minutes / 60
    shown: dict[str, Any] = {"daily_hours": hours, "session_minutes": suggestion.session_minutes, "window": None}
    if window := suggestion.window:
        shown["window"] = {
            "weekday": window.weekday,
            "start": _clock_time(window.start),
            "end": _clock_time(window.end),
        }
    return {"change": suggestion.change, "text": suggestion.text, **shown}


def _clock_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
