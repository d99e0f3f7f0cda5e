"""Register, login, logout: what they take, what they answer, and what they give away."""

import io
import logging
from collections.abc import Callable

import argon2
import pytest
import structlog
from falcon.testing import Result
from structlog.testing import capture_logs

from schediora import log
from schediora.auth.passwords import Hasher, Outcome
from schediora.models.auth import SignIn
from schediora.models.users import User
from tests.client import PASSWORD, Api, FrozenClock, Student

NEW = {"email": "bob@example.com", "password": PASSWORD}


def test_registering_signs_in(api: Api) -> None:
    answer = api.post("/auth/register", NEW)
    assert answer.status_code == 201
    assert answer.headers["cache-control"] == "no-store"
    assert set(answer.json) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert answer.json["token_type"] == "bearer"
    assert answer.json["expires_in"] == 7 * 24 * 3600
    assert api.get("/users/me", token=answer.json["access_token"]).json["email"] == "bob@example.com"


def test_nothing_on_the_way_keeps_what_signs_in_or_out(api: Api) -> None:
    api.post("/auth/register", NEW)
    pair = api.post("/auth/login", NEW)
    refreshed = api.post("/auth/refresh", {"refresh_token": pair.json["refresh_token"]})
    ended = api.post("/auth/logout", {"refresh_token": refreshed.json["refresh_token"]})
    answers = [pair, refreshed, ended, api.post("/auth/login", {**NEW, "password": "another one"})]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 401]
    assert [answer.headers["cache-control"] for answer in answers] == ["no-store"] * 4


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Bob@Example.COM", "bob@example.com"),
        ("  bob@example.com\n", "BOB@example.com"),
        ("bob@bücher.example", "bob@XN--BCHER-KVA.example"),
        ("bob@BÜCHER.example", "bob@bücher.example"),
        ("postmaster@example.com", "PostMaster@example.com"),
    ],
)
def test_an_address_has_one_account_however_it_is_spelt(api: Api, first: str, second: str) -> None:
    assert api.post("/auth/register", {**NEW, "email": first}).status_code == 201
    taken = api.post("/auth/register", {**NEW, "email": second})
    assert (taken.status_code, taken.json["code"]) == (409, "email_taken")
    for spelling in (first, second):
        assert api.post("/auth/login", {**NEW, "email": spelling}).status_code == 200


