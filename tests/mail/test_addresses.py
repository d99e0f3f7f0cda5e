"""Whose address is confirmed, and what changing it does."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from falcon.testing import Result, TestClient

from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.models.users import User
from schediora.queue import Queue
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.auth.test_races import at_once
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.conftest import KEYS
from tests.mail.mailbox import Mailbox

Deliver = Callable[[], int]
NEW = "new.one@example.com"
CONFIRM, MOVED = "Is this your address?", "Your Schediora account has another address"


def move(student: Student, email: str = NEW, password: str = PASSWORD) -> tuple[int, str]:
    answer = student.put("/users/email", {"password": password, "email": email})
    return answer.status_code, answer.json.get("code", "") or answer.json["email"]


def confirmed(student: Student) -> bool:
    return bool(student.get("/users/me").json["email_confirmed"])


def test_who_registers_confirms_by_the_link_and_needs_not(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox
) -> None:
    assert student.get("/users/me").json["email_confirmed"] is False
    tag = student.get("/users/me").headers["ETag"]
    assert deliver() == 1
    assert mailbox.subjects(student.email) == [CONFIRM]
    token = mailbox.token(student.email)
    answer = api.post("/auth/email/confirm", {"token": token})
    assert (answer.status_code, answer.json) == (200, {"message": "address confirmed"})
    seen = student.get("/users/me", headers={"If-None-Match": tag})
    assert (seen.status_code, seen.json["email_confirmed"]) == (200, True)
    assert api.post("/auth/email/confirm", {"token": token}).json["code"] == "invalid_link"


def test_where_no_mail_is_sent_every_address_is_confirmed(
    student: Student, settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher
) -> None:
    own = load(overrides={"database.url": settings.database_url, "data_dir": settings.data_dir}).settings
    app = create_app(own, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
    silent = Api(TestClient(app))
    tag = student.get("/users/me").headers["ETag"]
    seen = silent.get("/users/me", token=student.token, headers={"If-None-Match": tag})
    assert (seen.status_code, seen.json["email_confirmed"]) == (200, True)
    assert silent.post("/auth/password/forgot", {"email": student.email}).json["message"].startswith("This server")
    assert confirmed(student) is False


def test_the_new_address_holds_at_once_and_the_old_one_is_told(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox
) -> None:
    deliver()
    assert api.post("/auth/email/confirm", {"token": mailbox.token(student.email)}).status_code == 200
    answer = student.put("/users/email", {"password": PASSWORD, "email": " New.One@Example.COM "})
    assert (answer.status_code, answer.json) == (200, student.get("/users/me").json)
    assert (answer.json["email"], answer.json["email_confirmed"]) == (NEW, False)
    logins = [
        api.post("/auth/login", {"email": each, "password": PASSWORD}).status_code for each in (student.email, NEW)
    ]
    assert logins == [401, 200]
    deliver()
    assert mailbox.subjects(student.email) == [CONFIRM, MOVED]
    assert mailbox.subjects(NEW) == [CONFIRM]
    assert api.post("/auth/email/confirm", {"token": mailbox.token(NEW)}).status_code == 200
    assert confirmed(student)


def test_other_sign_ins_and_older_tokens_of_this_one_end(student: Student, api: Api, clock: FrozenClock) -> None:
    elsewhere = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
    first = student.token
    clock.advance(minutes=1)
    newer = api.post("/auth/refresh", {"refresh_token": student.refresh_token}).json
    student.token = newer["access_token"]
    assert move(student) == (200, NEW)
    assert [api.get("/users/me", token=each).status_code for each in (first, elsewhere["access_token"])] == [401, 401]
    assert student.get("/users/me").status_code == 200
    clock.advance(minutes=1)
    assert api.post("/auth/refresh", {"refresh_token": newer["refresh_token"]}).status_code == 200


def test_a_wrong_password_or_a_taken_address_changes_nothing(
    student: Student, register: Callable[..., Student], deliver: Deliver, mailbox: Mailbox
) -> None:
    other = register("taken@example.com")
    assert move(student, "Taken@example.com") == (409, "email_taken")
    assert move(student, NEW, "not this one") == (403, "wrong_password")
    assert move(student, "no address")[0] == 422
    deliver()
    assert student.get("/users/me").json["email"] == student.email
    assert mailbox.subjects(other.email) == [CONFIRM]
    assert mailbox.to(NEW) == []


def test_of_two_who_take_one_address_at_once_one_gets_it(register: Callable[..., Student]) -> None:
    students = [register() for _ in range(5)]
    answers = at_once(
        *[lambda each=each: each.put("/users/email", {"password": PASSWORD, "email": NEW}) for each in students]
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409]
    assert sum(each.get("/users/me").json["email"] == NEW for each in students) == 1


def test_the_same_address_again_asks_for_another_link_and_ends_nothing(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox, clock: FrozenClock
) -> None:
    elsewhere = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
    deliver()
    clock.advance(minutes=2)
    assert move(student, student.email) == (200, student.email)
    assert deliver() == 1
    assert mailbox.subjects(student.email) == [CONFIRM, CONFIRM]
    assert api.get("/users/me", token=elsewhere["access_token"]).status_code == 200
    assert api.post("/auth/email/confirm", {"token": mailbox.token(student.email)}).status_code == 200
    clock.advance(minutes=2)
    assert move(student, student.email) == (200, student.email)
    assert (deliver(), confirmed(student)) == (0, True)


def test_a_link_to_the_address_of_before_confirms_nothing(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox
) -> None:
    deliver()
    old = mailbox.token(student.email)
    move(student)
    move(student, student.email)
    assert api.post("/auth/email/confirm", {"token": old}).json["code"] == "invalid_link"
    assert confirmed(student) is False


def test_nobody_has_mails_sent_to_address_after_address(student: Student) -> None:
    moves = [move(student, f"victim{number}@example.com")[0] for number in range(12)]
    assert moves == [200] * 10 + [429] * 2


def test_changes_refreshes_links_and_mails_at_once_end_in_one_state(
    student: Student, api: Api, deliver: Deliver, mailbox: Mailbox, clock: FrozenClock
) -> None:
    deliver()
    api.post("/auth/password/forgot", {"email": student.email})
    deliver()
    token = mailbox.token(student.email)

    def refresh(number: int) -> Result:
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        return api.post("/auth/refresh", {"refresh_token": student.refresh_token}, headers=headers)

    def change(number: int) -> Result:
        return student.put("/users/email", {"password": PASSWORD, "email": f"new{number}@example.com"})

    def set_anew(_: int) -> Result:
        return api.post("/auth/password/reset", {"token": token, "new_password": "a new horse, correct"})

    def forget(_: int) -> Result:
        return api.post("/auth/password/forgot", {"email": student.email})

    def send(_: int) -> int:
        return deliver()

    with ThreadPoolExecutor(20) as pool:
        made = [pool.submit(each, number) for number in range(4) for each in (refresh, change, set_anew, forget, send)]
    answers = [found for each in made if isinstance(found := each.result(), Result)]
    assert {answer.status_code for answer in answers} <= {200, 202, 401, 403, 422, 503}
    assert {answer.json["code"] for answer in answers if answer.status_code == 503} <= {"overloaded"}
    address = User.get(User.id == student.id).email
    passwords = (PASSWORD, "a new horse, correct")
    logins = [api.post("/auth/login", {"email": address, "password": each}).status_code for each in passwords]
    assert sorted(logins) == [200, 401]
