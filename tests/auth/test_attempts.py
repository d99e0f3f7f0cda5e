"""Guessing passwords: how often it may fail, whom that keeps out, and whom it must not."""

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import argon2
import pytest
from argon2.exceptions import VerificationError
from falcon.testing import Result, TestClient
from structlog.testing import capture_logs

from schediora.app import create_app
from schediora.auth.attempts import Attempts
from schediora.auth.errors import InvalidCredentials
from schediora.auth.familiar import FamiliarAddresses
from schediora.auth.keys import Keys
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.http.client_address import network_of
from schediora.models.auth import FamiliarAddress
from schediora.models.users import User
from schediora.queue import Queue
from schediora.rate_limits.limit import LimitReached
from schediora.rate_limits.rate_limits import RateLimits
from schediora.settings.values import LimitsSettings, Settings
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.conftest import KEYS

HOME, CAFE = "192.0.2.1", "198.51.100.7"
_names = itertools.count()


def sign_in(api: Api, email: str, password: str = PASSWORD, *, at: str = HOME) -> Result:
    return api.post("/auth/login", {"email": email, "password": password}, headers={"X-Forwarded-For": at})


def fail(api: Api, email: str | None = None, *, at: str = HOME) -> int:
    """Guess wrong, at somebody whom nobody knows unless named."""
    somebody = f"nobody{next(_names)}@example.com" if email is None else email
    return int(sign_in(api, somebody, "wrong guess", at=at).status_code)


