"""Sent again after kill -9, or twenty at once, over real HTTP: one effect, and never a fault of ours."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from schediora.http import idempotency
from tests.client import PASSWORD
from tests.live import Answer, Service, started
from tests.prepared import PreparedService

PLAN = {"title": "Photosynthesis", "topic": "Biology", "duration_minutes": 45}
WISH = {"goal": "Pass the exam", "topic": "Biology"}
SENDERS = 4
KILLS = 4
ROUNDS = 20
PATIENCE_SECONDS = 60


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[PreparedService]:
    (tmp_path / "data").mkdir()
    variables = {"SCHEDIORA_DATABASE__URL": database_url, "SCHEDIORA_LIMITS__ENABLED": "false"}
    running = PreparedService(tmp_path / "data", "serve", "--no-worker", **variables)
    running.ahead = tmp_path / "ahead"
    running.ahead.write_text("0", encoding="ascii")
    with started(running):
        yield running


def register(server: Service, name: str) -> dict[str, Any]:
    answer = server.call("POST", "/auth/register", {"email": f"{name}@example.com", "password": PASSWORD})
    assert answer.status == 201, answer.body
    return dict(answer.json)


def send(server: Service, token: str, path: str, body: Any, key: str) -> Answer:
    return server.call("POST", path, body, token=token, headers={"Idempotency-Key": key})


def at_once(*calls: Callable[[], Answer]) -> list[Answer]:
    start = Barrier(len(calls))

    def run(call: Callable[[], Answer]) -> Answer:
        start.wait(timeout=10)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def until_answered(server: Service, token: str, key: str) -> str:
    """Send a call again, as a phone does, until it is done; return what it made."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            answer = send(server, token, "/plans", PLAN, key)
        except OSError:
            time.sleep(0.02)
            continue
        if answer.status == 201:
            return str(answer.json["id"])
        assert answer.json["code"] in ("request_in_progress", "overloaded", "not_ready"), answer.body
        time.sleep(0.1)
    raise AssertionError(f"{key} was never answered:\n{server.logged()[-2000:]}")


def test_a_call_sent_again_after_kill_9_is_done_once(server: PreparedService) -> None:
    """The clock goes on as far as it takes to give up what had died."""
    assert server.ahead is not None
    later = int(idempotency.GIVEN_UP.total_seconds()) + 1
    token, other = (register(server, name)["access_token"] for name in ("retrying", "racing"))
    numbers = iter(range(10_000))
    ended: list[bool] = []

    def sending(_: int) -> dict[str, str]:
        made = {}
        while not ended:
            key = f"key-{next(numbers)}"
            made[key] = until_answered(server, token, key)
        return made

    with ThreadPoolExecutor(SENDERS) as pool:
        senders = [pool.submit(sending, number) for number in range(SENDERS)]
        for kill in range(1, KILLS + 1):
            time.sleep(0.3)
            server.kill()
            server.ahead.write_text(str(kill * later), encoding="ascii")
            server.start()
        ended.append(True)
        made = {key: plan for sender in senders for key, plan in sender.result().items()}
    listed = server.call("GET", "/plans?limit=500", token=token).json
    assert sorted(plan["id"] for plan in listed) == sorted(made.values())
    assert len(made) > KILLS

    for number in range(ROUNDS):
        answers = at_once(*[partial(send, server, other, "/plans", PLAN, f"key-{number}")] * 2)
        assert {answer.status for answer in answers} <= {201, 409}, [answer.body for answer in answers]
        assert len({answer.json["id"] for answer in answers if answer.status == 201}) == 1
    answers = at_once(*[partial(send, server, other, "/plans", PLAN, "twenty")] * ROUNDS)
    assert {answer.status for answer in answers} <= {201, 409}
    assert len(server.call("GET", "/plans", token=other).json) == ROUNDS + 1


def test_changing_the_password_and_leaving_while_other_calls_come_in_is_never_a_fault_of_ours(server: Service) -> None:
    pair, password = register(server, "changing"), PASSWORD
    for number in range(ROUNDS):
        new = f"{PASSWORD} {number}"
        wish = {"old_password": password, "new_password": new}
        refresh = {"refresh_token": pair["refresh_token"]}
        changed, refreshed = at_once(
            partial(server.call, "PUT", "/users/password", wish, token=pair["access_token"]),
            partial(server.call, "POST", "/auth/refresh", refresh),
        )
        assert (changed.status, refreshed.status in (200, 401)) == (200, True), (changed.body, refreshed.body)
        pair, password = changed.json, new
        if refreshed.status == 200:
            assert server.call("GET", "/users/me", token=refreshed.json["access_token"]).status == 401
        assert server.call("GET", "/users/me", token=pair["access_token"]).status == 200
    for number in range(ROUNDS):
        token = register(server, f"leaving-{number}")["access_token"]
        left, *others = at_once(
            partial(server.call, "POST", "/users/me/delete", {"password": PASSWORD}, token=token),
            partial(send, server, token, "/ai/plans/generate", WISH, "one"),
            partial(send, server, token, "/plans", PLAN, "two"),
        )
        assert left.status == 204, left.body
        assert {other.status for other in others} <= {201, 202, 401, 409}, [other.body for other in others]
        assert server.call("GET", "/plans", token=token).status == 401
