"""Random weeks for the placement benchmark: seeded, so that every run sees the same ones."""

from datetime import date, timedelta
from random import Random

from schediora.localtime import at_minute, local_day, week_days, zone
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
OUTLINES: list[list[Kind]] = [
    [
        Kind.LEARN,
        Kind.PRACTICE,
        Kind.LEARN,
        Kind.PRACTICE,
        Kind.RECALL,
        Kind.LEARN,
        Kind.PRACTICE,
        Kind.REVIEW,
        Kind.REVIEW,
        Kind.MOCK,
    ],
    [Kind.LEARN, Kind.LEARN, Kind.PRACTICE, Kind.RECALL, Kind.LEARN, Kind.PRACTICE, Kind.REVIEW, Kind.MOCK],
    [Kind.RECALL, Kind.LEARN, Kind.PRACTICE, Kind.LEARN, Kind.PRACTICE, Kind.REVIEW, Kind.MOCK],
    [Kind.LEARN, Kind.PRACTICE, Kind.RECALL, Kind.REVIEW, Kind.PRACTICE, Kind.MOCK],
]


def random_case(seed: int) -> tuple[list[Step], Week]:
    """Return an outline of 6 to 10 steps and a week for it.

    Four of five outlines have one topic, as every generated plan does; the others mix two or three.
    """
    rng = Random(seed)
    week = _week(rng)
    topics = ["Biology"] if seed % 5 else TOPICS[: rng.choice([2, 3])]
    kinds: list[Kind] = rng.choice(OUTLINES)
    if rng.random() < 0.3:
        kinds = [Kind.LEARN, *rng.choices(list(Kind), k=rng.randrange(5, 10))]
    steps = [
        Step(f"Step {number}", "What to do", rng.choice(topics), kind, 5 * rng.randrange(4, 19))
        for number, kind in enumerate(kinds)
    ]
    return steps, week


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
