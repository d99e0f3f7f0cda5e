from collections.abc import Iterator

import pytest

from schediora.ai.author import Author, build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database
from tests.client import FrozenClock
from tests.model_server import ModelServer


@pytest.fixture
def author() -> Author:
    """The rules alone."""
    return build_author(provider="rules", base_url=None, api_key="", model="")


@pytest.fixture
def runner(database: Database, author: Author, clock: FrozenClock) -> Runner:
    """What a consumer's thread runs, in this thread."""
    return Runner(database, author, default_timezone="UTC", clock=clock)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    """A model server that listens and does what it is told."""
    with ModelServer() as listening:
        yield listening
