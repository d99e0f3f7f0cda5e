"""What could come next: the units to go back to, and the first new one of each topic in hand."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from schediora.http.caller import Caller
from schediora.localtime import week_start
from schediora.memory.replay import Rating, UnitMemory
from schediora.memory.state import UnitState
from schediora.models.users import User
from schediora.planner.in_hand import TopicInHand, topics_of_last_plan, topics_of_week, units_in_hand
from schediora.subjects.exams import next_exam
from schediora.subjects.recognition import topic_key
from schediora.syllabus.coverage import due_on, unit_state
from schediora.syllabus.lists import syllabus_of
from schediora.syllabus.order import learning_order, needed_before
from schediora.syllabus.queries import goals_of_plans, memories_of
from schediora.syllabus.schemas import UpNextView
from schediora.syllabus.syllabus import Syllabus, SyllabusUnit
from schediora.syllabus.view import language_for
from schediora.users.queries import StudyPreferences, preferences_of, revision_of

MOST = 5
"""So many units are named: a choice that a student can take in at a glance."""
_STUDENTS = 4096
"""For so many students the answer is kept until something of theirs changes: an open app asks twice in 15 seconds."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What it depends on which units of a topic come next: the memories of its units by key, its next `exam`, the units
    that an open session is about already, and the student's local day.
    """

    memories: Mapping[str, UnitMemory]
    exam: date | None
    in_hand: Collection[str]
    today: date


def up_next(caller: Caller, now: datetime) -> Sequence[UpNextView]:
    """Return what the caller could take up next, at most `MOST` units: those that are due or went wrong, the most
    overdue first, then the first new one of each topic. Never asks a model.

    The topics are those of this week, else the student's own, else the last plan's; the units of what is open already,
    this week or later, are left out. Nothing where nobody knows what there is to learn.
    """
    return up_next_at(caller, caller.today(now), revision_of(caller.user_id))


@lru_cache(maxsize=_STUDENTS)
def up_next_at(caller: Caller, today: date, _revision: int) -> Sequence[UpNextView]:
    """Return what `up_next` does on the local day `today`; the `_revision` of the planner stands for all that is read,
    so that the answer can be kept until it changes.
    """
    with User.snapshot():
        wishes = preferences_of(caller.user_id)
        syllabi = _syllabi(caller, wishes, today)
        keys = {unit.key for syllabus in syllabi for unit in syllabus.units}
        memories = memories_of(caller.user_id, keys)
        in_hand = units_in_hand(caller.user_id, keys, week_start(today))
    back: list[tuple[date, UpNextView]] = []
    new: list[UpNextView] = []
    for syllabus in syllabi:
        exam = next_exam(syllabus.topic, wishes.exams, today)
        standing = Standing(memories, exam[1] if exam else None, in_hand, today)
        units = learning_order(syllabus, wishes.focus_topics)
        back += [(day, _view(syllabus, unit, standing)) for day, unit in to_go_back_to(units, standing)]
        new += [_view(syllabus, unit, standing) for unit in first_new(units, standing)]
    overdue_first = [view for _, view in sorted(back, key=lambda entry: entry[0])]
    return tuple({view.key: view for view in [*overdue_first, *new]}.values())[:MOST]


def to_go_back_to(units: Iterable[SyllabusUnit], standing: Standing) -> Iterator[tuple[date, SyllabusUnit]]:
    """Yield the units that are due, or were rated `again` and not taken up since, each with the day it is due on."""
    for unit in units:
        memory = standing.memories.get(unit.key)
        due = due_on(unit, memory, standing.exam)
        if unit.left_out or unit.key in standing.in_hand:
            continue
        if memory and memory.last_rating is Rating.AGAIN and not (unit.known_on and memory.last_on <= unit.known_on):
            yield memory.due_on, unit
        elif due and due <= standing.today:
            yield due, unit


def first_new(units: Sequence[SyllabusUnit], standing: Standing) -> Iterator[SyllabusUnit]:
    """Yield the first of `units` that is new, in no open session, and needs nothing that is not learned yet; none where
    there is no such unit.
    """
    states = {unit.key: unit_state(unit, standing.memories.get(unit.key), standing.today) for unit in units}
    needs = needed_before(units)
    for unit in units:
        memory = standing.memories.get(unit.key)
        failed = memory is not None and memory.last_rating is Rating.AGAIN
        if states[unit.key] is not UnitState.NEW or failed or unit.key in standing.in_hand:
            continue
        if all(states[key] is not UnitState.NEW for key in needs[unit.key]):
            yield unit
            return


def _syllabi(caller: Caller, wishes: StudyPreferences, today: date) -> list[Syllabus]:
    """Return what there is to learn in the topics in hand, each topic once, without those that nobody knows."""
    own = [TopicInHand(topic) for topic in wishes.focus_topics]
    of_week = topics_of_week(caller.user_id, week_start(today))
    for topics in (of_week, own) if of_week or own else (topics_of_last_plan(caller.user_id),):
        goals = goals_of_plans(caller.user_id, {topic.plan_id for topic in topics if topic.plan_id})
        each = {topic_key(topic.topic): topic for topic in reversed(topics)}
        known = [
            syllabus
            for topic in dict.fromkeys(each[topic_key(topic.topic)] for topic in topics)
            if (syllabus := _syllabus(caller, topic, goals, wishes, today)).units
        ]
        if known:
            return known
    return []


def _syllabus(
    caller: Caller, topic: TopicInHand, goals: Mapping[UUID, str], wishes: StudyPreferences, today: date
) -> Syllabus:
    language = topic.language or language_for(caller, topic.topic, wishes)
    goal = (goals.get(topic.plan_id) if topic.plan_id else None) or wishes.goal or ""
    return syllabus_of(caller.user_id, topic.topic, goal, language=language, today=today)


def _view(syllabus: Syllabus, unit: SyllabusUnit, standing: Standing) -> UpNextView:
    state = unit_state(unit, standing.memories.get(unit.key), standing.today)
    return UpNextView(topic=syllabus.topic, key=unit.key, title=unit.title, state=state)
