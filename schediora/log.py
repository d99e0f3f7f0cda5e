"""Structured logging: JSON lines in production, short ones on a terminal, never a secret and never a forged line.

Every line passes through structlog, those of the libraries too. Context (`request_id`, `address`, `job_id`) is bound
per thread of work. An event's name is snake_case and listed in docs/operating.md.
"""

import functools
import json
import logging
import re
import sys
import time
from contextlib import AbstractContextManager
from contextvars import ContextVar
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from schediora.log_lines import STUCK_SECONDS, Lines

_CALM_SECONDS = 60.0
_SECRET_PARTS = ("password", "token", "authorization", "secret", "api_key", "cookie", "body")
_USERINFO = re.compile(r"(://[^\s:@/]*:)(?:[^\s@/]*@)+")
_COLOURS = {"warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}
_PLAIN = "\x1b[0m"
_LEVELS = {logging.INFO: "info", logging.WARNING: "warning", logging.ERROR: "error"}
REQUEST_LOGGER = "schediora.request"
_NOISY = (
    "waitress.queue",
    "huey",
    "huey.consumer",
    "alembic",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "openai",
    "peewee",
    "psycopg",
)
"""Their routine lines repeat what the request and job lines already say; openai and httpx would also name addresses."""


def get_logger(name: str) -> Any:
    """Return the structured logger called `name`."""
    return structlog.get_logger(name)


def configure(*, production: bool, level: str = "info", stream: TextIO | None = None) -> None:
    """Send every log line of `level` or above to `stream` (standard error by default): JSON when `production`, else one
    short line each.
    """
    out = stream or sys.stderr
    stamp = structlog.processors.TimeStamper(fmt="iso" if production else "%H:%M:%S", utc=production)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _merge_call,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        stamp,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # Not structlog's own console, which shows the values of local variables: passwords and tokens are among them.
    renderer = structlog.processors.JSONRenderer() if production else _ShortLine(colours=_is_terminal(out))
    handler = Lines(out)
    handler.addFilter(_Calm())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _name_foreign],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                _mask_secrets,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.ERROR)
    _request_line.go_to(handler, None if production else _ShortLine(colours=_is_terminal(out)))


def begin_call(request_id: str, address: str, client: str | None = None) -> None:
    """Have every line of this thread's work name the request and its address until `end_call`; `client` is what calls,
    in its own words.
    """
    _call.set((request_id, address, client))


def end_call() -> None:
    """Have no more lines name the request."""
    _call.set(None)


def client() -> str | None:
    """Return what the client of the call that is worked on says it is, if there is one and it does."""
    call = _call.get()
    return call[2] if call else None


def request_done(
    level: int,
    *,
    request_id: str,
    method: str,
    route: str,
    status: int,
    duration_ms: float,
    address: str = "",
    user_id: str | None = None,
    user_agent: str | None = None,
    code: str | None = None,
) -> None:
    """Write the line of a request that was answered: what `get_logger("schediora.request")` would write of the event
    `request`, without its cost. Nothing before `configure`.

    Inside `written_behind` the line is written a moment after this returns, in turn with all others.
    """
    line = _request_line
    if line.lines is None or not line.logger.isEnabledFor(level):
        return
    if line.terminal is None:
        # Characters beyond ASCII are escaped, and so are all that could end or steer a line.
        quoted = encode_basestring_ascii
        coded = f'"code": {quoted(code)}, ' if code else ""
        text = (
            f'{{"request_id": {quoted(request_id)}, "address": {quoted(address)}, "method": {quoted(method)}, '
            f'"route": {quoted(route)}, "status": {status}, "duration_ms": {duration_ms}, '
            f'"user_id": {quoted(user_id) if user_id else "null"}, '
            f'"user_agent": {quoted(user_agent) if user_agent else "null"}, '
            f'{coded}"event": "request", "level": "{_LEVELS[level]}", "logger": "{REQUEST_LOGGER}", '
            f'"timestamp": "{line.stamp()}"}}'
        )
        line.lines.write(text if "://" not in text else json.dumps(_mask_secrets(None, "", json.loads(text))))
        return
    said: EventDict = {"method": method, "route": route, "status": status, "duration_ms": duration_ms, "code": code}
    said.update(event="request", level=_LEVELS[level], timestamp=time.strftime("%H:%M:%S"))
    line.lines.write(line.terminal(None, "", said))


