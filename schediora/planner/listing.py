"""Which list of sessions a query asks for, and its pages."""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import MISSING

from schediora.errors import Invalid
from schediora.http.caller import Caller
from schediora.http.cursor import Position
from schediora.http.wire import Shown
from schediora.planner.queries import Page
from schediora.planner.schemas import SessionQuery
from schediora.planner.session_lists import Row, overdue_page, range_page, sessions_page, week_page
from schediora.planner.session_rows import shown

MOST_DAYS = 92
"""How many days a range has, at most: a summer."""

_ONE_LIST = "{} cannot be asked for together with {}: leave one of them out."


def check_listing(query: SessionQuery) -> None:
    """Raise Invalid for a query that asks for two lists at once, or for a range that is none or too long."""
    in_days = query.first is not MISSING or query.last is not MISSING
    if query.week is not MISSING and (in_days or query.state is not MISSING):
        raise _invalid("week", _ONE_LIST.format("Week", "from and to or with state"))
    if in_days and query.state is not MISSING:
        raise _invalid("state", _ONE_LIST.format("State", "from and to"))
    if query.since is not MISSING:
        _check_alone(query)
    if in_days:
        _check_range(query.first, query.last)


def listing_name(query: SessionQuery) -> str:
    """Return what names the list of a checked query: a cursor is good for the list that it was made for alone."""
    if query.first is not MISSING:
        return f"sessions from {query.first} to {query.last}"
    return "sessions" if query.state is MISSING else f"sessions {query.state}"


def listing_page(caller: Caller, query: SessionQuery, after: Position | None, *, now: datetime) -> Page[Shown]:
    """Return, by time, the sessions of a checked query that come `after` a position, as answers show them."""
    today = caller.today(now)
    page = _rows(caller.user_id, query, after, today)
    return Page([shown(row, today) for row in page.rows], page.next)


def _rows(user_id: UUID, query: SessionQuery, after: Position | None, today: date) -> Page[Row]:
    if query.first is not MISSING and query.last is not MISSING:
        return range_page(user_id, query.first, query.last, rows=query.rows, after=after)
    if query.state is not MISSING:
        return overdue_page(user_id, today, rows=query.rows, after=after)
    if query.is_current_week:
        return week_page(user_id, today, rows=query.rows, after=after)
    return sessions_page(user_id, rows=query.rows, after=after)


def _check_alone(query: SessionQuery) -> None:
    """Raise Invalid where something else, too, says which list, or where in it."""
    others = {"week": query.week, "from": query.first, "to": query.last, "state": query.state, "cursor": query.cursor}
    for name, said in others.items():
        if said is not MISSING:
            raise _invalid("since", _ONE_LIST.format("Since", name))


def _check_range(first: date | MISSING, last: date | MISSING) -> None:
    if first is MISSING or last is MISSING:
        missing = "from" if first is MISSING else "to"
        raise _invalid(missing, f"{missing.title()} is missing: name the first day and the last.")
    if first > last:
        raise _invalid("from", "From must not be after to.")
    if last - first >= timedelta(days=MOST_DAYS):
        raise _invalid("to", f"From and to must span {MOST_DAYS} days at most.")


def _invalid(parameter: str, sentence: str) -> Invalid:
    return Invalid([{"parameter": parameter, "detail": sentence}])
