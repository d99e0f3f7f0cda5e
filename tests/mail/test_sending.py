"""A mail is a job whose row is the truth: not lost, not sent twice, and in nobody's way."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from schediora.app import create_postman
from schediora.db.database import Database
from schediora.mail import jobs, links, outbox
from schediora.mail.jobs import Postman
from schediora.models.mail import Mail
from schediora.settings.values import Settings
from tests.client import Api, FrozenClock, Student
from tests.mail.mailbox import Mailbox

Deliver = Callable[[], int]


def test_what_fails_is_tried_again_later_and_later_with_another_link(
    student: Student, api: Api, postman: Postman, mailbox: Mailbox, clock: FrozenClock
) -> None:
    mailbox.data_answer = "451 4.3.0 not now"
    tried = []
    for minute in range(60):
        if postman.step():
            tried.append(minute)
        clock.advance(minutes=1)
    assert tried == [0, 1, 3, 8, 18, 33, 48]
    mailbox.data_answer = None
    clock.advance(minutes=15)
    assert postman.step()
    assert api.post("/auth/email/confirm", {"token": mailbox.token(student.email)}).status_code == 200
    clock.advance(hours=1)
    assert (postman.step(), len(mailbox.messages)) == (False, 1)


def test_a_mailbox_that_is_refused_for_good_is_left_alone_soon(
    student: Student, postman: Postman, mailbox: Mailbox, clock: FrozenClock
) -> None:
    mailbox.recipient_answer = f"550 5.1.1 <{student.email}> is not here"
    tries = 0
    with capture_logs() as lines:
        for _ in range(60):
            tries += postman.step()
            clock.advance(minutes=1)
    assert tries == len(lines) == jobs.MOST_REFUSALS
    assert {(line["event"], line["reason"]) for line in lines} == {("mail_failed", "it answered 550 5.1.1")}


def test_after_a_day_nobody_is_written_to_any_more(
    student: Student, postman: Postman, mailbox: Mailbox, clock: FrozenClock
) -> None:
    mailbox.data_answer = "451 not now"
    for _ in range(26 * 12):
        postman.step()
        clock.advance(minutes=5)
    assert Mail.get().due_at is None
    mailbox.data_answer = None
    assert (postman.step(), mailbox.messages) == (False, [])


def test_a_server_that_is_away_is_asked_once_a_minute_for_all(
    register: Callable[..., Student], settings: Settings, database: Database, clock: FrozenClock, mailbox: Mailbox
) -> None:
    for _ in range(3):
        register()
    url = settings.mail.url.get_secret_value().replace(str(mailbox.port), "1")
    mail = settings.mail.model_copy(update={"url": type(settings.mail.url)(url)})
    away = create_postman(settings.model_copy(update={"mail": mail}), database=database, clock=clock)
    assert away
    for _ in range(3):
        assert [away.step(), away.step()] == [True, False]
        clock.advance(minutes=1)
    again = create_postman(settings, database=database, clock=clock)
    assert again
    clock.advance(minutes=5)
    assert (sum(iter(again.step, False)), len(mailbox.messages)) == (3, 3)


def test_a_new_wish_brings_a_mail_forward_that_waits_for_its_next_try(
    student: Student, api: Api, postman: Postman, mailbox: Mailbox, clock: FrozenClock
) -> None:
    mailbox.data_answer = "451 not now"
    for _ in range(40):
        postman.step()
        clock.advance(minutes=1)
    mailbox.data_answer = None
    before = Mail.get().due_at
    assert before > clock.now
    student.put("/users/email", {"password": "correct horse", "email": student.email})
    assert (postman.step(), len(mailbox.messages)) == (True, 1)


def test_several_postmen_at_once_send_each_mail_once(
    register: Callable[..., Student], settings: Settings, database: Database, clock: FrozenClock, mailbox: Mailbox
) -> None:
    addresses = [register().email for _ in range(12)]

    def work(_: int) -> None:
        postman = create_postman(settings, database=database, clock=clock)
        assert postman
        for _ in range(40):
            postman.step()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert sorted(str(message["To"]) for message in mailbox.messages) == sorted(addresses)


@pytest.mark.parametrize(("dies_in", "copies"), [("make", 1), ("put_off", 2)])
def test_who_dies_before_it_is_noted_that_a_mail_was_taken_sends_it_again(
    dies_in: str,
    copies: int,
    student: Student,
    postman: Postman,
    mailbox: Mailbox,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class PowerCut(BaseException):
        pass

    def die(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as patch:
        patch.setattr(outbox if dies_in == "put_off" else links, dies_in, die)
        with pytest.raises(PowerCut):
            postman.step()
    assert postman.step() is False
    clock.advance(outbox.LEASE)
    assert (postman.step(), len(mailbox.messages)) == (True, copies)
    clock.advance(timedelta(hours=1))
    assert postman.step() is False


def test_a_mail_for_an_address_that_was_given_up_is_not_sent(
    student: Student, deliver: Deliver, mailbox: Mailbox
) -> None:
    assert student.put("/users/email", {"password": "correct horse", "email": "new@example.com"}).status_code == 200
    deliver()
    assert mailbox.subjects(student.email) == ["Your Schediora account has another address"]
