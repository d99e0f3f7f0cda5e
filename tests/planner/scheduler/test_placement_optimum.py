"""What the search believes a plan costs is what the plan costs, and in small weeks no plan is better."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from schediora.localtime import at_minute, local_day, week_days, zone
from schediora.planner.scheduler.placement import Busy, Exam, Kind, Step, Week, Window, arranged, place
from tests.planner.scheduler.placement_objective import Session, cost, objective, sessions_of
from tests.planner.scheduler.placement_rules import Placed, broken_by_sessions
from tests.planner.scheduler.placement_strategies import outlines, weeks
from tests.planner.scheduler.test_placement_properties import tried

MONDAY = date(2026, 11, 23)
TZ = zone("Europe/Berlin")


def without_overlaps(week: Week) -> Week:
    """Which of two sessions that overlap is a neighbour is not defined."""
    kept: list[Busy] = []
    for busy in sorted(week.busy, key=lambda busy: busy.starts_at):
        if not kept or kept[-1].starts_at + timedelta(minutes=kept[-1].minutes + 5) <= busy.starts_at:
            kept.append(busy)
    return replace(week, busy=tuple(kept))


def no_day_comes_back(week: Week) -> bool:
    """Where a day goes on after a minute of the next one (St John's in 2010, and wherever a clock is turned back to
    before the start of a student's day), neighbours on a day are not defined."""
    starts_at = week.day_starts_at
    begins = [(day, at_minute(day, starts_at, week.tz)) for day in week_days(week.monday)]
    marks = [(day, begin + timedelta(minutes=mark)) for day, begin in begins for mark in range(5, 65, 5)]
    return all(local_day(instant, week.tz, starts_at) >= day for day, instant in marks)


@tried(12)
@given(outlines(), weeks().map(without_overlaps).filter(no_day_comes_back))
def test_the_cost_that_is_minimized_is_the_documented_one(steps: list[Step], week: Week) -> None:
    assert arranged(steps, week).arrangement.cost == cost(steps, week, sessions_of(place(steps, week)))


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[list[Step], Week]:
    windows = []
    for weekday in range(1, 4):
        start = draw(st.sampled_from([600, 610, 1185, 1305]))
        windows.append(Window(weekday, start, start + draw(st.sampled_from([0, 20, 30, 45]))))
    busy = []
    if draw(st.booleans()):
        at = windows[0].start + draw(st.sampled_from([-20, 0, 15, 20, 30]))
        busy.append(Busy(at_minute(MONDAY, at, TZ), 15, MONDAY, draw(st.sampled_from(["Biology", "Math"]))))
    week = Week(
        monday=MONDAY,
        now=at_minute(MONDAY, 0, TZ),
        tz=TZ,
        windows=tuple(window for window in windows if window.end > window.start),
        daily_minutes=draw(st.sampled_from([30, 60])),
        session_minutes=draw(st.sampled_from([15, 20])),
        busy=tuple(busy),
        exams=draw(
            st.sampled_from([(), (Exam("Biology", date(2026, 11, 25)),), (Exam("Biology", date(2026, 12, 1)),)])
        ),
    )
    kinds = draw(st.lists(st.sampled_from(Kind), min_size=1, max_size=3))
    longest = 30 if len(kinds) < 3 else 20
    return [
        Step(f"Step {n}", "", "Biology", kind, draw(st.sampled_from([15, 20, longest]))) for n, kind in enumerate(kinds)
    ], week


def every_choice(steps: list[Step]) -> Iterator[tuple[int, ...]]:
    """Sets of steps in which none is placed without the learning before it."""
    for chosen in chain.from_iterable(combinations(range(len(steps)), count) for count in range(1, len(steps) + 1)):
        if all(n in chosen for n in range(chosen[-1]) if steps[n].kind is Kind.LEARN):
            yield chosen


def good_starts(week: Week, minutes: int) -> list[datetime]:
    """The starts at which a session by itself breaks no rule."""
    starts = []
    for window in week.windows:
        day = MONDAY + timedelta(days=window.weekday - 1)
        for minute in range(window.start, window.end, 5):
            session = Placed(at_minute(day, minute, TZ), minutes, day, "biology")
            starts += [] if list(broken_by_sessions([session], week)) else [session.starts_at]
    return starts


def every_plan(parts: list[Session], starts: dict[int, list[datetime]], begin: datetime) -> Iterator[list[Session]]:
    """Every way to start the parts, one after another, at good times from `begin` on."""
    if not parts:
        yield []
        return
    for start in starts[parts[0].minutes]:
        if start >= begin:
            first = replace(parts[0], starts_at=start)
            for rest in every_plan(parts[1:], starts, first.last):
                yield [first, *rest]


def best_by_trying_everything(steps: list[Step], week: Week) -> int:
    starts = {minutes: good_starts(week, minutes) for minutes in (15, 20)}
    items = arranged(steps, week).items
    best = 0
    for chosen in every_choice(steps):
        parts = []
        for n in chosen:
            lengths = [part.minutes for part in items[n].parts]
            parts += [
                Session(week.now, minutes, "biology", steps[n].kind, n, part + 1, len(lengths))
                for part, minutes in enumerate(lengths)
            ]
        plans = (plan for plan in every_plan(parts, starts, week.now) if fits_the_days(plan, week))
        best = max(best, max((objective(steps, week, plan) for plan in plans), default=0))
    return best


def fits_the_days(plan: list[Session], week: Week) -> bool:
    placed = [(session.starts_at.astimezone(TZ).date(), session.minutes) for session in plan]
    there = [(busy.day, busy.minutes) for busy in week.busy]
    return all(sum(m for other, m in placed + there if other == day) <= week.daily_minutes for day, _ in placed)


@tried(60)
@given(small_cases())
def test_for_one_topic_no_plan_is_better(case: tuple[list[Step], Week]) -> None:
    steps, week = case
    assert objective(steps, week, sessions_of(place(steps, week))) == best_by_trying_everything(steps, week)
