"""When a student's calendar is to be expanded anew: once a day, and when what their days are counted by changes."""

from datetime import datetime, timedelta
from uuid import UUID

from schediora.models.calendar import BusyCalendar

EVERY = timedelta(days=1)
AGAIN_AFTER = timedelta(minutes=30)
"""So long one that could not be expanded is left alone; its times stay as they were."""
SOON = timedelta(minutes=1)
"""And one for which there was only no room."""


def make_due(user_id: UUID, at: datetime) -> None:
    """Have the student's calendar expanded anew from an instant on, in the caller's transaction where there is one."""
    BusyCalendar.update(due_at=at).where(BusyCalendar.user == user_id).execute()


def take_up(user_id: UUID, now: datetime) -> BusyCalendar | None:
    """Return the student's calendar if it is due, and let no other process take it up for a while."""
    is_due = (BusyCalendar.user == user_id) & (BusyCalendar.due_at <= now)
    if not BusyCalendar.update(due_at=now + AGAIN_AFTER).where(is_due).execute():
        return None
    calendar: BusyCalendar | None = BusyCalendar.get_or_none(BusyCalendar.user == user_id)
    return calendar
