"""What holds of every frame, read from the frame alone and from what the student had learned before."""

from collections.abc import Iterator
from datetime import date, timedelta

from schediora.ai.curriculum.frame import Frame, Request, Role, Slot, Student, Topic
from schediora.memory.replay import Rating
from schediora.planner.scheduler.problem import Kind

WEEK = timedelta(days=7)
BROAD = (Role.MOCK, Role.DIAGNOSTIC)
LOOKS_BACK = (Role.RECALL, Role.REVIEW, Role.LIGHT_REVIEW, Role.MOCK)
LONGEST = {Role.RECALL: 45, Role.REVIEW: 60, Role.LIGHT_REVIEW: 30, Role.MOCK: 180, Role.DIAGNOSTIC: 180}


def faults(frame: Frame, request: Request) -> list[str]:
    """Return what is wrong with `frame` as an answer to `request`."""
    found = [*_shape(frame), *_alike(frame)]
    for topic in request.topics:
        found += _unlearned(frame, topic, request.student)
        for exam in topic.exams[:1]:
            found += _last_week(frame, topic, exam, request.student)
    return found


def before(frame: Frame, index: int) -> set[int]:
    """Return the indexes of all slots that have ended when the slot `index` starts."""
    found: set[int] = set()
    for other in frame.slots[index].after:
        found |= {other} | before(frame, other)
    return found


def _shape(frame: Frame) -> Iterator[str]:
    if not 6 <= len(frame.slots) <= 10:
        yield f"{len(frame.slots)} slots"
    for index, slot in enumerate(frame.slots):
        if any(other >= index for other in slot.after):
            yield f"{index} comes after a later one"
        if slot.minutes % 5 or not 15 <= slot.minutes <= LONGEST.get(slot.role, 240):
            yield f"{index} {slot.role} takes {slot.minutes} minutes"
        if slot.whole != (slot.role in BROAD):
            yield f"{index} {slot.role} is whole: {slot.whole}"
        if slot.role is Role.RECALL and len(slot.units) > 4:
            yield f"{index} recalls {len(slot.units)} units"


def _alike(frame: Frame) -> Iterator[str]:
    keys = [(slot.topic, slot.role, tuple(unit.key for unit in slot.units), slot.turn) for slot in frame.slots]
    yield from (f"twice {key}" for key in set(keys) if keys.count(key) > 1)


def _unlearned(frame: Frame, topic: Topic, student: Student) -> Iterator[str]:
    known = {unit.key for unit in topic.syllabus.units if unit.known_on}
    known |= {key for key, memory in topic.memories.items() if memory.learned_on}
    known |= {key for key in _taught_in(student) if key not in topic.memories}
    left_out = {unit.key for unit in topic.syllabus.units if unit.left_out}
    for index, slot in enumerate(frame.slots):
        if slot.topic != topic.syllabus.topic:
            continue
        taught = {
            unit.key
            for other in before(frame, index)
            for unit in frame.slots[other].units
            if is_lesson(frame.slots[other])
        }
        keys = {unit.key for unit in slot.units}
        if slot.role in LOOKS_BACK and not keys <= known | taught:
            yield f"{index} {slot.role} of {keys - known - taught}, which is not learned"
        if keys & left_out:
            yield f"{index} {slot.role} of {keys & left_out}, which was left out"


def _taught_in(student: Student) -> set[str]:
    """Return the units whose last lesson was done and went well: those of focus topics have no memory but this."""
    lessons = [each for each in student.past if each.kind is Kind.LEARN and each.done_on and len(each.units) == 1]
    last = {
        each.units[0]: each.rating for each in sorted(lessons, key=lambda each: (each.done_on or each.day, each.id))
    }
    return {key for key, rating in last.items() if rating is not Rating.AGAIN}


def _last_week(frame: Frame, topic: Topic, exam: date, student: Student) -> Iterator[str]:
    usable = [day.day for day in student.days if day.minutes >= 15 and day.day < exam]
    if not usable:
        return
    first = usable[0]
    done = [each for each in student.past if each.kind is Kind.MOCK and each.done_on and exam - each.done_on <= WEEK]
    mine = [
        (index, slot)
        for index, slot in enumerate(frame.slots)
        if slot.topic == topic.syllabus.topic and (slot.earliest_day or date.min) < exam
    ]
    eve = exam - timedelta(days=1)
    mocks = [(index, slot) for index, slot in mine if slot.role in BROAD]
    if (exam - first).days > 14 and any(slot.role is Role.DIAGNOSTIC for _, slot in mine):
        yield "a diagnostic far from the exam"
    for index, slot in mocks:
        if slot.latest_day is None or slot.latest_day > eve - timedelta(days=1):
            yield f"{index} a mock as late as {slot.latest_day}"
        if slot.role is Role.DIAGNOSTIC:
            yield from (
                f"{other} before the diagnostic"
                for other, _ in mine
                if other != index and index not in before(frame, other)
            )
    if (exam - first).days > 7:
        return
    if eve > first and not mocks and not done and len(mine) == len(frame.slots):
        yield "no mock in the last week"
    if eve > first and sum(slot.minutes for _, slot in mine if slot.role is Role.LIGHT_REVIEW) > 30:
        yield "more than half an hour on the eve"
    for index, slot in mine:
        last = eve if slot.role is Role.LIGHT_REVIEW or eve == first else eve - timedelta(days=1)
        if slot.latest_day is None or slot.latest_day > last:
            yield f"{index} {slot.role} as late as {slot.latest_day}"
        if slot.role is Role.REWORK and not slot.builds_on and not {other for other, _ in mocks} & before(frame, index):
            yield f"{index} reworks no mock"
    if eve == first and (mocks or sum(slot.minutes for _, slot in mine) > 120):
        yield "too much on the eve"


def is_lesson(slot: Slot) -> bool:
    """Return whether the slot teaches."""
    return slot.role is Role.LESSON
