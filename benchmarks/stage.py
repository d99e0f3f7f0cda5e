"""Where a benchmark plays: a migrated database on either engine, and what a `schediora` process is told of it."""

import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from schediora.app import connect
from schediora.db import migrate
from schediora.db.database import Database, connected
from schediora.queue import make_queue_tables
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests import servers

ENGINES = ("sqlite", "postgres")
CHOICES = (*ENGINES, "both")


@dataclass(frozen=True)
class Stage:
    """A database of the benchmark's own, in a directory that goes with it."""

    engine: str
    settings: Settings

    @property
    def variables(self) -> dict[str, str]:
        """Return the environment in which a `schediora` process works on this stage: nobody is refused for calling
        often, which benchmarks do.
        """
        return {
            "SCHEDIORA_DATABASE__URL": self.settings.database_url,
            "SCHEDIORA_LIMITS__ENABLED": "false",
            "SCHEDIORA_AUTH__SECRET_KEY": self.settings.auth.secret_key.get_secret_value(),
        }

    @contextmanager
    def database(self) -> Iterator[Database]:
        """Let this process read and write the tables; afterwards it holds no connection."""
        database = connect(self.settings)
        with connected(database):
            yield database
        database.close_all()


def engines(choice: str) -> Sequence[str]:
    """Return the engines that one of `CHOICES` stands for."""
    return ENGINES if choice == "both" else (choice,)


@contextmanager
def stage(engine: str, *, durable: bool = False, postgres: Sequence[str] = ()) -> Iterator[Stage]:
    """Yield an empty stage; its Postgres, unless one is named, is the tests' own, which waits for the disk only where
    it is to be `durable`, as SQLite always does. `postgres` are settings of that server (`name=value`).
    """
    with tempfile.TemporaryDirectory(prefix="schediora-benchmark-") as directory:
        data_dir = Path(directory) / "data"
        data_dir.mkdir()
        if engine == "sqlite":
            yield prepared_at(engine, data_dir, f"sqlite:///{data_dir / 'schediora.db'}")
            return
        with servers.postgres(durable=durable, settings=postgres) as server:
            url = servers.create_database(server)
            try:
                yield prepared_at(engine, data_dir, url)
            finally:
                servers.drop_database(server, url)


def prepared_at(engine: str, data_dir: Path, url: str) -> Stage:
    overrides = {"database.url": url, "data_dir": data_dir, "auth.secret_key": secrets.token_urlsafe(48)}
    settings = load(overrides=overrides | {"limits.enabled": False}).settings
    migrate.upgrade(url)
    make_queue_tables(settings)
    return Stage(engine, settings)
