"""What is neither ours nor the database's: the queue, the disk, the model server, the time zones."""

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import redis

from schediora import localtime
from schediora.ai.model.connection import OPENAI_URL, host_of
from schediora.ai.model.openai_writer import OpenAIWriter
from schediora.ai.model.trial import try_model
from schediora.doctor.database import clock_finding
from schediora.doctor.finding import Finding, ok, reason, warning, wrong
from schediora.queue import CONNECT_SECONDS
from schediora.settings.values import Settings

_LITTLE_ROOM = 1_000_000_000
_NO_ROOM = 100_000_000
"""In bytes. A busy day of 10,000 students writes less than the first; below the second SQLite's log has no room."""
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


def disk_finding(folder: Path) -> Finding:
    """Look at the room where the data directory is, or will be."""
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.is_dir())
    free = shutil.disk_usage(place).free
    room = f"{place} has {free / 1_000_000_000:,.1f} GB free"
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
    problem = try_model(writer, seconds=ai.timeout_seconds)
    seconds = time.monotonic() - started
    if problem is None:
        return ok("model", f"{ai.model} at {host} wrote a step in {seconds:.1f} s.")
    return warning(
        "model",
        f"{ai.model} at {host} wrote nothing of use in {seconds:.1f} s ({problem}), so the rules write the plans; see "
        "ai.base_url, ai.model and ai.api_key.",
    )


def zones_finding(today: datetime) -> Finding:
    """Look at the time zones that come with Schediora; the system's own are never read."""
    release = version("tzdata")
    try:
        for name in ("UTC", "Asia/Jakarta", "America/Sao_Paulo"):
            localtime.zone(name)
        count = len(localtime.zone_names())
    except (OSError, ValueError) as problem:
        return wrong("time zones", f"They cannot be read ({reason(problem)}); install Schediora again.")
    year = int(release.partition(".")[0])
    if (today.year - year) * 365 > _OLD_ZONES_DAYS:
        return warning("time zones", f"They are of {year}, and countries change them; install a newer tzdata.")
    return ok("time zones", f"{count} are there, of tzdata {release}.")
