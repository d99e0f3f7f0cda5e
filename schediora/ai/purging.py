"""What of jobs nobody needs any more."""

from datetime import datetime, timedelta

from schediora.models.ai import Job, JobStatus

KEPT = timedelta(days=90)
"""So long a finished job is kept, for whoever looks at it again."""
FINISHED = (JobStatus.COMPLETED, JobStatus.FAILED)


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` jobs that were finished 90 days ago; return how many. Plans stay.

    A completed job closes its week, so one whose week is not as long ago stays, whatever the student's time zone.
    """
    old = Job.status.in_(FINISHED) & (Job.updated_at < now - KEPT) & (Job.week_start < (now - KEPT).date())
    # Found first, without a writer's lock: no index leads to them.
    found = [job.id for job in Job.select(Job.id).where(old).limit(rows)]
    return int(Job.delete().where(Job.id.in_(found) & old).execute()) if found else 0
