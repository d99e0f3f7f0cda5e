"""Choosing what to place when not everything fits: the items that are worth most together.

In a fixed order, putting each session at the first place that takes it ends every one of them as early as can be,
with no more minutes on its day than any other way. So this one way decides whether a set of items fits, and the
search is over sets alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import NamedTuple

from schediora.planner.scheduler.day_packing import session_key
from schediora.planner.scheduler.free_time import Day
from schediora.planner.scheduler.items import Item, Part

_CHOICES_LOOKED_AT = 4_000
_LABELS_AT_LEAST = 24
_LABELS_IN_ONE_ORDER = 16
_GROUPS = 4
"""Bounds of the work. What is still asked for of one topic are two items at most, so four groups are all of them."""

MOST_LABELS = 24_000
"""How many labels a choice may keep, when it is made once and in a job: up to half a second for the hardest mix of
topics, nothing to speak of for one topic. With a quarter of it, four of the benchmark's 99 mixed weeks placed less than
the optimum; with twice as many, those four place no more."""


class _Place(NamedTuple):
    """Where the sessions placed so far end: day, cell of the day, minutes placed on it."""

    day: int
    cell: int
    minutes: int


@dataclass(frozen=True, slots=True)
class _Label:
    """A choice among the parts looked at so far: its value, its items as bits, where it ends, and the part placed
    last.
    """

    value: int
    chosen: int
    place: _Place
    part: Part | None = None
    before: "_Label | None" = None

    @property
    def rank(self) -> tuple[int, int, int, int, int]:
        return -self.value, *self.place, self.chosen


def fits(order: Sequence[Part], days: Sequence[Day]) -> bool:
    """Tell whether every part of `order` can be placed in this order."""
    place: _Place | None = _Place(0, 0, 0)
    for part in order:
        if place is None:
            return False
        place = _first_fit(place, part, days)
    return place is not None


def most_valuable(
    chains: Sequence[Sequence[Part]],
    items: Sequence[Item],
    days: Sequence[Day],
    most: int = 1,
    orders: Sequence[Sequence[Part]] = (),
    labels: int = MOST_LABELS,
) -> list[tuple[Part, ...]]:
    """Return choices of parts of greatest value that fit, each in a common order in which it does: `most` or fewer.

    All common orders of `chains` are looked at, unless that takes more than `labels`: then only `orders`, which are
    some of them.
    """
    possible = _possible(chains, items, days)
    chains = [[part for part in chain if part.item in possible] for chain in chains]
    points = prod(len(chain) + 1 for chain in chains)
    if len(chains) == 1 or points * _LABELS_AT_LEAST <= labels:
        ends = _looked_through(chains, items, days, most, max(_LABELS_AT_LEAST, labels // points))
    else:
        ends = []
        for order in orders:
            left = [part for part in order if part.item in possible]
            ends += _looked_through([left], items, days, most, _LABELS_IN_ONE_ORDER)
    ranked = sorted(ends, key=lambda label: label.rank)
    best = {label.chosen: label for label in ranked if label.value == ranked[0].value}
    return [_placed_parts(label) for label in islice(best.values(), most)]


def _possible(chains: Sequence[Sequence[Part]], items: Sequence[Item], days: Sequence[Day]) -> set[int]:
    """Return the items that fit when nothing is placed but what they rest on."""
    found: set[int] = set()
    for item in dict.fromkeys(part.item for chain in chains for part in chain):
        needed, parent = [item], items[item].parent
        while parent is not None:
            needed.append(parent)
            parent = items[parent].parent
        if fits([part for other in reversed(needed) for part in items[other].parts], days):
            found.add(item)
    return found


def _looked_through(
    chains: Sequence[Sequence[Part]], items: Sequence[Item], days: Sequence[Day], most: int, most_kept: int
) -> list[_Label]:
    """Return choices among the parts of `chains`, one of greatest value among them.

    One pass over how far each chain has been looked at: at each such point, a choice is dropped when another is worth
    as much, ends no later, and leaves the rest as free. Exact, unless there are more choices to keep than
    time to look at them; then those worth most are kept.
    """
    ends = tuple(len(chain) for chain in chains)
    asked_for = [_still_asked_for(chain, items) for chain in chains]
    points: dict[tuple[int, ...], list[_Label]] = {(0,) * len(chains): [_Label(0, 0, _Place(0, 0, 0))]}
    while ends not in points:
        following: dict[tuple[int, ...], list[_Label]] = {}
        for point, labels in points.items():
            bits = sum(asked_for[number][looked_at] for number, looked_at in enumerate(point))
            kept = _undominated(labels, bits, most_kept, most)
            for number, chain in enumerate(chains):
                if point[number] < ends[number]:
                    after = (*point[:number], point[number] + 1, *point[number + 1 :])
                    part = chain[point[number]]
                    found = following.setdefault(after, [])
                    for label in kept:
                        found += _with_or_without(label, part, items[part.item], days)
        points = following
    return points[ends]


def _placed_parts(label: _Label) -> tuple[Part, ...]:
    placed = []
    while label.part is not None and label.before is not None:
        placed.append(label.part)
        label = label.before
    return tuple(reversed(placed))


def equally_valuable(
    chain: Sequence[Part], items: Sequence[Item], days: Sequence[Day], most: int, labels: int = MOST_LABELS
) -> list[tuple[Part, ...]]:
    """Return the parts of greatest value of a single chain that fit: every such choice, but at most `most`."""
    if fits(chain, days):
        return [tuple(chain)]
    best = most_valuable([chain], items, days, labels=labels)[0]
    value = sum(items[part.item].value for part in best if part.number == 0)
    choices = islice(_choices_of_value(value, chain, items, days), most)
    return [tuple(part for part in chain if chosen >> part.item & 1) for chosen in choices] or [best]


def _first_fit(place: _Place, part: Part, days: Sequence[Day]) -> _Place | None:
    minutes, cell = place.minutes, place.cell
    for day in days[place.day :]:
        if not part.allowed_on(day.index):
            return None
        cells, _, not_before, ends_by = session_key(part, day.first)
        if minutes + part.minutes <= day.left_minutes:
            for span in day.layout.spans:
                start = max(span.start, cell, not_before)
                if start + cells <= min(span.end, ends_by):
                    return _Place(day.index, start + cells, minutes + part.minutes)
        minutes = cell = 0
    return None


def _with_or_without(label: _Label, part: Part, item: Item, days: Sequence[Day]) -> Iterator[_Label]:
    """Yield the label without the part's item, and with the part placed, as far as each is possible."""
    begun = part.number > 0
    is_chosen = bool(label.chosen >> part.item & 1)
    if not begun or not is_chosen:
        yield label
    if is_chosen if begun else item.parent is None or label.chosen >> item.parent & 1:
        place = _first_fit(label.place, part, days)
        if place is not None:
            value = label.value if begun else label.value + item.value
            yield _Label(value, label.chosen | 1 << part.item, place, part, label)


