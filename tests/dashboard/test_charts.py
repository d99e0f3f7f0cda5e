"""Bars and slices, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schediora.dashboard.charts import buckets, shares
from schediora.dashboard.queries import Completed
from schediora.dashboard.schemas import Range

ANY_DAY = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def completed(**minutes: int) -> list[Completed]:
    return [Completed(date(2026, 3, 4), topic, 1, spent) for topic, spent in minutes.items()]


def slices(rows: list[Completed]) -> list[tuple[str, int]]:
    return [(share.subject, share.minutes) for share in shares(rows)]


def test_topics_come_largest_first_and_by_name_among_equals() -> None:
    assert slices(completed(Math=10, Biology=30, Art=10)) == [("Biology", 30), ("Art", 10), ("Math", 10)]


def test_five_topics_are_named_and_of_six_four() -> None:
    five = completed(A=50, B=40, C=30, D=20, E=10)
    assert [name for name, _ in slices(five)] == list("ABCDE")
    assert slices(five + completed(F=5)) == [("A", 50), ("B", 40), ("C", 30), ("D", 20), ("Other", 15)]


@pytest.mark.parametrize("name", ["Other", "other", "OTHER"])
def test_a_topic_called_other_is_one_with_the_rest(name: str) -> None:
    rows = completed(A=50, B=40, C=30, D=20, E=10) + completed(**{name: 100})
    assert slices(rows) == [("A", 50), ("B", 40), ("C", 30), ("D", 20), ("Other", 110)]
    assert slices(completed(A=50) + completed(**{name: 100})) == [(name, 100), ("A", 50)]


def test_topics_that_differ_in_case_are_one_spelt_as_most_of_it_is() -> None:
    assert slices(completed(biology=10, Biology=30, BIOLOGY=10, Math=45)) == [("Biology", 50), ("Math", 45)]


@given(st.lists(st.tuples(st.text(min_size=1), st.integers(1, 1440)), max_size=40))
def test_slices_are_unique_and_sum_up(entries: list[tuple[str, int]]) -> None:
    rows = [Completed(date(2026, 3, 4), topic, 1, minutes) for topic, minutes in entries]
    found = slices(rows)
    assert sum(minutes for _, minutes in found) == sum(minutes for _, minutes in entries)
    assert len({name.casefold() for name, _ in found}) == len(found) <= 5


@given(ANY_DAY)
def test_a_weeks_bars_are_its_seven_days(today: date) -> None:
    bars = buckets(today, Range.WEEK)
    assert [bar.label for bar in bars] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert bars[0].first.isoweekday() == 1
    assert sum(bar.holds(today) for bar in bars) == 1


@given(ANY_DAY, st.integers(-5, 40))
def test_thirty_days_are_each_in_one_bar(today: date, back: int) -> None:
    bars = buckets(today, Range.MONTH)
    assert [bar.label for bar in bars] == ["W1", "W2", "W3", "W4", "W5"]
    assert sum(bar.holds(today - timedelta(days=back)) for bar in bars) == (0 <= back < 30)
