"""What a worker does for busy times: expands each calendar anew once a day."""

from schediora.busy.queries import student_due
from schediora.busy.service import expand_anew_of
from schediora.clock import Clock
from schediora.db.database import Database, connected


class Keeper:
    """Expands calendars that are due, one at a time."""

    def __init__(self, database: Database, clock: Clock, default_timezone: str) -> None:
        self._database = database
        self._clock = clock
        self._default_timezone = default_timezone

    def step(self) -> bool:
        """Expand the calendar that has waited longest, and tell whether there was one."""
        now = self._clock()
        with connected(self._database):
            user_id = student_due(now)
            if user_id is not None:
                expand_anew_of(user_id, self._default_timezone, now=now)
        return user_id is not None
