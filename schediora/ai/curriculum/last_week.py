"""The last seven days before an exam: a mock first, then its errors, and on the eve hardly anything."""

from collections.abc import Sequence
from datetime import date, timedelta

from schediora.ai.curriculum.composition import MOST_RECALLED, Composition
from schediora.ai.curriculum.draft import LONGEST_LIGHT_REVIEW, MARK, SHORTEST_SLOT, Draft, length
from schediora.ai.curriculum.frame import DayTime, Note, NoteCode, Role, Why
from schediora.ai.curriculum.priorities import choose, fill, rework
from schediora.localtime import A_WEEK
from schediora.memory.state import LAST_WEEK_DAYS

_LAST_WEEK = timedelta(days=LAST_WEEK_DAYS)
_EVE = timedelta(days=1)
_MOCK_BEFORE = timedelta(days=2)
_LEAST_LIGHT_REVIEW = 20
_FIRST, _BETWEEN, _LAST = -100.0, 600.0, 1000.0


def is_last_week(days: Sequence[DayTime], exam: date | None) -> bool:
    """Return whether the first of `days` lies in the last seven before `exam`."""
    return exam is not None and bool(days) and exam - days[0].day <= _LAST_WEEK


def mock_belongs_here(days: Sequence[DayTime], monday: date, exam: date) -> bool:
    """Return whether the mock before `exam` has to be in the week of `monday`, with time for its errors after it.

    In the last seven days it comes first. One on the Monday before a Wednesday would leave the eve alone for its
    errors: it moves to the week before.
    """
    next_monday = monday + A_WEEK
    return bool(_mock_days(days, exam)) and (is_last_week(days, exam) or exam - _MOCK_BEFORE <= next_monday)


def lead_up(composition: Composition, pace: int, monday: date) -> list[Note]:
    """Add the steps of a week that leads up to an exam; return what is to be said of its mock.

    `monday` is that of the week.
    """
    room, progress, exam = composition.room, composition.progress, composition.room.exam
    if exam is None:
        raise ValueError("a week that leads up to an exam needs one")
    # Where the eve is off, the last evening before it looks back as well, but is not kept free of other work.
    last_evening = exam - _EVE * (2 if room.rests_before else 1)
    eve = room.days[-1] if len(room.days) > 1 and room.days[-1].day == last_evening else None
    composition.latest = exam - _MOCK_BEFORE
    mock: Draft | None = None
    notes: list[Note] = []
    if mock_belongs_here(room.days, monday, exam) and not _was_done(progress.mock_on, exam) and room.most > 1:
        mock, notes = _mock(composition, exam)
        if composition.slots_left > 1:
            rework(composition, mock)
    light = _light_review(composition, eve) if eve and composition.slots_left > 1 else None
    last_days = sum(day.day <= exam - _MOCK_BEFORE for day in room.days)
    if is_last_week(room.days, exam):
        # No more new things than days: what is crammed into the last of them is not there on the next.
        choose(composition, min(pace, last_days + 1), further=False)
    else:
        choose(composition, pace)
    if mock and mock.place == _BETWEEN:
        _cover_lessons(composition, mock)
    if light:
        _cover(composition, light)
    fill(composition)
    return notes


def _was_done(mock_on: date | None, exam: date) -> bool:
    return mock_on is not None and mock_on >= exam - _LAST_WEEK


def _mock_days(days: Sequence[DayTime], exam: date) -> list[DayTime]:
    return [day for day in days if exam - _LAST_WEEK <= day.day <= exam - _MOCK_BEFORE]


def _mock(composition: Composition, exam: date) -> tuple[Draft, list[Note]]:
    """Add the mock: of all that was learned, a diagnostic of everything, or one of what will be learned before it."""
    room, progress = composition.room, composition.progress
    within = is_last_week(room.days, exam)
    learned = progress.left == 0 and bool(progress.units or progress.taught_by)
    minutes = min(room.paper, _longest_mock(composition, exam))
    mock = Draft(
        role=Role.DIAGNOSTIC if within and not learned else Role.MOCK,
        why=Why.EXAM,
        length=length(minutes, minutes, minutes),
        units=progress.units,
        place=_FIRST if within or learned else _BETWEEN,
        latest_day=exam - _MOCK_BEFORE,
        after=[draft for key, draft in composition.before.items() if learned],
        earliest_day=None if within else exam - _LAST_WEEK,
        whole=True,
    )
    mock.turn = progress.turn(mock.role, mock.units)
    composition.add(mock)
    if within:
        composition.opening = mock
    values = {"minutes": minutes, "paper_minutes": room.paper}
    return mock, [Note(NoteCode.SHORTER_PAPER, values)] if minutes < room.paper else []


def _longest_mock(composition: Composition, exam: date) -> int:
    """Return the minutes of the longest mock that one session can hold and that leaves time for the other steps."""
    room = composition.room
    days = _mock_days(room.days, exam)
    rest = SHORTEST_SLOT * max(0, room.fewest - 2)
    eve = room.days[-1].minutes if len(room.days) > 1 and room.days[-1].day == exam - _EVE else 0
    before_eve = sum(day.minutes for day in room.days if day.day <= exam - _MOCK_BEFORE)
    most = min(room.longest, max(day.minutes for day in days), min(room.minutes - eve, before_eve) - rest)
    return max(SHORTEST_SLOT, most // MARK * MARK)


def _light_review(composition: Composition, eve: DayTime) -> Draft:
    minutes = min(eve.minutes, LONGEST_LIGHT_REVIEW) // MARK * MARK
    review = Draft(
        role=Role.LIGHT_REVIEW,
        why=Why.EXAM,
        length=length(minutes, min(minutes, _LEAST_LIGHT_REVIEW), minutes),
        place=_LAST,
        latest_day=eve.day,
        earliest_day=eve.day,
    )
    return composition.add(review)


def _cover_lessons(composition: Composition, mock: Draft) -> None:
    """Make `mock` one of what was learned and of the first half of this week's lessons, so that it comes in time.

    Without anything learned by then there is none.
    """
    lessons = composition.lessons[: -(-len(composition.lessons) // 2)]
    first = {lesson.unit.key if lesson.unit else "": draft for lesson, draft in lessons}
    learned = {unit.key for unit in composition.progress.learned} | composition.before.keys() | first.keys()
    mock.units = tuple(unit for unit in mock.units if unit.key in learned)
    mock.after = [*composition.before.values(), *first.values()]
    mock.place = max((draft.place for draft in first.values()), default=0.0) + 1
    reworked = [draft for draft in composition.drafts if draft.role is Role.REWORK and mock in draft.after]
    for draft in reworked:
        draft.units, draft.place = mock.units, mock.place + 1
    if not learned:
        composition.drafts = [draft for draft in composition.drafts if draft not in (mock, *reworked)]


def _cover(composition: Composition, review: Draft) -> None:
    """Make the evening before the exam one of what was learned, this week's lessons first."""
    taught = composition.taught
    here = [unit for unit in composition.progress.units if unit.key in taught]
    weak = [unit for unit in composition.progress.learned if unit.key not in taught]
    review.units = tuple([*here, *weak][:MOST_RECALLED])
    review.after += [taught[unit.key] for unit in review.units if unit.key in taught]
    review.turn = composition.progress.turn(review.role, review.units)
    review.builds_on = composition.progress.sources(review.units)
    if composition.progress.units and not review.units:
        composition.drafts.remove(review)
