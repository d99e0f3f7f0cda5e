"""What the threads of a process do together, and what in turn."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from schediora.ai import jobs
from schediora.ai.author import Author
from schediora.ai.jobs import Runner
from schediora.ai.which_week import placed_in
from schediora.models.ai import Job
from tests.client import Student

THREADS = 4
WISH = {"goal": "Pass the entrance test", "topic": "Physics"}


class Counted:
    """A function that notes how many are in it at most."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self._work, self._change = work, threading.Lock()
        self.calls = self.inside = self.most = 0

    def __call__(self, *arguments: Any) -> Any:
        with self._change:
            self.calls += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.05)
        try:
            return self._work(*arguments)
        finally:
            with self._change:
                self.inside -= 1


def test_plans_are_written_at_once_and_placed_one_after_the_other(
    register: Callable[..., Student], runner: Runner, author: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    wishes = [register().post("/ai/plans/generate", WISH).json["job_id"] for _ in range(THREADS)]
    all_write, write, counted = threading.Barrier(THREADS, timeout=30), author.write, Counted(placed_in)

    def written(*arguments: Any, **options: Any) -> Any:
        all_write.wait()
        return write(*arguments, **options)

    monkeypatch.setattr(author, "write", written)
    monkeypatch.setattr(jobs, "placed_in", counted)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(runner.run, map(UUID, wishes)))
    assert {job.status for job in Job.select()} == {"completed"}
    assert (counted.calls, counted.most) == (THREADS, 1)


def test_a_placement_that_fails_leaves_the_turn_to_the_next(
    register: Callable[..., Student], runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed, made = [UUID(register().post("/ai/plans/generate", WISH).json["job_id"]) for _ in range(2)]

    def fail(*_: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as failing:
        failing.setattr(jobs, "placed_in", fail)
        runner.run(crashed)
    runner.run(made)
    assert Job.get_by_id(made).status == "completed"
