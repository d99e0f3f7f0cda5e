"""A student's first session, through the client that openapi-python-client made: `session.py ADDRESS`."""

import sys
import time
from typing import TypeVar

from api_client import AuthenticatedClient, Client
from api_client.api.ai import generate_plan, get_job
from api_client.api.auth import register
from api_client.api.dashboard import get_dashboard
from api_client.api.planner import list_sessions, replan, update_session
from api_client.api.users import set_preferences
from api_client.models import (
    Code,
    GenerateRequest,
    JobStatus,
    JobView,
    PreferencesSaved,
    PreferencesUpdate,
    Problem,
    Registration,
    ReplanRequest,
    ReplanView,
    SessionStatus,
    SessionUpdate,
    SessionUpdated,
    SummaryView,
    TokenPair,
)

POLL_SECONDS = 0.5
POLLS = 180

Wanted = TypeVar("Wanted")


def main(address: str) -> None:
    """Register, set the preferences, have a plan made, tick a session off and look at the dashboard."""
    anybody = Client(base_url=address)
    body = Registration(email=f"python-{time.time_ns()}@example.com", password="correct horse")
    pair = kept(TokenPair, register.sync(client=anybody, body=body))
    student = AuthenticatedClient(base_url=address, token=pair.access_token)

    wishes = PreferencesUpdate(goal="Pass the biology exam", daily_hours=2.5, focus_topics=["Biology"])
    saved = kept(PreferencesSaved, set_preferences.sync(client=student, body=wishes))
    check(saved.preferences.daily_hours == 2.5, "preferences are set")

    wish = GenerateRequest(goal="Pass the biology exam", topic="Biology")
    job = kept(JobView, generate_plan.sync(client=student, body=wish))
    for _ in range(POLLS):
        if job.status not in (JobStatus.QUEUED, JobStatus.RUNNING):
            break
        time.sleep(POLL_SECONDS)
        job = kept(JobView, get_job.sync(job.job_id, client=student))
    check(job.status is JobStatus.COMPLETED and job.error is None, "a plan is made")

    sessions = kept(list, list_sessions.sync(client=student))
    done = SessionUpdate(status=SessionStatus.DONE)
    updated = kept(SessionUpdated, update_session.sync(sessions[0].id, client=student, body=done))
    check(updated.session.status is SessionStatus.DONE, "the first is ticked off")

    summary = kept(SummaryView, get_dashboard.sync(client=student))
    check(summary.today_completed == 1 and len(summary.weekly_progress) == 7, "the dashboard counts it")

    preview = kept(ReplanView, replan.sync(client=student, body=ReplanRequest()))
    check(not preview.applied, "replanning is previewed without a word")

    refused = kept(Problem, generate_plan.sync(client=student, body=wish))
    check(refused.code is Code.WEEKLY_PLAN_EXISTS, "a second plan is refused with a code")


def kept(wanted: type[Wanted], answer: object) -> Wanted:
    """Return the answer as what was wanted; exit when it is something else."""
    if not isinstance(answer, wanted):
        sys.exit(f"not so: {wanted.__name__} is answered, but {answer}")
    return answer


def check(holds: bool, what: str) -> None:
    """Say what holds; exit when it does not."""
    if not holds:
        sys.exit(f"not so: {what}")
    print(f"  {what}")


if __name__ == "__main__":
    main(sys.argv[1])
