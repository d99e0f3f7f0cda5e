"""Who is signed in, and what the rest of the house reads of students."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from schediora.errors import Unauthenticated
from schediora.models.users import User
from schediora.users.locking import lock_student
from schediora.users.queries import StudyPreferences, caller_of, focus_topics_of, preferences_of
from schediora.users.schemas import MeView
from tests.client import Student


def test_a_new_student_has_no_preferences_and_the_default_zone(student: Student) -> None:
    answer = student.get("/users/me")
    assert answer.status_code == 200
    assert answer.json == {
        "id": student.id,
        "email": student.email,
        "email_confirmed": True,
        "timezone": "UTC",
        "created_at": "2026-03-04T09:00:00Z",
        "preferences": None,
    }
    assert UUID(student.id).version == 7


def test_a_student_is_shown_as_the_view_of_them_would_show_them(student: Student) -> None:
    every = {
        "goal": "Pässe the 'exam'",
        "daily_hours": 2.5,
        "focus_topics": ["Biology"],
        "availability": [{"weekday": 5, "start": "16:00", "end": "24:00"}],
        "exams": [{"topic": "Biology", "date": "2026-12-18"}],
        "days_off": [{"first": "2026-03-21", "last": "2026-04-03"}],
        "rest_days": [7],
        "language": "id",
        "day_starts_at": "04:00",
    }
    for wish in (None, {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Math"]}, every):
        if wish:
            assert student.put("/users/preferences", wish).status_code == 200
        shown = student.get("/users/me")
        assert shown.content == MeView(**shown.json).model_dump_json().encode()


def test_head_answers_like_get(student: Student) -> None:
    head = student.api.call("HEAD", "/users/me", token=student.token)
    assert (head.status_code, head.text) == (200, "")


def test_each_student_sees_themselves(student: Student, register: Callable[..., Student]) -> None:
    other = register(timezone="Pacific/Kiritimati")
    assert other.get("/users/me").json["email"] == other.email
    assert other.get("/users/me").json["timezone"] == "Pacific/Kiritimati"
    assert student.get("/users/me").json["email"] == student.email


def test_a_parameter_is_refused(student: Student) -> None:
    answer = student.get("/users/me", params={"fields": "email"})
    assert (answer.status_code, answer.json["errors"][0]["parameter"]) == (422, "fields")


def test_a_student_who_has_not_said_studies_two_hours_in_sessions_of_45_minutes_from_8_to_22(student: Student) -> None:
    study = preferences_of(UUID(student.id))
    assert study == StudyPreferences()
    assert (study.goal, study.daily_minutes, study.session_minutes) == (None, 120, 45)
    assert (study.focus_topics, study.exams) == ((), ())
    assert study.windows == tuple((weekday, 8 * 60, 22 * 60) for weekday in range(1, 8))
    assert focus_topics_of(UUID(student.id)) == ()


def test_what_a_student_said_is_read_in_minutes_and_in_order(student: Student) -> None:
    said = {
        "goal": "Semester exam",
        "daily_hours": 2.5,
        "focus_topics": ["Math", "Biology"],
        "session_minutes": 60,
        "availability": [
            {"weekday": 7, "start": "20:00", "end": "24:00"},
            {"weekday": 1, "start": "16:00", "end": "21:30"},
            {"weekday": 1, "start": "06:05", "end": "07:00"},
        ],
        "exams": [{"topic": "Math", "date": "2026-06-02"}, {"topic": "Biology", "date": "2026-05-01"}],
    }
    assert student.put("/users/preferences", said).status_code == 200
    assert preferences_of(UUID(student.id)) == StudyPreferences(
        goal="Semester exam",
        daily_minutes=150,
        said_daily_minutes=150,
        session_minutes=60,
        focus_topics=("Math", "Biology"),
        windows=((1, 365, 420), (1, 960, 1290), (7, 1200, 1440)),
        exams=(("Biology", date(2026, 5, 1)), ("Math", date(2026, 6, 2))),
    )
    assert focus_topics_of(UUID(student.id)) == ("Math", "Biology")


def test_a_student_can_be_a_caller_without_a_request(register: Callable[..., Student]) -> None:
    unset, set_ = register(), register(timezone="Asia/Jakarta")
    caller = caller_of(UUID(unset.id), "Europe/Berlin")
    assert caller is not None
    assert (caller.user_id, caller.zone.key) == (UUID(unset.id), "Europe/Berlin")
    caller = caller_of(UUID(set_.id), "Europe/Berlin")
    assert caller is not None
    assert isinstance(caller.zone, ZoneInfo)
    assert caller.zone.key == "Asia/Jakarta"
    assert caller_of(uuid4(), "Europe/Berlin") is None


def test_the_lock_gives_the_student_or_says_that_they_are_gone(student: Student) -> None:
    with User.transaction():
        assert lock_student(UUID(student.id)).email == student.email
    with pytest.raises(Unauthenticated), User.transaction():
        lock_student(uuid4())
