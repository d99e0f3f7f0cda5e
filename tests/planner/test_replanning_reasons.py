"""What a replanning says of each session: why it moved, when it is due, what helps. It is Wednesday 2026-03-04."""

from datetime import date
from typing import Any
from uuid import UUID

from schediora.languages.language import LANGUAGES, written_in
from schediora.models.planner import Plan, Session
from tests.client import FrozenClock, Student
from tests.planner.book import PREFERENCES, append, change, make_plan, ok, travel
from tests.planner.replanning import apply, preview, titles


def reasons(entries: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    return {entry["title"]: (entry["reason"]["code"], entry["reason"]["text"]) for entry in entries}


def test_what_was_missed_says_so_by_its_weekday_and_what_is_of_an_earlier_week_by_its_date(
    student: Student, clock: FrozenClock
) -> None:
    travel(student, clock, "2026-02-27T09:00:00Z")
    make_plan(student, title="Last week's", scheduled_at="2026-02-28T10:00:00Z")
    travel(student, clock, "2026-03-04T09:00:00Z")
    make_plan(student, title="This week's", topic="Math", scheduled_at="2026-03-02T10:00:00Z")
    said = reasons(preview(student, include_overdue=True)["moved"])
    assert said["This week's"][1].startswith("Missed on Monday; session placed on ")
    assert said["Last week's"][1].startswith("Missed on Saturday 28 February; session placed on ")


def test_a_missed_session_names_the_weekday_in_the_language_of_its_plan(student: Student) -> None:
    plan = make_plan(student, scheduled_at="2026-03-02T10:00:00Z")
    wrong = []
    for language in LANGUAGES:
        Plan.update(language=language).where(Plan.id == plan["id"]).execute()
        (moved,) = preview(student)["moved"]
        text = moved["reason"]["text"]
        days = [date(2026, 3, 2), date.fromisoformat(moved["scheduled_on"])]
        if not all(written_in(language).weekday(day) in text for day in days) or "{" in text:
            wrong.append(f"{language}: {text}")
    assert wrong == []


def test_what_moves_though_it_was_not_missed_says_another_reason(student: Student) -> None:
    windows = [{"weekday": day, "start": "10:00", "end": "12:00"} for day in (4, 5, 6)]
    wishes = {"availability": windows, "exams": [{"topic": "Math", "date": "2026-03-06"}], "days_off": []}
    ok(student.put("/users/preferences", PREFERENCES | wishes))
    make_plan(student, title="Too late for the exam", topic="Math", scheduled_at="2026-03-07T10:00:00Z")
    append(student, title="In the evening", topic="Art", scheduled_at="2026-03-05T20:00:00Z", duration_minutes=15)
    append(student, title="In the way", topic="Music", scheduled_at="2026-03-06T10:00:00Z")
    pinned = append(student, title="Pinned", topic="Music", scheduled_at="2026-03-06T11:00:00Z")
    change(student, pinned, scheduled_at="2026-03-06T10:15:00Z")
    causes = {title: text.partition("; ")[0] for title, (_, text) in reasons(preview(student)["moved"]).items()}
    assert causes == {
        "Too late for the exam": "Its Math exam is earlier, on Friday 6 March",
        "In the evening": "Its old time does not fit your study times",
        "In the way": "Something else lies at its old time",
    }


def test_what_leaves_a_day_that_held_too_much_says_so(student: Student) -> None:
    daily = {"every": "day", "until": "2026-03-06"}
    make_plan(student, title="Drill", topic="Art", scheduled_at="2026-03-05T14:00:00Z", repeat=daily)
    append(student, title="Cells", scheduled_at="2026-03-05T09:00:00Z", duration_minutes=80)
    append(student, title="Waves", topic="Physics", scheduled_at="2026-03-05T16:00:00Z", duration_minutes=80)
    causes = {text.partition("; ")[0] for _, text in reasons(preview(student)["moved"]).values()}
    assert causes == {"Its old day held more study than your daily hours"}


def test_what_makes_room_for_another_session_says_so(student: Student) -> None:
    windows = [{"weekday": day, "start": "10:00", "end": "12:00"} for day in (4, 5)]
    ok(student.put("/users/preferences", PREFERENCES | {"availability": windows, "daily_hours": 1}))
    make_plan(student, title="Book", topic="Art", scheduled_at="2026-03-05T11:00:00Z")
    append(student, title="Essay", scheduled_at="2026-03-02T10:00:00Z", due_on="2026-03-05")
    said = reasons(preview(student)["moved"])
    assert said["Essay"][1].startswith("Missed on Monday; ")
    assert said["Book"][1].startswith("It made room for another session; ")


def test_what_comes_before_another_or_lies_between_the_marks_says_so(student: Student) -> None:
    make_plan(student, title="Crooked", topic="Art", scheduled_at="2026-03-05T10:02:00Z")
    lesson = append(student, title="Lesson", scheduled_at="2026-03-06T15:00:00Z")
    practice = append(student, title="Practice", scheduled_at="2026-03-06T14:00:00Z", duration_minutes=90)
    for session, grounds in ((lesson, None), (practice, [lesson["id"]])):
        told = {"role": "lesson", "kind": "learn", "builds_on": grounds}
        Session.update(told).where(Session.id == UUID(session["id"])).execute()
    causes = {title: text.partition("; ")[0] for title, (_, text) in reasons(preview(student)["moved"]).items()}
    assert causes["Crooked"] == "Its old time is not on a mark of five minutes"
    assert causes.keys() == {"Crooked", "Lesson"}, causes
    assert causes["Lesson"] in ("It comes before “Practice”", "Something else lies at its old time")


def test_what_waits_for_a_session_that_does_not_move_names_it(student: Student) -> None:
    make_plan(student, title="Lesson", scheduled_at="2026-03-05T10:00:00Z")
    practice = append(student, title="Practice", scheduled_at="2026-03-05T14:00:00Z")
    (lesson,) = [each for each in ok(student.get("/sessions")) if each["title"] == "Lesson"]
    told = {"role": "practice", "kind": "practice", "builds_on": [lesson["id"]]}
    Session.update(told).where(Session.id == UUID(practice["id"])).execute()
    change(student, lesson, scheduled_at="2026-03-06T10:00:00Z")
    (moved,) = reasons(preview(student)["moved"]).values()
    assert moved[1].startswith("It comes after “Lesson”; ")


def test_what_lies_on_the_day_of_its_exam_says_so(student: Student) -> None:
    exams = [{"topic": "Math", "date": day} for day in ("2026-03-06", "2026-03-20")]
    ok(student.put("/users/preferences", PREFERENCES | {"exams": exams}))
    make_plan(student, topic="Math", scheduled_at="2026-03-06T15:00:00Z")
    (moved,) = reasons(preview(student)["moved"]).values()
    assert moved[1].startswith("Its Math exam is on that day, Friday 6 March; ")


def test_what_is_due_is_placed_before_the_end_of_that_day_and_says_so(student: Student) -> None:
    make_plan(student, title="Essay", scheduled_at="2026-03-07T10:00:00Z", due_on="2026-03-05")
    append(student, title="Book", topic="Art", scheduled_at="2026-03-02T10:00:00Z", due_on="2026-03-04")
    shown = preview(student)
    said = reasons(shown["moved"])
    assert said["Essay"] == (
        "due",
        "It is due earlier, on Thursday 5 March; session placed before it is due on Thursday 5 March.",
    )
    assert said["Book"] == ("due", "Missed on Monday; session placed before it is due on Wednesday 4 March.")
    days = {entry["title"]: entry["scheduled_on"] for entry in shown["moved"]}
    assert days["Essay"] <= "2026-03-05"
    assert days["Book"] == "2026-03-04"
    apply(student, shown["revision"])
    assert titles(preview(student)["kept"]) == {"Essay", "Book"}


def test_what_is_due_in_this_week_comes_from_the_next(student: Student) -> None:
    plan = make_plan(student, title="This week's", scheduled_at="2026-03-05T10:00:00Z")
    late = append(student, title="Essay", topic="Art", scheduled_at="2026-03-10T10:00:00Z", due_on="2026-03-06")
    assert late["plan_id"] == plan["id"]
    (moved,) = preview(student)["moved"]
    assert moved["title"] == "Essay"
    assert moved["scheduled_on"] <= "2026-03-06"


def test_what_has_no_room_before_it_is_due_says_so_and_what_helps(student: Student) -> None:
    windows = [{"weekday": 7, "start": "10:00", "end": "12:00"}]
    ok(student.put("/users/preferences", PREFERENCES | {"availability": windows}))
    make_plan(student, title="Essay", scheduled_at="2026-03-02T10:00:00Z", due_on="2026-03-05")
    shown = preview(student)
    code, text = reasons(shown["impossible"])["Essay"]
    assert code == "due"
    assert text == (
        "There is not enough free time before it is due on Thursday 5 March."
        " Add study time, make it shorter, or move it yourself."
    )
    window = shown["suggestion"]["window"]
    assert window["weekday"] in (3, 4)
    ok(student.put("/users/preferences", PREFERENCES | {"availability": [*windows, window]}))
    assert titles(preview(student)["moved"]) == {"Essay"}


def test_what_is_past_its_deadline_is_placed_first(student: Student, clock: FrozenClock) -> None:
    travel(student, clock, "2026-03-02T09:00:00Z")
    windows = [{"weekday": day, "start": "10:00", "end": "10:45"} for day in (4, 5)]
    ok(student.put("/users/preferences", PREFERENCES | {"availability": windows}))
    make_plan(student, title="One", scheduled_at="2026-03-02T10:00:00Z")
    append(student, title="Two", topic="Math", scheduled_at="2026-03-02T12:00:00Z")
    append(student, title="Late", topic="Art", scheduled_at="2026-03-02T14:00:00Z", due_on="2026-03-03")
    travel(student, clock, "2026-03-04T09:00:00Z")
    shown = preview(student)
    first = shown["moved"][0]
    assert (first["title"], first["scheduled_at"]) == ("Late", "2026-03-05T10:00:00Z")
    assert first["reason"] == {
        "code": "due",
        "text": "Missed on Monday; placed first, because it has been due since Tuesday 3 March.",
    }
    assert len(shown["impossible"]) == 1
    apply(student, shown["revision"])
    assert preview(student)["moved"] == []