def test_an_address_that_is_taken_costs_no_hashing(
    student: Student, api: Api, hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(hasher, "_argon2")
    taken = api.post("/auth/register", {**NEW, "email": student.email})
    assert (taken.status_code, taken.json["code"]) == (409, "email_taken")


@pytest.mark.parametrize("email", ["", "bob", "bob@x", "józef@x.io", f"bob@{'x.' * 130}io"])
def test_what_is_no_address_cannot_register_and_is_nobody_at_sign_in(api: Api, email: str) -> None:
    refused = api.post("/auth/register", {**NEW, "email": email})
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/email"]
    assert api.post("/auth/login", {**NEW, "email": email}).status_code == 401


@pytest.mark.parametrize("password", [" " * 8, "73916482", "ä" * 128, "🔑" * 8, " padded \t"])
def test_a_password_of_8_to_128_characters_is_taken_as_it_is(api: Api, password: str) -> None:
    assert api.post("/auth/register", {**NEW, "password": password}).status_code == 201
    assert api.post("/auth/login", {**NEW, "password": password}).status_code == 200
    if password.strip() != password:
        assert api.post("/auth/login", {**NEW, "password": password.strip()}).status_code == 401


def test_all_faults_are_named_at_once(api: Api) -> None:
    refused = api.post("/auth/register", {"email": "bob", "password": "short", "timezone": "Mars", "admin": True})
    assert {fault["pointer"] for fault in refused.json["errors"]} == {"/email", "/password", "/timezone", "/admin"}
    assert User.select().count() == 0


@pytest.mark.parametrize("timezone", ["Asia/Jakarta", " Europe/Berlin "])
def test_a_time_zone_can_be_given(api: Api, timezone: str) -> None:
    pair = api.post("/auth/register", {**NEW, "timezone": timezone}).json
    assert api.get("/users/me", token=pair["access_token"]).json["timezone"] == timezone.strip()


def test_a_wrong_password_and_an_unknown_address_answer_the_same(student: Student, api: Api) -> None:
    wrong = api.post("/auth/login", {"email": student.email, "password": "not this one"})
    unknown = api.post("/auth/login", {"email": "nobody@example.com", "password": PASSWORD})
    no_address = api.post("/auth/login", {"email": "nobody", "password": ""})
    for answer in (wrong, unknown, no_address):
        assert (answer.status_code, answer.json["code"]) == (401, "invalid_credentials")
        assert answer.json["detail"] == "The email address or the password is wrong."
        assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("email", ["student@example.com", "nobody@example.com", "no address", ""])
def test_every_sign_in_does_the_same_work(
    api: Api, register: Callable[..., Student], hasher: Hasher, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    register("student@example.com")
    verified: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        verified.append(stored)
        return bool(verify(self, stored, password))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    assert api.post("/auth/login", {"email": email, "password": "wrong password"}).status_code == 401
    assert len(verified) == 1
    assert not hasher.outdated(verified[0])


def test_each_sign_in_is_a_session_of_its_own(student: Student, api: Api) -> None:
    other = api.post("/auth/login", {"email": student.email, "password": PASSWORD}).json
    assert api.post("/auth/logout", {"refresh_token": other["refresh_token"]}).status_code == 200
    assert api.get("/users/me", token=other["access_token"]).status_code == 401
    assert student.get("/users/me").status_code == 200


def test_signing_out_acts_at_once(student: Student, api: Api) -> None:
    answer = api.post("/auth/logout", {"refresh_token": student.refresh_token})
    assert (answer.status_code, answer.json) == (200, {"message": "logged out"})
    refused = student.get("/users/me")
    assert (refused.status_code, refused.json["code"]) == (401, "unauthenticated")
    again = api.post("/auth/refresh", {"refresh_token": student.refresh_token})
    assert (again.status_code, again.json["code"]) == (401, "invalid_refresh_token")


@pytest.mark.parametrize("token", ["", "nonsense", "é", "A" * 72, "x" * 60_000])
def test_signing_out_answers_the_same_whatever_the_token(student: Student, api: Api, token: str) -> None:
    answer = api.post("/auth/logout", {"refresh_token": token})
    assert (answer.status_code, answer.json) == (200, {"message": "logged out"})
    assert student.get("/users/me").status_code == 200


def test_signing_in_clears_away_the_sessions_that_have_ended(student: Student, api: Api, clock: FrozenClock) -> None:
    clock.advance(days=30)
    api.post("/auth/login", {"email": student.email, "password": PASSWORD})
    assert SignIn.select().count() == 1


def test_signing_in_beyond_twenty_ends_the_sign_in_unused_for_longest(api: Api, clock: FrozenClock) -> None:
    pairs = [api.post("/auth/register", NEW).json]
    for _ in range(19):
        clock.advance(hours=1)
        pairs.append(api.post("/auth/login", NEW).json)
    clock.advance(hours=1)
    assert api.get("/users/me", token=pairs[0]["access_token"]).status_code == 200
    refreshed = api.post("/auth/refresh", {"refresh_token": pairs[1]["refresh_token"]})
    assert refreshed.status_code == 200
    for unused in (pairs[2], pairs[3]):
        assert SignIn.select().count() == 20
        pairs.append(api.post("/auth/login", NEW).json)
        assert api.get("/users/me", token=unused["access_token"]).status_code == 401
        ended = api.post("/auth/refresh", {"refresh_token": unused["refresh_token"]})
        assert ended.json["code"] == "invalid_refresh_token"
    assert SignIn.select().count() == 20
    for living in (pairs[0], *pairs[4:], refreshed.json):
        assert api.get("/users/me", token=living["access_token"]).status_code == 200


def test_rows_from_before_uses_were_kept_count_by_their_last_refresh(api: Api, clock: FrozenClock) -> None:
    pairs = [api.post("/auth/register", NEW).json]
    for _ in range(19):
        clock.advance(hours=1)
        pairs.append(api.post("/auth/login", NEW).json)
    for _ in range(2):  # its first use, and one that only renews the moment
        SignIn.update(last_used_at=None).execute()
        assert api.get("/users/me", token=pairs[0]["access_token"]).status_code == 200
    api.post("/auth/login", NEW)
    statuses = [api.get("/users/me", token=pair["access_token"]).status_code for pair in pairs]
    assert statuses == [200, 401] + [200] * 18


def test_others_sign_ins_are_nobodys_concern(api: Api, student: Student) -> None:
    api.post("/auth/register", NEW)
    for _ in range(25):
        assert api.post("/auth/login", NEW).status_code == 200
    assert student.get("/users/me").status_code == 200
    assert SignIn.select().count() == 21


def test_the_last_use_is_kept_to_the_hour(student: Student, api: Api, clock: FrozenClock) -> None:
    def used_minutes_ago() -> float:
        return float((clock.now - SignIn.get().last_used_at).total_seconds() / 60)

    assert used_minutes_ago() == 0
    clock.advance(minutes=59, seconds=59)
    student.get("/users/me")
    assert 59 < used_minutes_ago() < 60
    clock.advance(seconds=1)
    student.get("/users/me")
    assert used_minutes_ago() == 0
    clock.advance(minutes=30)
    api.post("/auth/refresh", {"refresh_token": student.refresh_token})
    assert used_minutes_ago() == 0


def test_a_deleted_account_is_signed_out_at_once(student: Student, api: Api) -> None:
    User.delete().where(User.email == student.email).execute()
    assert student.get("/users/me").status_code == 401
    assert api.post("/auth/refresh", {"refresh_token": student.refresh_token}).json["code"] == "invalid_refresh_token"
    assert api.post("/auth/logout", {"refresh_token": student.refresh_token}).status_code == 200


def test_an_account_that_is_deleted_while_its_password_is_checked_is_nobodys(
    student: Student, api: Api, hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def verify(*_: object, **__: object) -> Outcome:
        User.delete().where(User.email == student.email).execute()
        return Outcome.RIGHT

    monkeypatch.setattr(hasher, "verify", verify)
    answer = api.post("/auth/login", {"email": student.email, "password": PASSWORD})
    assert (answer.status_code, answer.json["code"]) == (401, "invalid_credentials")


def test_no_password_and_no_token_gets_into_the_log_or_an_error(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    written = io.StringIO()
    log.configure(production=True, level="debug", stream=written)
    logging.getLogger().addHandler(caplog.handler)
    secret = "a very secret password"
    with capture_logs() as lines:
        pair, answers = calls_with(api, secret)
    structlog.reset_defaults()
    seen = f"{lines} {written.getvalue()} {caplog.text} {[answer.text for answer in answers]}"
    assert len(written.getvalue().splitlines()) > len(answers)
    for hidden in (secret, pair["access_token"], pair["refresh_token"]):
        assert hidden not in seen


def calls_with(api: Api, secret: str) -> tuple[dict[str, str], list[Result]]:
    pair = api.post("/auth/register", {"email": "bob@example.com", "password": secret}).json
    return pair, [
        api.post("/auth/register", {"email": "bob@example.com", "password": secret}),
        api.post("/auth/register", {"email": "bob", "password": secret * 20}),
        api.post("/auth/login", {"email": "bob@example.com", "password": secret + "!"}),
        api.post("/auth/login", {"email": "bob@example.com", "password": secret, "passwrod": secret}),
        api.post("/auth/refresh", {"refresh_token": pair["refresh_token"] + "x"}),
        api.get("/users/me", token=pair["access_token"] + "x"),
    ]


def test_the_database_holds_nothing_to_sign_in_with(student: Student) -> None:
    stored = "".join(str(row) for table in (User, SignIn) for row in table.select().tuples())
    assert PASSWORD not in stored
    assert student.refresh_token not in stored
    assert User.get().password_hash.startswith("$argon2id$")
