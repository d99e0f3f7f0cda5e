"""Changes that are made at once, on real engines, while another device asks what has changed: none is missed."""

from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Event
from typing import Any

import pytest

from tests.client import Student
from tests.planner.book import SESSION, make_plan, week
from tests.planner.other_device import OtherDevice, all_sessions

WRITERS = 6
ROUNDS = 12


def _write(student: Student, chance: Random) -> list[Any]:
    """Add, change and delete sessions, and return every answer that none may get."""
    odd: list[Any] = []
    for number in range(ROUNDS):
        added = student.post("/plans/current/sessions", SESSION | {"title": f"Session {number}"})
        path = f"/sessions/{added.json['id']}"
        answers = [added, student.patch(path, {"title": "Another"}), student.patch(path, {"status": "done"})]
        if chance.random() < 0.5:
            answers.append(student.delete(path))
        odd += [answer.text for answer in answers if answer.status_code >= 300]
    return odd


@pytest.mark.many_calls
def test_a_device_that_asks_while_others_write_misses_nothing(student: Student) -> None:
    make_plan(student)
    ended = Event()

    def ask(seed: int) -> OtherDevice:
        device, chance = OtherDevice(student), Random(seed)
        while not ended.is_set():
            device.turn(chance.choice([1, 2, 5, 50]))
        device.sync(chance.choice([1, 7, None]))
        return device

    with ThreadPoolExecutor(WRITERS + 2) as pool:
        devices = [pool.submit(ask, seed) for seed in range(2)]
        odd = [text for found in pool.map(lambda seed: _write(student, Random(seed)), range(WRITERS)) for text in found]
        ended.set()
        assert not odd
        known = [device.result().lasting for device in devices]
    assert known == [all_sessions(student)] * 2
    assert len(week(student)) == len(known[0])
