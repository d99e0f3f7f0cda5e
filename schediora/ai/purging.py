"""What of jobs nobody needs any more."""

from datetime import datetime, timedelta

from schediora.models.ai import Job, JobStatus
from schediora.users.locking import count_up

KEPT = timedelta(days=90)
"""So long a finished job is kept, for whoever looks at it again."""
FINISHED = (JobStatus.COMPLETED, JobStatus.FAILED)


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` jobs that were finished 90 days ago; return how many. Plans stay.

    A completed job closes its week, so one whose week is not as long ago stays, whatever the student's time zone.
    """
    old = Job.status.in_(FINISHED) & (Job.updated_at < now - KEPT) & (Job.week_start < (now - KEPT).date())
    # Found first, without a writer's lock: no index leads to them.
    found = list(Job.select(Job.id, Job.user).where(old).limit(rows))
    if not found:
        return 0
    with Job.transaction():
        # What a plan was asked for may show in what could come next.
        count_up({job.user_id for job in found})
        return int(Job.delete().where(Job.id.in_([job.id for job in found]) & old).execute())
