"""Packing one day: the cheapest way to put a run of sessions, in their order, into the day's free spans.

The cost is what the objective says of a single day: breath, neighbours of one topic, evenings, hours. Exact: shifting a
session to the left, as far as the session before it and ten minutes of breath allow, never costs more while the cost of
starting stays the same, so only those few starts are tried, and those at which that cost falls; and of two ways that
end in the same span, one that ends later and costs no less is dropped. Only of runs that leave very many ways are just
some kept, so that days of many sessions and gaps are packed quickly.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from schediora.planner.scheduler.free_time import Layout, Neighbour
from schediora.planner.scheduler.items import FOREVER, Part
from schediora.planner.scheduler.objective import BREATH_CELLS, SAME_TOPIC, breath_cost

_LONG_RUN = 10
_MOST_WAYS = 24
_MOST_WAYS_OF_LONG_RUNS = 8
"""How many ways to pack a run are remembered, and how many sessions make a run long. The way that ends first is always
among them, so whatever fits is packed."""

RunKey = tuple[tuple[int, str, int, int], ...]


@dataclass(frozen=True, slots=True)
class _Label:
    """A way to pack a run: its last session ends at `end` in span `span`. `cost` leaves out what comes after the last
    session.
    """

    cost: int
    span: int
    start: int
    end: int
    before: "_Label | None"


class DayPacker:
    """Packs runs into days of one layout, remembering every run and its beginnings."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._labels: dict[RunKey, tuple[_Label, ...]] = {}
        self._best: dict[RunKey, _Label | None] = {}

    def cost(self, run: RunKey) -> int | None:
        """Return the least cost of packing `run`, or None when it does not fit."""
        best = self._best_label(run)
        return None if best is None else best.cost + self._closing(best, run[-1][1])

    def starts(self, run: RunKey) -> tuple[int, ...]:
        """Return the start cells of the cheapest way; empty when there is none."""
        found: list[int] = []
        label = self._best_label(run)
        while label is not None:
            found.append(label.start)
            label = label.before
        return tuple(reversed(found))

    def _best_label(self, run: RunKey) -> _Label | None:
        if run not in self._best:
            topic = run[-1][1]
            self._best[run] = min(
                self._ways(run),
                key=lambda label: (label.cost + self._closing(label, topic), label.end, label.start),
                default=None,
            )
        return self._best[run]

    def _ways(self, run: RunKey) -> tuple[_Label, ...]:
        known = self._labels.get(run)
        if known is None:
            if len(run) == 1:
                known = self._undominated(
                    [way for span in range(len(self._layout.spans)) for way in self._first(run[0], span)], _MOST_WAYS
                )
            else:
                most = _MOST_WAYS if len(run) < _LONG_RUN else _MOST_WAYS_OF_LONG_RUNS
                known = self._undominated(self._following(self._ways(run[:-1]), run[-2][1], run[-1]), most)
            self._labels[run] = known
        return known

    def _first(self, session: tuple[int, str, int, int], index: int) -> list[_Label]:
        span = self._layout.spans[index]
        cost = _pair(span.left, session[1])
        return self._at(session, index, span.start, span.left.cell if span.left else None, cost, None)

    def _following(
        self, labels: Sequence[_Label], last_topic: str, session: tuple[int, str, int, int]
    ) -> Iterator[_Label]:
        """Yield the ways to put `session` after the runs packed as `labels`, which come by span and end.

        In a later span, the runs that have a session already there, or ten minutes of breath, in between differ in
        their cost alone: of each kind the cheapest stands for all.
        """
        in_span: dict[int, list[_Label]] = {}
        for label in labels:
            in_span.setdefault(label.span, []).append(label)
        repeated = SAME_TOPIC if last_topic == session[1] else 0
        apart: tuple[int, _Label] | None = None
        rested: _Label | None = None
        near: list[_Label] = []
        stretch = 0
        for index, span in enumerate(self._layout.spans):
            if span.stretch != stretch:
                for label in near if rested is None else [rested, *near]:
                    cost = label.cost + self._closing(label, last_topic)
                    if apart is None or cost < apart[0]:
                        apart = cost, label
                rested, near, stretch = None, [], span.stretch
            if apart is not None and span.left is not None:
                cost = apart[0] + _pair(span.left, session[1])
                yield from self._at(session, index, span.start, span.left.cell, cost, apart[1])
            for label in near:
                if label.end + BREATH_CELLS <= span.start and (rested is None or label.cost < rested.cost):
                    rested = label
            near = [label for label in near if label.end + BREATH_CELLS > span.start]
            here = in_span.get(index, [])
            for label in (*([] if rested is None else [rested]), *near, *here):
                earliest = max(span.start, label.end)
                yield from self._at(session, index, earliest, label.end, label.cost + repeated, label)
            near += here

    def _at(
        self,
        session: tuple[int, str, int, int],
        index: int,
        earliest: int,
        previous_end: int | None,
        cost: int,
        before: _Label | None,
    ) -> list[_Label]:
        """Return the ways to put `session` into a span: at once, later by the breath that it lacks, or at a better
        hour.
        """
        cells, _, not_before, ends_by = session
        span, evening, starting = self._layout.spans[index], self._layout.hours.evening, self._layout.hours.starting
        first, last = max(earliest, not_before), min(span.end, ends_by) - cells
        ways = []
        for start in range(first, last + 1):
            end = start + cells
            breath = 0 if previous_end is None else breath_cost(start - previous_end)
            hours = starting[start] * cells + evening[end] - evening[start]
            ways.append(_Label(cost + breath + hours, index, start, end, before))
            if breath == 0:
                lowest = starting[start]
                for later in self._layout.hours.drops:
                    if start < later <= last and starting[later] < lowest:
                        lowest, end = starting[later], later + cells
                        hours = lowest * cells + evening[end] - evening[later]
                        ways.append(_Label(cost + hours, index, later, end, before))
                break
        return ways

    def _closing(self, label: _Label, topic: str) -> int:
        """Return the cost of the session that was there already next after the last one of `label`."""
        right = self._layout.spans[label.span].right
        return 0 if right is None else _pair(right, topic) + breath_cost(right.cell - label.end)

    def _undominated(self, ways: Iterable[_Label], most: int) -> tuple[_Label, ...]:
        kept: list[_Label] = []
        for way in sorted(ways, key=lambda label: (label.span, label.end, label.cost, label.start)):
            if not kept or kept[-1].span != way.span or way.cost < kept[-1].cost:
                kept.append(way)
        return tuple(kept if len(kept) <= most else _thinned(kept, most))


def _thinned(ways: Sequence[_Label], most: int) -> Iterator[_Label]:
    """Yield some of many ways: the first, which leaves the most room, the cheapest, and evenly from all others."""
    last = len(ways) - 1
    chosen = {number * last // (most - 1) for number in range(most)}
    chosen.add(min(range(len(ways)), key=lambda index: ways[index].cost))
    return (ways[index] for index in sorted(chosen))


def session_key(part: Part, first_cell: int) -> tuple[int, str, int, int]:
    """Return what packing needs to know of a part on the day whose first cell of the week is `first_cell`."""
    if part.not_before == 0 and part.ends_by == FOREVER:
        return part.cells, part.topic, 0, FOREVER
    ends_by = part.ends_by if part.ends_by == FOREVER else part.ends_by - first_cell
    return part.cells, part.topic, max(0, part.not_before - first_cell), ends_by


def run_key(run: Sequence[Part], first_cell: int) -> RunKey:
    """Return what packing needs to know of a run on the day whose first cell of the week is `first_cell`."""
    return tuple(session_key(part, first_cell) for part in run)


def _pair(neighbour: Neighbour | None, topic: str) -> int:
    return SAME_TOPIC if neighbour is not None and neighbour.topic == topic else 0
