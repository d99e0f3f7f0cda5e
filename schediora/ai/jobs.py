"""Making the plan that a job asks for: claim, ask the author outside any transaction, place, and finish behind the
fence.
"""

import threading
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import peewee
import structlog

from schediora import log
from schediora.ai import leases
from schediora.ai.author import LIST_SECONDS, Author, Authored
from schediora.ai.content.sentences import degraded, note_in, why_no_plan
from schediora.ai.curriculum.frame import Frame
from schediora.ai.curriculum.week import frame_of
from schediora.ai.errors import JobFailure
from schediora.ai.failures import Failure, ever_changing, failure_of, planner_is_full, week_is_taken
from schediora.ai.holding import Holding
from schediora.ai.leases import Lease
from schediora.ai.model.usage import NOTHING_USED, Usage
from schediora.ai.model_costs import take_down_model
from schediora.ai.queries import tokens_of_day, waiting_jobs
from schediora.ai.situation import Situation, coverage_of, situation_of
from schediora.ai.steps import steps_of
from schediora.ai.storing import Made, feasibility, store
from schediora.ai.which_week import placed_in
from schediora.clock import Clock
from schediora.db.database import Database, connected
from schediora.db.outages import Outages, is_outage
from schediora.http.caller import Caller
from schediora.metrics.measurements import UNMEASURED, Measurements
from schediora.models.ai import Job, JobStage
from schediora.planner.errors import QuotaExceeded
from schediora.syllabus.service import store_model_list
from schediora.syllabus.syllabus import Source
from schediora.users.queries import caller_of

_log = log.get_logger("schediora.job")

LOOKS = 20
"""A planner that has changed each time, in so many placements in a row, is not waited for: others want the thread."""


