"""When a student's day starts, and the days on which they do not study: what is taken, what is refused."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from schediora.users.queries import Rest, preferences_of, rest_of
from tests.client import FrozenClock, Student
from tests.planner.book import travel

PLAIN = {"goal": "Semester exam", "daily_hours": 2, "focus_topics": ["Math"]}
TODAY = date(2026, 3, 4)
"""A Wednesday: the clock's."""


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def span(first: int, last: int) -> dict[str, str]:
    return {"first": day(first), "last": day(last)}


def put(student: Student, **fields: Any) -> Any:
    return student.put("/users/preferences", PLAIN | fields)


def shown(student: Student) -> dict[str, Any]:
    return dict(student.get("/users/me").json["preferences"])


def test_what_keeps_the_bounds_is_taken_and_shown_in_order(student: Student) -> None:
    good: list[dict[str, Any]] = [
        {"day_starts_at": "00:00"},
        {"day_starts_at": "06:00"},
        {"day_starts_at": "02:30"},
        {"rest_days": [1, 2, 3, 4, 5, 6]},
        {"rest_days": [7.0]},
        {"rest_days": []},
        {"days_off": [span(-28, -28)]},
        {"days_off": [span(366, 366)]},
        {"days_off": [span(0, 91)]},
        {"days_off": [span(number, number) for number in range(20)]},
        {"days_off": []},
    ]
    for fields in good:
        assert put(student, **fields).status_code == 200, fields
        assert shown(student) | fields == shown(student)
    put(student, rest_days=[6, 3], days_off=[span(5, 5), span(1, 4)])
    assert shown(student)["rest_days"] == [3, 6]
    assert shown(student)["days_off"] == [span(1, 4), span(5, 5)]


def test_what_is_left_out_keeps_its_value_and_an_empty_list_clears(student: Student) -> None:
    told = {"day_starts_at": "04:00", "rest_days": [7], "days_off": [span(1, 3)]}
    put(student, **told)
    put(student)
    assert shown(student) | told == shown(student)
    put(student, rest_days=[])
    put(student, days_off=[])
    assert shown(student) | {"day_starts_at": "04:00", "rest_days": [], "days_off": []} == shown(student)


def test_bad_input_is_one_sentence_and_changes_nothing(student: Student) -> None:
    put(student, day_starts_at="04:00", rest_days=[7], days_off=[span(1, 3)])
    before = student.get("/users/me").json
    early = "Day starts at must be a time from 00:00 to 06:00, such as 04:00."
    wrong: list[tuple[dict[str, Any], str]] = [
        *(({"day_starts_at": clock}, early) for clock in ("06:01", "24:00", "4:00", "04:60", "04:00:00", "", "0٤:00")),
        ({"day_starts_at": None}, "Day starts at must be text."),
        ({"day_starts_at": 240}, "Day starts at must be text."),
        ({"rest_days": [1, 2, 3, 4, 5, 6, 7]}, "Rest days must have at most 6 entries."),
        ({"rest_days": [7, 7]}, "Rest days must not name the same weekday twice."),
        ({"rest_days": [0]}, "Rest days entry 1 must be at least 1."),
        ({"rest_days": [8]}, "Rest days entry 1 must be at most 7."),
        ({"rest_days": ["7"]}, "Rest days entry 1 must be a whole number."),
        ({"rest_days": None}, "Rest days must be a list."),
        ({"days_off": None}, "Days off must be a list."),
        ({"days_off": [span(3, 2)]}, "Days off entry 1 must not end before it starts."),
        ({"days_off": [span(0, 92)]}, "Days off entry 1 must have at most 92 days."),
        ({"days_off": [span(n, n) for n in range(21)]}, "Days off must have at most 20 entries."),
        ({"days_off": [span(1, 3), span(3, 4)]}, "Days off must not overlap."),
        ({"days_off": [span(5, 6), span(1, 9)]}, "Days off must not overlap."),
        ({"days_off": [span(2, 2), span(2, 2)]}, "Days off must not overlap."),
        ({"days_off": [span(-29, 0)]}, "Days off must begin at most 28 days ago."),
        ({"days_off": [span(1, 1), span(366, 367)]}, "Days off must end within 366 days of today."),
        ({"days_off": [{"first": "0001-01-01", "last": "0001-01-01"}]}, "Days off must begin at most 28 days ago."),
        ({"days_off": [{"first": "9999-12-31", "last": "9999-12-31"}]}, "Days off must end within 366 days of today."),
        ({"days_off": [{"first": day(1)}]}, "Last is missing."),
    ]
    answers = [(fields, put(student, **fields), sentence) for fields, sentence in wrong]
    assert [
        (fields, answer.status_code, answer.json)
        for fields, answer, sentence in answers
        if answer.status_code != 422 or answer.json["detail"] != sentence
    ] == []
    assert student.get("/users/me").json == before


def test_days_off_that_are_there_may_stay_though_they_began_long_ago(student: Student, clock: FrozenClock) -> None:
    put(student, days_off=[span(0, 40)])
    travel(student, clock, "2026-04-08T09:00:00+00:00")
    assert put(student, days_off=[span(0, 36), span(50, 51)]).status_code == 200
    assert put(student, days_off=[span(1, 36)]).status_code == 422


def test_the_bounds_go_by_the_students_day(student: Student, clock: FrozenClock) -> None:
    clock.advance(hours=16)  # 01:00 of the fifth
    assert put(student, days_off=[span(-28, -28)]).status_code == 422
    assert put(student, day_starts_at="04:00", days_off=[span(-28, -28)]).status_code == 200


def test_a_day_is_off_by_its_weekday_or_by_its_date(student: Student) -> None:
    assert rest_of(UUID(student.id)) == Rest()
    put(student, rest_days=[7], days_off=[span(0, 1), span(5, 5)])
    rest = rest_of(UUID(student.id))
    wishes = preferences_of(UUID(student.id))
    week = [TODAY + timedelta(days=number) for number in range(-1, 7)]
    assert [rest.is_off(each) for each in week] == [False, True, True, False, False, True, True, False]
    assert [wishes.is_off(each) for each in week] == [rest.is_off(each) for each in week]
