"""How the service is divided among processes: as many as the cores and the connections carry, and why."""

from itertools import product

import pytest

from schediora.errors import SetupError
from schediora.settings.values import Settings
from schediora.shares import Shares, shares

POSTGRES = "postgresql://here/schediora"
REDIS = "redis://here:6379/0"


def divided(
    cores: int, url: str = POSTGRES, *, connections: int = 40, asked: int = 0, queue: str = "", working: bool = True
) -> Shares:
    sections = {
        "database": {"url": url, "connections": connections},
        "server": {"processes": asked},
        "queue": {"url": queue},
    }
    return shares(Settings.model_validate(sections), cores=cores, working=working)


def test_sqlite_has_one_process_unless_told_otherwise() -> None:
    assert divided(8, "").processes == 1
    assert divided(8, "", asked=3).processes == 3
    assert "SQLite" in divided(8, "").why


def test_on_postgres_it_is_the_cores_as_far_as_the_connections_carry() -> None:
    assert [divided(cores).processes for cores in (1, 2)] == [1, 2]
    few = divided(16)
    assert few.processes == 2
    assert "database.connections = 40" in few.why
    assert divided(16, connections=200).processes == 16
    assert divided(16, queue=REDIS).processes > few.processes
    assert divided(16, working=False).processes > few.processes


def test_no_more_connections_are_held_than_were_allowed() -> None:
    cases = product((1, 2, 4, 64), (40, 41, 64, 100, 1000), ("", REDIS), (True, False))
    over = []
    for cores, connections, queue, working in cases:
        found = divided(cores, connections=connections, queue=queue, working=working)
        if not (found.most_connections <= connections and 1 <= found.processes <= cores):
            over.append((cores, connections, queue, working, found))
    assert over == []


def test_what_the_connections_cannot_carry_is_refused_with_the_number_that_would() -> None:
    with pytest.raises(SetupError, match=r"10 processes need database\.connections = (\d+) or more") as refused:
        divided(2, asked=10)
    enough = int(str(refused.value).split(" = ")[1].split()[0])
    assert divided(2, connections=enough, asked=10).processes == 10


def test_the_cores_hash_passwords_for_all_processes_together() -> None:
    assert divided(4, connections=1000).hashing == 1
    assert divided(8, connections=1000, asked=2).hashing == 4
    assert divided(8, "").hashing == 8
