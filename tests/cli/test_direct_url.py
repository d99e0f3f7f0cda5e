"""`database.direct_url` must lead to the database of `database.url`; the start and `migrate` say where it does not."""

from pathlib import Path
from urllib.parse import urlsplit

import structlog
from schediora_cli.launch import prepare

from schediora.settings.loading import load
from tests import servers
from tests.cli.program import run


def advice(url: str, direct_url: str, data_dir: Path) -> list[str]:
    overrides = {"database.url": url, "database.direct_url": direct_url, "data_dir": data_dir}
    with structlog.testing.capture_logs() as lines:
        prepare(load(overrides=overrides).settings)
    return [line["advice"] for line in lines if line.get("setting") == "database.direct_url"]


def test_a_direct_url_of_another_database_is_said_at_the_start(postgres_server: str, tmp_path: Path) -> None:
    one, other = (servers.create_database(postgres_server) for _ in range(2))
    (said,) = advice(one, other, tmp_path)
    assert said.startswith("It leads to another database than database.url")
    assert advice(one, f"{one}?application_name=direct", tmp_path) == []
    assert advice(one, other.replace(f":{urlsplit(other).port}/", ":1/"), tmp_path) == []
    named = {"SCHEDIORA_DATABASE__URL": one, "SCHEDIORA_DATABASE__DIRECT_URL": other}
    for arguments in (("migrate", "--check"), ("migrate",)):
        assert "database.direct_url: It leads to another database" in run(*arguments, folder=tmp_path, **named).stderr
    for url in (one, other):
        servers.drop_database(postgres_server, url)


def test_a_pooler_and_the_database_behind_it_are_one(
    postgres_server: str, pgbouncer_server: str, tmp_path: Path
) -> None:
    direct = servers.create_database(postgres_server)
    pooled = urlsplit(pgbouncer_server)._replace(path=urlsplit(direct).path).geturl()
    assert advice(pooled, direct, tmp_path) == []
    servers.drop_database(postgres_server, direct)
