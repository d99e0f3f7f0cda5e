"""What of a document must agree with the rest of it, before any of it is stored."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from schediora.http.validation import faults
from schediora.localtime import week_start
from schediora.models.ai import JobStatus
from schediora.models.planner import SessionStatus
from schediora.planner.quotas import PLANS, SESSIONS, SESSIONS_A_WEEK
from schediora.portability.errors import ImportRefused
from schediora.portability.schemas import Export, ExportedJob, ExportedPreferences
from schediora.users.schemas import PreferencesUpdate

IN_FLIGHT = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})


def check(export: Export, *, over_quota: bool) -> None:
    """Raise ImportRefused with the first thing that no student can have; with `over_quota` more than a student can add
    is none.
    """
    fault = next(_faults(export), None) or (None if over_quota else next(_too_many(export), None))
    if fault:
        raise ImportRefused(fault)


def _faults(export: Export) -> Iterator[str]:
    if export.preferences:
        yield from _of_preferences(export.preferences)
    keys: dict[str, Callable[[Any], Hashable]] = {
        "plans": lambda plan: plan.id,
        "sessions": lambda session: session.id,
        "session_changes": lambda counted: counted.session_id,
        "lists": lambda listed: (listed.topic_key, listed.source),
        "busy_times": lambda busy: busy.ends_at,
        "jobs": lambda job: job.id,
    }
    for name, key in keys.items():
        if _twice(map(key, getattr(export, name))):
            yield f"The file is not a whole export: two of its {name} are the same one."
    plans, sessions = {plan.id for plan in export.plans}, {session.id for session in export.sessions}
    for index, session in enumerate(export.sessions):
        if session.plan_id not in plans:
            yield f"The file is not a whole export: /sessions/{index} belongs to a plan that is not in it."
        done = session.status is SessionStatus.DONE
        if (done, done) != (session.completed_at is not None, session.completed_on is not None):
            yield f"The file contradicts itself: /sessions/{index} is done without saying when, or not done."
    if not sessions.issuperset(counted.session_id for counted in export.session_changes):
        yield "The file is not a whole export: its session_changes name a session that is not in it."
    if any(busy.ends_at <= busy.starts_at for busy in export.busy_times):
        yield "The file contradicts itself: one of its busy_times ends before it starts."
    if any(plan.week_start != week_start(plan.week_start) for plan in export.plans):
        yield "The file contradicts itself: the week_start of one of its plans is not a Monday."
    for index, job in enumerate(export.jobs):
        if (job.status is JobStatus.FAILED) != (job.error_code is not None):
            yield f"The file contradicts itself: /jobs/{index} has failed without saying why, or has not failed."
        if job.plan_id is not None and job.plan_id not in plans:
            yield f"The file is not a whole export: /jobs/{index} made a plan that is not in it."
    if _twice(job.week_start for job in export.jobs if _claims(job)):
        yield "The file contradicts itself: two of its jobs have made the plan of one week."


def _claims(job: ExportedJob) -> bool:
    return job.status is JobStatus.COMPLETED


def _too_many(export: Export) -> Iterator[str]:
    for name, there, most in (("plans", export.plans, PLANS), ("sessions", export.sessions, SESSIONS)):
        if len(there) > most:
            yield f"The file has {len(there):,} {name}, and there can be {most:,}; say --over-quota to import them."
    weeks = Counter(week_start(session.scheduled_on) for session in export.sessions)
    for monday, found in weeks.most_common(1):
        if found > SESSIONS_A_WEEK:
            yield (
                f"The file has {found:,} sessions in the week of {monday}, and there can be {SESSIONS_A_WEEK}; say "
                "--over-quota to import them."
            )


def _of_preferences(preferences: ExportedPreferences) -> Iterator[str]:
    """Yield what the student could not have said like that."""
    said = {name: value for name, value in preferences.model_dump(mode="json").items() if value is not None}
    wish = {name: value for name, value in said.items() if name in PreferencesUpdate.model_fields}
    wish["daily_hours"] = preferences.daily_minutes / 60
    try:
        PreferencesUpdate.model_validate(wish)
    except ValidationError as problem:
        yield f"The preferences in the file cannot be: {faults(problem)[0]['detail']}"


def _twice(keys: Iterable[Hashable]) -> bool:
    found = list(keys)
    return len(set(found)) < len(found)
