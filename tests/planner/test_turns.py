"""Who replans when: each student once at a time, one student at once, and a quarter of the threads at most waits."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest

from schediora.errors import TooManyRequests, Unavailable
from schediora.planner import replanning
from schediora.planner.turns import Turns
from tests.client import Student
from tests.planner.book import make_plan, ok, refused, week
from tests.planner.replanning import REPLAN

THREADS = 16


def test_a_student_has_one_turn_at_a_time_and_then_another() -> None:
    turns, student = Turns(threads=THREADS), uuid4()
    for _ in range(2):
        with turns.of(student):
            with pytest.raises(TooManyRequests) as refusal, turns.of(student):
                pass
            assert refusal.value.retry_after


def test_a_turn_that_fails_is_over() -> None:
    turns, student = Turns(threads=THREADS), uuid4()
    with pytest.raises(ZeroDivisionError), turns.of(student):
        raise ZeroDivisionError
    with turns.of(student):
        pass


def test_of_fifty_students_one_computes_a_quarter_of_the_threads_waits_and_the_rest_is_told_to_come_back() -> None:
    turns = Turns(threads=THREADS)
    go, computing = Event(), Counter[str]()

    def one() -> str:
        try:
            with turns.of(uuid4()):
                computing["now"] += 1
                computing["most"] = max(computing["most"], computing["now"])
                go.wait(30)
                computing["now"] -= 1
                return "done"
        except Unavailable as refusal:
            return f"told to come back in {refusal.retry_after} s"

    with ThreadPoolExecutor(50) as pool:
        running = [pool.submit(one) for _ in range(50)]
        refused_ones = 0
        while refused_ones < 50 - 1 - THREADS // 4:
            refused_ones = sum(answer.done() for answer in running)
        go.set()
        ended = Counter(answer.result() for answer in running)
    assert ended == {"done": 1 + THREADS // 4, "told to come back in 2 s": 50 - 1 - THREADS // 4}
    assert computing["most"] == 1


def test_a_second_preview_of_one_student_is_refused_while_others_calls_are_answered(
    student: Student, register: Callable[..., Student], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_plan(student)
    begun, go = Event(), Event()
    original = replanning.preview_replan

    def slow(*args: object, **options: object) -> object:
        begun.set()
        assert go.wait(30)
        return original(*args, **options)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(replanning, "preview_replan", slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(student.post, REPLAN)
        assert begun.wait(30)
        answer = student.post(REPLAN)
        refused(answer, 429, "too_many_requests")
        assert int(answer.headers["Retry-After"]) >= 1
        assert len(week(student)) == 1
        go.set()
        assert ok(first.result())["applied"] is False
    ok(student.post(REPLAN))
