"""SQLite's queue file, which tells nobody that something was written to it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from schediora.queue import NotifiedSqliteStorage

PATIENCE_SECONDS = 30


@pytest.mark.parametrize("readers", [1, 4])
def test_readers_hear_at_once_of_what_another_process_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readers: int
) -> None:
    monkeypatch.setattr(NotifiedSqliteStorage, "WAIT_SECONDS", 3600.0)  # nobody finds it by looking now and then
    ours, theirs = (NotifiedSqliteStorage("queue", filename=str(tmp_path / "queue.db")) for _ in range(2))
    with ThreadPoolExecutor(readers) as pool:
        waiting = [pool.submit(ours.dequeue) for _ in range(readers)]
        for number in range(readers):
            theirs.enqueue(b"%d" % number)
        heard = [reader.result(PATIENCE_SECONDS) for reader in waiting]
    assert {bytes(data or b"") for data in heard} == {b"%d" % number for number in range(readers)}
    ours.close()
    theirs.close()
