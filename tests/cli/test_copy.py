"""`schediora copy`, `backup` and `restore`, as an operator types them."""

import json
from pathlib import Path

from tests.cli.program import run
from tests.databases import Databases


def test_the_way_to_postgres_and_back_ends_with_a_word_about_the_key(
    postgres_databases: Databases, tmp_path: Path
) -> None:
    assert run("seed", folder=tmp_path).returncode == 0
    url = postgres_databases.take()
    there = run("copy", "--to", url.replace("postgresql", "postgres"), "--verify", "--json", folder=tmp_path)
    assert there.returncode == 0, there.stderr
    assert "signing key" in there.stderr.splitlines()[-1]
    back = run("copy", "--from", url, "--to", "sqlite:///back.db", "--verify", "--json", folder=tmp_path)
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout) == json.loads(there.stdout)
    assert {row["table"]: row["rows"] for row in json.loads(there.stdout)}["users"] == 1
    assert (tmp_path / "back.db").stat().st_mode & 0o777 == 0o600

    again = run("copy", "--to", url, folder=tmp_path)
    assert (again.returncode, "holds rows" in again.stderr) == (1, True)
    for wrong in ("mysql://host/name", ""):
        assert run("copy", "--to", wrong, folder=tmp_path).returncode == 2
    postgres_databases.give_back(url)


def test_a_backup_says_where_the_key_is_and_postgres_is_sent_to_its_own_tools(
    postgres_databases: Databases, tmp_path: Path
) -> None:
    assert run("seed", folder=tmp_path).returncode == 0
    key = tmp_path / "schediora-data" / "secret_key"
    key.write_text("a key that is long enough to be one\n")
    made = run("backup", "copy.db", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "secret_key" in made.stderr
    again = run("backup", "copy.db", folder=tmp_path)
    assert (again.returncode, "there already" in again.stderr) == (1, True)
    assert run("backup", "other.db", "--key", "other.key", folder=tmp_path).returncode == 0
    assert ((tmp_path / "other.key").read_text(), (tmp_path / "other.key").stat().st_mode & 0o777) == (
        key.read_text(),
        0o600,
    )

    key.unlink()
    back = run("restore", "copy.db", "--key", "other.key", "--json", folder=tmp_path)
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)[0]["schema"] == "up to date"
    assert key.read_text() == (tmp_path / "other.key").read_text()
    key.write_text("another key that is as long as it has to be\n")
    refused = run("restore", "copy.db", "--key", "other.key", folder=tmp_path)
    assert (refused.returncode, "another key" in refused.stderr) == (1, True)

    url = postgres_databases.take()
    for verb, tool in (("backup", "pg_dump"), ("restore", "pg_restore")):
        told = run(verb, "copy.dump", folder=tmp_path, SCHEDIORA_DATABASE__URL=url)
        assert (told.returncode, tool in told.stderr, url in told.stderr) == (1, True, False)
    postgres_databases.give_back(url)
