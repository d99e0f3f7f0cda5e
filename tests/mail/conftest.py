"""A service that sends mail, and the server that takes it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from schediora.app import create_postman
from schediora.db.database import Database
from schediora.mail.jobs import Postman
from schediora.settings.loading import load
from schediora.settings.values import Settings
from tests.client import FrozenClock
from tests.mail.mailbox import Mailbox, mail_server


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture
def settings(database_url: str, tmp_path: Path, mailbox: Mailbox) -> Settings:
    """Settings of a service that sends mail."""
    overrides = {
        "database.url": database_url,
        "data_dir": tmp_path,
        "mail.url": f"smtp://127.0.0.1:{mailbox.port}",
        "mail.from": "Schediora <schediora@example.org>",
        "server.public_url": "https://study.example.org/app",
    }
    return load(overrides=overrides).settings


@pytest.fixture
def postman(settings: Settings, database: Database, clock: FrozenClock) -> Postman:
    made = create_postman(settings, database=database, clock=clock)
    assert made is not None
    return made


@pytest.fixture
def deliver(postman: Postman) -> Callable[[], int]:
    """Sends all that is due and tells how much that was."""

    def _deliver() -> int:
        return sum(iter(postman.step, False))

    return _deliver
