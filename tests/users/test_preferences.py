"""Setting preferences: the rules of every field, and what is kept when a field is left out."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from schediora.http.validation import faults
from schediora.models.users import Preferences, User
from schediora.users.schemas import PreferencesUpdate
from tests.client import FrozenClock, Student

PLAIN = {"goal": "Semester exam", "daily_hours": 2, "focus_topics": ["Math", "Biology"]}
EVERY_DAY = [{"weekday": weekday, "start": "08:00", "end": "22:00"} for weekday in range(1, 8)]
WHOLE = {
    **PLAIN,
    "timezone": "Asia/Jakarta",
    "availability": [
        {"weekday": 3, "start": "20:00", "end": "24:00"},
        {"weekday": 1, "start": "16:00", "end": "18:00"},
        {"weekday": 1, "start": "18:00", "end": "18:15"},
    ],
    "session_minutes": 90,
    "exams": [{"topic": "Biology", "date": "2026-12-18"}],
    "language": "id",
    "day_starts_at": "04:00",
    "rest_days": [5, 7],
    "days_off": [{"first": "2026-03-10", "last": "2026-03-10"}, {"first": "2026-04-01", "last": "2026-04-14"}],
}


def test_the_apps_fields_are_enough(student: Student) -> None:
    answer = student.put("/users/preferences", PLAIN)
    assert answer.status_code == 200
    expected: dict[str, Any] = {**PLAIN, "timezone": "UTC", "availability": EVERY_DAY, "session_minutes": 45}
    expected |= {"exams": [], "language": None, "day_starts_at": "00:00", "rest_days": [], "days_off": []}
    assert answer.json == {"message": "preferences updated", "preferences": expected}
    assert student.get("/users/me").json["preferences"] == expected


def test_what_is_shown_is_what_was_set_and_can_be_set_again(student: Student) -> None:
    shown = student.put("/users/preferences", WHOLE).json["preferences"]
    assert shown == WHOLE
    assert student.put("/users/preferences", shown).json["preferences"] == WHOLE
    assert student.get("/users/me").json["preferences"] == WHOLE
    assert student.get("/users/me").json["timezone"] == "Asia/Jakarta"


def test_optional_fields_that_are_left_out_keep_their_value(student: Student) -> None:
    student.put("/users/preferences", WHOLE)
    changed = {"goal": "Certification", "daily_hours": 0.5, "focus_topics": ["Chemistry"]}
    assert student.put("/users/preferences", changed).json["preferences"] == {**WHOLE, **changed}
    cleared = student.put("/users/preferences", {**changed, "exams": []}).json["preferences"]
    assert cleared == {**WHOLE, **changed, "exams": []}


def test_the_same_preferences_twice_are_one_row(student: Student) -> None:
    for _ in range(2):
        assert student.put("/users/preferences", WHOLE).status_code == 200
    assert Preferences.select().count() == 1


def test_the_language_is_kept_until_null_clears_it(student: Student) -> None:
    student.put("/users/preferences", {**PLAIN, "language": "PT-br"})
    assert student.put("/users/preferences", PLAIN).json["preferences"]["language"] == "pt-BR"
    assert student.put("/users/preferences", {**PLAIN, "language": None}).json["preferences"]["language"] is None


def test_new_preferences_are_a_new_revision_of_the_planner(student: Student) -> None:
    student.put("/users/preferences", PLAIN)
    student.put("/users/preferences", WHOLE)
    assert User.get().planner_revision == 2


def test_preferences_need_a_sign_in(student: Student) -> None:
    assert student.api.put("/users/preferences", PLAIN).status_code == 401


def test_bad_input_changes_nothing_and_every_fault_is_named(student: Student) -> None:
    student.put("/users/preferences", WHOLE)
    refused = student.put(
        "/users/preferences",
        {
            "daily_hours": "2",
            "focus_topics": ["Math", "math "],
            "timezone": "Mars/Olympus",
            "availability": [{"weekday": 8, "start": "8:00", "end": "22:00", "room": 1}],
            "session_minutes": 14,
            "exams": [{"topic": " ", "date": "2026-02-30"}],
        },
    )
    assert refused.status_code == 422
    assert {fault["pointer"] for fault in refused.json["errors"]} == {
        "/goal",
        "/daily_hours",
        "/focus_topics",
        "/timezone",
        "/availability/0/weekday",
        "/availability/0/start",
        "/availability/0/room",
        "/session_minutes",
        "/exams/0/topic",
        "/exams/0/date",
    }
    assert refused.json["detail"] == "Goal is missing."
    assert student.get("/users/me").json["preferences"] == WHOLE


@pytest.mark.parametrize("body", [b"", b"[1", b"\xff", b'{"goal": "\\ud800"}'])
def test_what_is_no_json_is_malformed(student: Student, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    assert student.put("/users/preferences", None, body=body, headers=headers).status_code == 400


def test_an_exam_lies_within_five_years(student: Student, clock: FrozenClock) -> None:
    def put(*days: str) -> Any:
        return student.put("/users/preferences", {**PLAIN, "exams": [{"topic": "Math", "date": day} for day in days]})

    assert put("2021-03-05", "2026-03-04", "2031-03-04").status_code == 200
    refused = put("2026-03-04", "9999-12-31", "0001-01-01")
    assert refused.status_code == 422
    assert [fault["pointer"] for fault in refused.json["errors"]] == ["/exams/1/date", "/exams/2/date"]
    assert refused.json["detail"] == "The date of exam 2 must be within 5 years of today."


def refusals(**changes: Any) -> list[str]:
    try:
        PreferencesUpdate.model_validate_json(json.dumps({**PLAIN, **changes}))
    except ValidationError as problem:
        return [f"{fault['pointer']} {fault['detail']}" for fault in faults(problem)]
    return []


def window(start: str, end: str, weekday: Any = 1) -> dict[str, Any]:
    return {"weekday": weekday, "start": start, "end": end}


def exam(topic: Any = "Math", day: Any = "2026-06-01") -> dict[str, Any]:
    return {"topic": topic, "date": day}


@pytest.mark.parametrize(
    "changes",
    [
        {"goal": "g"},
        {"goal": "g" * 180},
        {"goal": f"  {'g' * 180}  "},
        {"daily_hours": 0.5},
        {"daily_hours": 5},
        {"daily_hours": 5.0},
        {"daily_hours": 15.5},
        {"daily_hours": 16},
        {"focus_topics": ["t"]},
        {"focus_topics": ["t" * 120]},
        {"focus_topics": [str(number) for number in range(10)]},
        {"timezone": "Pacific/Pago_Pago"},
        {"session_minutes": 15},
        {"session_minutes": 180},
        {"session_minutes": 45.0},
        {"availability": [window("00:00", "24:00")]},
        {"availability": [window("23:45", "24:00")]},
        {"availability": [window("08:00", "08:15", 7.0)]},
        {"availability": [window("10:00", "12:00"), window("08:00", "10:00"), window("08:00", "12:00", 2)]},
        {"exams": []},
        {"language": "zh-hant-TW"},
        {"language": None},
        {"exams": [exam(), exam(day="2026-06-02"), exam("Biology")]},
    ],
    ids=repr,
)
def test_what_keeps_the_rules_is_taken(changes: dict[str, Any]) -> None:
    assert refusals(**changes) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"goal": " "}, "/goal Goal must not be empty."),
        ({"goal": "g" * 181}, "/goal Goal must have at most 180 characters."),
        ({"goal": "a\0b"}, "/goal Goal must not contain a NUL character."),
        ({"goal": None}, "/goal Goal must be text."),
        ({"daily_hours": 0}, "/daily_hours Daily hours must be at least 0.5."),
        ({"daily_hours": -5}, "/daily_hours Daily hours must be at least 0.5."),
        ({"daily_hours": 16.5}, "/daily_hours Daily hours must be at most 16."),
        ({"daily_hours": 2.25}, "/daily_hours Daily hours must be in steps of 0.5."),
        ({"daily_hours": True}, "/daily_hours Daily hours must be a number."),
        ({"daily_hours": "2"}, "/daily_hours Daily hours must be a number."),
        ({"daily_hours": float("nan")}, "/daily_hours Daily hours must be a finite number."),
        ({"daily_hours": float("inf")}, "/daily_hours Daily hours must be a finite number."),
        ({"focus_topics": []}, "/focus_topics Focus topics must have at least 1 entry."),
        ({"focus_topics": [str(n) for n in range(11)]}, "/focus_topics Focus topics must have at most 10 entries."),
        ({"focus_topics": ["Straße", "STRASSE"]}, "/focus_topics Focus topics must not name the same topic twice."),
        ({"focus_topics": ["t" * 121]}, "/focus_topics/0 Focus topics entry 1 must have at most 120 characters."),
        ({"focus_topics": "Math"}, "/focus_topics Focus topics must be a list."),
        ({"timezone": "America"}, "/timezone Timezone must be an IANA time zone such as Asia/Jakarta."),
        ({"timezone": "UTC\0"}, "/timezone Timezone must be an IANA time zone such as Asia/Jakarta."),
        ({"timezone": None}, "/timezone Timezone must be text."),
        ({"session_minutes": 14}, "/session_minutes Session minutes must be at least 15."),
        ({"session_minutes": 181}, "/session_minutes Session minutes must be at most 180."),
        ({"session_minutes": 45.5}, "/session_minutes Session minutes must be a whole number."),
        ({"session_minutes": "45"}, "/session_minutes Session minutes must be a whole number."),
        ({"session_minutes": None}, "/session_minutes Session minutes must be a whole number."),
        ({"availability": []}, "/availability Availability must have at least 1 entry."),
        ({"availability": None}, "/availability Availability must be a list."),
        ({"availability": [window("08:00", "10:00")] * 51}, "/availability Availability must have at most 50 entries."),
        (
            {"availability": [window("08:00", "08:14")]},
            "/availability/0 Availability entry 1 must end at least 15 minutes after it starts.",
        ),
        (
            {"availability": [window("22:00", "06:00")]},
            "/availability/0 Availability entry 1 must end at least 15 minutes after it starts.",
        ),
        (
            {"availability": [window("08:00", "10:00"), window("09:59", "12:00")]},
            "/availability Availability must not have windows of one weekday that overlap.",
        ),
        (
            {"availability": [window("08:00", "20:00"), window("09:00", "10:00"), window("12:00", "13:00")]},
            "/availability Availability must not have windows of one weekday that overlap.",
        ),
        ({"availability": [window("08:00", "24:01")]}, "/availability/0/end End does not have the right form."),
        ({"availability": [window("24:00", "24:00")]}, "/availability/0/start Start does not have the right form."),
        ({"availability": [window("8:00", "10:00")]}, "/availability/0/start Start does not have the right form."),
        ({"availability": [window("08:00\n", "10:00")]}, "/availability/0/start Start does not have the right form."),
        ({"availability": [window("٠٨:00", "10:00")]}, "/availability/0/start Start does not have the right form."),
        ({"availability": [window("08:00", "10:00", 0)]}, "/availability/0/weekday Weekday must be at least 1."),
        ({"availability": [window("08:00", "10:00", 8)]}, "/availability/0/weekday Weekday must be at most 7."),
        ({"exams": None}, "/exams Exams must be a list."),
        ({"exams": [exam(), exam("math ")]}, "/exams Exams must not name the same exam twice."),
        ({"exams": [exam(str(n)) for n in range(51)]}, "/exams Exams must have at most 50 entries."),
        ({"exams": [exam(day="2026-02-30")]}, "/exams/0/date Date must be a date that exists."),
        ({"exams": [exam(day="18.12.2026")]}, "/exams/0/date Date must be a date such as 2026-12-18."),
        ({"exams": [exam(day=20261218)]}, "/exams/0/date Date must be a date such as 2026-12-18."),
        ({"exams": [{"topic": "Math"}]}, "/exams/0/date Date is missing."),
        ({"language": "english"}, "/language Language must be a language tag (BCP 47) such as id or zh-Hant."),
        ({"language": ""}, "/language Language must be a language tag (BCP 47) such as id or zh-Hant."),
        ({"language": 1}, "/language Language must be text."),
        ({"surprise": 1}, "/surprise Surprise is not known here."),
    ],
    ids=repr,
)
def test_what_breaks_a_rule_is_refused_in_words(changes: dict[str, Any], fault: str) -> None:
    assert refusals(**changes) == [fault]
