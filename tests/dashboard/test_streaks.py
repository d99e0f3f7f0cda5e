"""Streaks against a plain count, over made-up lives."""

from collections.abc import Collection
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from schediora.dashboard.streaks import BEST_OF_DAYS, longest, streak_days
from schediora.users.queries import Rest

TODAY = date(2026, 3, 4)
DAY = timedelta(days=1)
KNOWN_FROM = TODAY - 30 * DAY

days_ago = st.integers(0, 120)
spans = st.tuples(st.integers(0, 120), st.integers(0, 91)).map(
    lambda span: (TODAY - span[0] * DAY, TODAY - span[0] * DAY + span[1] * DAY)
)
rests = st.builds(
    Rest,
    rest_days=st.frozensets(st.integers(1, 7), max_size=6),
    days_off=st.lists(spans, max_size=3).map(tuple),
)


def plain(done: Collection[date], rest: Rest, last: date) -> int:
    """Return the length of the row that ends on `last`: the days that matter, newest first, up to the first gap."""
    matter = [day for back in range(3000) for day in [last - back * DAY] if day in done or not rest.is_off(day)]
    return next(count for count, day in enumerate(matter) if day not in done)


@settings(max_examples=40, deadline=None)
@given(done=st.frozensets(days_ago), gap=st.frozensets(days_ago, max_size=4), busy=st.booleans(), rest=rests)
def test_a_streak_is_a_plain_count_whatever_was_read_at_first(
    done: frozenset[int], gap: frozenset[int], busy: bool, rest: Rest
) -> None:
    back = frozenset(range(121)) - gap if busy else done
    days = {TODAY - each * DAY for each in back}
    reads: list[int] = []

    def read(first: date, last: date) -> set[date]:
        reads.append((last - first).days)
        return {day for day in days if first <= day <= last}

    known = read(KNOWN_FROM, TODAY)
    found = streak_days(TODAY, known, KNOWN_FROM, rest.is_off, read)
    assert found == (plain(days, rest, TODAY) or plain(days, rest, TODAY - DAY))
    assert len(reads) <= 9
    first = TODAY - (BEST_OF_DAYS - 1) * DAY
    best = max(plain(days, rest, TODAY - each * DAY) for each in range(BEST_OF_DAYS))
    assert longest(days, first, TODAY, rest.is_off) == best


def test_a_student_with_six_rest_days_a_week_keeps_a_streak_of_single_days() -> None:
    rest = Rest(frozenset(range(1, 7)), ((date(2025, 12, 1), date(2026, 2, 28)),))
    sundays = {date(2026, 3, 1) - weeks * 7 * DAY for weeks in range(60)} - {date(2025, 12, 21)}
    assert streak_days(TODAY, sundays, date.min, rest.is_off, lambda *_: ()) == 59