def refused(answer: Result, name: str, most: int, seconds: int) -> bool:
    """Assert that a 429 says all that it has to, and tell whether `answer` is one."""
    if answer.status_code != 429:
        return False
    assert answer.json["code"] == "too_many_requests"
    assert answer.json["detail"].startswith("There were too many attempts. Please try again in ")
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= seconds
    assert answer.headers["RateLimit-Policy"] == f'"{name}";q={most};w={seconds}'
    assert answer.headers["RateLimit"] == f'"{name}";r=0;t={wait}'
    return True


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every hash that was verified against."""
    seen: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        seen.append(stored)
        return bool(verify(self, stored, password))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    return seen


def test_thirty_sign_ins_may_fail_in_five_minutes_from_an_address(
    api: Api, clock: FrozenClock, hashed: list[str]
) -> None:
    assert [fail(api) for _ in range(30)] == [401] * 30
    assert refused(sign_in(api, "nobody@example.com"), "sign-in-address", 30, 300)
    assert len(hashed) == 30
    assert fail(api, at=CAFE) == 401
    clock.advance(minutes=5)
    assert [fail(api) for _ in range(31)] == [401] * 30 + [429]


def test_ten_sign_ins_to_an_account_may_fail_in_ten_minutes_from_an_address(
    student: Student, api: Api, clock: FrozenClock, hashed: list[str]
) -> None:
    assert [fail(api, student.email.upper(), at=CAFE) for _ in range(10)] == [401] * 10
    assert refused(sign_in(api, student.email, at=CAFE), "sign-in-account", 10, 600)
    assert len(hashed) == 10
    assert sign_in(api, student.email).status_code == 200
    clock.advance(minutes=10)
    assert sign_in(api, student.email, at=CAFE).status_code == 200


def test_a_hundred_sign_ins_to_an_account_may_fail_in_an_hour_wherever_they_come_from(
    student: Student, api: Api, clock: FrozenClock
) -> None:
    """Whoever is at home somewhere signs in there all the same, and elsewhere by a link for a forgotten password."""
    for email in (student.email, "nobody@example.com"):
        for number in range(10):
            assert [fail(api, email, at=f"203.0.113.{number}") for _ in range(10)] == [401] * 10
            clock.advance(minutes=5)
        answer = sign_in(api, email, at=CAFE)
        assert answer.status_code == 429
        assert "Forgotten password" in answer.json["detail"]
        assert answer.headers["RateLimit-Policy"] == '"account";q=100;w=3600'
        assert answer.headers["Retry-After"] == str(3600 - 50 * 60)
        clock.advance(hours=1)
    for number in range(100):
        assert fail(api, student.email, at=f"203.0.113.{number}") == 401
    assert sign_in(api, student.email, at=CAFE).status_code == 429
    assert sign_in(api, student.email, at="127.0.0.1").status_code == 200


def test_what_was_counted_of_an_account_can_be_lifted(student: Student, clock: FrozenClock) -> None:
    attempts, wrong = Attempts(RateLimits(clock)), iter(range(200))

    def passes(at: str) -> bool:
        try:
            with attempts.counted(student.email, at, familiar=False):
                raise InvalidCredentials
        except LimitReached:
            return False
        except InvalidCredentials:
            return True

    assert sum(passes(f"198.51.100.{number // 10}") for number in wrong) == 100
    attempts.lift(student.email, "198.51.100.0")
    assert [passes(at) for at in ("198.51.100.0", "198.51.100.1")] == [True, False]


def test_registrations_that_are_no_success_are_counted_with_sign_ins(student: Student, api: Api) -> None:
    taken = {"email": student.email, "password": PASSWORD}
    weak = {"email": "new@example.com", "password": "password"}
    at = {"X-Forwarded-For": HOME}
    assert {api.post("/auth/register", weak, headers=at).status_code for _ in range(130)} == {422}
    assert [api.post("/auth/register", taken, headers=at).status_code for _ in range(120)] == [409] * 120
    answer = api.post("/auth/register", taken, headers=at)
    assert refused(answer, "sign-in", 120, 300)
    assert refused(sign_in(api, student.email), "sign-in", 120, 300)
    assert sign_in(api, student.email, at="127.0.0.1").status_code == 200
    assert sign_in(api, student.email, at=CAFE).status_code == 200


def test_an_account_that_does_not_exist_is_refused_just_as_one_that_does(api: Api) -> None:
    for email in ("nobody@example.com", "no address", ""):
        assert [fail(api, email, at=f"203.0.113.{len(email)}") for _ in range(11)] == [401] * 10 + [429]


def test_a_sign_in_that_succeeds_counts_for_nothing(student: Student, api: Api) -> None:
    for _ in range(3):
        assert [fail(api, student.email, at=CAFE) for _ in range(3)] == [401] * 3
        assert [sign_in(api, student.email, at=CAFE).status_code for _ in range(12)] == [200] * 12
    assert fail(api, student.email, at=CAFE) == 401
    assert fail(api, student.email, at=CAFE) == 429


@pytest.mark.parametrize("how", ["register", "login", "refresh"])
def test_who_was_well_received_at_an_address_is_not_held_for_its_strangers(
    register: Callable[..., Student], api: Api, clock: FrozenClock, how: str
) -> None:
    student, stranger = welcomed(api, how), register("stranger@example.com")
    clock.advance(days=30)
    while fail(api) != 429:
        pass
    assert refused(sign_in(api, stranger.email), "sign-in-address", 30, 300)
    assert [fail(api, student) for _ in range(9)] == [401] * 9
    assert sign_in(api, student).status_code == 200
    assert fail(api, student) == 401
    assert refused(sign_in(api, student), "sign-in-account", 10, 600)


def welcomed(api: Api, how: str) -> str:
    """Return the account of a student who was well received at home in this way, and signed up elsewhere otherwise."""
    email = "student@example.com"
    at = {way: {"X-Forwarded-For": HOME if way == how else CAFE} for way in ("register", "login", "refresh")}
    body = {"email": email, "password": PASSWORD}
    pair = api.post("/auth/register", body, headers=at["register"]).json
    if how == "login":
        assert sign_in(api, email).status_code == 200
    if how == "refresh":
        token = {"refresh_token": pair["refresh_token"]}
        assert api.post("/auth/refresh", token, headers=at["refresh"]).status_code == 200
    return email


def test_a_class_behind_one_address_meets_no_limit(api: Api) -> None:
    """Forty students who register, sign in and start the app at one moment."""
    for number in range(40):
        body = {"email": f"student{number}@example.com", "password": PASSWORD}
        assert api.post("/auth/register", body).status_code == 201
        pair = api.post("/auth/login", body).json
        assert api.post("/auth/refresh", {"refresh_token": pair["refresh_token"]}).status_code == 200
        assert api.get("/users/me", token=pair["access_token"]).status_code == 200


def test_an_address_is_strange_again_after_thirty_days(api: Api, clock: FrozenClock) -> None:
    student = welcomed(api, "register")
    clock.advance(days=31)
    while fail(api) != 429:
        pass
    assert sign_in(api, student).status_code == 429


def test_what_was_no_wrong_password_is_not_counted(student: Student, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody guesses while nothing is hashed: the student tries again as they were told."""
    with monkeypatch.context() as patch:
        patch.setattr(argon2.PasswordHasher, "verify", no_memory)
        assert [sign_in(api, student.email, at=CAFE).status_code for _ in range(40)] == [503] * 40
    assert sign_in(api, student.email, at=CAFE).status_code == 200


