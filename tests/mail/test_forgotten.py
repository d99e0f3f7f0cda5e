"""A forgotten password is set anew by a link that goes to the address, and by nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from schediora.db.database import Database
from schediora.mail.purging import purge
from schediora.models.mail import Link, Mail
from schediora.models.users import User
from tests.auth.test_races import at_once
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.mail.mailbox import Mailbox

NEW = "a new horse, correct"
RESET = "A new password for Schediora"
Deliver = Callable[[], int]


def forgot(api: Api, email: str) -> None:
    answer = api.post("/auth/password/forgot", {"email": email})
    assert (answer.status_code, list(answer.json)) == (202, ["message"])


def reset(api: Api, token: str, password: str = NEW) -> Any:
    return api.post("/auth/password/reset", {"token": token, "new_password": password})


def resets(mailbox: Mailbox, email: str) -> int:
    return mailbox.subjects(email).count(RESET)


@pytest.fixture
def token(student: Student, api: Api, deliver: Deliver, mailbox: Mailbox) -> str:
    """A link that the student was sent."""
    deliver()
    forgot(api, student.email.upper())
    deliver()
    return mailbox.token(student.email)


def test_a_link_sets_a_new_password_and_ends_every_sign_in_and_nothing_else(
    student: Student, api: Api, token: str, mailbox: Mailbox, deliver: Deliver
) -> None:
    plan = {"title": "Photosynthesis", "topic": "Biology", "duration_minutes": 45}
    assert student.post("/plans", plan).status_code == 201
    answer = reset(api, token)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert student.get("/users/me").status_code == 401
    assert api.post("/auth/refresh", {"refresh_token": student.refresh_token}).status_code == 401
    me = api.get("/users/me", token=answer.json["access_token"]).json
    assert (me["id"], me["email_confirmed"]) == (student.id, True)
    assert [each["title"] for each in api.get("/plans", token=answer.json["access_token"]).json] == ["Photosynthesis"]
    logins = [
        api.post("/auth/login", {"email": student.email, "password": each}).status_code for each in (PASSWORD, NEW)
    ]
    assert logins == [401, 200]
    deliver()
    assert "Your Schediora password was changed" in mailbox.subjects(student.email)


def test_a_used_link_forgets_that_signing_in_failed_too_often(student: Student, api: Api, token: str) -> None:
    guesses = [{"email": student.email, "password": f"guess {number}"} for number in range(11)]
    assert [api.post("/auth/login", guess).status_code for guess in guesses][-2:] == [401, 429]
    assert reset(api, token).status_code == 200
    assert api.post("/auth/login", {"email": student.email, "password": NEW}).status_code == 200


def test_a_link_works_once_for_half_an_hour_and_for_what_it_is_for(
    student: Student, api: Api, token: str, clock: FrozenClock, deliver: Deliver, mailbox: Mailbox
) -> None:
    for wrong in ("", "x", token[:-1], token + "A", token.swapcase(), "\0"):
        answer = reset(api, wrong)
        assert answer.status_code == 422, wrong
    assert reset(api, "x" * 43).json["code"] == "invalid_link"
    assert reset(api, token, "password1").json["code"] == "validation_failed"
    assert reset(api, token, student.email).json["errors"][0]["pointer"] == "/new_password"
    assert api.post("/auth/email/confirm", {"token": token}).json["code"] == "invalid_link"
    assert student.get("/users/me").json["email_confirmed"] is False
    clock.advance(minutes=29, seconds=59)
    assert reset(api, token).status_code == 200
    again = reset(api, token, "yet another horse")
    assert (again.json["code"], again.json["errors"][0]["pointer"]) == ("invalid_link", "/token")
    clock.advance(minutes=1)
    forgot(api, student.email)
    deliver()
    later = mailbox.token(student.email)
    clock.advance(minutes=30)
    assert reset(api, later).json["code"] == "invalid_link"


def test_of_twenty_who_use_one_link_at_once_one_wins(student: Student, api: Api, token: str) -> None:
    answers = at_once(*[lambda: reset(api, token)] * 20)
    codes = sorted(answer.status_code for answer in answers)
    assert codes.count(200) == 1
    assert set(codes) <= {200, 422, 503}
    assert {answer.json["code"] for answer in answers if answer.status_code == 422} <= {"invalid_link"}
    (pair,) = [answer.json for answer in answers if answer.status_code == 200]
    assert api.get("/users/me", token=pair["access_token"]).status_code == 200


def test_nobody_learns_whether_an_address_is_a_students(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    run = database.execute_sql

    def noted(sql: str, *rest: Any, **options: Any) -> Any:
        asked.append(sql)
        return run(sql, *rest, **options)

    monkeypatch.setattr(database, "execute_sql", noted)
    answers, work = [], []
    for email in (student.email, "nobody@example.com", student.email, "nobody@example.com"):
        asked.clear()
        answers.append(api.post("/auth/password/forgot", {"email": email}))
        work.append(list(asked))
    assert len({answer.text for answer in answers}) == 1
    assert work[0] == work[1]
    assert work[2] == work[3]
    for nobodys in ("", "not an address", "x" * 60_000, "a@b@c"):
        forgot(api, nobodys)
    deliver()
    assert {message["To"] for message in mailbox.messages} == {student.email}


def test_an_address_gets_three_links_an_hour_a_minute_apart(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox, clock: FrozenClock
) -> None:
    counts = []
    for _ in range(70):
        for _ in range(2):
            forgot(api, student.email)
        deliver()
        counts.append(resets(mailbox, student.email))
        clock.advance(minutes=1)
    assert [counts[0], counts[1], counts[2], counts[59]] == [1, 2, 3, 3]
    assert counts[60:63] == [4, 5, 6]
    assert counts[-1] == 6


def test_of_twenty_who_ask_at_once_one_mail_comes(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox
) -> None:
    at_once(*[lambda: api.post("/auth/password/forgot", {"email": student.email})] * 20)
    deliver()
    assert resets(mailbox, student.email) == 1


def test_another_address_or_password_ends_the_links_of_before(
    student: Student, api: Api, token: str, deliver: Deliver, mailbox: Mailbox, clock: FrozenClock
) -> None:
    moved = student.put("/users/email", {"password": PASSWORD, "email": "new.one@example.com"})
    assert moved.status_code == 200
    assert reset(api, token).json["code"] == "invalid_link"
    forgot(api, student.email)
    forgot(api, "new.one@example.com")
    deliver()
    assert resets(mailbox, student.email) == 1  # the one of before
    newer = mailbox.token("new.one@example.com")
    changed = student.put("/users/password", {"old_password": PASSWORD, "new_password": NEW})
    assert changed.status_code == 200
    assert reset(api, newer).json["code"] == "invalid_link"


def test_a_link_of_who_left_is_nobodys(student: Student, api: Api, token: str, deliver: Deliver) -> None:
    forgot(api, student.email)
    assert student.post("/users/me/delete", {"password": PASSWORD}).status_code == 204
    assert not Mail.select().exists()
    assert reset(api, token).json["code"] == "invalid_link"
    assert api.post("/auth/register", {"email": student.email, "password": PASSWORD}).status_code == 201
    assert reset(api, token).json["code"] == "invalid_link"


def test_the_link_is_stored_as_nothing_that_could_be_used(student: Student, token: str) -> None:
    stored = [link.token_hash for link in Link.select()]
    assert stored
    assert not any(token in each for each in stored)
    assert User.get(User.id == student.id).email_confirmed_at is None


def test_what_counts_no_more_is_deleted(student: Student, api: Api, token: str, clock: FrozenClock) -> None:
    forgot(api, "nobody@example.com")
    assert purge(clock.now, rows=100) == 0
    Mail.update(due_at=None).execute()
    clock.advance(hours=1)
    forgot(api, student.email)
    assert purge(clock.now, rows=100) == 4  # two links, what welcomed the student, and nobody's
    assert [mail.address for mail in Mail.select()] == [student.email]
