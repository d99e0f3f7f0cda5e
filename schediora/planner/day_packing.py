"""Packing one day: the cheapest way to put a run of sessions, in their order, into the day's free spans.

The cost is what the objective says of a single day: breath, neighbours of one topic, evenings. Exact: shifting a
session to the left, as far as the session before it and ten minutes of breath allow, never costs more, so only those
few starts are tried; and of two ways that end in the same span, one that ends later and costs no less is dropped.
"""

from dataclasses import dataclass

from schediora.planner.chains import FOREVER, Part
from schediora.planner.free_time import Layout, Neighbour
from schediora.planner.objective import SAME_TOPIC, breath_cost

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
                    [way for span in range(len(self._layout.spans)) for way in self._first(run[0], span)]
                )
            else:
                found = []
                for label in self._ways(run[:-1]):
                    for span in range(label.span, len(self._layout.spans)):
                        found += self._next(label, run[-2][1], run[-1], span)
                known = self._undominated(found)
            self._labels[run] = known
        return known

    def _first(self, session: tuple[int, str, int, int], index: int) -> list[_Label]:
        span = self._layout.spans[index]
        cost = _pair(span.left, session[1])
        return self._at(session, index, span.start, span.left.cell if span.left else None, cost, None)

    def _next(self, label: _Label, last_topic: str, session: tuple[int, str, int, int], index: int) -> list[_Label]:
        span, last_span = self._layout.spans[index], self._layout.spans[label.span]
        if span.stretch == last_span.stretch:
            cost = SAME_TOPIC if last_topic == session[1] else 0
            previous_end = label.end
        else:
            cost = self._closing(label, last_topic) + _pair(span.left, session[1])
            previous_end = max(label.end, span.left.cell if span.left else 0)
        return self._at(session, index, max(span.start, label.end), previous_end, label.cost + cost, label)

    def _at(
        self,
        session: tuple[int, str, int, int],
        index: int,
        earliest: int,
        previous_end: int | None,
        cost: int,
        before: _Label | None,
    ) -> list[_Label]:
        """Return the ways to put `session` into a span: at once, or later by the breath that it lacks."""
        cells, _, not_before, ends_by = session
        span, evening = self._layout.spans[index], self._layout.evening
        start = max(earliest, not_before)
        ways = []
        while start + cells <= min(span.end, ends_by):
            end = start + cells
            breath = 0 if previous_end is None else breath_cost(start - previous_end)
            ways.append(_Label(cost + breath + evening[end] - evening[start], index, start, end, before))
            if breath == 0:
                break
            start += 1
        return ways

    def _closing(self, label: _Label, topic: str) -> int:
        """Return the cost of the session that was there already next after the last one of `label`."""
        right = self._layout.spans[label.span].right
        return 0 if right is None else _pair(right, topic) + breath_cost(right.cell - label.end)

    def _undominated(self, ways: list[_Label]) -> tuple[_Label, ...]:
        kept: list[_Label] = []
        for way in sorted(ways, key=lambda label: (label.span, label.end, label.cost, label.start)):
            if not kept or kept[-1].span != way.span or way.cost < kept[-1].cost:
                kept.append(way)
        return tuple(kept)


def session_key(part: Part, first_cell: int) -> tuple[int, str, int, int]:
    """Return what packing needs to know of a part on the day whose first cell of the week is `first_cell`."""
    if part.not_before == 0 and part.ends_by == FOREVER:
        return part.cells, part.topic, 0, FOREVER
    ends_by = part.ends_by if part.ends_by == FOREVER else part.ends_by - first_cell
    return part.cells, part.topic, max(0, part.not_before - first_cell), ends_by


def _pair(neighbour: Neighbour | None, topic: str) -> int:
    return SAME_TOPIC if neighbour is not None and neighbour.topic == topic else 0
