"""Which plans a week has, what is listed with it, and when it is done. It is Wednesday, 4 March 2026."""

from datetime import UTC, date, datetime
from uuid import UUID

from schediora.models.planner import Plan
from schediora.planner.weeks import week_done
from tests.by_hand import count_up
from tests.client import FrozenClock, Student
from tests.planner.book import append, change, make_plan, plans, refused, tick, travel, week
from tests.planner.generated import plan_of

THIS_MONDAY, NEXT_MONDAY = date(2026, 3, 2), date(2026, 3, 9)


def reason(student: Student) -> object:
    return student.get("/ai/plans/status/weekly").json["reason"]


def test_a_plan_made_by_hand_for_a_later_week_is_that_weeks_alone(student: Student, clock: FrozenClock) -> None:
    later = make_plan(student, scheduled_at="2026-09-15T10:00:00Z")
    assert later["week_start"] == "2026-09-14"
    assert (week(student), reason(student)) == ([], None)
    refused(
        student.post("/plans/current/sessions", {"title": "A", "topic": "B", "duration_minutes": 30}),
        404,
        "no_current_plan",
    )
    for now, closed in [
        ("2026-09-13T23:59:59Z", False),
        ("2026-09-14T00:00:00Z", True),
        ("2026-09-21T00:00:00Z", False),
    ]:
        travel(student, clock, now)
        assert bool(week(student)) is closed
        assert (reason(student) == "weekly_plan_exists") is closed


def test_this_weeks_plan_is_appended_to_though_an_older_one_is_for_later(student: Student) -> None:
    later = make_plan(student, scheduled_at="2026-03-10T10:00:00Z")
    ours = make_plan(student)
    assert append(student)["plan_id"] == ours["id"] != later["id"]


def test_without_a_plan_of_its_own_the_first_session_of_the_week_names_the_plan(student: Student) -> None:
    later = make_plan(student, scheduled_at="2026-03-10T10:00:00Z")
    (session,) = student.get("/sessions?week=all").json
    change(student, session, scheduled_at="2026-03-06T10:00:00Z")
    assert append(student)["plan_id"] == later["id"]
    assert reason(student) is None


def test_a_plan_added_in_the_last_minutes_of_a_week_is_that_weeks(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-03-08T23:57:00Z")
    assert make_plan(student)["week_start"] == "2026-03-02"
    travel(student, clock, "2026-03-09T08:00:00Z")
    assert reason(student) is None


def test_a_plan_that_went_to_the_next_week_is_one_of_both_weeks(student: Student, clock: FrozenClock) -> None:
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    plan = plan_of(UUID(student.id), {"scheduled_at": at, "scheduled_on": at.date()})
    Plan.update(week_start=NEXT_MONDAY, asked_for=THIS_MONDAY).where(Plan.id == plan.id).execute()
    count_up()
    for now, ours in [("2026-03-08T23:00:00Z", True), ("2026-03-09T09:00:00Z", True), ("2026-03-16T09:00:00Z", False)]:
        travel(student, clock, now)
        assert [session["plan_id"] for session in week(student)] == [str(plan.id)] * ours
        assert student.get("/ai/plans/status/weekly").json["has_generated_this_week"] is ours


def test_a_plan_that_was_asked_for_ahead_is_none_of_this_week(student: Student, clock: FrozenClock) -> None:
    at = datetime(2026, 3, 10, 9, tzinfo=UTC)
    plan = plan_of(UUID(student.id), {"scheduled_at": at, "scheduled_on": at.date()})
    Plan.update(week_start=NEXT_MONDAY).where(Plan.id == plan.id).execute()
    count_up()
    assert (week(student), reason(student)) == ([], None)
    travel(student, clock, "2026-03-09T09:00:00Z")
    assert [session["plan_id"] for session in week(student)] == [str(plan.id)]
    assert reason(student) == "weekly_plan_exists"


def test_a_week_is_done_once_all_that_is_listed_with_it_is(student: Student) -> None:
    def done() -> bool:
        return week_done(UUID(student.id), THIS_MONDAY)

    assert not done()
    plan = make_plan(student)
    append(student)
    make_plan(student, scheduled_at="2026-03-10T10:00:00Z")
    first, second = week(student)
    tick(student, first)
    assert not done()
    change(student, second, status="in_progress")
    assert not done()
    tick(student, second)
    assert done()
    change(student, second, status="pending")
    assert not done()
    assert student.delete(f"/sessions/{second['id']}").status_code == 204
    assert done()
    assert not week_done(UUID(student.id), NEXT_MONDAY)
    assert student.delete(f"/plans/{plan['id']}").status_code == 204
    assert not done()
    assert len(plans(student)) == 1
