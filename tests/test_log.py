"""What reaches the log, and what never does."""

import contextlib
import io
import json
import logging
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

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
    assert (line["event"], line["logger"]) == ("library_message", "huey.consumer.Worker")
    assert line["message"] == "Error reading from queue (ConnectionError)"
    assert "exception" not in line


def said_of_a_request(**fields: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "request_id": "mine",
        "address": "::1",
        "method": "GET",
        "route": "/",
        "status": 200,
        "duration_ms": 1.0,
    }
    return {**known, "user_id": None, "user_agent": "Phone", **fields}


def test_a_requests_line_is_what_the_logger_of_its_name_would_write(stream: io.StringIO) -> None:
    log.configure(production=True, stream=stream)
    for agent in ("Phone", None, "Ünicode \u2028 phone", f"see http://kim:{SECRET}@x and {FORGERIES}"):
        log.request_done(logging.WARNING, **said_of_a_request(user_agent=agent, code="overloaded"))
        log.get_logger("schediora.request").warning("request", **said_of_a_request(user_agent=agent, code="overloaded"))
    short, long = (list(map(json.loads, stream.getvalue().splitlines()[which::2])) for which in (0, 1))
    stamp = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
    assert all(stamp.fullmatch(line.pop("timestamp")) for line in [*short, *long])
    assert short == long
    assert len(short) == 4
    assert SECRET not in stream.getvalue()


def test_lines_of_requests_keep_their_turn_and_their_level(stream: io.StringIO) -> None:
    log.configure(production=True, level="warning", stream=stream)
    for number in range(3):
        log.get_logger("test").warning("said", number=number)
        log.request_done(logging.INFO, **said_of_a_request(status=number))
        log.request_done(logging.ERROR, **said_of_a_request(status=number))
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(line["event"], line.get("number", line.get("status"))) for line in lines] == [
        (event, number) for number in range(3) for event in ("said", "request")
    ]


