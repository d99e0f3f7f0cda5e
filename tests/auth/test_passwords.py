"""Hashing: its strength, its equal work, and its limits under load."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import argon2
import pytest
from argon2.exceptions import HashingError, VerificationError

from schediora.auth.passwords import Hasher, Outcome
from schediora.errors import Unavailable
from schediora.models.users import User
from tests.client import PASSWORD, Api, Student

CHEAP = argon2.profiles.CHEAPEST


@contextmanager
def busy(hasher: Hasher, monkeypatch: pytest.MonkeyPatch, *, at_once: int, waiting: int) -> Iterator[list[int]]:
    """Fill `hasher` with calls that do not end before the block does; yields how many worked whenever one began."""
    finish, changed, working, seen = threading.Event(), threading.Condition(), 0, list[int]()
    verify = argon2.PasswordHasher.verify

    def slow(self: argon2.PasswordHasher, stored: str, password: str) -> bool:
        nonlocal working
        with changed:
            working += 1
            seen.append(working)
            changed.notify_all()
        finish.wait(timeout=30)
        with changed:
            working -= 1
        return bool(verify(self, stored, password))

    with ThreadPoolExecutor(at_once + waiting) as pool, monkeypatch.context() as patch:
        patch.setattr(argon2.PasswordHasher, "verify", slow)
        answers = [pool.submit(hasher.verify, "a password", None) for _ in range(at_once + waiting)]
        try:
            with changed:
                assert changed.wait_for(lambda: len(seen) == at_once, timeout=10)
            for _ in range(1000):
                if hasher._strangers_places._value == 0:
                    break
                threading.Event().wait(0.01)
            yield seen
        finally:
            finish.set()
        assert [answer.result(timeout=30) for answer in answers] == [Outcome.WRONG] * (at_once + waiting)


def test_students_passwords_are_hashed_as_rfc_9106_recommends_second() -> None:
    hasher = Hasher()
    stored = hasher.hash("correct horse")
    parameters = argon2.extract_parameters(stored)
    assert (parameters.type, parameters.version) == (argon2.Type.ID, 19)
    assert (parameters.time_cost, parameters.memory_cost, parameters.parallelism) == (3, 64 * 1024, 4)
    assert (parameters.salt_len, parameters.hash_len) == (16, 32)
    assert hasher.verify("correct horse", stored) is Outcome.RIGHT
    assert hasher.verify("wrong horse", stored) is Outcome.WRONG
    assert not hasher.outdated(stored)


@pytest.mark.parametrize("parameters", [CHEAP, argon2.profiles.RFC_9106_LOW_MEMORY])
def test_nobodys_hash_costs_what_a_students_costs(parameters: argon2.Parameters) -> None:
    hasher = Hasher(parameters=parameters)
    assert argon2.extract_parameters(hasher._nobodys) == argon2.extract_parameters(hasher.hash("a password"))
    assert hasher.verify("a password", None) is Outcome.WRONG


def test_a_stored_word_that_is_no_hash_lets_nobody_in() -> None:
    hasher = Hasher(parameters=CHEAP)
    assert hasher.verify("a password", "!") is Outcome.WRONG


def test_no_memory_is_no_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(error: type[Exception]) -> Callable[..., None]:
        def _fail(*_: object) -> None:
            raise error("Memory allocation error")

        return _fail

    hasher = Hasher(parameters=CHEAP)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", fail(VerificationError))
    monkeypatch.setattr(argon2.PasswordHasher, "hash", fail(HashingError))
    for work in (lambda: hasher.verify("a password", "any"), lambda: hasher.hash("a password")):
        with pytest.raises(Unavailable) as refused:
            work()
        assert refused.value.retry_after == 2


@pytest.mark.parametrize(
    ("cores", "at_once", "waiting"),
    [(1, 1, 1), (2, 2, 2), (64, 8, 8)],
)
def test_so_many_hash_at_once_and_so_many_wait(
    monkeypatch: pytest.MonkeyPatch, cores: int, at_once: int, waiting: int
) -> None:
    hasher = Hasher(cores=cores, parameters=CHEAP)
    with busy(hasher, monkeypatch, at_once=at_once, waiting=waiting) as working:
        with pytest.raises(Unavailable):
            hasher.verify("a password", None)
        with pytest.raises(Unavailable) as refused:
            hasher.hash("a password")
        assert refused.value.retry_after == 2
    assert max(working) == at_once
    assert hasher.verify("a password", hasher.hash("a password")) is Outcome.RIGHT


@pytest.fixture
def hasher() -> Hasher:
    """One that a few calls fill up."""
    return Hasher(cores=1, parameters=CHEAP)


def test_a_storm_of_sign_ins_is_told_to_wait_and_everyone_else_is_served(
    student: Student, hasher: Hasher, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with busy(hasher, monkeypatch, at_once=1, waiting=1):
        for path in ("register", "login"):
            answer = api.post(f"/auth/{path}", {"email": "new@example.com", "password": PASSWORD})
            assert (answer.status_code, answer.json["code"]) == (503, "overloaded")
            assert answer.headers["retry-after"] == "2"
        assert student.get("/users/me").status_code == 200
        assert api.post("/auth/refresh", {"refresh_token": student.refresh_token}).status_code == 200
    assert api.post("/auth/login", {"email": student.email, "password": PASSWORD}).status_code == 200


def test_signing_in_renews_a_hash_with_yesterdays_parameters(student: Student, hasher: Hasher, api: Api) -> None:
    weaker = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1, hash_len=8).hash(PASSWORD)
    User.update(password_hash=weaker).execute()
    assert hasher.outdated(weaker)
    assert api.post("/auth/login", {"email": student.email, "password": "wrong password"}).status_code == 401
    assert User.get().password_hash == weaker
    for _ in range(2):
        assert api.post("/auth/login", {"email": student.email, "password": PASSWORD}).status_code == 200
        assert not hasher.outdated(User.get().password_hash)


def test_no_password_is_hashed_inside_a_transaction(
    student: Student, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[bool] = []
    for name in ("hash", "verify"):
        work = getattr(argon2.PasswordHasher, name)

        def watched(self: argon2.PasswordHasher, *given: str, work: object = work) -> object:
            inside.append(User._meta.database.in_transaction())
            return work(self, *given)  # type: ignore[operator]  # one of two methods

        monkeypatch.setattr(argon2.PasswordHasher, name, watched)
    api.post("/auth/register", {"email": "new@example.com", "password": PASSWORD})
    api.post("/auth/login", {"email": student.email, "password": PASSWORD})
    assert inside == [False, False]


DECOMPOSED, COMPOSED = "Cafe\u0301 cre\u0300me", "Caf\u00e9 cr\u00e8me"


def test_every_spelling_of_a_password_is_the_same_password(api: Api) -> None:
    for number, (first, second) in enumerate(((COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED))):
        account = {"email": f"student{number}@example.com", "password": first}
        assert api.post("/auth/register", account).status_code == 201
        assert api.post("/auth/login", account | {"password": second}).status_code == 200
        assert api.post("/auth/login", account).status_code == 200
        stored = User.get(User.email == account["email"]).password_hash
        assert argon2.PasswordHasher().verify(stored, COMPOSED)


def test_a_password_that_the_first_release_stored_as_it_was_typed_is_right_and_stored_anew(
    student: Student, api: Api, hasher: Hasher
) -> None:
    User.update(password_hash=argon2.PasswordHasher.from_parameters(CHEAP).hash(DECOMPOSED)).execute()
    stored = User.get().password_hash
    assert api.post("/auth/login", {"email": student.email, "password": COMPOSED}).status_code == 401
    assert User.get().password_hash == stored
    assert hasher.verify(DECOMPOSED, stored) is Outcome.OUTDATED
    for password in (DECOMPOSED, COMPOSED, DECOMPOSED):
        assert api.post("/auth/login", {"email": student.email, "password": password}).status_code == 200
    assert hasher.verify(DECOMPOSED, User.get().password_hash) is Outcome.RIGHT


@pytest.mark.parametrize(("password", "hashes"), [(COMPOSED, 1), (DECOMPOSED, 2), ("e\u0301" * 300, 1)])
def test_the_spelling_costs_the_same_whoever_is_meant(
    student: Student, api: Api, monkeypatch: pytest.MonkeyPatch, password: str, hashes: int
) -> None:
    tried: list[str] = []
    verify = argon2.PasswordHasher.verify

    def counting(self: argon2.PasswordHasher, stored: str, spelling: str) -> bool:
        tried.append(spelling)
        return bool(verify(self, stored, spelling))

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counting)
    for email in (student.email, "nobody@example.com", "no address"):
        assert api.post("/auth/login", {"email": email, "password": password}).status_code == 401
        assert len(tried) == hashes
        assert tried.pop() == password
        tried.clear()


def test_characters_are_counted_as_they_are_stored(api: Api) -> None:
    account = {"email": "student@example.com"}
    for password, status in (("e\u0301" * 7, 422), ("e\u0301" * 129, 422), ("e\u0301" * 128, 201)):
        assert api.post("/auth/register", account | {"password": password}).status_code == status
    assert api.post("/auth/login", account | {"password": "\u00e9" * 128}).status_code == 200


def test_no_turn_to_store_a_password_anew_is_no_reason_to_keep_a_student_out(
    student: Student, api: Api, hasher: Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    weaker = argon2.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1, hash_len=8).hash(PASSWORD)
    User.update(password_hash=weaker).execute()

    def full(*_: object, **__: object) -> str:
        raise Unavailable()

    monkeypatch.setattr(hasher, "hash", full)
    assert api.post("/auth/login", {"email": student.email, "password": PASSWORD}).status_code == 200
    assert User.get().password_hash == weaker
