"""Random lives through the real API: whatever a student does, what they are shown is what there is.

SCHEDIORA_TEST_LIVES asks for more of them, SCHEDIORA_TEST_FIRST_LIFE for others: a life follows from its number.
"""

import os
import traceback
from collections.abc import Callable
from random import Random

import pytest
from falcon.testing import TestClient

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.queue import Queue
from schediora.settings.values import Settings
from tests.client import Api, FrozenClock, Student
from tests.conftest import KEYS
from tests.lives.checks import holds
from tests.lives.life import BIRTHS, Life
from tests.lives.steps import STEPS

pytestmark = [pytest.mark.no_cover, pytest.mark.many_calls]
"""Lives are for what they show, not for which lines they reach."""

LIVES = {"sqlite": 12, "postgres": 3}
ASKED_FOR = int(os.environ.get("SCHEDIORA_TEST_LIVES", "0"))
FIRST = int(os.environ.get("SCHEDIORA_TEST_FIRST_LIFE", "1"))
STEPS_A_LIFE = 30
MOST_FAILURES = 3


def test_whatever_a_student_does_they_are_shown_what_there_is(
    register: Callable[..., Student],
    database: Database,
    clock: FrozenClock,
    engine: str,
    settings: Settings,
    queue: Queue,
    hasher: Hasher,
) -> None:
    keeps_nothing = settings.server.model_copy(update={"cache_mebibytes": 0})
    server = create_app(
        settings.model_copy(update={"server": keeps_nothing}),
        database=database,
        queue=queue,
        clock=clock,
        keys=KEYS,
        hasher=hasher,
    )
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    runner = Runner(database, author, default_timezone="UTC", clock=clock)
    computing = Api(TestClient(server))
    failures = []
    for number in range(FIRST, FIRST + (ASKED_FOR or LIVES[engine])):
        clock.set(BIRTHS[number % len(BIRTHS)])
        life = Life(register(), clock, runner, Random(number), signed_in_at=clock.now, computing=computing)
        try:
            live(life)
        except Exception:
            failures.append("\n".join([f"life {number}", *life.told, traceback.format_exc(limit=-4)]))
            if len(failures) == MOST_FAILURES:
                break
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


def live(life: Life) -> None:
    """Take the steps of a life, and look at everything after each."""
    steps, weights = list(STEPS), list(STEPS.values())
    for step in life.chance.choices(steps, weights, k=STEPS_A_LIFE):
        life.told.append(f"-- {step.__name__}")
        step(life)
        holds(life)