class Runner:
    """Runs jobs on the consumer's threads; knows which ones this process holds."""

    def __init__(
        self,
        database: Database,
        author: Author,
        *,
        default_timezone: str,
        clock: Clock,
        daily_tokens: int = 0,
        measurements: Measurements = UNMEASURED,
    ) -> None:
        self._measurements = measurements
        self._database = database
        self._author = author
        self._daily_tokens = daily_tokens
        self._default_timezone = default_timezone
        self._clock = clock
        self._placing = threading.Lock()
        """One places at a time. It is pure computing, during which nothing else of the process computes: those that
        began together would end together, too, and then all wait for the model while nobody computes.
        """
        self._outages = Outages(_log, "job_interrupted", over="jobs_resumed")
        self.holding = Holding(database, clock, self._outages)

    def run(self, job_id: UUID) -> None:
        """Make the job's plan, unless somebody else does or did. Never raises: what went wrong is in the log and the
        row.
        """
        with structlog.contextvars.bound_contextvars(job_id=str(job_id)):
            try:
                with connected(self._database):
                    lease = leases.claim(job_id, now=self._clock(), given_up=self._failed)
                self._outages.succeeded(wrote=lease is not None)
            except Exception as error:
                self._outages.failed(error)
                return
            if lease is not None:
                with self.holding.holds(lease):
                    self._work(lease)

    def waiting(self, *, everything: bool) -> list[UUID]:
        """Return the jobs to hint at and note that they were; `everything` also those hinted at just now."""
        now = self._clock()
        with connected(self._database):
            jobs = waiting_jobs(now, everything=everything)
            for job in jobs:
                Job.update(hinted_at=now).where(Job.id == job.id).execute()
        return [job.id for job in jobs]

    def _work(self, lease: Lease) -> None:
        _log.info(
            "job_running",
            user_id=str(lease.job.user_id),
            attempt=lease.job.attempts + 1,
            use_model=lease.model_seconds > 0,
        )
        if not lease.job.attempts:
            self._measurements.job_taken((self._clock() - lease.job.created_at).total_seconds())
        until = self._clock() + timedelta(seconds=lease.model_seconds)
        try:
            with connected(self._database):
                leases.enter(lease, JobStage.READING)
                caller = caller_of(lease.job.user_id, self._default_timezone)
                situation = situation_of(lease.job, caller, now=self._clock()) if caller else None
            if caller is None or situation is None:
                return  # The account is gone, and the job's row went with it.
            if situation.is_over or situation.open_weeks.closed:
                until = self._clock()  # There will be no plan for which a model could be asked.
            situation, spent = self._with_units(lease, caller, situation, until)
            with connected(self._database):
                leases.enter(lease, JobStage.WRITING, language=situation.language)
                tokens_left = self._tokens_left()
            student = situation.request.student
            frame = frame_of(situation.request)
            authored = self._author.write(
                frame,
                [topic.syllabus for topic in situation.request.topics],
                situation.language,
                goal=situation.goal,
                longest_session_minutes=student.longest_session_minutes,
                model_seconds=self._seconds_to(until),
                tokens_left=tokens_left,
            )
            with connected(self._database):
                leases.enter(lease, JobStage.PLACING)
                self._finish(lease, frame, authored, spent)
        except Exception as error:
            if is_outage(error):
                self._outages.failed(error)
            elif self._is_gone(lease):
                _log.info("job_dropped", reason="the student was deleted meanwhile")
                return
            else:
                _log.exception("job_crashed")
            self.holding.part_with(lease, leases.let_go)

    def _failed(self, code: JobFailure) -> None:
        """Count a job for which there will be no plan, and say why."""
        self._measurements.job_ended("failed", "", str(code))
        _log.info("job_failed", code=str(code))

    def _is_gone(self, lease: Lease) -> bool:
        """Tell whether the job's row is there no more: it goes with its student."""
        with suppress(Exception), connected(self._database):  # where it cannot be told, the error itself is
            return not Job.select().where((Job.id == lease.job.id) & (Job.user == lease.job.user_id)).exists()
        return False

    def _tokens_left(self) -> int | None:
        """Return how many tokens the model may still take on this UTC day, None where there is no limit."""
        return self._daily_tokens - tokens_of_day(self._clock()) if self._daily_tokens else None

    def _seconds_to(self, instant: datetime) -> float:
        return max(0.0, (instant - self._clock()).total_seconds())

    def _with_units(
        self, lease: Lease, caller: Caller, situation: Situation, until: datetime
    ) -> tuple[Situation, Usage]:
        """Return the situation with units for subjects that nobody knew, where a model can name them, and what that
        took: a model is asked once for each, and its list is kept with the student. Of its time, which ends at `until`,
        each takes half of what is left at most.
        """
        spent = NOTHING_USED
        for topic in situation.request.topics:
            if topic.syllabus.source is not Source.GENERAL or not self._author.has_model:
                continue
            with connected(self._database):
                left = self._tokens_left()
            if left is not None and left <= 0:
                break
            seconds = min(LIST_SECONDS, self._seconds_to(until) / 2)
            found = self._author.list_units(topic.syllabus.topic, situation.language, seconds=seconds)
            if found is None:
                continue
            spent += found.usage
            with connected(self._database):
                store_model_list(
                    caller.user_id,
                    topic.syllabus.topic,
                    found.units,
                    language=situation.language,
                    genre=topic.syllabus.genre,
                    now=self._clock(),
                )
        if spent == NOTHING_USED:
            return situation, spent
        with connected(self._database):
            return situation_of(lease.job, caller, now=self._clock()), spent

    def _finish(self, lease: Lease, frame: Frame, authored: Authored, spent: Usage) -> None:
        """Place the frame and store everything in one transaction; place again when the planner changed meanwhile."""
        for _ in range(LOOKS):
            now = self._clock()
            caller = caller_of(lease.job.user_id, self._default_timezone)
            if caller is None:
                return
            situation = situation_of(lease.job, caller, now=now)
            with self._placing:  # without what waits for the database, which may be away
                made = _placed(lease, situation, frame, authored, spent)
            failure = failure_of(situation, made)
            if failure:
                self._fail(lease, failure, now)
                return
            try:
                outcome = store(lease, situation, made, now=now)
            except QuotaExceeded:
                # The planner was filled while the plan was written, or it has less room than the plan has sessions.
                self._fail(lease, planner_is_full(situation.language), now)
                return
            except peewee.IntegrityError:
                # Another job of that week completed; only a change of time zone in mid-job can lead here.
                self._fail(lease, week_is_taken(situation.language), now)
                return
            if outcome is not None:
                break
        else:
            self._fail(lease, ever_changing(situation.language), self._clock())
            return
        if outcome:
            self._measurements.job_ended("completed", authored.source, "")
            take_down_model(self._measurements, authored)
            _log.info(
                "job_completed",
                source=authored.source,
                sessions=len(made.placed.pieces),
                unplaced=len(made.placed.unplaced),
                degraded=authored.degraded and str(authored.degraded.code),
            )
        else:
            _log.warning("job_lost", reason="another worker took the job over")

    def _fail(self, lease: Lease, failure: Failure, now: datetime) -> None:
        made = failure.made
        shown = feasibility(made.placed, made.notes) if made else None
        if leases.fail(lease, failure.code, failure.detail, feasibility=shown, now=now):
            self._failed(failure.code)


def _placed(lease: Lease, situation: Situation, frame: Frame, authored: Authored, spent: Usage) -> Made:
    """Return the plan that the frame and its words make in the week that can hold it."""
    request, language = situation.request, situation.language
    steps = steps_of(frame, authored, request)
    week, placed = placed_in(steps, situation.planned, situation.week, situation.next_week)
    failed, asked = authored.degraded, authored.usage is not None or spent != NOTHING_USED
    return Made(
        frame=frame,
        authored=authored,
        placed=placed,
        monday=week.monday,
        notes=(
            *(note_in(language, note) for note in frame.notes),
            *(why_no_plan(language, "exam_is_today", topic=topic) for topic in situation.over),
        ),
        coverage=coverage_of(situation, frame, lease.job.user_id),
        degraded_reason=degraded(language, failed.code, own=failed.own, steps=failed.passages) if failed else None,
        usage=(authored.usage or NOTHING_USED) + spent if asked else None,
    )
