"""One student's life with the planner: everything that they can ask of it, drawn by chance, while the clock moves.

What is drawn follows from the seed and from what was answered, so a life that fails can be lived again. Each call says
by `told` what it did; the list of that is what a failure shows.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from falcon.testing import Result

from schediora.ai.jobs import Runner
from schediora.errors import Code
from tests.client import Api, FrozenClock, Student
from tests.lives.reference import DAY, Rules, Shown, monday_of
from tests.planner.book import ok, travel
from tests.planner.other_device import OtherDevice
from tests.published_app import assert_readable

REFUSALS = {400, 404, 409, 422}
TOKEN_DAYS = 6
"""An access token is good for seven."""
BIRTHS = (
    datetime(2026, 3, 4, 9, 0, tzinfo=UTC),
    datetime(2026, 3, 26, 21, 57, tzinfo=UTC),
    datetime(2026, 10, 23, 1, 30, tzinfo=UTC),
    datetime(2026, 12, 27, 23, 40, tzinfo=UTC),
)
"""A plain week, the weeks of both clock changes, and the end of a year whose last week has 53."""


@dataclass
class Life:
    """A student, their clock, and what the test remembers of what was said."""

    student: Student
    clock: FrozenClock
    runner: Runner
    chance: Random
    rules: Rules = field(default_factory=Rules)
    preferences: dict[str, Any] = field(default_factory=dict)
    jobs: list[str] = field(default_factory=list)
    """Those that nobody has worked on yet."""
    asked: dict[str, date] = field(default_factory=dict)
    """By job, the Monday of the week in which it was asked for as this week's."""
    asked_for: dict[str, date] = field(default_factory=dict)
    """The same by plan."""
    told: list[str] = field(default_factory=list)
    signed_in_at: datetime = BIRTHS[0]
    computing: Api | None = None
    """A server over the same database that keeps no answers."""
    device: OtherDevice = field(init=False)
    """Another one of the student's, which asks now and then what has changed."""

    def __post_init__(self) -> None:
        self.device = OtherDevice(self.student)

    @property
    def now(self) -> datetime:
        return self.clock.now

    @property
    def today(self) -> date:
        return self.rules.day_of(self.now)

    @property
    def monday(self) -> date:
        return monday_of(self.today)

    def call(self, method: str, path: str, body: Any = None) -> Result:
        """Call, and hold against the answer what holds for all: no fault of ours, and refusals in sentences."""
        answer = self.student.api.call(method, path, body, token=self.student.token)
        told = "" if body is None else f" {json.dumps(body)}"
        self.told.append(f"{self.now:%a %Y-%m-%d %H:%M} {method} {path}{told} -> {answer.status_code}")
        if answer.status_code >= 300:
            problem = answer.json
            self.told[-1] += f" {problem['code']}: {problem['detail']}"
            assert answer.status_code in REFUSALS, answer.text
            assert problem["code"] in set(Code), answer.text
            assert_readable(problem["detail"].replace(" none", " nothing"))
        return answer

    def get(self, path: str) -> Any:
        """Read what has to be there."""
        return ok(self.student.get(path))

    def wait_until(self, then: datetime) -> None:
        """Let the clock go on."""
        self.clock.set(max(then, self.now))
        if self.now - self.signed_in_at > timedelta(days=TOKEN_DAYS):
            travel(self.student, self.clock, self.now.isoformat())
            self.signed_in_at = self.now

    def wait(self) -> None:
        """Let some time pass: minutes, hours, to the small hours of the next night, days, or to the next Monday."""
        chosen = self.chance.choice(["minutes", "hours", "night", "night", "day", "days", "monday"])
        if chosen == "minutes":
            self.wait_until(self.now + timedelta(minutes=self.chance.randint(1, 90)))
        elif chosen == "hours":
            self.wait_until(self.now + timedelta(hours=self.chance.randint(1, 14)))
        elif chosen in ("day", "days"):
            self.wait_until(self.now + timedelta(days=1 if chosen == "day" else self.chance.randint(2, 9)))
        else:
            ahead = 1 if chosen == "night" else 7 - self.rules.wall(self.now).weekday()
            midnight = self.rules.wall(self.now).replace(hour=0, minute=0, second=0, microsecond=0) + DAY * ahead
            minutes = self.chance.choice([-4, 0, 1, 119, 120, 150, 180, 239, 240, 241, 359, 360])
            self.wait_until(midnight.astimezone(UTC) + timedelta(minutes=minutes))

    def work(self) -> None:
        """Let a worker do the jobs that wait."""
        for job_id in self.jobs:
            self.runner.run(UUID(job_id))
            job = self.get(f"/ai/jobs/{job_id}")
            self.told.append(f"    job {job_id[-4:]} {job['status']} {job['error'] or job['plan_id']}")
            assert job["status"] in ("completed", "failed"), job
            if job["error"]:
                assert_readable(job["error"]["detail"])
            if job_id in self.asked and job["plan_id"]:
                self.asked_for[job["plan_id"]] = self.asked[job_id]
        self.jobs = []

    def sessions(self) -> list[Shown]:
        """List all sessions, page by page."""
        return self.pages("/sessions?week=all&limit=500")

    def plans(self) -> dict[str, Shown]:
        """List all plans by their ids."""
        return {plan["id"]: plan for plan in self.pages("/plans?limit=500")}

    def pages(self, path: str) -> list[Shown]:
        """List what a list has, page by page."""
        found: list[Shown] = []
        while path:
            answer = self.student.get(path)
            found += ok(answer)
            path = answer.headers.get("Link", "").partition(">")[0].removeprefix("</api/v1")
        return found
