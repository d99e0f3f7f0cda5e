"""Random weeks, preferences, sessions and outlines, those with a clock change, a skipped day or a far zone among
them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from schediora.localtime import at_minute, local_day, zone
from schediora.planner.scheduler.placement import Busy, Exam, Kind, Movable, Step, Week, Window

WEEKS = [
    ("UTC", date(2026, 11, 23)),
    ("Asia/Jakarta", date(2026, 12, 28)),  # ISO week 53
    ("Europe/Berlin", date(2026, 3, 23)),  # 23 hours on Sunday
    ("Europe/Berlin", date(2026, 10, 19)),  # 25 hours on Sunday
    ("America/New_York", date(2026, 3, 2)),
    ("America/New_York", date(2026, 10, 26)),
    ("Australia/Lord_Howe", date(2026, 3, 30)),  # half an hour more
    ("Australia/Lord_Howe", date(2026, 9, 28)),  # half an hour less
    ("Africa/Cairo", date(2026, 4, 20)),  # Friday begins at one o'clock
    ("Africa/Cairo", date(2026, 10, 26)),  # Thursday ends twice
    ("America/Havana", date(2026, 10, 26)),  # Sunday begins twice
    ("America/St_Johns", date(2010, 11, 1)),  # a minute of Sunday, then Saturday again
    ("Pacific/Apia", date(2011, 12, 26)),  # no Friday
    ("Pacific/Kiritimati", date(2026, 11, 23)),  # UTC+14
    ("Pacific/Pago_Pago", date(2026, 11, 23)),  # UTC-11
    ("Asia/Kathmandu", date(2026, 11, 23)),  # UTC+05:45
]
TOPICS = ["Biology", " biology ", "Math", "Chemistry"]

minutes_of_day = st.integers(0, 288).map(lambda mark: mark * 5) | st.integers(0, 1440)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    found = []
    every_day = draw(st.none() | st.tuples(st.integers(0, 900), st.integers(915, 1440)))
    for weekday in range(1, 8):
        if every_day is not None:
            found.append(Window(weekday, *every_day))
            continue
        cuts = sorted(set(draw(st.lists(minutes_of_day, max_size=6))))
        found += [
            Window(weekday, start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False) if end - start >= 15
        ]
    split = draw(st.booleans())
    if found and split:
        first = found[0]
        if first.end - first.start >= 60:
            middle = first.start + 30
            found[:1] = [Window(first.weekday, first.start, middle), Window(first.weekday, middle, first.end)]
    return tuple(draw(st.permutations(found)))


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    name, monday = draw(st.sampled_from(WEEKS))
    tz = zone(name)
    day_starts_at = draw(st.sampled_from([0, 0, 0, 30, 105, 150, 153, 240, 360]))
    begins = at_minute(monday, day_starts_at, tz)
    seconds = draw(st.just(-3600) | st.integers(-86_400, 8 * 86_400))
    busy = []
    for _ in range(draw(st.integers(0, 8))):
        starts_at = begins + timedelta(
            minutes=draw(st.integers(-300, 7 * 1440)) * draw(st.sampled_from([1, 5])) % (7 * 1440)
        )
        away = draw(st.sampled_from([0, 0, 0, 0, 1, -1]))
        day = local_day(starts_at, tz, day_starts_at) + timedelta(days=away)
        busy.append(Busy(starts_at, draw(st.integers(5, 240)), day, draw(st.sampled_from(TOPICS))))
    exams = [
        Exam(draw(st.sampled_from(TOPICS)), monday + timedelta(days=draw(st.integers(-3, 20))))
        for _ in range(draw(st.integers(0, 3)))
    ]
    return Week(
        monday=monday,
        now=begins + timedelta(seconds=seconds),
        tz=tz,
        windows=draw(windows()),
        daily_minutes=draw(st.sampled_from([30, 60, 60, 120, 120, 180, 240, 480, 960])),
        session_minutes=draw(st.integers(15, 180)),
        busy=tuple(busy),
        exams=tuple(exams),
        habit_hours=tuple(draw(st.sampled_from([(), (), (7, 8, 8), (21, 22, 22, 23)]))),
        day_caps={monday + timedelta(days=draw(st.integers(0, 6))): draw(st.sampled_from([0, 30, 45]))}
        if draw(st.booleans())
        else {},
        day_ends={monday + timedelta(days=draw(st.integers(0, 6))): 21 * 60},
        days_off=frozenset(monday + timedelta(days=day) for day in draw(st.sampled_from([(), (), (6,), (2, 3, 4)]))),
        day_starts_at=day_starts_at,
    )


@st.composite
def graphs(draw: st.DrawFn) -> list[Step]:
    """Steps of which some say what they come after, with their own days, exams and wholeness."""
    steps = draw(outlines())
    first = draw(st.sampled_from([monday for _, monday in WEEKS]))
    for number, step in enumerate(steps):
        after = draw(st.none() | st.sets(st.integers(0, max(0, number - 1)), max_size=min(3, number)))
        days = sorted(draw(st.lists(st.integers(0, 13), min_size=2, max_size=2)))
        bounds = draw(st.sampled_from([(None, None), (None, None), (days[0], None), (None, days[1]), tuple(days)]))
        earliest, latest = (None if day is None else first + timedelta(days=day) for day in bounds)
        steps[number] = replace(
            step,
            after=None if after is None else tuple(sorted(after)),
            builds_on=() if after is None else tuple(sorted(after))[:1],
            earliest_day=earliest,
            latest_day=latest,
            whole=draw(st.sampled_from([False, False, False, True])),
        )
    return steps


@st.composite
def outlines(draw: st.DrawFn) -> list[Step]:
    topics = draw(st.sampled_from([TOPICS[:1], TOPICS[:2], TOPICS[:3], TOPICS]))
    return [
        Step(
            title=f"Step {number}",
            detail="What to do",
            topic=draw(st.sampled_from(topics)),
            kind=draw(st.sampled_from(Kind)),
            minutes=draw(st.integers(1, 24).map(lambda mark: mark * 5) | st.integers(1, 480)),
        )
        for number in range(draw(st.integers(0, 10)))
    ]


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[Movable], Week]:
    week = draw(weeks())
    begins = at_minute(week.monday, 0, week.tz).astimezone(UTC)
    sessions: list[Movable] = []
    for number, starts_at in enumerate(sorted(draw(st.lists(_starts(begins), max_size=8)))):
        after = draw(st.none() | st.sets(st.sampled_from([s.id for s in sessions] or [UUID(int=99)]), max_size=2))
        sessions.append(
            Movable(
                id=UUID(int=number + 1),
                title=f"Session {number}",
                topic=draw(st.sampled_from(TOPICS)),
                minutes=draw(st.integers(15, 240)),
                starts_at=starts_at,
                kind=draw(st.none() | st.sampled_from(Kind)),
                after=None if after is None else tuple(sorted(after)),
                builds_on=() if after is None else tuple(sorted(after))[:1],
            )
        )
    return sessions, week


def _starts(begins: datetime) -> st.SearchStrategy[datetime]:
    return st.integers(-288, 8 * 288).map(lambda mark: begins + timedelta(minutes=5 * mark)) | st.integers(
        -1440, 10_000
    ).map(lambda minute: begins + timedelta(minutes=minute))
