"""Placing this week's open sessions anew: what would change, and whether that still holds.

A proposal is kept nowhere. Its revision says what it was made from, so that the same proposal can be made again and
nothing else is ever applied.
"""

import base64
import hashlib
import re
import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from schediora.http.caller import Caller
from schediora.localtime import TO_SUNDAY, week_start
from schediora.models.planner import SessionStatus
from schediora.models.users import User
from schediora.planner.grounds import Grounds, grounds_of
from schediora.planner.history import habit_hours
from schediora.planner.plan_language import language_of_sessions
from schediora.planner.queries import busy_sessions, own_calendar
from schediora.planner.quotas import SESSIONS_A_WEEK, room_in_week
from schediora.planner.replanning_schemas import ReplannedView, ReplanView
from schediora.planner.scheduler.moving import Movable, Move
from schediora.planner.scheduler.moving_suggestion import room_for_all
from schediora.planner.scheduler.placement import place_again
from schediora.planner.scheduler.problem import Busy, Reason, ReasonCode, Suggestion, Week
from schediora.planner.scheduler.sentences import Phrase, sentence
from schediora.planner.schemas import ReasonView
from schediora.planner.session_view import SessionView
from schediora.planner.student_week import exams_of, week_frame
from schediora.planner.suggestion_view import SuggestionView
from schediora.planner.unfinished import unfinished_sessions
from schediora.users.queries import preferences_of

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHAPE = struct.Struct(">qq?15s")
_TEXT = re.compile(r"[A-Za-z0-9_-]{43}")
MOST_AT_ONCE = 40
"""How many sessions are placed at once: somebody waits for the answer, which takes longer the more there are."""

