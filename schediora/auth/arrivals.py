"""Who was let in by which row of a sign-in: while the row is the same, so is the answer, until a time."""

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from schediora.auth.queries import SignInRow, judged_part, state_in
from schediora.auth.tokens import AccessClaims
from schediora.http.caller import Arrival

MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class _Judged:
    row: SignInRow
    generation: int
    since: datetime
    until: datetime
    arrival: Arrival


class Arrivals:
    """What was judged of sign-ins, the oldest first. The row itself is read at every call, so nothing here lets anybody
    in who has signed out.
    """

    def __init__(self) -> None:
        self._of_session: dict[int, _Judged] = {}
        self._lock = threading.Lock()

    def find(self, claims: AccessClaims, row: SignInRow, now: datetime) -> Arrival | None:
        """Return who comes with `claims` to a sign-in that is `row`; None when that is to be judged."""
        known = self._of_session.get(claims.session_id.int)
        if known is None or known.generation != claims.generation or not known.since <= now < known.until:
            return None
        if known.row == row:
            return known.arrival
        if judged_part(known.row) != judged_part(row):
            return None
        # They have changed something of theirs, which says nothing of the sign-in.
        arrival = replace(known.arrival, state=state_in(row))
        self.note(claims, row, arrival, since=known.since, until=known.until)
        return arrival

    def note(self, claims: AccessClaims, row: SignInRow, arrival: Arrival, *, since: datetime, until: datetime) -> None:
        """Remember what was judged, for as long as nothing but the row counts."""
        with self._lock:
            self._of_session.pop(claims.session_id.int, None)
            self._of_session[claims.session_id.int] = _Judged(row, claims.generation, since, until, arrival)
            while len(self._of_session) > MOST_REMEMBERED:
                del self._of_session[next(iter(self._of_session))]
