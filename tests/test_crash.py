"""kill -9 at any moment: what was accepted is completed, and nothing twice."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from schediora.queue import make_queue_tables
from schediora.settings.loading import load
from tests.live import Service
from tests.model_behaviours import delayed
from tests.model_server import ModelServer
from tests.prepared import prepared_service

WISH = {"goal": "Pass the certification", "topic": "Physics"}
STUDENTS = 6
KILLS = 3
PATIENCE_SECONDS = 90


@pytest.fixture
def slow_model() -> Iterator[ModelServer]:
    """A model that takes long enough to be killed in the middle."""
    with ModelServer(delayed(1.0)) as server:
        yield server


@pytest.fixture
def variables(engine: str, database_url: str, slow_model: ModelServer, tmp_path: Path) -> dict[str, str]:
    """The environment of the process under test: few workers, so that some jobs still queue when it dies."""
    settings = load(overrides={"database.url": database_url, "data_dir": tmp_path / "data"}).settings
    (tmp_path / "data").mkdir()
    make_queue_tables(settings)
    return {
        "SCHEDIORA_DATABASE__URL": database_url,
        "SCHEDIORA_QUEUE__WORKERS": "2",
        "SCHEDIORA_AI__PROVIDER": "openai",
        "SCHEDIORA_AI__BASE_URL": slow_model.base_url,
        "SCHEDIORA_AI__MODEL": "stub",
    }


def register(server: Service, name: str) -> str:
    answer = server.call("POST", "/auth/register", {"email": f"{name}@example.com", "password": "correct horse"})
    assert answer.status == 201, answer.body
    return str(answer.json["access_token"])


def accepted(server: Service, token: str) -> str:
    answer = server.call("POST", "/ai/plans/generate", WISH, token=token)
    assert answer.status == 202, answer.body
    return str(answer.json["job_id"])


def wait_until_it_is(status: str, server: Service, token: str, job_id: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := server.call("GET", f"/ai/jobs/{job_id}", token=token).json["status"]) != status:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)


def wait_until_completed(server: Service, jobs: dict[str, str]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = dict(jobs)
    while waiting and time.monotonic() < deadline:
        for token, job_id in list(waiting.items()):
            job = server.call("GET", f"/ai/jobs/{job_id}", token=token).json
            assert job["status"] != "failed", job
            if job["status"] == "completed":
                del waiting[token]
        time.sleep(0.2)
    assert not waiting, server.logged()[-3000:]


def test_every_accepted_job_is_completed_once_after_kill_9(variables: dict[str, str], tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", **variables) as server:
        jobs = {}
        for number in range(STUDENTS):
            token = register(server, f"student{number}")
            jobs[token] = accepted(server, token)
        for _ in range(KILLS):
            time.sleep(0.5)  # in the middle of a model's answer
            server.kill()
            server.start()
        wait_until_completed(server, jobs)
        for token, job_id in jobs.items():
            plans = server.call("GET", "/plans", token=token).json
            assert [plan["id"] for plan in plans] == [
                server.call("GET", f"/ai/jobs/{job_id}", token=token).json["plan_id"]
            ]
        assert server.stop() == 0


def test_a_stop_hands_back_what_it_cannot_finish_and_counts_no_attempt(
    variables: dict[str, str], slow_model: ModelServer, tmp_path: Path
) -> None:
    slow_model.behave(delayed(20.0))
    with prepared_service(tmp_path / "data", "serve", **variables) as server:
        token = register(server, "patient")
        job_id = accepted(server, token)
        wait_until_it_is("running", server, token, job_id)
        assert server.stop() == 0
        slow_model.behave(delayed(0.0))
        server.start()
        wait_until_completed(server, {token: job_id})
        assert server.call("GET", f"/ai/jobs/{job_id}", token=token).json["attempts"] == 1


def test_a_worker_of_its_own_makes_the_plans_of_a_server_without_one(variables: dict[str, str], tmp_path: Path) -> None:
    with prepared_service(tmp_path / "data", "serve", "--no-worker", **variables) as server:
        token = register(server, "remote")
        job_id = accepted(server, token)
        time.sleep(1)
        assert server.call("GET", f"/ai/jobs/{job_id}", token=token).json["status"] == "queued"
        with prepared_service(tmp_path / "data", "worker", **variables) as worker:
            wait_until_completed(server, {token: job_id})
            assert worker.stop() == 0
        assert server.stop() == 0
