"""Random weeks for the placement benchmark: seeded, so that every run sees the same ones."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from schediora.localtime import DAYS_A_WEEK, at_minute, local_day, week_days, zone
from schediora.planner.scheduler.placement import Busy, Exam, Kind, Step, Week, Window

ZONES = [
    "UTC",
    "Asia/Jakarta",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
]
MONDAYS = [date(2026, 11, 23), date(2026, 10, 19), date(2026, 3, 23), date(2026, 12, 28)]
TOPICS = ["Biology", "Math", "English"]
SHAPES: list[list[tuple[int, int]]] = [
    [(480, 1320)],
    [(960, 1260)],
    [(420, 480), (1020, 1320)],
    [(540, 720), (840, 1080)],
    [],
]


def random_case(seed: int) -> tuple[list[Step], Week]:
    """Return the steps of a plan, shaped like those that the curriculum makes, and a week for it.

    Four of five plans have one topic; the others mix two or three.
    """
    rng = Random(seed)
    week = _week(rng)
    if seed % 5:
        return _steps(rng, week, "Biology", rng.randrange(6, 11)), _with_eve(rng, week)
    steps: list[Step] = []
    topics = TOPICS[: rng.choice([2, 3])]
    for topic in topics:
        more = _steps(rng, week, topic, rng.randrange(6, 11) // len(topics) + 1)
        steps += [_shifted(step, len(steps)) for step in more]
    return steps, _with_eve(rng, week)


def _steps(rng: Random, week: Week, topic: str, count: int) -> list[Step]:
    """Return steps of one topic: recalls of what is due, lessons of which some build on others, each with its practice
    or its recall, mixed practice, and before an exam a mock that what it showed is worked on after.
    """
    steps: list[Step] = []

    def add(kind: Kind, minutes: int, *after: int, **more: Any) -> int:
        steps.append(Step(f"{topic} {len(steps)}", "What to do", topic, kind, minutes, after=after, **more))
        return len(steps) - 1

    exam = min((exam.day for exam in week.exams if exam.topic == topic), default=None)
    is_last_week = exam is not None and (exam - week.monday).days <= DAYS_A_WEEK
    for _ in range(rng.randrange(3)):
        add(Kind.RECALL, 5 * rng.randrange(3, 10))
    if is_last_week and exam is not None:
        mock = add(Kind.MOCK, 5 * rng.randrange(6, 25), latest_day=exam - timedelta(days=2), whole=True)
        add(Kind.PRACTICE, 5 * rng.randrange(4, 13), mock, builds_on=(mock,))
    lessons: list[int] = []
    while len(steps) < count:
        needed = rng.sample(lessons, min(len(lessons), rng.choice([0, 1, 1, 2])))
        lesson = add(Kind.LEARN, 5 * rng.randrange(6, 19), *sorted(needed))
        lessons.append(lesson)
        if rng.random() < 0.7:
            add(Kind.PRACTICE, 5 * rng.randrange(4, 13), lesson, builds_on=(lesson,))
        if rng.random() < 0.3:
            add(Kind.RECALL, 5 * rng.randrange(3, 7), lesson, builds_on=(lesson,))
    if lessons and rng.random() < 0.4:
        add(Kind.PRACTICE, 5 * rng.randrange(4, 13), *lessons, builds_on=tuple(lessons))
    if is_last_week and exam is not None:
        add(Kind.REVIEW, 5 * rng.randrange(3, 7), earliest_day=exam - timedelta(days=1))
    elif lessons and rng.random() < 0.2:
        add(Kind.MOCK, 5 * rng.randrange(6, 19), *lessons, whole=True)
    return steps


def _shifted(step: Step, number: int) -> Step:
    """Return a step as one of a plan in which `number` come before its topic's."""
    return replace(
        step,
        after=tuple(other + number for other in step.after or ()),
        builds_on=tuple(other + number for other in step.builds_on),
    )


def _with_eve(rng: Random, week: Week) -> Week:
    """Return a week in which the eve of its exams holds half an hour, half of the times."""
    if rng.random() < 0.5:
        return week
    return replace(week, day_caps={exam.day - timedelta(days=1): 30 for exam in week.exams})


def _week(rng: Random) -> Week:
    tz, monday = zone(rng.choice(ZONES)), rng.choice(MONDAYS)
    begins = at_minute(monday, 0, tz)
    same_every_day = rng.random() < 0.4
    shape = rng.choice(SHAPES[:-1])
    windows = [
        Window(day.isoweekday(), start, end)
        for day in week_days(monday)
        for start, end in (shape if same_every_day else rng.choice(SHAPES))
    ]
    busy: list[Busy] = []
    for _ in range(rng.choice([0, 0, 2, 4, 8, 12])):
        window = rng.choice(windows or [Window(1, 480, 1320)])
        start = at_minute(monday + timedelta(days=window.weekday - 1), 0, tz) + timedelta(minutes=window.start)
        start += timedelta(minutes=5 * rng.randrange((window.end - window.start) // 5))
        minutes = 5 * rng.randrange(3, 19)
        if all(
            start >= b.starts_at + timedelta(minutes=b.minutes) or start + timedelta(minutes=minutes) <= b.starts_at
            for b in busy
        ):
            busy.append(Busy(start, minutes, local_day(start, tz), rng.choice(TOPICS)))
    exams = [Exam(topic, monday + timedelta(days=rng.randrange(2, 21))) for topic in TOPICS if rng.random() < 0.4]
    return Week(
        monday=monday,
        now=begins + timedelta(minutes=rng.choice([0, 0, rng.randrange(5 * 1440)])),
        tz=tz,
        windows=tuple(windows),
        daily_minutes=30 * rng.randrange(2, 9),
        session_minutes=rng.choice([25, 30, 45, 45, 60, 90]),
        busy=tuple(busy),
        exams=tuple(exams),
    )
