"""Calls at the same moment: each is whole, none is lost, and what may happen once happens once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from falcon.testing import Result

from schediora.models.users import User
from tests.client import Student
from tests.planner.book import SESSION, append, make_plan, ok, plans, tick, week

AT_ONCE = 8


def at_once(call: Callable[[], Result]) -> list[Result]:
    """Make the same call from several threads."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [running.result() for running in [pool.submit(call) for _ in range(AT_ONCE)]]


def statuses(answers: list[Result]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def revision(student: Student) -> int:
    return int(User.get_by_id(student.id).planner_revision)


def test_plans_made_at_once_are_all_kept_and_counted(student: Student) -> None:
    assert statuses(at_once(lambda: student.post("/plans", SESSION))) == {201: AT_ONCE}
    assert len(plans(student)) == len(week(student)) == revision(student) == AT_ONCE


def test_sessions_appended_at_once_go_to_one_plan(student: Student) -> None:
    plan = make_plan(student)
    assert statuses(at_once(lambda: student.post("/plans/current/sessions", SESSION))) == {201: AT_ONCE}
    assert {session["plan_id"] for session in week(student)} == {plan["id"]}
    assert len({session["scheduled_at"] for session in week(student)}) == AT_ONCE + 1
    assert plans(student)[0]["duration_minutes"] == 45 * (AT_ONCE + 1)


def test_a_session_ticked_off_at_once_is_done_once(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    before = revision(student)
    answers = at_once(lambda: student.patch(f"/sessions/{session['id']}", {"status": "done"}))
    assert statuses(answers) == {200: AT_ONCE}
    assert revision(student) == before + 1


def test_a_session_deleted_at_once_is_deleted_once(student: Student) -> None:
    make_plan(student)
    (session,) = week(student)
    answers = at_once(lambda: student.delete(f"/sessions/{session['id']}"))
    assert statuses(answers) == {204: 1, 404: AT_ONCE - 1}


def test_a_preview_applied_and_undone_at_once_is_so_once(student: Student) -> None:
    make_plan(student, scheduled_at="2026-03-02T10:00:00Z")
    tick(student, append(student))
    shown = ok(student.post("/plans/current/replan"))
    body = {"apply": True, "revision": shown["revision"]}
    applied = statuses(at_once(lambda: student.post("/plans/current/replan", body)))
    # Who comes while another replans is told to wait, who comes after it that the planner has changed.
    assert applied[200] == 1
    assert applied[409] + applied[429] == AT_ONCE - 1
    assert statuses(at_once(lambda: student.post("/plans/current/replan/undo"))) == {200: 1, 409: AT_ONCE - 1}
