"""What docs/operating.md tells an operator to type does what it says."""

import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from tests.live import service

PAGE = Path(__file__).parents[2] / "docs" / "operating.md"
BEFORE = {"email": "before@example.com", "password": "correct horse"}
AFTER = {"email": "after@example.com", "password": "correct horse"}


def commands(heading: str) -> str:
    """Return the first block of commands below `heading`."""
    found = re.search(
        rf"^#+ {heading}\n.*?```bash\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found is not None
    return found[1]


def type_in(folder: Path, script: str) -> None:
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, check=True, timeout=60)


def test_a_backup_of_sqlite_is_restored_whole_although_the_server_died_with_a_log_beside_it(tmp_path: Path) -> None:
    data = tmp_path / "schediora-data"
    with service(data, "serve") as server:
        assert server.call("POST", "/auth/register", BEFORE).status == 201
        type_in(tmp_path, commands("Backups"))
        assert server.call("POST", "/auth/register", AFTER).status == 201
        server.kill()
        assert (data / "schediora.db-wal").stat().st_size > 0

        type_in(tmp_path, commands("Restoring SQLite"))
        assert (tmp_path / "schediora-replaced" / "schediora.db-wal").exists()
        assert (data / "schediora.db").stat().st_mode & 0o777 == 0o600
        server.start()
        assert server.call("GET", "/health/ready").status == 200
        assert server.call("POST", "/auth/login", BEFORE).status == 200
        assert server.call("POST", "/auth/login", AFTER).status == 401
        assert server.stop() == 0
    with closing(sqlite3.connect(data / "schediora.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