def written_behind() -> AbstractContextManager[None]:
    """Write the lines of requests many at once for as long as this lasts; see `Lines.behind`. After `configure`."""
    assert _request_line.lines is not None
    return _request_line.lines.behind()


def flush() -> None:
    """Write what waits to be written, as the process is about to end; a log that is stuck is not waited for."""
    if _request_line.lines is not None:
        _request_line.lines.write_gathered(within_seconds=STUCK_SECONDS)


class _RequestLine:
    """How the line of a request is written: where to, in which form, and the time as a line says it."""

    def __init__(self) -> None:
        self.lines: Lines | None = None
        self.terminal: _ShortLine | None = None
        self.logger = logging.getLogger(REQUEST_LOGGER)
        self._second = (0, "")

    def go_to(self, lines: Lines, terminal: "_ShortLine | None") -> None:
        """Write to `lines` from now on, for a reader at a `terminal`, or as JSON."""
        self.lines, self.terminal = lines, terminal

    def stamp(self) -> str:
        """Return this moment in UTC; all but the microseconds is written once a second."""
        second, microseconds = divmod(time.time_ns() // 1000, 1_000_000)
        known, text = self._second
        if known != second:
            text = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}"
            self._second = second, text
        return f"{text}.{microseconds:06}Z"


_request_line = _RequestLine()
_call: ContextVar[tuple[str, str, str | None] | None] = ContextVar("call", default=None)


def _merge_call(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the request that is worked on."""
    if call := _call.get():
        event.setdefault("request_id", call[0])
        event.setdefault("address", call[1])
    return event


class _Calm(logging.Filter):
    """Lets the queue's library complain of the same thing once a minute, in a line.

    While a queue is away, each of its threads repeats its complaint several times a second, with a traceback.
    """

    def __init__(self) -> None:
        super().__init__()
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether to let `record` through."""
        if not record.name.startswith("huey"):
            return True
        complaint = str(record.msg)
        if record.created - self._last.get(complaint, 0.0) < _CALM_SECONDS:
            return False
        self._last[complaint] = record.created
        if record.exc_info and record.exc_info[0]:
            record.msg, record.exc_info = f"{complaint} ({record.exc_info[0].__name__})", None
        return True


class _ShortLine:
    """Writes an event for a reader at a terminal: `21:07:05  POST /api/v1/auth/login  200  331 ms`."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> str:
        """Return the line, with a traceback below it where there is one."""
        stamp, level, name = event.pop("timestamp"), event.pop("level"), event.pop("event")
        logger, traceback = event.pop("logger", ""), event.pop("exception", "")
        if name == "request":
            said = _request(event)
        elif name == "library_message":
            said = f"{logger}: {_printable(str(event.pop('message')))}"
        else:
            said = "  ".join([name, *(f"{key}={_value(value)}" for key, value in event.items())])
        line = f"{stamp}  {said}"
        if self._colours and level in _COLOURS:
            line = f"{_COLOURS[level]}{line}{_PLAIN}"
        return "\n    ".join([line, *map(_printable, traceback.splitlines())])


def _request(event: EventDict) -> str:
    said = f"{event['method']} {event['route']}  {event['status']}  {event['duration_ms']:.0f} ms"
    return f"{said}  {event['code']}" if event.get("code") else said


def _value(value: object) -> str:
    text = _printable(str(value))
    return text if text and " " not in text else f'"{text}"'


def _printable(text: str) -> str:
    """Return `text` with all that would move the cursor or reorder the line written out."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _is_terminal(out: TextIO | None) -> bool:
    try:
        return out is not None and out.isatty()
    except ValueError:  # it was closed
        return False


def _name_foreign(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Give a library's sentence the name of an event."""
    event["message"], event["event"] = event["event"], "library_message"
    return event


def _mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            if _is_secret(name):
                event[name] = "***"
            elif "://" in value:
                event[name] = _USERINFO.sub(r"\1***@", value)
    return event


@functools.cache
def _is_secret(name: str) -> bool:
    return any(part in name.lower() for part in _SECRET_PARTS)
