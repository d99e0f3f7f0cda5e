"""Several topics, and several exams of one topic, share the steps and minutes of a week by what they need."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from schediora.ai.curriculum.frame import DayTime, Student, Topic
from schediora.ai.curriculum.load import EVE_MINUTES, FEWEST_SLOTS, MOST_SLOTS, daily_minutes, is_eve_alone, usable_days
from schediora.ai.curriculum.pace import units_now
from schediora.ai.curriculum.progress import Progress, progress_of
from schediora.localtime import DAYS_A_WEEK, TO_SUNDAY
from schediora.memory.state import LAST_WEEK_DAYS

_UNIT_MINUTES, _DUE_MINUTES, _AGAIN_MINUTES = 130, 10, 40
_LAST_WEEK_MINUTES = 150
_LEAST_MINUTES = 60
_FEW_POINTS = 4
_MOST_LESSONS = 5
_LESSONS_UNKNOWN = 2
_MINUTES_A_STEP = 40
_APART = timedelta(days=3)
"""An exam that follows another of its topic sooner has no days of its own."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A topic in the days before one of its exams, or in the whole week where it has none, and its pace there.

    `exam` is the day that its work leads up to (`Student.run_up_to`), `after` the exam that it follows.
    """

    topic: Topic
    exam: date | None
    days: tuple[DayTime, ...]
    after: date | None
    progress: Progress
    pace: int

    @property
    def demand(self) -> float:
        """Return how many minutes of this week the stretch could use well."""
        progress = self.progress
        missed = sum(lesson.missed_on is not None for lesson in progress.lessons)
        lessons = min(max(missed, self.pace), _LESSONS_UNKNOWN if progress.by_points else _MOST_LESSONS)
        minutes = _UNIT_MINUTES * lessons + _DUE_MINUTES * len(progress.due)
        minutes += _AGAIN_MINUTES * len(progress.again)
        if self.exam and self.days and self.exam - self.days[0].day <= timedelta(days=LAST_WEEK_DAYS):
            minutes += _LAST_WEEK_MINUTES
        return max(minutes, _LEAST_MINUTES)


def stretches_of(topics: Sequence[Topic], student: Student) -> list[Stretch]:
    """Return the stretches that have days in the planned week, as many as there can be steps, the soonest exams.

    A topic whose exams are all over by then is planned like one without an exam.
    """
    stretches = [stretch for topic in topics for stretch in _stretches(topic, student)]
    if not any(stretch.days for stretch in stretches):
        return stretches[:MOST_SLOTS]
    useful = [stretch for stretch in stretches if stretch.days]
    soonest = sorted(useful, key=lambda stretch: stretch.exam or date.max)[:MOST_SLOTS]
    return [stretch for stretch in useful if stretch in soonest]


def steps_of(stretches: Sequence[Stretch], minutes: int) -> list[tuple[int, int]]:
    """Return the fewest and the most steps of each stretch; each has one at least, all together six to ten."""
    if len(stretches) == 1:
        alone = is_eve_alone(stretches[0].days, stretches[0].exam)
        return [(FEWEST_SLOTS, FEWEST_SLOTS if alone else MOST_SLOTS)]
    total = min(max(minutes // _MINUTES_A_STEP, FEWEST_SLOTS, len(stretches)), MOST_SLOTS)
    steps = [1] * len(stretches)
    for _ in range(total - len(stretches)):
        neediest = max(range(len(stretches)), key=lambda index: stretches[index].demand / (steps[index] + 0.5))
        steps[neediest] += 1
    return [(count, count) for count in steps]


def minutes_of(stretches: Sequence[Stretch], minutes: int) -> list[int]:
    """Return the minutes of each stretch: by what it needs, and no more than its own days hold."""
    limits = [_most_minutes(stretch) for stretch in stretches]
    given = [0.0] * len(stretches)
    left = float(minutes)
    open_ = [index for index in range(len(stretches)) if limits[index]]
    while open_ and left >= 1:
        demand = sum(stretches[index].demand for index in open_)
        wished = {index: left * stretches[index].demand / demand for index in open_}
        for index, wish in wished.items():
            taken = min(wish, limits[index] - given[index])
            given[index] += taken
            left -= taken
        if all(given[index] < limits[index] for index in open_):
            break
        open_ = [index for index in open_ if given[index] < limits[index]]
    return [int(each) for each in given]


def _most_minutes(stretch: Stretch) -> int:
    held = sum(day.minutes for day in stretch.days)
    return min(held, EVE_MINUTES) if is_eve_alone(stretch.days, stretch.exam) else held


def _stretches(topic: Topic, student: Student) -> list[Stretch]:
    first = student.days[0].day if student.days else student.monday
    exams: list[date] = []
    for coming in sorted(exam for exam in topic.exams if exam > first):
        if not exams or coming - exams[-1] >= _APART:
            exams.append(coming)
    ends: list[date | None] = [*exams] or [None]
    stretches: list[Stretch] = []
    after: date | None = None
    for exam in ends:
        if after and after > student.monday + TO_SUNDAY:
            break
        run_up = exam and student.run_up_to(exam)
        days = usable_days(student, run_up, after)
        progress = progress_of(topic, student, run_up, days)
        first = days[0].day if days else student.monday
        pace = _pace(progress, first, len(days), run_up, student)
        stretches.append(Stretch(topic, run_up, days, after, progress, pace))
        after = exam
    return [stretch for stretch in stretches if stretch.days] or stretches[:1]


def _pace(progress: Progress, first: date, days: int, exam: date | None, student: Student) -> int:
    left = len(progress.lessons) if progress.by_points else progress.left
    days = ceil(days * DAYS_A_WEEK / student.study_days_a_week)
    missed = sum(lesson.missed_on is not None for lesson in progress.lessons)
    if missed and progress.was_wholly_missed:
        # Who did nothing of a week gets it again: more than that would be missed as well.
        return max(missed, units_now(left, first, days, None, daily_minutes(student)))
    if not progress.units or (progress.by_points and not exam):
        return min(left, _FEW_POINTS)
    exam = exam and student.as_if_never_off(first, exam)
    return units_now(left, first, days, exam, daily_minutes(student), progress.kept)