MOST_LOOKED_AT = SESSIONS_A_WEEK
"""How many open sessions are looked at, the earliest first: as many as a full week holds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a session would be, and why there."""

    session: SessionView
    scheduled_at: datetime
    scheduled_on: date
    reason: Reason

    def view(self) -> ReplannedView:
        """Show the outcome."""
        return ReplannedView(
            id=self.session.id,
            title=self.session.title,
            topic=self.session.topic,
            duration_minutes=self.session.duration_minutes,
            was_at=self.session.scheduled_at,
            scheduled_at=self.scheduled_at,
            scheduled_on=self.scheduled_on,
            reason=ReasonView(code=self.reason.code, text=self.reason.text),
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """What a proposal is made from, besides the planner: the time, and whether earlier weeks' overdue sessions join."""

    made_at: datetime
    include_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """What replanning would do, made from the planner at `planner_revision`; each part by time.

    What is impossible has no room, or is in the student's own hands, and stays where it is. `suggestion` would make
    room.
    """

    origin: Origin
    planner_revision: int
    moved: tuple[Outcome, ...]
    kept: tuple[Outcome, ...]
    impossible: tuple[Outcome, ...]
    suggestion: Suggestion | None

    @property
    def revision(self) -> str:
        """Return what the proposal was made from and a digest of what it is, as opaque text."""
        parts = (self.moved, self.kept, self.impossible)
        told = repr([[(item.session.id, item.scheduled_at, item.reason) for item in part] for part in parts])
        digest = hashlib.sha256(told.encode()).digest()[:15]
        micros = (self.origin.made_at - _EPOCH) // timedelta(microseconds=1)
        packed = _SHAPE.pack(self.planner_revision, micros, self.origin.include_overdue, digest)
        return base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")

    def is_ahead_of(self, now: datetime) -> bool:
        """Tell whether every session would still move to a time that is not past."""
        return all(outcome.scheduled_at >= now for outcome in self.moved)

    def view(self, *, applied: bool) -> ReplanView:
        """Show the proposal, as a preview or as done."""
        return ReplanView(
            applied=applied,
            revision=self.revision,
            moved=[outcome.view() for outcome in self.moved],
            kept=[outcome.view() for outcome in self.kept],
            impossible=[outcome.view() for outcome in self.impossible],
            suggestion=SuggestionView.of(self.suggestion) if self.suggestion else None,
        )


def origin_of(revision: str) -> Origin:
    """Return what the proposal of `revision` was made from; raise ValueError for text that is no revision."""
    if not _TEXT.fullmatch(revision):
        raise ValueError("not a revision")
    _, micros, include_overdue, _ = _SHAPE.unpack(base64.urlsafe_b64decode(revision + "="))
    try:
        return Origin(_EPOCH + timedelta(microseconds=micros), include_overdue)
    except OverflowError:
        raise ValueError("not a revision") from None


def propose(caller: Caller, origin: Origin) -> Proposal:
    """Place the caller's missed and pending sessions anew, as of `origin`, around everything else.

    These are sessions of this week's plans and of this week, and with `include_overdue` those of earlier weeks. Each
    stays in its own week, and those of earlier weeks come into this one. What is done, pinned or in progress is left
    alone: what is in progress is being studied now.
    """
    now = origin.made_at
    monday = caller.monday(now)
    with User.snapshot():
        planner_revision = User.get_by_id(caller.user_id).planner_revision
        preferences = preferences_of(caller.user_id)
        found = unfinished_sessions(caller, include_overdue=origin.include_overdue, most=MOST_LOOKED_AT, now=now)
        language = language_of_sessions(caller, found.open or found.in_hand, preferences)
        movable, outcomes = _placeable(found.open, now, monday, room_in_week(caller.user_id, monday), language)
        hours = habit_hours(caller, caller.today(now))
        grounds = grounds_of(caller.user_id, {session.id for session in movable}, now)
        weeks = _by_week(movable, monday)
        last_day = max(weeks, default=monday) + TO_SUNDAY
        places = busy_sessions(caller.user_id, monday, last_day)
        elsewhere = own_calendar(caller.user_id, monday, last_day)
    all_looked_at = not any(kind == "impossible" for kind, _ in outcomes)
    cases: list[tuple[list[Movable], Week]] = []
    for start, sessions in sorted(weeks.items()):
        frame = week_frame(
            caller,
            start,
            preferences,
            _without(places, sessions),
            now=now,
            busy_times=elsewhere,
            language=language,
            habit_hours=hours,
        )
        case = [_movable(session, grounds.get(session.id), frame) for session in sessions]
        placed = _placed(sessions, case, frame)
        # What has found its place is in the way of the weeks that follow.
        places |= {item.session.id: _busy(item) for _, item in placed}
        outcomes += placed
        cases.append((case, frame))
    no_room = any(kind == "impossible" for kind, _ in outcomes)
    suggestion = room_for_all(cases) if no_room and all_looked_at else None
    outcomes += [("impossible", _in_hand(session, language)) for session in found.in_hand]

    def part(name: str) -> tuple[Outcome, ...]:
        chosen = (item for kind, item in outcomes if kind == name)
        return tuple(sorted(chosen, key=lambda item: (item.scheduled_at, item.session.id)))

    return Proposal(origin, planner_revision, part("moved"), part("kept"), part("impossible"), suggestion)


def _in_hand(session: SessionView, language: str) -> Outcome:
    if session.status is SessionStatus.IN_PROGRESS:
        return _left(session, Reason(ReasonCode.IN_PROGRESS, sentence(Phrase.IN_PROGRESS, language)))
    return _left(session, Reason(ReasonCode.PINNED, sentence(Phrase.PINNED, language)))


def _placeable(
    sessions: Sequence[SessionView], now: datetime, this_monday: date, room: int, language: str
) -> tuple[Sequence[SessionView], list[tuple[str, Outcome]]]:
    """Return what is placed at once, by time, and what is left alone because that would take too long, or because no
    more than `room` sessions can come into this week.

    With more open sessions than that, only those that were missed move, the earliest first.
    """
    week_is_full = Reason(ReasonCode.WEEK_FULL, sentence(Phrase.WEEK_FULL, language, sessions=SESSIONS_A_WEEK))
    too_many = Reason(ReasonCode.TOO_MANY, sentence(Phrase.TOO_MANY, language))
    still_ahead = Reason(ReasonCode.STILL_AHEAD, sentence(Phrase.STILL_AHEAD, language))
    arriving = [
        session
        for session in sessions
        if _week_of(session, this_monday) == this_monday != week_start(session.scheduled_on)
    ]
    left = [("impossible", _left(session, week_is_full)) for session in arriving[room:]]
    kept_out = {session.id for session in arriving[room:]}
    open_ = [session for session in sessions if session.id not in kept_out]
    if len(open_) <= MOST_AT_ONCE:
        return open_, left
    missed = [session for session in open_ if session.scheduled_at < now]
    left += [("kept", _left(session, still_ahead)) for session in open_ if session.scheduled_at >= now]
    left += [("impossible", _left(session, too_many)) for session in missed[MOST_AT_ONCE:]]
    return missed[:MOST_AT_ONCE], left


def _by_week(sessions: Iterable[SessionView], this_monday: date) -> dict[date, list[SessionView]]:
    """Return the sessions under the Monday of the week that each is placed in."""
    weeks: dict[date, list[SessionView]] = defaultdict(list)
    for session in sessions:
        weeks[_week_of(session, this_monday)].append(session)
    return weeks


def _week_of(session: SessionView, this_monday: date) -> date:
    """Return the Monday of the week that a session is placed in: its own, or that of its deadline when it is earlier,
    and this one when that is past.
    """
    days = [session.scheduled_on, *([session.due_on] if session.due_on and not session.late else [])]
    return max(week_start(min(days)), this_monday)


def _without(places: Mapping[UUID, Busy], sessions: Iterable[SessionView]) -> list[Busy]:
    movable = {session.id for session in sessions}
    return [place for key, place in places.items() if key not in movable]


def _placed(sessions: Sequence[SessionView], movable: Sequence[Movable], week: Week) -> list[tuple[str, Outcome]]:
    by_id = {session.id: session for session in sessions}
    answer = place_again(movable, week)
    moves = [("kept" if move.kept else "moved", _outcome(by_id[move.id], move)) for move in answer.moves]
    return moves + [("impossible", _left(by_id[item.id], item.reason)) for item in answer.impossible]


def _outcome(session: SessionView, move: Move) -> Outcome:
    if move.kept:
        return _left(session, move.reason)
    return Outcome(session, move.starts_at, move.day, move.reason)


def _left(session: SessionView, reason: Reason) -> Outcome:
    return Outcome(session, session.scheduled_at, session.scheduled_on, reason)


def _busy(outcome: Outcome) -> Busy:
    session = outcome.session
    return Busy(outcome.scheduled_at, session.duration_minutes, outcome.scheduled_on, session.topic)


def _movable(session: SessionView, known: Grounds | None, week: Week) -> Movable:
    grounds = known or Grounds()
    return Movable(
        id=session.id,
        title=session.title,
        topic=session.topic,
        minutes=session.duration_minutes,
        starts_at=session.scheduled_at,
        kind=session.kind,
        after=grounds.after,
        apart=grounds.apart,
        builds_on=grounds.builds_on,
        since=grounds.since,
        not_before=grounds.not_before,
        waits_for=grounds.waits_for,
        exams=exams_of(session.topic, week),
        latest_day=session.due_on,
        late=session.late,
    )
