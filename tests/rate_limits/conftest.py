"""Every place that keeps counts."""

from collections.abc import Iterator

import pytest

from schediora.db.database import Database, connected
from schediora.rate_limits.counts import Counts
from schediora.rate_limits.database_counts import DatabaseCounts
from schediora.rate_limits.memory_counts import MemoryCounts
from schediora.rate_limits.redis_counts import RedisCounts
from tests.client import FrozenClock


@pytest.fixture(params=["memory", "sqlite", "postgres", "redis"])
def kept_in(request: pytest.FixtureRequest) -> str:
    """Where counts are kept."""
    return str(request.param)


@pytest.fixture
def engine(kept_in: str) -> str:
    """The database under it, where that is one."""
    return kept_in


@pytest.fixture
def counts(kept_in: str, clock: FrozenClock, request: pytest.FixtureRequest) -> Iterator[Counts]:
    """Counts of the test's own."""
    if kept_in == "memory":
        yield MemoryCounts(clock)
    elif kept_in == "redis":
        redis = RedisCounts(request.getfixturevalue("valkey_url"), clock)
        redis.reset()
        yield redis
    else:
        database: Database = request.getfixturevalue("database")
        with connected(database):
            yield DatabaseCounts(clock)
