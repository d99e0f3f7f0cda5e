"""What the charts show: days put into bars, and topics into slices. Pure; labels are unique, as charts need them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from schediora.dashboard.queries import Completed
from schediora.dashboard.schemas import Range, SubjectShare
from schediora.localtime import DAYS_A_WEEK, week_days, week_start

DAY_LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK_LABELS = ("W1", "W2", "W3", "W4", "W5")
ROLLING_DAYS = 30
MOST_SUBJECTS = 5
OTHER = "Other"
_DAYS_KEPT = 16
"""Everybody's today is one of three days, whatever their zone."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The local days, `first` to `last`, that one value of the charts stands for."""

    label: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether `day` is one of them."""
        return self.first <= day <= self.last


@lru_cache(maxsize=_DAYS_KEPT)
def buckets(today: date, chosen: Range) -> Sequence[Bar]:
    """Return the bars, oldest first: the days of this ISO week, or the last 30 days by sevens back from today."""
    if chosen is Range.WEEK:
        days = week_days(week_start(today))
        return tuple(Bar(label, day, day) for label, day in zip(DAY_LABELS, days, strict=True))
    first = today - timedelta(days=ROLLING_DAYS - 1)
    lasts = [today - timedelta(days=DAYS_A_WEEK * back) for back in reversed(range(len(WEEK_LABELS)))]
    return tuple(
        Bar(label, max(first, last - timedelta(days=DAYS_A_WEEK - 1)), last)
        for label, last in zip(WEEK_LABELS, lasts, strict=True)
    )


def shares(completed: Iterable[Completed]) -> list[SubjectShare]:
    """Return the minutes by topic, largest first: up to five topics, or the first four and `Other`.

    Topics that differ only in case are one, spelt as most of its minutes are. `Other` takes in a topic of that name.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    for row in completed:
        spellings[row.topic.casefold()][row.topic] += row.minutes
    found = [
        SubjectShare(subject=min(counts, key=lambda topic: (-counts[topic], topic)), minutes=counts.total())
        for counts in spellings.values()
    ]
    found.sort(key=lambda share: (-share.minutes, share.subject.casefold()))
    if len(found) <= MOST_SUBJECTS:
        return found
    named = [share for share in found if share.subject.casefold() != OTHER.casefold()][: MOST_SUBJECTS - 1]
    rest = sum(share.minutes for share in found) - sum(share.minutes for share in named)
    return [*named, SubjectShare(subject=OTHER, minutes=rest)]
