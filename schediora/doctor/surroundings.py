"""What is neither ours nor the database's: the queue, the disk, the model server, the time zones."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import redis

from schediora import localtime
from schediora.ai.model.connection import OPENAI_URL, host_of
from schediora.ai.model.failures import FailureCode, ProviderError
from schediora.ai.model.openai_writer import OpenAIWriter
from schediora.ai.model.trial import try_model
from schediora.doctor.database import clock_finding
from schediora.doctor.finding import Finding, ok, reason, warning, wrong
from schediora.mail.sender import connected_to, reason_of
from schediora.queue import CONNECT_SECONDS
from schediora.settings.mail_url import mail_server, sender_of
from schediora.settings.values import Settings

_LITTLE_ROOM = 1_000_000_000
_NO_ROOM = 100_000_000
"""In bytes. A busy day of 10,000 students writes less than the first; below the second SQLite's log has no room."""
_NOT_FOUND = (404, 405)
_WHY_NO_STEP = {
    FailureCode.UNREACHABLE: "cannot be reached; see that it runs and that ai.base_url names it",
    FailureCode.TIMEOUT: "did not answer in time; see how busy it is, or raise ai.timeout_seconds",
    FailureCode.UNAUTHORIZED: "refuses the key{}; set the right one in ai.api_key",
    FailureCode.RATE_LIMITED: "takes no more calls for now{}; see what your account there allows",
}
_OLD_ZONES_DAYS = 400
"""Countries change their clocks at a few weeks' notice; some do every year."""


def queue_findings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look whether hints can be sent; without them jobs are still made, a little later."""
    if url := settings.queue.url.get_secret_value():
        yield from _redis(url, now)
    elif not settings.on_postgres:  # which has it among its tables
        path = settings.data_dir / "queue.db"
        yield ok("queue", f"It is the file {path}{'' if path.exists() else ', which the first start makes'}.")


def _redis(url: str, now: datetime) -> Iterator[Finding]:
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=CONNECT_SECONDS
        ) as client:
            seconds, _ = client.time()
            client.ping()
    except (redis.RedisError, OSError, ValueError) as problem:
        yield warning(
            "queue",
            f"It cannot be reached ({reason(problem)}), so jobs start late and limits are kept by each process alone; "
            "see that the server of queue.url runs.",
        )
        return
    yield ok("queue", "The server of queue.url answers.")
    yield clock_finding("the queue", datetime.fromtimestamp(seconds, UTC), now)


def mail_findings(settings: Settings) -> Iterator[Finding]:
    """Connect to the mail server, sign in there and send nothing."""
    if not settings.sends_mail:
        yield ok("mail", "None is sent; where a password is forgotten, run: schediora users reset-link STUDENT")
        return
    server = mail_server(settings.mail.url.get_secret_value())
    domain = sender_of(settings.mail.sender).domain if settings.mail.sender else "localhost"
    try:
        with connected_to(server, domain=domain) as connection:
            connection.noop()
    except (OSError, ValueError) as problem:
        yield warning("mail", f"{server.host}:{server.port} cannot be used: {reason_of(problem)}; see mail.url.")
        return
    how = "signed us in" if server.user else "answers"
    yield ok("mail", f"{server.host}:{server.port} {how}; nothing was sent.")


def disk_finding(folder: Path) -> Finding:
    """Look at the room where the data directory is, or will be."""
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    size = f"{free / 1_000_000_000:,.1f} GB" if free >= _LITTLE_ROOM else f"{free // 1_000_000} MB"
    room = f"{place} has {size} free"
    if free < _NO_ROOM:
        return wrong("disk", f"{room}, too little to write to; make room.")
    if free < _LITTLE_ROOM:
        return warning("disk", f"{room}; make room before it is full.")
    return ok("disk", f"{room}.")


def model_finding(settings: Settings) -> Finding:
    """Have the model write one step, as it does for plans: one real call, which a provider may charge for."""
    ai = settings.ai
    if ai.provider == "rules":
        return ok("model", "None is asked: the rules write the plans.")
    writer = OpenAIWriter(
        model=ai.model,
        base_url=ai.base_url or None,
        api_key=ai.api_key.get_secret_value(),
        temperature=ai.temperature,
        max_tokens=ai.max_tokens,
    )
    host = host_of(ai.base_url or OPENAI_URL)
    started = time.monotonic()
    try:
        fault = try_model(writer, seconds=ai.timeout_seconds)
    except ProviderError as problem:
        return warning("model", f"{host} {_why_no_step(problem)}; meanwhile the rules write the plans.")
    seconds = time.monotonic() - started
    if fault is None:
        return ok("model", f"{ai.model} at {host} wrote a step in {seconds:.1f} s.")
    return warning(
        "model",
        f"{ai.model} at {host} answered in {seconds:.1f} s with what is of no use ({fault}), so the rules write the "
        "plans; choose a larger model in ai.model.",
    )


def _why_no_step(problem: ProviderError) -> str:
    """Return what a model server did instead of writing, and what to do about it."""
    if problem.status in _NOT_FOUND:
        return "knows no such address or model; see ai.base_url, which mostly ends in /v1, and ai.model"
    status = f" (status {problem.status})" if problem.status else ""
    return _WHY_NO_STEP.get(problem.code, "failed{}; see its own log, and ai.base_url and ai.model").format(status)


def zones_finding(today: datetime) -> Finding:
    """Look at the time zones that come with Schediora; the system's own are never read."""
    try:
        release = version("tzdata")
        for name in ("UTC", "Asia/Jakarta", "America/Sao_Paulo"):
            localtime.zone(name)
        count = len(localtime.zone_names())
    except (OSError, ValueError, PackageNotFoundError) as problem:
        return wrong("time zones", f"They cannot be read ({reason(problem)}); install Schediora again.")
    year = int(release.partition(".")[0])
    if (today.year - year) * 365 > _OLD_ZONES_DAYS:
        return warning("time zones", f"They are of {year}, and countries change them; install a newer tzdata.")
    return ok("time zones", f"{count} are there, of tzdata {release}.")
