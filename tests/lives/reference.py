"""What a student should see, counted the plain way: over the whole list of sessions, a day at a time, with nothing of
the product's own arithmetic. Sessions are as the API shows them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Shown = dict[str, Any]
DAY = timedelta(days=1)
OVERDUE_DAYS = 28
BEST_STREAK_DAYS = 366
LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass
class Rules:
    """By what a student's days are counted, as they are set now."""

    zone: str = "UTC"
    day_starts_at: int = 0
    rest_days: list[int] = field(default_factory=list)
    days_off: list[tuple[date, date]] = field(default_factory=list)

    def wall(self, instant: datetime) -> datetime:
        """Return what the student's clock on the wall shows."""
        return instant.astimezone(ZoneInfo(self.zone))

    def day_of(self, instant: datetime) -> date:
        """Return the student's day: the one before while the wall clock shows less than the start of the day."""
        wall = self.wall(instant)
        return wall.date() - DAY * (wall.hour * 60 + wall.minute < self.day_starts_at)

    def rests_on(self, day: date) -> bool:
        """Tell whether a day is a day of rest or off."""
        return day.isoweekday() in self.rest_days or any(first <= day <= last for first, last in self.days_off)


def instant(text: str) -> datetime:
    """Return the instant that an answer carries."""
    assert text.endswith("Z"), text
    return datetime.fromisoformat(text).astimezone(UTC)


def day(text: str) -> date:
    """Return the date that an answer carries."""
    return date.fromisoformat(text)


def monday_of(some_day: date) -> date:
    """Return the Monday of the ISO week."""
    return some_day - DAY * some_day.weekday()


def ends(session: Mapping[str, Any]) -> datetime:
    """Return when a session ends."""
    return instant(session["scheduled_at"]) + timedelta(minutes=session["duration_minutes"])


def in_time(sessions: Iterable[Shown]) -> list[Shown]:
    """Return sessions in the order of lists."""
    return sorted(sessions, key=lambda session: (instant(session["scheduled_at"]), session["id"]))


def is_open(session: Mapping[str, Any]) -> bool:
    """Tell whether a session is not done."""
    return bool(session["status"] != "done")


def overlapped(sessions: Iterable[Shown], starts_at: datetime, minutes: int) -> list[Shown]:
    """Return the sessions, not done, that take up some of a stretch of time."""
    until = starts_at + timedelta(minutes=minutes)
    return [
        session
        for session in sessions
        if is_open(session) and instant(session["scheduled_at"]) < until and starts_at < ends(session)
    ]


def streak(completed: set[date], today: date, rules: Rules) -> int:
    """Return the days in a row with a completion that end today, or before it while there is none today."""
    length, at = 0, today
    while completed and at >= min(completed):
        if at in completed:
            length += 1
        elif at != today and not rules.rests_on(at):
            break
        at -= DAY
    return length


def best_streak(completed: set[date], today: date, rules: Rules) -> int:
    """Return the longest streak of the last 366 days."""
    best = length = 0
    for back in reversed(range(BEST_STREAK_DAYS)):
        at = today - DAY * back
        if at in completed:
            length += 1
        elif not rules.rests_on(at):
            length = 0
        best = max(best, length)
    return best


def minutes_of(session: Mapping[str, Any]) -> int:
    """Return what a completed session counts for."""
    return int(session["actual_minutes"] or session["duration_minutes"])


def bars(today: date, chosen: str) -> list[tuple[str, date, date]]:
    """Return the label, first and last day of each bar of the charts."""
    if chosen == "7d":
        days = [monday_of(today) + DAY * offset for offset in range(7)]
        return [(label, at, at) for label, at in zip(LABELS, days, strict=True)]
    lasts = [today - 7 * DAY * back for back in (4, 3, 2, 1, 0)]
    return [(f"W{number}", max(last - 6 * DAY, today - 29 * DAY), last) for number, last in enumerate(lasts, start=1)]


