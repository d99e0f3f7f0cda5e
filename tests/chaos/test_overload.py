"""More calls than are answered: they are refused in words, and nobody who starts the app is signed out."""

import threading
import time
from collections import Counter
from pathlib import Path

from tests.chaos.starting import keeps_starting
from tests.client import PASSWORD
from tests.live import Service, service

CALLERS = 32
PHONES = 3
SECONDS = 2.0


def call_until(server: Service, token: str, over: threading.Event, statuses: Counter[int]) -> None:
    while not over.is_set():
        answer = server.call("GET", "/dashboard/summary?range=30d", token=token)
        statuses[answer.status] += 1
        if answer.status == 503:
            assert (answer.json["code"], answer.headers["Retry-After"]) == ("overloaded", "2")


def test_who_starts_the_app_stays_signed_in_while_calls_come_faster_than_they_are_answered(
    tmp_path: Path,
) -> None:
    with service(tmp_path / "data", "serve", "--no-worker", SCHEDIORA_SERVER__CACHE_MEBIBYTES="0") as server:
        pairs = [
            server.call("POST", "/auth/register", {"email": f"s{number}@example.com", "password": PASSWORD}).json
            for number in range(PHONES)
        ]
        over, statuses = threading.Event(), Counter[int]()
        callers = [
            threading.Thread(target=call_until, args=(server, pairs[0]["access_token"], over, statuses))
            for _ in range(CALLERS)
        ]
        phones = [(pair["access_token"], pair["refresh_token"]) for pair in pairs]
        with keeps_starting(server.port, phones) as fleet:
            for caller in callers:
                caller.start()
            time.sleep(SECONDS)
            over.set()
            for caller in callers:
                caller.join()
        assert fleet.lost == []
        assert len(fleet.seconds) >= PHONES
        assert set(statuses) <= {200, 503}
        assert statuses[200]
        assert server.call("GET", "/health/live").status == 200
