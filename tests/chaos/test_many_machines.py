"""Two machines that answer, two that make plans, Postgres and Valkey behind nginx: each dies once under load."""

import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from schediora.db import migrate
from tests import servers
from tests.chaos.studying import signed_up, studying, what_was_lost
from tests.live import Service
from tests.model_behaviours import delayed
from tests.model_server import ModelServer
from tests.prepared import PreparedService
from tests.proxy import Proxy, nginx
from tests.server_process import Running

STUDENTS = 4
AWAY_SECONDS = 0.7


@dataclass(frozen=True)
class Farm:
    """All of it."""

    answering: Sequence[Service]
    working: Sequence[Service]
    postgres: Running
    valkey: Running
    proxy: Proxy


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with ExitStack() as stack:
        # The tests' Postgres otherwise answers before anything is written; what is acknowledged here must be there.
        postgres = stack.enter_context(servers.killable_postgres(settings=["synchronous_commit=on"]))
        valkey = stack.enter_context(servers.killable_valkey())
        model = stack.enter_context(ModelServer(delayed(0.5)))
        variables = {
            "SCHEDIORA_DATABASE__URL": servers.create_database(postgres.address),
            "SCHEDIORA_QUEUE__URL": valkey.address,
            "SCHEDIORA_QUEUE__WORKERS": "1",
            "SCHEDIORA_SERVER__PROCESSES": "1",
            "SCHEDIORA_AUTH__SECRET_KEY": secrets.token_urlsafe(48),
            "SCHEDIORA_AI__PROVIDER": "openai",
            "SCHEDIORA_AI__BASE_URL": model.base_url,
            "SCHEDIORA_AI__MODEL": "stub",
        }
        migrate.upgrade(variables["SCHEDIORA_DATABASE__URL"])
        answering, working = (
            [PreparedService(tmp_path / f"{kind[0]}{number}", *kind, **variables) for number in (1, 2)]
            for kind in (("serve", "--no-worker"), ("worker",))
        )
        for machine in (*answering, *working):
            machine.launch()
            stack.callback(machine.kill)
        for machine in answering:
            machine.wait_until_it_answers()
        proxy = stack.enter_context(nginx(*(machine.port for machine in answering)))
        yield Farm(answering, working, postgres, valkey, proxy)


def test_each_machine_may_die_under_load_and_nothing_is_lost(farm: Farm) -> None:
    students = signed_up(farm.proxy, STUDENTS)
    with studying(students):
        for machine in (farm.answering[0], farm.working[0]):
            time.sleep(AWAY_SECONDS)
            machine.kill()
            time.sleep(AWAY_SECONDS)
            machine.launch()
        farm.answering[0].wait_until_it_answers()
        came_back = len(farm.answering[0].logged())
        farm.valkey.kill()
        time.sleep(AWAY_SECONDS)
        farm.valkey.start()
        time.sleep(AWAY_SECONDS)
    assert {what for student in students for what in student.refused} <= {"add"}
    with studying(students):
        time.sleep(AWAY_SECONDS)
        farm.postgres.kill()
        time.sleep(AWAY_SECONDS)
        farm.postgres.start()
        time.sleep(2 * AWAY_SECONDS)
    assert [lost for student in students if (lost := what_was_lost(student))] == []
    assert all(len(student.added) > 3 and len(student.ticked) > 3 for student in students)
    assert "/sessions" in farm.answering[0].logged()[came_back:]
