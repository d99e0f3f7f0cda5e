"""Splitting a step into sessions: which lengths a step can have, and how it is cut and numbered."""

from schediora.localtime import START_MARK_MINUTES
from schediora.planner.scheduler.problem import SHORTEST_SESSION_MINUTES, TITLE_LENGTH


def split(minutes: int, session_minutes: int) -> tuple[int, ...]:
    """Return the lengths, in minutes, of the sessions that a step of `minutes` becomes.

    A session takes from 15 minutes to `session_minutes` in steps of five. The step is first moved to the nearest
    total that such sessions can make, the lower of two that are equally near, and then cut into as few and as even
    sessions as can be, longer ones first. Raises ValueError when `session_minutes` is below 15.
    """
    longest = session_minutes // START_MARK_MINUTES
    shortest = SHORTEST_SESSION_MINUTES // START_MARK_MINUTES
    if longest < shortest:
        raise ValueError(f"a session takes {SHORTEST_SESSION_MINUTES} minutes or more, not {session_minutes}")
    total = _nearest_total(minutes, shortest, longest)
    count = -(-total // longest)
    each, left = divmod(total, count)
    return tuple((each + (number < left)) * START_MARK_MINUTES for number in range(count))


def numbered(title: str, part: int, parts: int) -> str:
    """Return `title` with its number when it is one of several, at most 180 characters long: the title gives way, not
    the number.
    """
    number = f" ({part}/{parts})" if parts > 1 else ""
    room = TITLE_LENGTH - len(number)
    if len(title) > room:
        title = title[: room - 1].rstrip() + "…"
    return title + number


def _nearest_total(minutes: int, shortest: int, longest: int) -> int:
    """Return the total nearest to `minutes`, in marks of five, that sessions of `shortest` to `longest` marks can
    make.
    """
    at_most = max(minutes // START_MARK_MINUTES, shortest)
    at_least = max(-(-minutes // START_MARK_MINUTES), shortest)
    below = next(total for total in range(at_most, 0, -1) if _can_be_made(total, shortest, longest))
    above = next(total for total in range(at_least, at_least + shortest) if _can_be_made(total, shortest, longest))
    return min(below, above, key=lambda total: abs(total * START_MARK_MINUTES - minutes))


def _can_be_made(total: int, shortest: int, longest: int) -> bool:
    fewest = -(-total // longest)
    return fewest * shortest <= total
