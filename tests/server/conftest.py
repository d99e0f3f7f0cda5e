"""What tests of the server begin with."""

from collections.abc import Iterator

import pytest

from tests.sockets import Start, starting


@pytest.fixture
def start() -> Iterator[Start]:
    """Start servers, which are stopped when the test is over."""
    with starting() as start:
        yield start
