"""What reaches the log, and what never does."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from schediora import log

# Put together here, so that no line of source that a traceback quotes holds it.
SECRET = "-".join(["correct", "horse", "battery"])


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; afterwards the logging of the test run is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize("production", [False, True])
def test_a_traceback_shows_no_values(stream: io.StringIO, production: bool) -> None:
    log.configure(production=production, stream=stream)
    password = SECRET
    try:
        raise LookupError(f"nothing of {len(password)} letters")
    except LookupError:
        log.get_logger("test").exception("failed")
    assert "LookupError" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def test_a_secret_that_is_logged_by_its_name_is_masked(stream: io.StringIO) -> None:
    log.configure(production=True, stream=stream)
    log.get_logger("test").info("signing in", password=SECRET, email="kim@example.com")
    line = json.loads(stream.getvalue())
    assert (line["password"], line["email"]) == ("***", "kim@example.com")


def test_a_queue_that_is_away_is_complained_of_once(stream: io.StringIO) -> None:
    log.configure(production=True, stream=stream)
    for _ in range(5):
        try:
            raise ConnectionError("refused")
        except ConnectionError:
            logging.getLogger("huey.consumer.Worker").exception("Error reading from queue")
    line = json.loads(stream.getvalue())
    assert line["event"] == "Error reading from queue (ConnectionError)"
    assert "exception" not in line
