"""What of deleted sessions nobody needs any more."""

from datetime import datetime, timedelta

from schediora.models.planner import DeletedSession

TOLD = timedelta(days=90)
"""So long a device can ask what has changed since; one that was away for longer fetches everything anew."""
_KEPT = TOLD + timedelta(days=1)
"""A deletion is stamped when its call comes in, by the clock of whichever machine that was, and is there for others a
little later.
"""


def purge(now: datetime, *, rows: int) -> int:
    """Delete up to `rows` tombstones that nobody can ask for any more, and return how many that were."""
    old = DeletedSession.deleted_at < now - _KEPT
    columns = (DeletedSession.user, DeletedSession.session_id)
    found = list(DeletedSession.select(*columns).where(old).order_by(DeletedSession.deleted_at).limit(rows))
    if not found:
        return 0
    theirs = DeletedSession.user.in_({row.user_id for row in found})
    these = DeletedSession.session_id.in_([row.session_id for row in found])
    return int(DeletedSession.delete().where(theirs & these & old).execute())