def no_memory(*_: object) -> bool:
    raise VerificationError("Memory allocation error")


def test_a_busy_server_still_has_a_turn_for_who_is_known_at_their_address(
    student: Student, api: Api, hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    while hasher._strangers_places.acquire(blocking=False):
        hasher._places.acquire(blocking=False)
    assert sign_in(api, student.email, at=CAFE).json["code"] == "overloaded"
    register = api.post("/auth/register", {"email": "new@example.com", "password": PASSWORD})
    assert register.json["code"] == "overloaded"
    assert sign_in(api, student.email, at="127.0.0.1").status_code == 200
    assert fail(api, student.email, at="127.0.0.1") == 401


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::/64"),
        ("::1", "::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("somewhere", "somewhere"),
        ("", ""),
    ],
)
def test_an_ipv6_address_counts_with_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


def test_all_addresses_of_an_ipv6_network_count_together(api: Api) -> None:
    assert [fail(api, at=f"2001:db8::{number:x}") for number in range(1, 32)] == [401] * 30 + [429]
    assert fail(api, at="2001:db8:0:1::1") == 401


def test_an_address_is_noted_once_a_day_and_cannot_be_read(api: Api, clock: FrozenClock) -> None:
    body = {"email": "student@example.com", "password": PASSWORD}
    assert api.post("/auth/register", body, headers={"X-Forwarded-For": HOME}).status_code == 201
    for days in (0, 1, 1, -1):
        clock.advance(days=days)
        assert sign_in(api, "student@example.com").status_code == 200
    (row,) = FamiliarAddress.select()
    assert row.day == date(2026, 3, 6)
    assert HOME not in row.address
    assert len(row.address) == 32


def test_a_new_key_forgets_no_address(student: Student, clock: FrozenClock) -> None:
    user = User.get()
    old, new = FamiliarAddresses(KEYS), FamiliarAddresses(Keys(b"n" * 32, previous=(KEYS.current,)))
    old.note(user.id, CAFE, now=clock.now)
    assert new.knows(user.id, CAFE, now=clock.now)
    assert not FamiliarAddresses(Keys(b"n" * 32)).knows(user.id, CAFE, now=clock.now)
    assert not new.knows(user.id, HOME, now=clock.now)
    assert not new.knows(user.id, CAFE, now=clock.now + timedelta(days=31))


@pytest.mark.parametrize(("environment", "warned"), [("production", True), ("development", False)])
def test_limits_can_be_switched_off_and_production_warns(
    settings: Settings, database: Database, queue: Queue, hasher: Hasher, environment: str, warned: bool
) -> None:
    off = settings.model_copy(update={"limits": LimitsSettings(enabled=False), "environment": environment})
    with capture_logs() as lines:
        api = Api(TestClient(create_app(off, database=database, queue=queue, keys=KEYS, hasher=hasher)))
    assert ("limits_disabled" in {line["event"] for line in lines}) == warned
    assert {fail(api, "nobody@example.com") for _ in range(40)} == {401}
