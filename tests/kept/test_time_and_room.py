"""What is kept over midnight, and how much of it."""

from datetime import UTC, datetime, timedelta

import pytest

from schediora.http.kept_answers import Answer, KeptAnswers
from tests.client import FrozenClock, Student
from tests.kept.beside import WISH, Beside, Serve
from tests.planner.book import append, change, make_plan, ok


@pytest.mark.parametrize(
    ("timezone", "day_starts_at", "midnight"),
    [
        ("UTC", "00:00", "2026-03-05T00:00:00Z"),
        ("Asia/Kathmandu", "00:00", "2026-03-04T18:15:00Z"),
        ("America/Los_Angeles", "04:00", "2026-03-05T12:00:00Z"),
        ("UTC", "00:00", "2026-03-09T00:00:00Z"),
    ],
)
def test_over_the_students_midnight_all_is_shown_as_it_is(
    student: Student, serve: Serve, clock: FrozenClock, timezone: str, day_starts_at: str, midnight: str
) -> None:
    counted = {"timezone": timezone, "day_starts_at": day_starts_at}
    ok(student.put("/users/preferences", {"goal": "x", "daily_hours": 1, "focus_topics": ["Math"], **counted}))
    make_plan(student, due_on="2026-03-04", scheduled_at="2026-03-04T10:00:00Z")
    change(student, append(student, title="Done", scheduled_at="2026-03-04T11:00:00Z"), status="done")
    at = datetime.fromisoformat(midnight).astimezone(UTC)
    clock.set(at - timedelta(seconds=1))
    beside = Beside(student, serve)
    before = student.get("/dashboard/summary").json["today"]
    tag = student.get("/sessions").headers["ETag"]
    clock.set(at)
    assert student.get("/dashboard/summary").json["today"] > before
    assert student.get("/sessions", headers={"If-None-Match": tag}).status_code == 200
    beside.agree("after midnight")


def test_within_a_day_time_alone_changes_nothing(student: Student, beside: Beside, clock: FrozenClock) -> None:
    make_plan(student, due_on="2026-03-04", scheduled_at="2026-03-04T10:00:00Z")
    change(student, append(student, title="Begun", scheduled_at="2026-03-04T11:00:00Z"), status="in_progress")
    student.post("/ai/plans/generate", {**WISH, "week": "next"})
    for _ in range(15):
        beside.agree(str(clock.now))
        clock.advance(minutes=59)


def test_the_least_asked_for_goes_first_and_no_more_bytes_are_held_than_said() -> None:
    kept = KeptAnswers(most_bytes=10_000)
    answers = {f"{number:0100}": Answer(bytes(300), f'"{number}"', None) for number in range(30)}
    first, *_, last = answers
    for name, answer in answers.items():
        kept.put(name, answer)
        kept.get(first)
        assert kept.bytes <= 10_000
    held = [int(name) for name in answers if kept.get(name)]
    assert held == [0, *range(21, 30)]
    kept.put(first, Answer(bytes(2_000), '"large"', None))
    assert kept.get(first) == answers[first]
    kept.put(last, Answer(b"", '"anew"', None))
    assert kept.bytes == 10 * 1000 - 300
    none = KeptAnswers(most_bytes=0)
    none.put("x", answers[first])
    assert none.get("x") is None


def test_when_room_gets_scarce_answers_take_less_of_it_and_are_the_same() -> None:
    body = b'{"title": "Photosynthesis"}' * 100
    kept = KeptAnswers(most_bytes=100_000)
    for number in range(60):
        kept.put(str(number), Answer(body, f'"{number}"', None))
    found = [kept.get(str(number)) for number in range(60)]
    assert [answer.body for answer in found if answer] == [body] * 60
    assert kept.bytes < 60 * len(body)
