"""What the English reasons of a replanning say, read word by word and held against the sessions as they are then."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from schediora.http.caller import Caller
from schediora.models.planner import Session
from schediora.planner.replanning_schemas import ReplannedView

Held = Callable[[ReplannedView, re.Match[str]], bool]


class Reader:
    """Knows the sessions after a replanning of `caller` at `now`, and the exams by topic."""

    def __init__(self, caller: Caller, now: datetime, exams: dict[str, date]) -> None:
        self._caller, self._now, self._exams = caller, now, exams
        self._sessions = list(Session.select().where(Session.user == caller.user_id))
        self._claims: list[tuple[str, Held]] = [
            (
                r"Missed on ([A-Z][a-z]+day)$",
                lambda e, m: e.was_at < now and self._this_week(e) and m[1] == self._was(e),
            ),
            (
                r"Missed on \w+ (\d+) (\w+)",
                lambda e, m: self._is_date(self._day(e.was_at), m) and not self._this_week(e),
            ),
            (
                r"It is due earlier, on \w+ (\d+) (\w+)",
                lambda e, m: self._due(e, m) and self._due_on(e) < self._day(e.was_at),
            ),
            (r"Its (.+) exam is earlier", lambda e, m: self._day(e.was_at) >= self._exams[m[1].casefold()]),
            (r"Something else lies at its old time", lambda e, m: self._is_taken(e)),
            (r"It comes after “(.+)”$", lambda e, m: any(_end(each) > e.was_at for each in self._called(m[1]))),
            (r"Its old time does not fit your study times", lambda e, m: e.was_at >= now),
            (r"It made room for another session", lambda e, m: e.was_at >= now and not self._is_taken(e)),
            (r"[\w ]+ placed on (\w+day), so that no day is too full\.", lambda e, m: m[1] == f"{e.scheduled_on:%A}"),
            (r"[\w ]+ placed on the same day as “(.+)”\.", lambda e, m: e.scheduled_on in self._days_of(m[1])),
            (
                r"[\w ]+ placed (\d+) days? after “(.+)”\.",
                lambda e, m: e.scheduled_on - timedelta(days=int(m[1])) in self._days_of(m[2]),
            ),
            (
                r"[\w ]+ placed (\d+) days? before the (.+) exam\.",
                lambda e, m: e.scheduled_on + timedelta(days=int(m[1])) == self._exams[m[2].casefold()],
            ),
            (r"[\w ]+ placed before it is due on \w+ (\d+) (\w+)", lambda e, m: e.scheduled_on <= self._due_on(e)),
            (r"placed first, because it has been due since \w+ (\d+) (\w+)", self._due),
        ]

    def untrue(self, moved: Sequence[ReplannedView]) -> Iterator[str]:
        """Yield each claim that is not so, or that nobody here understands."""
        for entry in moved:
            cause, _, because = entry.reason.text.partition("; ")
            for claim in (cause, because):
                held = [found(entry, match) for form, found in self._claims if (match := re.match(form, claim))]
                if held != [True]:
                    yield f"{claim!r} of {entry}"
            if entry.was_at < self._now and not cause.startswith("Missed on "):
                yield f"{entry} was missed, and it does not say so"

    def _day(self, instant: datetime) -> date:
        return instant.astimezone(self._caller.zone).date()

    def _was(self, entry: ReplannedView) -> str:
        return f"{self._day(entry.was_at):%A}"

    def _this_week(self, entry: ReplannedView) -> bool:
        today = self._day(self._now)
        return self._day(entry.was_at) >= today - timedelta(days=today.weekday())

    def _is_date(self, day: date, match: re.Match[str]) -> bool:
        return f"{day.day} {day:%B}" == f"{match[1]} {match[2]}"

    def _due_on(self, entry: ReplannedView) -> date:
        return next(session.due_on or date.min for session in self._sessions if session.id == entry.id)

    def _due(self, entry: ReplannedView, match: re.Match[str]) -> bool:
        return self._is_date(self._due_on(entry), match)

    def _is_due_earlier(self, entry: ReplannedView, match: re.Match[str]) -> bool:
        return self._due(entry, match) and self._due_on(entry) < self._day(entry.was_at)

    def _called(self, title: str) -> list[Session]:
        return [session for session in self._sessions if session.title == title]

    def _days_of(self, title: str) -> set[date]:
        return {session.completed_on or session.scheduled_on for session in self._called(title)}

    def _is_taken(self, entry: ReplannedView) -> bool:
        until = entry.was_at + timedelta(minutes=entry.duration_minutes)
        return any(
            each.scheduled_at < until and entry.was_at < _end(each)
            for each in self._sessions
            if each.id != entry.id and each.status != "done"
        )


def _end(session: Session) -> datetime:
    end: datetime = session.scheduled_at.astimezone(UTC) + timedelta(minutes=session.duration_minutes)
    return end
