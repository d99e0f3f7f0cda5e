"""Choosing what to place in a given order when not everything fits: the items that are worth most together.

In a fixed order, putting each session at the first place that takes it ends every one of them as early as can be,
with no more minutes on its day than any other way. So this one way decides whether a set of items fits, and the
search is over sets alone. `set_selection` looks at all orders.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from schediora.planner.scheduler.day_packing import session_key
from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.items import Item, Order, Part

_CHOICES_LOOKED_AT = 4_000
_LABELS_AT_LEAST = 24
_GROUPS = 4
"""Bounds of the work. What is still asked for are two items at most in most plans, so four groups are all of them."""


class Place(NamedTuple):
    """Where the sessions placed so far end: day, cell of the day, minutes placed on it."""

    day: int
    cell: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Label:
    """A choice among the parts looked at so far: its value, what is chosen as bits, where it ends, and the part placed
    last.
    """

    value: int
    chosen: int
    place: Place
    part: Part | None = None
    before: "Label | None" = None

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        """Return what puts labels in order: the most valuable first, of these the earliest end."""
        return -self.value, *self.place, self.chosen

    def order(self) -> Order:
        """Return the parts that are placed, in order."""
        placed, label = [], self
        while label.part is not None and label.before is not None:
            placed.append(label.part)
            label = label.before
        return tuple(reversed(placed))


START = Label(0, 0, Place(0, 0, 0))
"""Nothing looked at and nothing placed."""


def fits(order: Sequence[Part], days: Sequence[Day]) -> bool:
    """Tell whether every part of `order` can be placed in this order."""
    place: Place | None = START.place
    for part in order:
        if place is None:
            return False
        place = first_fit(place, part, days)
    return place is not None


def first_fit(place: Place, part: Part, days: Sequence[Day]) -> Place | None:
    """Return where a part ends that is put, after `place`, where it ends first; None when there is no room."""
    minutes, cell = place.minutes, place.cell
    for day in days[place.day :]:
        if part.allowed_on(day.index) and minutes + part.minutes <= day.left_minutes:
            cells, _, not_before, ends_by = session_key(part, day.first)
            for span in day.layout.spans:
                start = max(span.start, cell, not_before)
                if start + cells <= min(span.end, ends_by):
                    return Place(day.index, start + cells, minutes + part.minutes)
        minutes = cell = 0
    return None


def most_valuable_in(order: Sequence[Part], items: Sequence[Item], days: Sequence[Day], labels: int) -> Order:
    """Return parts of `order` of greatest value that fit in this order: exact, where `labels` labels are enough."""
    most = max(_LABELS_AT_LEAST, labels // (len(order) + 1))
    found = [START]
    asked_for = _still_asked_for(order, items)
    for number, part in enumerate(order):
        kept = _undominated(found, asked_for[number], most)
        found = [after for label in kept for after in _with_or_without(label, part, items[part.item], days)]
    return min(found, key=lambda label: label.rank).order()


def equally_valuable(
    order: Sequence[Part], items: Sequence[Item], days: Sequence[Day], most: int, labels: int
) -> list[Order]:
    """Return the parts of greatest value that fit in this order: every such choice, but at most `most`."""
    if fits(order, days):
        return [tuple(order)]
    best = most_valuable_in(order, items, days, labels)
    value = value_of(best, items)
    choices = islice(_choices_of_value(value, order, items, days), most)
    return [tuple(part for part in order if chosen >> part.item & 1) for chosen in choices] or [best]


def value_of(order: Sequence[Part], items: Sequence[Item]) -> int:
    """Return what placing these parts is worth."""
    return sum(items[part.item].value for part in order if part.number == 0)


def _with_or_without(label: Label, part: Part, item: Item, days: Sequence[Day]) -> Iterator[Label]:
    """Yield the label without the part's item, and with the part placed, as far as each is possible."""
    begun = part.number > 0
    is_chosen = bool(label.chosen >> part.item & 1)
    if not begun or not is_chosen:
        yield label
    if is_chosen if begun else all(label.chosen >> other & 1 for other in item.needs):
        place = first_fit(label.place, part, days)
        if place is not None:
            value = label.value if begun else label.value + item.value
            yield Label(value, label.chosen | 1 << part.item, place, part, label)


def _still_asked_for(order: Sequence[Part], items: Sequence[Item]) -> list[int]:
    """Return, for each place in an order, the items before it (as bits) whose choice the rest of it depends on."""
    bits, found = 0, [0]
    for part in reversed(order):
        bits &= ~(1 << part.item)
        bits |= 1 << part.item if part.number > 0 else sum(1 << other for other in items[part.item].needs)
        found.append(bits)
    return found[::-1]


def _undominated(labels: list[Label], asked_for: int, most: int) -> list[Label]:
    """Return the labels that no other dominates, `most` at most of those that leave the rest as free, and not many
    more in all.
    """
    groups: dict[int, list[Label]] = {}
    room = _GROUPS * most
    for label in sorted(labels, key=lambda label: label.rank):
        if not room:
            break
        kept = groups.setdefault(label.chosen & asked_for, [])
        if len(kept) < most and not any(is_no_later(other.place, label.place) for other in kept):
            kept.append(label)
            room -= 1
    return [label for kept in groups.values() for label in kept]


def is_no_later(place: Place, other: Place) -> bool:
    """Tell whether whatever fits after `other` fits after `place` too."""
    return place.day < other.day or (
        place.day == other.day and place.cell <= other.cell and place.minutes <= other.minutes
    )


def _choices_of_value(value: int, order: Sequence[Part], items: Sequence[Item], days: Sequence[Day]) -> Iterator[int]:
    """Yield the sets of items (as bits) worth exactly `value` that fit, those that keep earlier items first."""
    left_from = [0] * (len(order) + 1)
    for index in range(len(order) - 1, -1, -1):
        left_from[index] = left_from[index + 1] + (items[order[index].item].value if order[index].number == 0 else 0)
    stack = [(0, START)]
    looked_at = 0
    while stack and looked_at < _CHOICES_LOOKED_AT:
        index, label = stack.pop()
        looked_at += 1
        if label.value + left_from[index] < value:
            continue
        if index == len(order):
            yield label.chosen
            continue
        part = order[index]
        stack += [(index + 1, after) for after in _with_or_without(label, part, items[part.item], days)]
