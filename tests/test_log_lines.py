"""Lines that are written a moment later, many in one piece."""

import io
import json
import logging
import os
import select
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from schediora import log
from schediora.log_lines import GATHERED_SECONDS, MOST_GATHERED, PIECE_BYTES


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where production's log goes; afterwards the logging of the test run is as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure(production=True, stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def request(status: int) -> None:
    log.request_done(
        logging.INFO, request_id="mine", method="GET", route="/", status=status, duration_ms=1.0, user_agent="x" * 200
    )


def said(stream: io.StringIO) -> list[object]:
    return [line.get("status", line.get("number")) for line in map(json.loads, stream.getvalue().splitlines())]


def test_every_line_is_there_at_the_end_in_its_turn(stream: io.StringIO) -> None:
    with log.written_behind():
        for number in range(0, 300, 3):
            request(number)
            request(number + 1)
            log.get_logger("test").warning("said", number=number + 2)
        request(300)
    request(301)
    assert said(stream) == list(range(302))


def test_a_line_waits_no_longer_than_a_moment(stream: io.StringIO) -> None:
    with log.written_behind():
        for number in range(3):
            request(number)
            until = time.monotonic() + 100 * GATHERED_SECONDS
            while len(said(stream)) <= number and time.monotonic() < until:
                time.sleep(GATHERED_SECONDS)
            assert said(stream) == list(range(number + 1))


def test_no_line_of_many_threads_is_lost_or_mixed(stream: io.StringIO) -> None:
    def say(number: int) -> None:
        for _ in range(500):
            request(number)

    with log.written_behind(), ThreadPoolExecutor(8) as threads:
        list(threads.map(say, range(8)))
    assert sorted(map(str, said(stream))) == sorted(str(number) for number in range(8) for _ in range(500))


def test_what_waits_can_be_written_at_once(stream: io.StringIO) -> None:
    with log.written_behind():
        request(1)
        log.flush()
        assert said(stream) == [1]


def test_a_pipe_gets_no_more_in_a_piece_than_it_takes_in_one(stream: io.StringIO) -> None:
    assert PIECE_BYTES == select.PIPE_BUF
    pieces: list[str] = []
    stream.write = pieces.append  # type: ignore[assignment,method-assign]  # a stand-in that keeps pieces apart
    with log.written_behind():
        for number in range(100):
            request(number)
    assert 1 < len(pieces) < 100
    assert all(len(piece) <= PIECE_BYTES and piece.endswith("\n") for piece in pieces)


def test_whoever_writes_faster_than_the_log_is_read_waits_and_loses_nothing(stream: io.StringIO) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", buffering=1) as pipe:
        log.configure(production=True, stream=pipe)

        def say() -> None:
            with log.written_behind():
                for number in range(2 * MOST_GATHERED):
                    request(number)

        saying = threading.Thread(target=say)
        saying.start()
        got = 0
        while piece := os.read(reader, 1 << 16):
            got += piece.count(b"\n")
            if got >= 2 * MOST_GATHERED:
                break
        saying.join()
        assert got == 2 * MOST_GATHERED
    os.close(reader)