def _still_asked_for(chain: Sequence[Part], items: Sequence[Item]) -> list[int]:
    """Return, for each place in a chain, the items before it (as bits) whose choice the rest of the chain depends
    on.
    """
    bits, found = 0, [0]
    for part in reversed(chain):
        parent = items[part.item].parent
        bits &= ~(1 << part.item)
        bits |= 1 << part.item if part.number > 0 else 0
        bits |= 0 if parent is None else 1 << parent
        found.append(bits)
    return found[::-1]


def _undominated(labels: list[_Label], asked_for: int, most: int, spare: int) -> list[_Label]:
    """Return the labels that fewer than `spare` others dominate, `most` at most of those that leave the rest as
    free, and not many more in all.
    """
    groups: dict[int, list[_Label]] = {}
    room = _GROUPS * most
    for label in sorted(labels, key=lambda label: label.rank):
        if not room:
            break
        kept = groups.setdefault(label.chosen & asked_for, [])
        if len(kept) < most:
            day, cell, minutes = label.place
            dominating = 0
            for other in kept:
                place = other.place
                if place.day < day or (place.day == day and place.cell <= cell and place.minutes <= minutes):
                    dominating += 1
                    if dominating == spare:
                        break
            else:
                kept.append(label)
                room -= 1
    return [label for kept in groups.values() for label in kept]


def _choices_of_value(value: int, order: Sequence[Part], items: Sequence[Item], days: Sequence[Day]) -> Iterator[int]:
    """Yield the sets of items (as bits) worth exactly `value` that fit, those that keep earlier items first."""
    left_from = [0] * (len(order) + 1)
    for index in range(len(order) - 1, -1, -1):
        left_from[index] = left_from[index + 1] + (items[order[index].item].value if order[index].number == 0 else 0)
    stack = [(0, _Label(0, 0, _Place(0, 0, 0)))]
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
