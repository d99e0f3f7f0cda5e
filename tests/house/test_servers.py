"""The servers that the tests run against are real, separate and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers import (
    POSTGRES_URL_VARIABLE,
    REDIS_URL_VARIABLE,
    create_database,
    drop_database,
    postgres,
    valkey,
)

ROOT = Path(__file__).parents[2]
STARTS_A_POSTGRES = """
import time
from tests.servers import postgres
with postgres() as url:
    print(url, flush=True)
    time.sleep(60)
"""


def test_postgres_answers_and_databases_are_made_from_templates_and_dropped() -> None:
    with postgres() as admin_url:
        template = create_database(admin_url)
        with psycopg.connect(template) as connection:
            version = connection.execute("SELECT version()").fetchone()
            connection.execute("CREATE TABLE kept (value integer)")
        assert version is not None
        assert version[0].startswith("PostgreSQL")

        copy = create_database(admin_url, template)
        assert copy != template
        connection = psycopg.connect(copy)
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        drop_database(admin_url, copy)
        drop_database(admin_url, copy)
        connection.close()
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(copy)
        drop_database(admin_url, template)


def test_valkey_answers() -> None:
    with valkey() as url, redis.Redis.from_url(url) as client:
        assert client.ping()


def test_servers_named_in_the_environment_are_used_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(POSTGRES_URL_VARIABLE, "postgresql://somebody@db.example/test")
    monkeypatch.setenv(REDIS_URL_VARIABLE, "redis://cache.example/3")
    with postgres() as postgres_url, valkey() as redis_url:
        assert postgres_url == "postgresql://somebody@db.example/test"
        assert redis_url == "redis://cache.example/3"


def test_postgres_dies_with_the_process_that_started_it() -> None:
    environment = {name: value for name, value in os.environ.items() if name != POSTGRES_URL_VARIABLE}
    with subprocess.Popen(
        [sys.executable, "-c", STARTS_A_POSTGRES], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        psycopg.connect(url).close()
        starter.send_signal(signal.SIGKILL)
    assert _stops_answering(url, within_seconds=20)


def _stops_answering(url: str, within_seconds: float) -> bool:
    deadline = time.monotonic() + within_seconds
    while time.monotonic() < deadline:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            if "Connection refused" in str(error):
                return True
        time.sleep(0.05)
    return False
