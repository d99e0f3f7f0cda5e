"""Who has an answer already is told so, nobody gets another's, and an unchanged one costs one query."""

from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import Result

from schediora.db.database import Database, connected
from schediora.models.planner import Session
from tests.client import Api, Student
from tests.kept.beside import POLLED, READS, Serve
from tests.planner.book import make_plan


def tag_of(answer: Result) -> str:
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Vary"] == "Authorization, Origin"
    tag = str(answer.headers["ETag"])
    assert tag.startswith('"')
    assert tag.endswith('"')
    return tag


def test_who_has_an_answer_already_is_told_that_nothing_changed(student: Student) -> None:
    make_plan(student)
    wrong = []
    for path in READS:
        tag = tag_of(student.get(path))
        for sent in (tag, f"W/{tag}", f'"x", {tag}', f'W/"x",W/{tag} , "y"', "*", " * "):
            for method in ("GET", "HEAD"):
                answer = student.api.call(method, path, token=student.token, headers={"If-None-Match": sent})
                same = (answer.headers["ETag"], answer.headers["Cache-Control"], answer.headers["Vary"]) == (
                    tag,
                    "private, no-cache",
                    "Authorization, Origin",
                )
                if answer.status_code != 304 or answer.content or not same:
                    wrong.append((path, sent, answer.status_code))
        for sent in ('"x"', f"x{tag[1:-1]}", tag[1:-1], "", f'"{tag[1:-2]}"', "W/*", '"*"'):
            answer = student.get(path, headers={"If-None-Match": sent})
            if answer.status_code != 200 or not answer.content or answer.headers["ETag"] != tag:
                wrong.append((path, sent, answer.status_code))
    assert wrong == []


def test_the_first_answer_of_a_server_can_be_nothing_changed_too(student: Student, serve: Serve) -> None:
    tags = {path: tag_of(student.get(path)) for path in READS}
    for mebibytes in (32, 0):
        another = serve(server={"cache_mebibytes": mebibytes})
        for path, tag in tags.items():
            answer = another.get(path, token=student.token, headers={"If-None-Match": tag})
            assert (answer.status_code, answer.text) == (304, ""), path


def test_another_students_tag_is_never_ones_own(student: Student, register: Callable[..., Student]) -> None:
    other = register()
    for path in READS:
        tag = tag_of(student.get(path))
        answer = other.get(path, headers={"If-None-Match": tag})
        assert tag_of(answer) != tag
    assert other.get("/users/me").json["email"] == other.email


def test_what_is_wrong_stays_wrong_whatever_tag_is_sent(student: Student, api: Api) -> None:
    tag = tag_of(student.get("/sessions"))
    for sent in (tag, "*"):
        for path, status in (("/sessions?week=x", 422), ("/sessions?week=all&week=all", 422), ("/plans?cursor=x", 422)):
            for _ in range(2):
                answer = student.get(path, headers={"If-None-Match": sent})
                assert (answer.status_code, answer.headers["Cache-Control"]) == (status, "no-store")
                assert "ETag" not in answer.headers
        assert api.get("/sessions", headers={"If-None-Match": sent}).status_code == 401
    student.get("/sessions")
    api.post("/auth/logout", {"refresh_token": student.refresh_token})
    assert student.get("/sessions", headers={"If-None-Match": tag}).status_code == 401


def test_a_new_release_and_another_default_zone_answer_anew(
    student: Student, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = {path: tag_of(student.get(path)) for path in READS}
    elsewhere = serve(planner={"default_timezone": "Asia/Tokyo"})
    monkeypatch.setattr("schediora.app.version", lambda _name: "99.0")
    newer = serve()
    for path, tag in tags.items():
        for server in (elsewhere, newer):
            assert server.get(path, token=student.token, headers={"If-None-Match": tag}).status_code == 200, path


def test_a_database_that_was_put_back_and_counts_to_the_same_state_answers_anew(
    student: Student, database: Database, serve: Serve
) -> None:
    make_plan(student, title="Lost with the disk")
    tag = tag_of(student.get("/sessions"))
    with connected(database):
        Session.update(title="Written after the backup was restored").execute()
    restored = serve()
    answer = restored.get("/sessions", token=student.token, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.json[0]["title"] == "Written after the backup was restored"


def test_an_unchanged_poll_asks_the_database_once(
    student: Student, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_plan(student)
    for path in (*POLLED, "/users/me", "/plans"):
        student.get(path)
    asked: list[str] = []
    execute = database.execute_sql

    def note(sql: str, params: Any = None, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, params, *rest)

    monkeypatch.setattr(database, "execute_sql", note)
    for path in (*POLLED, "/users/me", "/plans"):
        asked.clear()
        assert student.get(path).status_code == 200
        assert len(asked) == 1, path
        tag = student.get(path).headers["ETag"]
        asked.clear()
        assert student.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert len(asked) == 1, path


def test_a_write_through_one_server_is_seen_through_all_others_at_once(student: Student, serve: Serve) -> None:
    servers = [student.api, serve(), serve()]

    def titles() -> list[list[str]]:
        return [
            [session["title"] for session in server.get("/sessions", token=student.token).json]
            for server in servers
            for _ in range(2)
        ]

    make_plan(student, title="One")
    assert titles() == [["One"]] * 6
    (session,) = student.get("/sessions").json
    servers[2].patch(f"/sessions/{session['id']}", {"title": "Two"}, token=student.token)
    assert titles() == [["Two"]] * 6
