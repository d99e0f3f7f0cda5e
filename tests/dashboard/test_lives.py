"""The streak and the minutes of a student who lives 120 made-up days: travels, clock changes, late nights, rest, ticks
on other days, moves and deletions. After each, the dashboard is a plain count of what was ticked off.
"""

from datetime import date, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, change, make_plan, ok, summary, tick, travel

DAY = timedelta(days=1)
DAYS = 120
ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Jakarta", "Pacific/Auckland", "America/Los_Angeles")
STARTS = ("00:00", "02:30", "04:00")


class Life:
    """A student's days, and what they ticked off on them: `done` has the day and the minutes by session."""

    def __init__(self, student: Student, clock: FrozenClock, seed: int) -> None:
        self.student, self.clock, self.dice = student, clock, Random(seed)
        self.zone, self.starts = "UTC", "00:00"
        self.rest_days: list[int] = []
        self.days_off: list[tuple[date, date]] = []
        self.done: dict[str, tuple[date, int]] = {}
        self.open: list[dict[str, Any]] = []

    @property
    def today(self) -> date:
        """The student's day, counted plainly."""
        wall = self.clock.now.astimezone(ZoneInfo(self.zone))
        return wall.date() - (DAY if f"{wall:%H:%M}" < self.starts else 0 * DAY)

    def is_off(self, day: date) -> bool:
        return day.isoweekday() in self.rest_days or any(first <= day <= last for first, last in self.days_off)

    def row_until(self, last: date) -> int:
        """Count back from `last` to the first day that is neither off nor has a completion."""
        days = {day for day, _ in self.done.values()}
        count = 0
        while last in days or self.is_off(last):
            count += last in days
            last -= DAY
        return count

    def change_preferences(self) -> None:
        wish = self.dice.choice(("timezone", "day_starts_at", "rest_days", "days_off"))
        if wish == "timezone":
            self.zone = self.dice.choice(ZONES)
        elif wish == "day_starts_at":
            self.starts = self.dice.choice(STARTS)
        elif wish == "rest_days":
            self.rest_days = sorted(self.dice.sample(range(1, 8), self.dice.randrange(4)))
        else:
            first = self.today + self.dice.randrange(-20, 5) * DAY
            self.days_off = [(first, first + self.dice.randrange(9) * DAY)] if self.dice.random() < 0.7 else []
        said: dict[str, Any] = {"timezone": self.zone, "day_starts_at": self.starts, "rest_days": self.rest_days}
        said["days_off"] = [{"first": str(first), "last": str(last)} for first, last in self.days_off]
        ok(self.student.put("/users/preferences", PREFERENCES | said))

    def add(self) -> None:
        at = self.clock.now + timedelta(hours=self.dice.randrange(-30, 30))
        plan = make_plan(self.student, scheduled_at=at.isoformat(), duration_minutes=self.dice.choice((15, 45, 60)))
        listed = ok(self.student.get("/sessions", params={"week": "all", "limit": 500}))
        self.open += [session for session in listed if session["plan_id"] == plan["id"]]

    def tick(self) -> None:
        if not self.open:
            self.add()
        session = self.open.pop(self.dice.randrange(len(self.open)))
        back = self.dice.choice((0, 0, 0, 1, 2, 7))
        if back:
            day = self.today - back * DAY
            told = change(self.student, session, status="done", completed_on=str(day))
        else:
            day, told = self.today, tick(self.student, session)
        assert told["completed_on"] == str(day)
        self.done[session["id"]] = (day, session["duration_minutes"])

    def change_what_was_done(self) -> None:
        if not self.done:
            return
        key = self.dice.choice(list(self.done))
        what = self.dice.choice(("another_day", "delete", "move", "reopen"))
        if what == "another_day":
            day = self.today - self.dice.randrange(8) * DAY
            change(self.student, {"id": key}, completed_on=str(day))
            self.done[key] = (day, self.done[key][1])
        elif what == "delete":
            assert self.student.delete(f"/sessions/{key}").status_code == 204
            del self.done[key]
        elif what == "move":
            change(self.student, {"id": key}, scheduled_at=(self.clock.now + 2 * DAY).isoformat())
        else:
            self.open.append(change(self.student, {"id": key}, status="pending"))
            del self.done[key]

    def check(self) -> None:
        today = self.today
        shown = summary(self.student)
        assert shown["today"] == str(today)
        streak = self.row_until(today) or self.row_until(today - DAY)
        assert shown["streak_days"] == streak, today
        assert shown["best_streak_days"] == max(self.row_until(today - back * DAY) for back in range(2 * DAYS)), today
        monday = today - today.weekday() * DAY
        by_weekday = [0] * 7
        for day, minutes in self.done.values():
            if 0 <= (day - monday).days < 7:
                by_weekday[day.weekday()] += minutes
        assert shown["by_weekday"] == by_weekday == [point["minutes"] for point in shown["focus_minutes_trend"]]
        assert shown["done_minutes"] == sum(by_weekday)


def test_the_dashboard_of_a_life_is_a_plain_count(student: Student, clock: FrozenClock) -> None:
    life = Life(student, clock, seed=11)
    until = clock.now + DAYS * DAY
    signed_in = clock.now
    while clock.now < until:
        clock.advance(hours=life.dice.randrange(5, 30), minutes=life.dice.randrange(60))
        if clock.now - signed_in > 5 * DAY:
            travel(student, clock, clock.now.isoformat())
            signed_in = clock.now
        for _ in range(life.dice.randrange(1, 3)):
            actions = (life.tick, life.tick, life.tick, life.change_what_was_done, life.change_preferences)
            life.dice.choices(actions, weights=(6, 6, 6, 2, 1))[0]()
        life.check()
