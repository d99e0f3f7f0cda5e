"""A call that is sent again with the same key is done once, and answered the same."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from falcon.testing import Result

from schediora.auth.keys import Keys
from schediora.db.base import one_effect
from schediora.db.database import Database
from schediora.http import idempotency
from schediora.models.ai import Job
from schediora.models.calendar import CalendarFeed
from schediora.models.idempotency import IdempotencyKey
from schediora.models.planner import Plan, Session
from schediora.models.users import User
from schediora.planner import service
from tests.client import PASSWORD, FrozenClock, Student

PLAN = {"title": "Photosynthesis", "topic": "Biology", "duration_minutes": 45}
OTHER = PLAN | {"title": "Respiration"}
WISH = {"goal": "Pass the exam", "topic": "Biology"}


def send(student: Student, path: str, body: Any = None, key: str = "a-1") -> Result:
    return student.post(path, body, headers={"Idempotency-Key": key})


def test_a_call_sent_again_is_done_once_and_answered_the_same(student: Student) -> None:
    first = send(student, "/plans", PLAN)
    again = send(student, "/plans", PLAN)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert Plan.select().count() == Session.select().count() == 1
    assert len(student.get("/sessions").json) == 1


def test_every_call_that_may_be_sent_again_answers_the_same_and_does_nothing_more(student: Student) -> None:
    assert student.post("/plans", PLAN | {"scheduled_at": "2026-03-02T10:00:00Z"}).status_code == 201
    found = {"revision": student.post("/plans/current/replan").json["revision"]}
    calls: dict[str, Any] = {
        "/plans/current/replan": {"apply": True, **found},
        "/plans/current/replan/undo": None,
        "/plans": PLAN,
        "/plans/current/sessions": PLAN,
        "/ai/plans/generate": WISH | {"week": "next"},
        "/users/me/calendar": None,
        "/users/me/delete": {"password": PASSWORD},
    }
    document = student.api.get("/openapi.json").json
    may_be = [path for path, item in document["paths"].items() if item.get("post", {}).get("security")]
    assert sorted(calls) == sorted(may_be), "say here how a new call is sent"
    differing: list[object] = []
    for path, body in calls.items():
        first = send(student, path, body, f"key{path.replace('/', '.')}")
        state = _state()
        again = send(student, path, body, f"key{path.replace('/', '.')}")
        said, said_again = (
            (answer.status_code, answer.text, *(answer.headers.get(name) for name in idempotency._KEPT_HEADERS))
            for answer in (first, again)
        )
        gone = path == "/users/me/delete" and (first.status_code, again.status_code) == (204, 401)
        if first.status_code >= 300 or (said != said_again and not gone) or _state() != state:
            differing.append((path, first.text, again.text))
    assert not differing


def test_what_fails_on_our_side_is_not_kept(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(service, "check_room_for_plan", fails)
        assert send(student, "/plans", PLAN).status_code == 500
    assert send(student, "/plans", PLAN).status_code == 201
    assert Plan.select().count() == 1


def test_who_is_deleted_after_they_were_let_in_is_told_so(student: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = idempotency._Call.begin

    def late(call: Any, keys: Any) -> Any:
        User.delete().execute()
        return begin(call, keys)

    monkeypatch.setattr(idempotency._Call, "begin", late)
    assert send(student, "/plans", PLAN).status_code == 401


def test_another_body_or_another_call_under_the_same_key_is_refused(student: Student) -> None:
    send(student, "/plans", PLAN)
    for path, body in (("/plans", OTHER), ("/plans/current/sessions", PLAN)):
        refused = send(student, path, body)
        assert (refused.status_code, refused.json["code"]) == (422, "idempotency_key_reused")
    assert Session.select().count() == 1


def test_a_call_that_fails_leaves_nothing_and_is_judged_anew(student: Student) -> None:
    refused = send(student, "/plans/current/sessions", PLAN)
    assert refused.json["code"] == "no_current_plan"
    assert IdempotencyKey.select().count() == 0
    assert student.post("/plans", PLAN).status_code == 201
    assert send(student, "/plans/current/sessions", PLAN).status_code == 201


def test_a_key_is_the_students_own(student: Student, register: Callable[..., Student]) -> None:
    other = register()
    mine, theirs = send(student, "/plans", PLAN), send(other, "/plans", OTHER)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json != theirs.json


def test_what_is_no_key_is_refused_in_a_sentence(student: Student) -> None:
    for key in ("", "a b", "ä", "x" * 129, "a/b"):
        refused = send(student, "/plans", PLAN, key)
        assert refused.status_code == 422, key
        assert refused.json["errors"][0]["parameter"] == "Idempotency-Key"
    assert Plan.select().count() == 0


def test_a_key_is_forgotten_after_a_day(student: Student, clock: FrozenClock, database: Database) -> None:
    first = send(student, "/plans", PLAN)
    clock.advance(hours=24, seconds=1)
    again = send(student, "/plans", PLAN)
    assert again.status_code == 201
    assert (again.json != first.json, Plan.select().count()) == (True, 2)
    clock.advance(hours=25)
    with database.connection_context():
        assert idempotency.purge(clock.now, rows=10) == 1
        assert idempotency.purge(clock.now, rows=10) == 0


def test_while_the_first_is_at_work_the_second_is_told_so_and_a_dead_one_is_given_up(
    student: Student, clock: FrozenClock
) -> None:
    IdempotencyKey.create(
        user=student.id, key="a-1", call="POST /api/v1/plans", body_mac=_mac(PLAN), begun_at=clock.now
    )
    waiting = send(student, "/plans", PLAN)
    assert (waiting.status_code, waiting.json["code"]) == (409, "request_in_progress")
    assert waiting.headers["retry-after"] == "1"
    assert Plan.select().count() == 0
    clock.advance(seconds=16)
    assert send(student, "/plans", PLAN).status_code == 201


@pytest.mark.many_calls
def test_a_student_has_200_keys_and_the_oldest_goes(student: Student, clock: FrozenClock) -> None:
    assert student.post("/plans", PLAN).status_code == 201
    for number in range(202):
        clock.advance(seconds=1)
        assert send(student, "/plans/current/replan", {"apply": False}, f"key-{number}").status_code == 200
    kept = {row.key for row in IdempotencyKey.select()}
    assert kept == {f"key-{number}" for number in range(2, 202)}


def test_a_secret_in_an_answer_is_not_readable_in_the_database(student: Student) -> None:
    url = send(student, "/users/me/calendar").json["url"]
    answer = IdempotencyKey.get().answer
    assert answer is not None
    assert url.encode() not in bytes(answer)
    assert send(student, "/users/me/calendar").json["url"] == url


def test_twenty_at_once_have_one_effect(student: Student) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: send(student, "/plans", PLAN), range(20)))
    codes = {answer.status_code for answer in answers}
    assert codes <= {201, 409}, [answer.text for answer in answers]
    assert {answer.json["code"] for answer in answers if answer.status_code == 409} <= {"request_in_progress"}
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1
    assert Plan.select().count() == 1


def test_the_effect_is_undone_where_its_answer_cannot_be_kept(
    student: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a process that dies between the two leaves behind: neither."""

    def dies(*_: object) -> bytes:
        raise SystemExit("killed")

    monkeypatch.setattr(idempotency, "_packed", dies)
    with pytest.raises(SystemExit):
        send(student, "/plans", PLAN)
    assert Plan.select().count() == Session.select().count() == 0


def test_what_comes_after_a_commit_comes_after_the_last(database: Database) -> None:
    said = []
    with database.connection_context(), one_effect():
        with Plan.transaction():
            database.after_commit(lambda: said.append("committed"))
        assert not said
    assert said == ["committed"]


def _state() -> list[tuple[int, int]]:
    """Return of all students their revision and how many keys, plans, sessions, jobs and feeds there are."""
    revisions = [(0, user.planner_revision) for user in User.select()]
    return [*revisions, *((1, model.select().count()) for model in (IdempotencyKey, Plan, Session, Job, CalendarFeed))]


def _mac(body: Any) -> str:
    import hashlib
    import hmac

    key = next(iter(Keys(current=b"k" * 32).derived("schediora repeated call")))
    return hmac.digest(key, json.dumps(body).encode(), hashlib.sha256).hex()
