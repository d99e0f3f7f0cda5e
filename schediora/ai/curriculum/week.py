"""A week's frame: for each topic what its exam, the student's memory and their hours ask for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from schediora.ai.curriculum.composition import Composition, Room
from schediora.ai.curriculum.coverage import not_everything
from schediora.ai.curriculum.draft import Draft, as_slots, fitted, in_order
from schediora.ai.curriculum.eve import last_evening
from schediora.ai.curriculum.frame import Frame, Note, NoteCode, Request, Role, Student, Topic
from schediora.ai.curriculum.last_week import is_last_week, lead_up, mock_belongs_here
from schediora.ai.curriculum.load import (
    EVE_MINUTES,
    MOST_DAILY_MINUTES,
    is_eve_alone,
    pace_of_work,
    wanted_minutes,
)
from schediora.ai.curriculum.priorities import choose
from schediora.ai.curriculum.sharing import Stretch, minutes_of, steps_of, stretches_of
from schediora.planner.scheduler.problem import Kind
from schediora.syllabus.order import focus_units
from schediora.syllabus.syllabus import Source

LONGEST_MOCK = 180
_PRESSING_DAYS = 3
"""With so few days before an exam there is no later one for what comes between."""


def frame_of(request: Request) -> Frame:
    """Return the steps of the planned week in study order: which units, which kinds of work, how many minutes.

    The same request gives the same frame. Raises ValueError without a topic.
    """
    if not request.topics:
        raise ValueError("a week needs a topic")
    student = request.student
    topics = [_with_focus(topic, student) for topic in request.topics]
    stretches = stretches_of(topics, student)
    minutes, notes = _load(stretches, student)
    steps = steps_of(stretches, minutes)
    composed: list[tuple[str, Draft, int]] = []
    earlier: dict[str, Composition] = {}
    for stretch, (fewest, most), share in zip(stretches, steps, minutes_of(stretches, minutes), strict=True):
        topic = stretch.topic.syllabus
        room = Room(
            minutes=share,
            fewest=fewest,
            most=most,
            days=stretch.days,
            exam=stretch.exam,
            longest=student.longest_session_minutes,
            paper=min(topic.mock_minutes, LONGEST_MOCK),
            scale=pace_of_work(student),
            in_list_order=topic.source is Source.STUDENT,
            rests_before=stretch.exam is not None and student.is_off(stretch.exam - timedelta(days=1)),
        )
        before = earlier.get(topic.topic)
        composition = _followed(before, room) if before else Composition(stretch.progress, room)
        composition.earliest = stretch.after
        earlier[topic.topic] = composition
        notes += _composed(composition, stretch, student)
        drafts = in_order(composition.drafts)
        for place, (draft, length) in enumerate(zip(drafts, fitted(drafts, share), strict=True)):
            draft.place = _place(stretch, student, (place + 0.5) / len(drafts))
            composed.append((topic.topic, draft, length))
    notes += [note for topic in request.topics if (note := _unknown(topic, student))]
    first = {(note.code, note.values.get("topic")): note for note in reversed(notes)}
    return Frame(as_slots(composed), tuple(reversed(first.values())), pace_of_work(student))


def _with_focus(topic: Topic, student: Student) -> Topic:
    """Return `topic`, with the student's focus topics as its units where nobody knows any."""
    if topic.syllabus.units:
        return topic
    return replace(topic, syllabus=replace(topic.syllabus, units=focus_units(topic.syllabus, student.focus)))


def _followed(earlier: Composition, room: Room) -> Composition:
    """Return a composition for the next exam of the same topic, which knows what leads up to the one before."""
    progress, taught = earlier.progress, earlier.taught
    recalled = {unit.key for draft in earlier.drafts if draft.role is Role.RECALL for unit in draft.units}
    given = [lesson for lesson, _ in earlier.lessons]
    learned = [unit for unit in progress.units if unit.key in taught and unit not in progress.learned]
    mocks = [draft.latest_day for draft in earlier.drafts if draft.kind is Kind.MOCK]
    progress = replace(
        progress,
        lessons=tuple(each for each in progress.lessons if each not in given),
        learned=(*learned, *progress.learned),
        left=progress.left - len(learned),
        again=(),
        due=tuple(unit for unit in progress.due if unit.key not in recalled),
        mock=None,
        mock_on=mocks[0] if mocks else progress.mock_on,
    )
    return Composition(progress, room, before=taught)


def _place(stretch: Stretch, student: Student, fraction: float) -> float:
    """Return where in the week, in days, a step stands that comes after `fraction` of its stretch."""
    if not stretch.days:
        return fraction
    first, last = ((day.day - student.monday).days for day in (stretch.days[0], stretch.days[-1]))
    return first + fraction * (last + 1 - first)


def _load(stretches: Sequence[Stretch], student: Student) -> tuple[int, list[Note]]:
    offered: dict[object, int] = {}
    eves = {stretch.exam - timedelta(days=1) for stretch in stretches if stretch.exam and len(stretch.days) > 1}
    for stretch in stretches:
        for day in stretch.days:
            held = offered.get(day.day, day.minutes)
            offered[day.day] = min(held, day.minutes) if day.day in eves else max(held, day.minutes)
    free = sum(offered.values())
    if all(is_eve_alone(stretch.days, stretch.exam) for stretch in stretches):
        return min(EVE_MINUTES, free), []
    pressing = all(
        is_last_week(stretch.days, stretch.exam) and len(stretch.days) <= _PRESSING_DAYS for stretch in stretches
    )
    minutes, followed = wanted_minutes(student, free, pressing=pressing)
    if followed:
        return minutes, [Note(NoteCode.LESS_THAN_OFFERED, {"minutes": minutes})]
    if student.daily_minutes and any(day.minutes > MOST_DAILY_MINUTES for day in student.days):
        topic = stretches[0].topic.syllabus.topic
        return minutes, [Note(NoteCode.MORE_IS_NOT_USEFUL, {"minutes": minutes, "topic": topic})]
    return minutes, []


def _composed(composition: Composition, stretch: Stretch, student: Student) -> list[Note]:
    notes: list[Note] = []
    if is_eve_alone(stretch.days, stretch.exam):
        last_evening(composition)
    elif stretch.exam and (
        is_last_week(stretch.days, stretch.exam) or mock_belongs_here(stretch.days, student.monday, stretch.exam)
    ):
        notes = lead_up(composition, stretch.pace, student.monday)
    else:
        choose(composition, stretch.pace)
    short = not_everything(composition, stretch.topic.syllabus.topic, student)
    return [*notes, short] if short else notes


def _unknown(topic: Topic, student: Student) -> Note | None:
    if topic.syllabus.units or focus_units(topic.syllabus, student.focus):
        return None
    return Note(NoteCode.UNKNOWN_SUBJECT, {"topic": topic.syllabus.topic})
