"""A storm of wrong sign-ins against a real server, with passwords that cost what students' passwords cost."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.client import PASSWORD
from tests.live import LIMITED, Answer, Service, service

GUESSES = 200
AT_ONCE = 40
STUDENT = {"email": "student@example.com", "password": PASSWORD}


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Service]:
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    with service(data_dir, "serve", "--no-worker", SCHEDIORA_DATABASE__URL=database_url, **LIMITED) as running:
        yield running


def guess(server: Service, number: int, *, behind: str | None = None) -> Answer:
    body = {"email": f"somebody{number}@example.com", "password": "wrong guess"}
    headers = {"X-Forwarded-For": behind} if behind else {}
    return server.call("POST", "/auth/login", body, headers=headers)


@pytest.mark.parametrize("addresses", [1, GUESSES], ids=["one address", "many addresses"])
def test_a_storm_of_wrong_sign_ins_leaves_the_real_one_possible(server: Service, addresses: int) -> None:
    """The student has registered at the address from which the storm comes, or the storm comes from everywhere."""
    assert server.call("POST", "/auth/register", STUDENT).status == 201
    with ThreadPoolExecutor(AT_ONCE) as storm:
        guesses = [
            storm.submit(guess, server, number, behind=f"203.0.113.{number % 250}" if addresses > 1 else None)
            for number in range(GUESSES)
        ]
        signed_in = [server.call("POST", "/auth/login", STUDENT).status for _ in range(3)]
        answers = Counter(answer.result().status for answer in guesses)
    assert signed_in == [200, 200, 200]
    assert set(answers) <= {401, 429, 503}
    assert answers.total() == GUESSES
    if addresses == 1:
        assert answers[401] <= 30
