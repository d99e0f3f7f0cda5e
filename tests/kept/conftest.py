from collections.abc import Callable
from typing import Any

import pytest
from falcon.testing import TestClient

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.app import create_app
from schediora.auth.passwords import Hasher
from schediora.db.database import Database
from schediora.queue import Queue
from schediora.settings.values import Settings
from tests.client import Api, FrozenClock, Student
from tests.conftest import KEYS
from tests.kept.beside import Beside, Serve


@pytest.fixture
def serve(
    settings: Settings, database: Database, queue: Queue, clock: FrozenClock, hasher: Hasher
) -> Callable[..., Api]:
    """Starts further servers over the same database, with settings of the section `server` or `planner`."""

    def _serve(**sections: dict[str, Any]) -> Api:
        changed = {name: getattr(settings, name).model_copy(update=update) for name, update in sections.items()}
        chosen = settings.model_copy(update=changed)
        app = create_app(chosen, database=database, queue=queue, clock=clock, keys=KEYS, hasher=hasher)
        return Api(TestClient(app))

    return _serve


@pytest.fixture
def runner(database: Database, clock: FrozenClock) -> Runner:
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    return Runner(database, author, default_timezone="UTC", clock=clock)


@pytest.fixture
def beside(student: Student, serve: Serve) -> Beside:
    return Beside(student, serve)
