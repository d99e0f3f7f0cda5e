"""A primary that has become read-only, as after a failover, is an unreachable database until it takes writes again."""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from schediora.db import migrate
from tests import servers
from tests.prepared import prepared_service

PATIENCE_SECONDS = 30
STUDENT = {"email": "maya@example.com", "password": "correct horse"}


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def turn(admin_url: str, read_only: bool) -> None:
    """Let the server refuse writes, or take them again, in all of its sessions."""
    with psycopg.connect(admin_url, autocommit=True) as administrator:
        administrator.execute("SET default_transaction_read_only = off")
        administrator.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if read_only else 'off'}")
        administrator.execute("SELECT pg_reload_conf()")


def test_a_server_over_a_primary_that_became_read_only_says_so_and_recovers(
    postgres_server: str, postgres_template: str, tmp_path: Path
) -> None:
    url = servers.create_database(postgres_server, template=postgres_template)
    assert migrate.revisions(url).up_to_date
    try:
        with prepared_service(tmp_path / "data", "serve", SCHEDIORA_DATABASE__URL=url) as server:
            token = server.call("POST", "/auth/register", STUDENT).json["access_token"]
            plan = {"title": "Cells", "topic": "Biology", "duration_minutes": 30}
            assert server.call("POST", "/plans", plan, token=token).status == 201
            turn(postgres_server, read_only=True)
            wait_for(lambda: server.call("GET", "/health/ready").status == 503)
            for _ in range(3):
                refused = server.call("POST", "/plans", plan, token=token)
                assert (refused.status, refused.json["code"]) == (503, "overloaded")
                assert refused.headers["Retry-After"]
            assert server.call("GET", "/health/ready").json["checks"]["database"] == "unreachable"
            assert server.call("GET", "/health/live").status == 200
            turn(postgres_server, read_only=False)
            wait_for(lambda: server.call("GET", "/health/ready").status == 200)
            assert server.call("POST", "/plans", plan, token=token).status == 201
            assert len(server.call("GET", "/plans", token=token).json) == 2
            assert "unexpected_error" not in server.logged()
    finally:
        turn(postgres_server, read_only=False)
        servers.drop_database(postgres_server, url)
