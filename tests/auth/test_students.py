"""What an operator does with students holds at once, on every device, and leaves nothing behind."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import argon2
import pytest
from falcon.testing import TestClient

from schediora.app import create_app
from schediora.auth import students
from schediora.auth.errors import EmailTaken
from schediora.auth.passwords import Hasher, Outcome
from schediora.db.database import Database, connected
from schediora.errors import Unauthenticated
from schediora.models.registry import MODELS
from schediora.models.schema import SchemaRevision
from schediora.models.users import User
from schediora.queue import Queue
from schediora.settings.values import Settings
from tests.client import PASSWORD, Api, FrozenClock, Student
from tests.conftest import KEYS

NEW = "a better password"


def login(api: Api, student: Student, password: str) -> int:
    return int(api.post("/auth/login", {"email": student.email, "password": password}).status_code)


def test_students_are_found_by_a_part_of_their_address_the_newest_first(
    register: Callable[..., Student], database: Database, clock: FrozenClock
) -> None:
    for name in ("mei@example.com", "kim_1@example.com", "kimx1@example.com"):
        register(name, timezone="Asia/Jakarta")
    with connected(database):
        assert [one.email for one in students.enrolled(limit=2, now=clock.now)] == [
            "kimx1@example.com",
            "kim_1@example.com",
        ]
        (found,) = students.enrolled(address_part="Kim_1", limit=9, now=clock.now)
        assert (found.timezone, found.sign_ins, found.created_at) == ("Asia/Jakarta", 1, clock.now)
        assert found.last_used_at == clock.now
        assert students.enrolled(limit=1, now=clock.now + timedelta(days=300))[0].sign_ins == 0


def test_a_student_is_called_by_address_or_id_however_it_is_spelled(student: Student, database: Database) -> None:
    with connected(database):
        names = (student.email, student.email.upper(), student.id, student.id.replace("-", ""))
        assert {str(students.student_called(name).id) for name in names} == {student.id}
        for nobody in ("nobody@example.com", "nobody", str(UUID(int=7)), "a@b@c"):
            with pytest.raises(students.StudentNotFound):
                students.student_called(nobody)


def test_an_address_is_taken_once(student: Student, database: Database, clock: FrozenClock) -> None:
    with connected(database), pytest.raises(EmailTaken):
        students.enrol(student.email, "-", None, now=clock.now)


def test_another_password_signs_out_everywhere_and_the_old_one_is_dead(
    api: Api, student: Student, database: Database, hasher: Hasher, clock: FrozenClock
) -> None:
    assert login(api, student, PASSWORD) == 200
    with connected(database):
        assert students.set_password(UUID(student.id), hasher.hash(NEW), now=clock.now) == 2
    assert student.get("/users/me").status_code == 401
    assert api.post("/auth/refresh", {"refresh_token": student.refresh_token}).status_code == 401
    assert (login(api, student, PASSWORD), login(api, student, NEW)) == (401, 200)


def test_signing_out_ends_every_device_and_nobody_elses(
    api: Api, student: Student, register: Callable[..., Student], database: Database, clock: FrozenClock
) -> None:
    other = register()
    with connected(database):
        assert students.sign_out(UUID(student.id), now=clock.now) == 1
        assert students.sign_out(UUID(student.id), now=clock.now) == 0
    assert (student.get("/users/me").status_code, other.get("/users/me").status_code) == (401, 200)
    assert login(api, student, PASSWORD) == 200


def test_nothing_of_a_deleted_student_is_left_and_nothing_of_another_is_gone(
    student: Student, register: Callable[..., Student], database: Database
) -> None:
    other = register()
    for one in (student, other):
        one.put("/users/preferences", {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"]})
        one.post("/plans", {"title": "Cells", "topic": "Biology", "duration_minutes": 45})
        one.post("/ai/plans/generate", {"goal": "Pass", "topic": "Biology", "week": "next"})
        one.post("/users/me/calendar")
    tables = [model for model in MODELS if model is not SchemaRevision]
    with connected(database):
        both = {model: model.select().count() for model in tables}
        students.delete(UUID(student.id))
        left = {model: model.select().count() for model in tables}
        assert {model: count * 2 for model, count in left.items()} == both
        assert [user.email for user in User.select()] == [other.email]
        with pytest.raises(Unauthenticated):
            students.delete(UUID(student.id))
    assert (student.get("/users/me").status_code, other.get("/users/me").status_code) == (401, 200)


class Slow(Hasher):
    """A hasher after whose first verification something happens."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        super().__init__(parameters=argon2.profiles.CHEAPEST)
        self._meanwhile: list[Callable[[], object]] = [meanwhile]

    def verify(self, password: str, stored: str | None, *, familiar: bool = False) -> Outcome:
        outcome = super().verify(password, stored, familiar=familiar)
        while self._meanwhile:
            self._meanwhile.pop()()
        return outcome


def test_a_sign_in_with_the_old_password_does_not_slip_past_the_new_one(
    settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher, student: Student
) -> None:
    outcomes = {}
    for password in (PASSWORD, NEW):
        hashed = hasher.hash(NEW)

        def change(hashed: str = hashed) -> None:
            with connected(database):
                students.set_password(UUID(student.id), hashed, now=clock.now)

        app = create_app(settings, database=database, queue=queue, clock=clock, keys=KEYS, hasher=Slow(change))
        outcomes[password] = login(Api(TestClient(app)), student, password)
    assert outcomes == {PASSWORD: 401, NEW: 200}
