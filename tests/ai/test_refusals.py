"""What refuses a plan says what is so, in every state of the planner, and the weekly status says the same before.

It is Wednesday, 4 March 2026; where a plan moves, Sunday the 8th, a minute before midnight.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from schediora.ai.jobs import Runner
from schediora.db.base import new_id
from schediora.models.ai import Job
from schediora.models.planner import Plan
from schediora.planner.quotas import PLANS
from tests.ai.weeks import ask, made, status
from tests.by_hand import count_up
from tests.client import FrozenClock, Student
from tests.planner.book import change, make_plan, ok, plans, week
from tests.published_app import assert_readable

WEDNESDAY, SUNDAY = datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 8, 23, 59, tzinfo=UTC)
NEXT_TUESDAY = "2026-03-10T10:00:00Z"

HERE, NEXT_HERE = "You already have a plan for this week.", "You already have a plan for next week."
DELETED, NEXT_DELETED = (f"{week}'s plan was made already and deleted." for week in ("This week", "Next week"))
MOVED = "The plan that you asked for this week went to next week, because this one was too short for it."
FROM_9TH = "A new one can be made from Monday 9 March, or right now where your app can plan ahead."
FROM_16TH = "A new one can be made from Monday 16 March."
ASK_NOW = "For this week you can ask for one."
BEING_MADE = "Your plan is being made already. It will be there in a moment."
FULL = "There can be 2,000 plans in all. Delete some that you no longer need."

Told = tuple[str | None, str | None]
"""What asking for a plan of this week, and of the next, is refused with."""


def delete_all(student: Student) -> None:
    for plan in plans(student):
        assert student.delete(f"/plans/{plan['id']}").status_code == 204


def fill(student: Student) -> None:
    """Fill the planner with old plans, as many as there can be."""
    usual = {"user": student.id, "title": "Old", "topic": "Math", "source": "manual", "created_at": WEDNESDAY}
    monday, there = date(2025, 3, 3), len(plans(student))
    Plan.insert_many({"id": new_id(), "week_start": monday} | usual for _ in range(PLANS - there)).execute()
    count_up()


def tick_all(student: Student) -> None:
    for session in week(student):
        change(student, session, status="done")


def fail_job(student: Student) -> None:
    ok(ask(student), 202)
    Job.update(status="failed", error_code="internal_error").execute()


def test_in_every_state_the_refusal_is_true_and_the_status_says_it_before(
    register: Callable[..., Student], runner: Runner, clock: FrozenClock
) -> None:
    def ours(student: Student) -> None:
        made(student, runner)

    def ahead(student: Student) -> None:
        made(student, runner, "next")

    def by_hand(student: Student) -> None:
        make_plan(student)

    def next_by_hand(student: Student) -> None:
        make_plan(student, scheduled_at=NEXT_TUESDAY)

    def week_after_by_hand(student: Student) -> None:
        make_plan(student, scheduled_at="2026-03-17T10:00:00Z")

    def queued(student: Student) -> None:
        ok(ask(student), 202)

    def queued_ahead(student: Student) -> None:
        ok(ask(student, "next"), 202)

    def of_week(day: str) -> str:
        return f"Your plan for the week of Monday {day} March is being made right now. Ask again when it is there."

    states: list[tuple[datetime, list[Callable[[Student], None]], Told]] = [
        (WEDNESDAY, [], (None, None)),
        (WEDNESDAY, [ours], (f"{HERE} {FROM_9TH}", None)),
        (WEDNESDAY, [ours, tick_all], (f"{HERE} {FROM_9TH}", None)),
        (WEDNESDAY, [ours, delete_all], (f"{DELETED} {FROM_9TH}", None)),
        (WEDNESDAY, [ours, delete_all, by_hand], (f"{HERE} {FROM_9TH}", None)),
        (WEDNESDAY, [ours, next_by_hand], (f"{HERE} {FROM_16TH}", f"{NEXT_HERE} {FROM_16TH}")),
        (WEDNESDAY, [by_hand], (f"{HERE} {FROM_9TH}", None)),
        (WEDNESDAY, [by_hand, tick_all], (f"{HERE} {FROM_9TH}", None)),
        (WEDNESDAY, [by_hand, delete_all], (None, None)),
        (WEDNESDAY, [next_by_hand], (None, f"{NEXT_HERE} {ASK_NOW} {FROM_16TH}")),
        (WEDNESDAY, [ahead], (None, f"{NEXT_HERE} {ASK_NOW} {FROM_16TH}")),
        (WEDNESDAY, [ahead, delete_all], (None, f"{NEXT_DELETED} {ASK_NOW} {FROM_16TH}")),
        (WEDNESDAY, [ours, ahead], (f"{HERE} {FROM_16TH}", f"{NEXT_HERE} {FROM_16TH}")),
        (WEDNESDAY, [ours, ahead, delete_all], (f"{DELETED} {FROM_16TH}", f"{NEXT_DELETED} {FROM_16TH}")),
        (
            WEDNESDAY,
            [ours, next_by_hand, week_after_by_hand],
            (
                f"{HERE} A new one can be made from Monday 23 March.",
                f"{NEXT_HERE} A new one can be made from Monday 23 March.",
            ),
        ),
        (WEDNESDAY, [week_after_by_hand], (None, None)),
        (WEDNESDAY, [fail_job], (None, None)),
        (WEDNESDAY, [queued], (BEING_MADE, of_week("2"))),
        (WEDNESDAY, [queued_ahead], (of_week("9"), BEING_MADE)),
        (WEDNESDAY, [by_hand, queued_ahead], (of_week("9"), BEING_MADE)),
        (WEDNESDAY, [queued, by_hand], (BEING_MADE, of_week("2"))),
        (WEDNESDAY, [fill], (FULL, FULL)),
        (WEDNESDAY, [ours, fill], (f"{HERE} {FULL}", FULL)),
        (WEDNESDAY, [ahead, fill], (FULL, f"{NEXT_HERE} {FULL}")),
        (WEDNESDAY, [ours, delete_all, fill], (f"{DELETED} {FULL}", FULL)),
        (SUNDAY, [ours], (f"{MOVED} {FROM_16TH}", f"{NEXT_HERE} {FROM_16TH}")),
        (SUNDAY, [ours, delete_all], (f"{DELETED} {FROM_16TH}", f"{NEXT_DELETED} {FROM_16TH}")),
        (SUNDAY, [ours, by_hand], (f"{HERE} {FROM_16TH}", f"{NEXT_HERE} {FROM_16TH}")),
    ]
    faults = []
    for now, steps, expected in states:
        clock.set(now)
        student = register()
        for step in steps:
            step(student)
        said = (told(student, "current"), told(student, "next"))
        if said != expected:
            faults.append(f"{now} {[step.__name__ for step in steps]}: {said}")
    assert faults == []


def told(student: Student, which: str) -> str | None:
    """Return what asking is refused with, None where it is accepted; what came of it is taken back."""
    before = status(student, which)
    answer = ask(student, which)
    assert before["can_generate"] is (answer.status_code == 202) is (before["reason"] is None)
    if answer.status_code == 202:
        Job.delete().where(Job.id == answer.json["job_id"]).execute()
        return None
    assert (answer.status_code, answer.json["code"]) == (409, before["reason"])
    assert answer.json.get("job_id") == before["active_job_id"]
    assert_readable(answer.json["detail"])
    return str(answer.json["detail"])


def test_on_the_day_that_a_refusal_names_a_plan_can_be_made(
    student: Student, runner: Runner, clock: FrozenClock
) -> None:
    clock.set(SUNDAY)
    made(student, runner)
    assert "from Monday 16 March" in ask(student).json["detail"]
    clock.set(SUNDAY + timedelta(minutes=1))
    assert status(student)["can_generate"] is False
    assert status(student, "next")["can_generate"] is True
    assert ask(student, "next").status_code == 202
