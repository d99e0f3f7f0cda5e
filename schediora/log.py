"""Structured logging: JSON lines in production, coloured text on a terminal, and never a secret.

Every line passes through structlog, those of the libraries too. Context (`request_id`, `job_id`) is bound per thread
of work.
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_CALM_SECONDS = 60.0
_SECRET_NAMES = frozenset(
    {"password", "token", "access_token", "refresh_token", "authorization", "secret_key", "api_key", "body"}
)


def get_logger(name: str) -> Any:
    """Return the structured logger called `name`."""
    return structlog.get_logger(name)


def configure(*, production: bool, stream: TextIO | None = None) -> None:
    """Send every log line to `stream` (standard error by default); JSON when `production`, else readable text."""
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _mask_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    renderers: list[Processor]
    if production:
        renderers = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    else:
        # Not the default, which shows the values of local variables: passwords and tokens are among them.
        plain = structlog.dev.plain_traceback
        renderers = [structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(out)
    handler.addFilter(_Calm())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Their routine lines repeat what the request and job lines already say; openai and httpx would also name addresses.
    for noisy in (
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
    ):
        logging.getLogger(noisy).setLevel(logging.ERROR)


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


def _mask_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name in _SECRET_NAMES & event.keys():
        event[name] = "***"
    return event