def test_lines_that_are_written_at_once_do_not_mix(stream: io.StringIO, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", buffering=1) as file:
        log.configure(production=True, stream=file)

        def say(number: int) -> None:
            for _ in range(100):
                log.request_done(logging.INFO, **said_of_a_request(status=number, user_agent="x" * 200))
                log.get_logger("test").info("said", text="y" * 500)

        with ThreadPoolExecutor(8) as threads:
            list(threads.map(say, range(8)))
    events = [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines()]
    assert (events.count("request"), events.count("said")) == (800, 800)


def test_a_full_disk_stops_no_request(stream: io.StringIO) -> None:
    with open("/dev/full", "w", buffering=1) as full:
        log.configure(production=True, stream=full)
        for _ in range(100):
            log.request_done(logging.INFO, **said_of_a_request(user_agent="x" * 200))
        with contextlib.suppress(OSError):
            full.close()
    log.request_done(logging.INFO, **said_of_a_request())


def short_lines(stream: io.StringIO) -> list[str]:
    """What a terminal shows, each line without its time of day."""
    lines = stream.getvalue().splitlines()
    assert all(re.match(r"\d\d:\d\d:\d\d  |    ", line) for line in lines)
    return [line[10:] if line[0] != " " else line for line in lines]


def test_on_a_terminal_a_request_is_one_short_line(stream: io.StringIO) -> None:
    log.configure(production=False, stream=stream)
    details: dict[str, Any] = {"method": "POST", "route": "/api/v1/auth/login", "request_id": "mine"}
    log.request_done(logging.INFO, status=200, duration_ms=331.4, **details)
    log.request_done(logging.WARNING, status=401, duration_ms=0.4, code="invalid_credentials", **details)
    assert short_lines(stream) == [
        "POST /api/v1/auth/login  200  331 ms",
        "POST /api/v1/auth/login  401  0 ms  invalid_credentials",
    ]


def test_on_a_terminal_other_events_show_what_they_carry(stream: io.StringIO) -> None:
    log.configure(production=False, stream=stream)
    log.get_logger("test").info("job_running", attempt=1, reason="the queue is away", nothing="")
    logging.getLogger("some.library").warning("it is %s", "late")
    assert short_lines(stream) == [
        'job_running  attempt=1  reason="the queue is away"  nothing=""',
        "some.library: it is late",
    ]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_trouble_in_colour() -> None:
    terminal = _Terminal()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        log.configure(production=False, stream=terminal)
        log.get_logger("test").info("calm")
        log.get_logger("test").error("trouble")
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    calm, trouble = terminal.getvalue().splitlines()
    assert "\x1b" not in calm
    assert trouble.startswith("\x1b[31m")
    assert trouble.endswith("\x1b[0m")


FORGERIES = [
    "x\n21:07:05  request  status=200",
    "x\r21:07:05",
    "x\x1b[2J\x1b[1;1H",
    "x\u2028y\u0085z\x0bq",
    "x\u202etxet desrever",
    "\x9b31m",
    "\0",
]


@pytest.mark.parametrize("forged", FORGERIES)
@pytest.mark.parametrize("production", [False, True])
def test_no_value_can_forge_a_line_or_steer_a_terminal(stream: io.StringIO, production: bool, forged: str) -> None:
    log.configure(production=production, stream=stream)
    log.get_logger("test").info("said", text=forged)
    log.request_done(logging.WARNING, **said_of_a_request(user_agent=forged))
    logging.getLogger("library").error(forged)
    assert len(stream.getvalue().splitlines()) == 3
    assert stream.getvalue().replace("\n", "").isprintable()


@pytest.mark.parametrize("forged", FORGERIES)
def test_no_error_can_forge_a_line(stream: io.StringIO, forged: str) -> None:
    log.configure(production=False, stream=stream)
    try:
        raise LookupError(forged)
    except LookupError:
        log.get_logger("test").exception("failed")
    first, *traceback = stream.getvalue().splitlines()
    assert first.endswith("  failed")
    assert all(line.startswith("    ") and line.isprintable() for line in traceback)


@pytest.mark.parametrize("name", ["password", "new_password", "refresh_token", "Authorization", "Cookie", "secret_key"])
def test_what_is_called_like_a_secret_is_masked(stream: io.StringIO, name: str) -> None:
    log.configure(production=True, stream=stream)
    log.get_logger("test").info("said", **{name: SECRET})
    assert json.loads(stream.getvalue())[name] == "***"


@pytest.mark.parametrize("production", [False, True])
def test_a_password_in_an_address_is_masked_wherever_it_stands(stream: io.StringIO, production: bool) -> None:
    log.configure(production=production, stream=stream)
    url = f"postgresql://kim:{SECRET}@db.example/name"
    log.get_logger("test").info("said", reason=f"cannot reach {url} or redis://:{SECRET}@cache")
    logging.getLogger("library").error("cannot reach %s", url)
    try:
        raise LookupError(url)
    except LookupError:
        log.get_logger("test").exception("failed")
    assert stream.getvalue().count("kim:***@db.example/name") == 3
    assert SECRET not in stream.getvalue()


def test_a_log_that_was_closed_stops_nobody(stream: io.StringIO, capfd: pytest.CaptureFixture[str]) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", buffering=1) as pipe:
        log.configure(production=True, stream=pipe)
        os.close(reader)
        for _ in range(2_000):
            log.get_logger("test").info("said", text="x" * 100)
            log.request_done(logging.INFO, **said_of_a_request())
        logging.getLogger("library").error("said")
        with contextlib.suppress(BrokenPipeError):
            pipe.close()
    log.get_logger("test").info("said")
    assert capfd.readouterr().err == ""


def test_no_standard_error_at_all_stops_nobody(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", None)
    log.configure(production=False)
    log.get_logger("test").error("said")
    log.request_done(logging.INFO, **said_of_a_request())
    stream.close()
    log.configure(production=False, stream=stream)
    log.get_logger("test").error("said")
    log.request_done(logging.INFO, **said_of_a_request())
