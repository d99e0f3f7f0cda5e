"""Students study while what the service stands on breaks: nobody is signed out, and nothing is lost or restarted."""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from schediora.db import migrate
from tests import servers
from tests.chaos import faults
from tests.chaos.studying import Straight, Student, signed_up, studying, what_was_lost
from tests.live import Service
from tests.model_behaviours import good, hang
from tests.model_server import ModelServer
from tests.prepared import prepared_service

STUDENTS = 3
AWAY_SECONDS = 1.2
BACK_SECONDS = 1.0
"""So long after a fault everything is as before."""
DISK_MEBIBYTES = 8
SIGNS_OF_TROUBLE = ("unexpected_error", "Traceback")

Fault = Callable[[], object]


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer(good()) as server:
        yield server


def told(model: ModelServer, url: str, **more: str) -> dict[str, str]:
    """Return the environment of a process over the database at `url`."""
    return {
        "SCHEDIORA_DATABASE__URL": url,
        "SCHEDIORA_AUTH__SECRET_KEY": secrets.token_urlsafe(48),
        "SCHEDIORA_LIMITS__ENABLED": "false",
        "SCHEDIORA_AI__PROVIDER": "openai",
        "SCHEDIORA_AI__BASE_URL": model.base_url,
        "SCHEDIORA_AI__MODEL": "stub",
        **more,
    }


def play(students: Sequence[Student], happenings: dict[str, tuple[Fault, set[str]]]) -> dict[str, list[str]]:
    """Let students study through each fault and afterwards; return what was refused beyond what a fault allows, and
    anything that was refused once it was over.
    """
    wrong: dict[str, list[str]] = {}
    for name, (happens, allowed) in happenings.items():
        for student in students:
            student.refused.clear()
        with studying(students):
            time.sleep(0.3)
            happens()
        wrong[name] = [what for student in students for what in student.refused if what not in allowed]
        wrong[name] += ["a sign-in" for student in students if not student.app.signed_in]
        time.sleep(BACK_SECONDS)
        for student in students:
            student.refused.clear()
        with studying(students):
            time.sleep(0.3)
        wrong[f"after {name}"] = [what for student in students for what in student.refused]
    return {name: refused for name, refused in wrong.items() if refused}


def assert_nothing_was_lost(students: Sequence[Student], *running: Service) -> None:
    assert [lost for student in students if (lost := what_was_lost(student))] == []
    assert all(student.added and student.ticked and student.starts > 1 for student in students)
    for server in running:
        assert [sign for sign in SIGNS_OF_TROUBLE if sign in server.logged()] == []


def test_postgres_its_pooler_and_valkey_break_and_come_back(model: ModelServer, tmp_path: Path) -> None:
    # A connection that is lost at the commit leaves open whether something was stored: that alone may be refused.
    unsure = {"add", "tick"}
    with ExitStack() as stack:
        postgres = stack.enter_context(servers.killable_postgres(settings=["synchronous_commit=on"]))
        valkey = stack.enter_context(servers.killable_valkey())
        url = servers.create_database(postgres.address)
        migrate.upgrade(url)
        variables = told(model, url, SCHEDIORA_QUEUE__URL=valkey.address)
        server = stack.enter_context(prepared_service(tmp_path / "straight", "serve", **variables))
        students = signed_up(Straight(server), STUDENTS)
        happenings: dict[str, tuple[Fault, set[str]]] = {
            "a restart": (lambda: faults.restarted(postgres, AWAY_SECONDS), unsure),
            "a demotion": (lambda: faults.read_only(postgres, AWAY_SECONDS), set()),
            "connections that end": (lambda: faults.connections_ended(url, AWAY_SECONDS), unsure),
            "a queue that is away": (lambda: faults.restarted(valkey, AWAY_SECONDS), set()),
        }
        assert play(students, happenings) == {}
        assert_nothing_was_lost(students, server)
        if servers.pgbouncer_binary() is None:
            return
        pooler = stack.enter_context(servers.killable_pgbouncer(postgres.address))
        pooled = pooler.address.rpartition("/")[0] + "/" + url.rpartition("/")[2]
        variables |= {"SCHEDIORA_DATABASE__URL": pooled, "SCHEDIORA_DATABASE__DIRECT_URL": url}
        behind = stack.enter_context(prepared_service(tmp_path / "pooled", "serve", "--no-worker", **variables))
        others = signed_up(Straight(behind), STUDENTS, called="pooled")
        assert play(others, {"a pooler's restart": (lambda: faults.restarted(pooler, AWAY_SECONDS), unsure)}) == {}
        assert_nothing_was_lost(others, behind)


def test_sqlite_is_locked_by_another_program_and_its_disk_is_full(model: ModelServer, tmp_path: Path) -> None:
    with ExitStack() as stack:
        disk = stack.enter_context(faults.small_disk(tmp_path / "disk", DISK_MEBIBYTES))
        data_dir = (disk or tmp_path) / "data"
        path = data_dir / "schediora.db"
        variables = told(model, f"sqlite:///{path}")
        server = stack.enter_context(prepared_service(data_dir, "serve", **variables))
        students = signed_up(Straight(server), STUDENTS)
        happenings: dict[str, tuple[Fault, set[str]]] = {
            "a lock": (lambda: faults.locked(path, AWAY_SECONDS), set()),
            "a model that hangs": (lambda: hanging(model, students), set()),
        }
        if disk is not None:
            happenings["a full disk"] = (lambda: filled(disk), {"add", "tick"})
        assert play(students, happenings) == {}
        assert_nothing_was_lost(students, server)


def hanging(model: ModelServer, students: Sequence[Student]) -> None:
    """Let the model server answer nothing while somebody asks for a plan."""
    model.behave(hang())
    time.sleep(AWAY_SECONDS)
    model.behave(good())


def filled(disk: Path) -> None:
    """Leave no room for a while."""
    with faults.full(disk):
        time.sleep(AWAY_SECONDS)
