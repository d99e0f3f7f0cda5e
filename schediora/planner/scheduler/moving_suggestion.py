"""The one change of preferences with which sessions that are placed anew would all have room."""

from collections.abc import Sequence
from dataclasses import replace

from schediora.planner.scheduler.batch import batch_of, usual_order
from schediora.planner.scheduler.free_time import free_days
from schediora.planner.scheduler.moving import Movable
from schediora.planner.scheduler.order_search import everything_fits
from schediora.planner.scheduler.problem import Suggestion, Week
from schediora.planner.scheduler.suggestion import smallest_change


def room_for_all(weeks: Sequence[tuple[Sequence[Movable], Week]]) -> Suggestion | None:
    """Return the smallest change that makes room for the sessions of each week, None when no single one does.

    It is about the first of the weeks; the same preferences hold in the others. A longer session is no help, as each
    keeps its length.
    """
    first = weeks[0][1]

    def fits(changed: Week) -> bool:
        return all(
            _all_placed(movable, replace(week, windows=changed.windows, daily_minutes=changed.daily_minutes))
            for movable, week in weeks
        )

    return smallest_change(first, fits, lengths_matter=False)


def _all_placed(movable: Sequence[Movable], week: Week) -> bool:
    """Tell, quickly, whether `place_again` has room for every session; never a false yes."""
    days = free_days(week)
    return everything_fits(batch_of(movable, week, usual_order(movable)).items(days, {}), days)