def dashboard(sessions: list[Shown], now: datetime, rules: Rules, chosen: str) -> dict[str, Any]:
    """Return the numbers of the summary."""
    today = rules.day_of(now)
    done = [session for session in sessions if not is_open(session)]
    shown_today = [
        session
        for session in sessions
        if today in (day(session["scheduled_on"]), session["completed_on"] and day(session["completed_on"]))
    ]
    shape = bars(today, chosen)
    first, last = shape[0][1], shape[-1][2]
    by_bar = [[session for session in done if begin <= day(session["completed_on"]) <= end] for _, begin, end in shape]
    in_range = [session for session in done if first <= day(session["completed_on"]) <= last]
    by_weekday = [0] * 7
    for session in in_range:
        by_weekday[day(session["completed_on"]).weekday()] += minutes_of(session)
    completed = {day(session["completed_on"]) for session in done}
    return {
        "today": today.isoformat(),
        "today_total": len(shown_today),
        "today_completed": sum(not is_open(session) for session in shown_today),
        "streak_days": streak(completed, today, rules),
        "best_streak_days": best_streak(completed, today, rules),
        "weekly_progress": [len(bar) for bar in by_bar],
        "focus_minutes_trend": [
            {"label": label, "minutes": sum(map(minutes_of, bar))}
            for (label, _, _), bar in zip(shape, by_bar, strict=True)
        ],
        "done_minutes": sum(map(minutes_of, in_range)),
        "planned_minutes": sum(
            session["duration_minutes"] for session in sessions if first <= day(session["scheduled_on"]) <= last
        ),
        "by_weekday": by_weekday,
        "subjects": shares(in_range),
    }


def shares(done: Iterable[Shown]) -> dict[str, int]:
    """Return the minutes by topic without regard to case, those of the smaller ones under `other`."""
    found = Counter[str]()
    for session in done:
        found[session["topic"].casefold()] += minutes_of(session)
    if len(found) <= 5:
        return dict(found)
    named = dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:4])
    return named | {"other": found.total() - sum(named.values())}


def is_late(session: Mapping[str, Any], today: date) -> bool:
    """Tell whether a session's own deadline is past and it is not done."""
    return is_open(session) and session["due_on"] is not None and day(session["due_on"]) < today


def overdue(sessions: Iterable[Shown], today: date) -> list[Shown]:
    """Return what was missed in the last 28 days."""
    return [
        session
        for session in in_time(sessions)
        if is_open(session) and today - OVERDUE_DAYS * DAY <= day(session["scheduled_on"]) < today
    ]


def between(sessions: Iterable[Shown], first: date, last: date) -> list[Shown]:
    """Return what is scheduled on some days."""
    return [session for session in in_time(sessions) if first <= day(session["scheduled_on"]) <= last]


def of_week(
    sessions: Iterable[Shown], plans: Mapping[str, Shown], monday: date, asked_for: Mapping[str, date]
) -> list[Shown]:
    """Return what `week=current` lists: of the week's days, and of its plans, of a series only what is on its days.

    `asked_for` are the Mondays of the weeks in which generated plans were asked for as this week's.
    """
    return [
        session
        for session in in_time(sessions)
        if monday_of(day(session["scheduled_on"])) == monday
        or (session["series_id"] is None and is_of_week(plans[session["plan_id"]], monday, asked_for))
    ]


def is_of_week(plan: Mapping[str, Any], monday: date, asked_for: Mapping[str, date]) -> bool:
    """Tell whether a plan is one of a week's: it is for it, or was asked for in it and went to the next."""
    return day(plan["week_start"]) == monday or asked_for.get(plan["id"]) == monday


def plan_status(own: Iterable[Shown]) -> str:
    """Return the status of a plan from its sessions."""
    statuses = {session["status"] for session in own}
    if statuses == {"done"}:
        return "done"
    return "in_progress" if statuses & {"done", "in_progress"} else "pending"
