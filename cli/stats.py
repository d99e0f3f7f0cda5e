"""`schediora stats`."""

import re
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .console import ASKED_WRONGLY, say, show, show_json, stop, warn, working
from .options import AsJson, ConfigFile, DataDir, read_settings
from .work import on_the_data

if TYPE_CHECKING:
    from schediora.ai.queries import JobOutcomes
    from schediora.measures import LogMeasures
    from schediora.settings.values import Settings

_MINUTES_UNTIL_HOURS = 120
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def stats(
    log: Annotated[
        list[str],
        typer.Option(help="A file with the log of production, - for standard input; may be repeated.", metavar="FILE"),
    ],
    since: Annotated[
        str | None, typer.Option(help="Only the last so much: 90m, 24h, 7d (default: all of the log).", metavar="TIME")
    ] = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure the service by its log and its jobs.

    Answers that were our fault, sign-ins that worked, plans that were made, each with its goal, and how long each call
    takes.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.clock import utc_now
    from schediora.measures import read_log

    until = utc_now()
    begins = until - _span(since) if since else None
    with working("Reading the log"):
        lines = (line for name in log for line in _lines(name))
        found = read_log(lines, since=begins, until=until)
    begins = begins or found.first or until
    jobs = _jobs(settings, begins, until)
    measures = _measures(found, jobs)
    routes = [
        {
            "call": route,
            "requests": times.count,
            "p50_ms": times.percentile(0.5),
            "p95_ms": times.percentile(0.95),
            "p99_ms": times.percentile(0.99),
        }
        for route, times in sorted(found.routes.items(), key=lambda entry: -entry[1].count)
    ]
    if as_json:
        show_json(
            {"window": _window(found, begins, until), "measures": measures, "calls": routes} | _counts(found, jobs)
        )
        return
    show(measures, as_json=False)
    say("")
    show(routes, as_json=False)
    say(_sentence(found, begins, until), err=True)
    if found.errors:
        warn(f"Errors: {', '.join(f'{count} {event}' for event, count in found.errors.most_common())}.")
    if found.broken:
        warn(f"{found.broken} of {found.lines} lines could not be read and are not counted.")


def _measures(found: "LogMeasures", jobs: "JobOutcomes | None") -> list[dict[str, Any]]:
    from schediora.measures import FAULTS_GOAL, JOBS_GOAL, SIGN_IN_GOAL

    made = jobs.completed / jobs.ended if jobs and jobs.ended else None
    return [
        _measure("answers that were our fault (5xx)", found.faults_share, f"under {FAULTS_GOAL:.0%}", found.requests,
                 met=(found.faults_share or 0) < FAULTS_GOAL),
        _measure("sign-ins that worked", found.sign_in_share, f"{SIGN_IN_GOAL:.0%}", found.sign_ins,
                 met=(found.sign_in_share or 0) >= SIGN_IN_GOAL),
        _measure("plans asked for that were made", made, f"{JOBS_GOAL:.0%}", jobs.ended if jobs else 0,
                 met=(made or 0) >= JOBS_GOAL),
    ]  # fmt: skip


def _measure(name: str, share: float | None, goal: str, of: int, *, met: bool) -> dict[str, Any]:
    """Return a row; without anything to count there is nothing to say."""
    if share is None:
        return {"measure": name, "value": "none", "of": of, "goal": goal, "met": "unknown"}
    return {"measure": name, "value": f"{share:.2%}", "of": of, "goal": goal, "met": "yes" if met else "no"}


def _counts(found: "LogMeasures", jobs: "JobOutcomes | None") -> dict[str, Any]:
    return {
        "lines": found.lines,
        "broken_lines": found.broken,
        "codes": dict(found.codes.most_common()),
        "errors": dict(found.errors.most_common()),
        "wrong_passwords_and_the_like": found.students_own,
        "jobs": None
        if jobs is None
        else {
            "completed": jobs.completed,
            "unfinished": jobs.unfinished,
            "failed": jobs.failed,
            "by_source": jobs.sources,
        },
    }


def _window(found: "LogMeasures", since: datetime, until: datetime) -> dict[str, Any]:
    return {
        "since": f"{since:%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{until:%Y-%m-%dT%H:%M:%SZ}",
        "first_line": f"{found.first:%Y-%m-%dT%H:%M:%SZ}" if found.first else None,
        "last_line": f"{found.last:%Y-%m-%dT%H:%M:%SZ}" if found.last else None,
        "seen": round(found.seen(since, until), 4),
    }


def _sentence(found: "LogMeasures", since: datetime, until: datetime) -> str:
    if found.first is None or found.last is None:
        return f"The log has no line since {since:%Y-%m-%d %H:%M} UTC."
    minutes = (until - since).total_seconds() / 60
    window = f"{minutes / 60:.1f} h" if minutes >= _MINUTES_UNTIL_HOURS else f"{minutes:.0f} min"
    return (
        f"The log tells of {found.first:%Y-%m-%d %H:%M} to {found.last:%Y-%m-%d %H:%M} UTC, "
        f"{found.seen(since, until):.1%} of the {window} up to now."
    )


def _jobs(settings: "Settings", since: datetime, until: datetime) -> "JobOutcomes | None":
    """Return how the jobs of the window ended, None (and a word about it) when the database cannot tell."""
    from schediora.ai.queries import job_outcomes
    from schediora.errors import SetupError

    try:
        with on_the_data(settings):
            return job_outcomes(since, until)
    except SetupError as problem:
        warn(f"Of jobs nothing can be said. {problem.detail}")
        return None


def _lines(name: str) -> Iterator[str]:
    """Yield the lines of a file; bytes that are no text break their own line alone."""
    if name != "-" and not Path(name).is_file():
        raise stop(f"There is no file {name}; name the log with --log.", code=ASKED_WRONGLY)
    source = sys.stdin.fileno() if name == "-" else name
    with open(source, encoding="utf-8", errors="replace", closefd=name != "-") as stream:
        yield from stream


def _span(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,6}(?:\.\d+)?)([smhdw])", text.strip())
    if found is None:
        raise stop("--since takes a number and a unit: 90m, 24h, 7d.", code=ASKED_WRONGLY)
    return timedelta(**{_UNITS[found[2]]: float(found[1])})
