"""What the English reasons of a replanning say, read word by word and held against the sessions as they are then."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schediora.http.caller import Caller
from schediora.localtime import minute_of_day
from schediora.models.planner import Session
from schediora.planner.replanning_schemas import ReplannedView

Held = Callable[[ReplannedView, re.Match[str]], bool]


@dataclass(frozen=True, slots=True)
class Offered:
    """The windows that a student offers, and how many minutes a day."""

    windows: Sequence[dict[str, Any]]
    daily_minutes: int


class Reader:
    """Knows the sessions after a replanning of `caller` at `now`, the exams by topic, and what the student offers."""

    def __init__(self, caller: Caller, now: datetime, exams: dict[str, date], offered: Offered) -> None:
        self._caller, self._now, self._exams = caller, now, exams
        self._windows, self._daily = offered.windows, offered.daily_minutes
        self._was_at: dict[UUID, datetime] = {}
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
            (r"Its (.+) exam is earlier, on \w+ (\d+) (\w+)", lambda e, m: self._exam(e, m) < self._day(e.was_at)),
            (r"Its (.+) exam is on that day, \w+ (\d+) (\w+)", lambda e, m: self._exam(e, m) == self._day(e.was_at)),
            (r"Something else lies at its old time", lambda e, m: self._is_taken(e)),
            (r"It comes after “(.+)”$", lambda e, m: any(_end(each) > e.was_at for each in self._called(m[1]))),
            (
                r"It comes before “(.+)”$",
                lambda e, m: self._first(m[1]) < _was_end(e),
            ),
            (r"Its old time is not on a mark of five minutes", lambda e, m: e.was_at.minute % 5 > 0),
            (r"Its old time does not fit your study times", lambda e, m: not self._is_offered(e)),
            (
                r"Its old day held more study than your daily hours",
                lambda e, m: self._minutes_before(e) > self._daily,
            ),
            (
                r"It made room for another session",
                lambda e, m: self._was_good(e) and self._minutes_now(e) > self._daily,
            ),
            (r"The week was arranged anew", lambda e, m: self._was_good(e) and self._minutes_now(e) <= self._daily),
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
        self._was_at = {entry.id: entry.was_at for entry in moved}
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

    def _exam(self, entry: ReplannedView, match: re.Match[str]) -> date:
        day = self._exams[match[1].casefold()]
        return day if f"{day.day} {day:%B}" == f"{match[2]} {match[3]}" else date.max

    def _is_offered(self, entry: ReplannedView) -> bool:
        """Tell whether the old time lies in the hours that the student offers."""
        start = entry.was_at.astimezone(self._caller.zone)
        first = start.hour * 60 + start.minute
        last = first + -(-entry.duration_minutes // 5) * 5
        return any(
            minute_of_day(window["start"]) <= first and last <= minute_of_day(window["end"])
            for window in self._windows
            if window["weekday"] == start.isoweekday()
        )

    def _was_good(self, entry: ReplannedView) -> bool:
        """Tell whether the old time is ahead, offered and free, on a day that did not hold too much."""
        ahead_and_offered = entry.was_at >= self._now and self._is_offered(entry)
        return ahead_and_offered and not self._is_taken(entry) and self._minutes_counted(entry) <= self._daily

    def _minutes_before(self, entry: ReplannedView) -> int:
        """Return the minutes of the old day as they were, those of `entry` among them."""
        return self._minutes_on(self._day(entry.was_at), self._was_at)

    def _minutes_counted(self, entry: ReplannedView) -> int:
        """Return those of them that are not of sessions that were missed, which are placed anew."""
        missed = [each for each in self._sessions if each.status == "pending" and self._before(each) < self._now]
        day = self._day(entry.was_at)
        there = sum(each.duration_minutes for each in missed if self._day(self._before(each)) == day)
        return self._minutes_before(entry) - there

    def _minutes_now(self, entry: ReplannedView) -> int:
        """Return the minutes of the old day as they would be with `entry` there."""
        own = entry.duration_minutes if self._day(entry.was_at) != entry.scheduled_on else 0
        return self._minutes_on(self._day(entry.was_at), {}) + own

    def _minutes_on(self, day: date, at: Mapping[UUID, datetime]) -> int:
        return sum(
            each.duration_minutes
            for each in self._sessions
            if (each.completed_on or self._day(at.get(each.id, each.scheduled_at))) == day
        )

    def _before(self, session: Session) -> datetime:
        at: datetime = self._was_at.get(session.id, session.scheduled_at)
        return at

    def _called(self, title: str) -> list[Session]:
        return [session for session in self._sessions if session.title == title]

    def _first(self, title: str) -> datetime:
        first: datetime = min(session.scheduled_at for session in self._called(title))
        return first

    def _days_of(self, title: str) -> set[date]:
        return {session.completed_on or session.scheduled_on for session in self._called(title)}

    def _is_taken(self, entry: ReplannedView) -> bool:
        until = entry.was_at + timedelta(minutes=entry.duration_minutes)
        return any(
            each.scheduled_at < until and entry.was_at < _end(each)
            for each in self._sessions
            if each.id != entry.id and each.status != "done"
        )


def _was_end(entry: ReplannedView) -> datetime:
    return entry.was_at + timedelta(minutes=entry.duration_minutes)


def _end(session: Session) -> datetime:
    end: datetime = session.scheduled_at.astimezone(UTC) + timedelta(minutes=session.duration_minutes)
    return end
