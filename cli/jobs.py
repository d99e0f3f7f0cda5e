"""`schediora jobs`: the plans that students asked for."""

from contextlib import closing
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from .console import ASKED_WRONGLY, show, show_json, stop, warn
from .options import AsJson, ConfigFile, DataDir, read_settings
from .work import on_the_data

jobs = typer.Typer(
    name="jobs",
    help="Look at jobs, the plans asked for; try one again.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

JobId = Annotated[str, typer.Argument(help="The job's id.", metavar="JOB")]


@jobs.command(name="list")
def list_(
    status: Annotated[
        str | None, typer.Option(help="Only those that are queued, running, completed or failed.", metavar="STATUS")
    ] = None,
    student: Annotated[
        str | None, typer.Option(help="Only those of this student, by address or id.", metavar="STUDENT")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", metavar="N", min=1, max=100_000)] = 50,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show jobs, the newest first."""
    settings = read_settings(config, data_dir).settings

    from schediora.ai.queries import newest_jobs
    from schediora.auth.students import student_called
    from schediora.models.ai import JobStatus

    if status is not None and status not in set(JobStatus):
        raise stop(f"A job is {', '.join(JobStatus)}; --status takes one of these.", code=ASKED_WRONGLY)
    with on_the_data(settings):
        of = student_called(student).id if student else None
        found = newest_jobs(JobStatus(status) if status else None, of, limit=limit + 1)
        rows = [
            {
                "id": str(job.id),
                "student": job.user.email,
                "status": str(job.status),
                "topic": job.topic,
                "week": str(job.week_start),
                "source": job.source or "",
                "error": job.error_code or "",
                "attempts": job.attempts,
                "created_at": f"{job.created_at:%Y-%m-%d %H:%M:%S}",
            }
            for job in found[:limit]
        ]
    show(rows, as_json=as_json)
    if len(found) > limit:
        warn(f"There are more than these {limit}; narrow them with --status or --student, or raise --limit.")


@jobs.command(name="show")
def show_(job: JobId, data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Show everything that is stored of a job."""
    settings = read_settings(config, data_dir).settings

    from schediora.ai.queries import any_job

    with on_the_data(settings):
        found = any_job(_id(job))
        stored = {"student": found.user.email, **found.__data__}
    shown = {name: _plain(value) for name, value in stored.items() if name != "lease_token"}
    if as_json:
        show_json(shown)
    else:
        show([{"field": name, "value": "" if value is None else value} for name, value in shown.items()], as_json=False)


@jobs.command()
def retry(job: JobId, data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Try a job again that failed or waits.

    A worker is woken for one that waits. The job that failed stays as it is; a new one is made, as if the student had
    asked again.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.ai.service import retry as again
    from schediora.app import create_queue
    from schediora.clock import utc_now

    with on_the_data(settings), closing(create_queue(settings)) as queue:
        made = again(_id(job), default_timezone=settings.planner.default_timezone, now=utc_now(), hint=queue.hint)
    show([{"id": str(made.id), "status": str(made.status), "week": str(made.week_start)}], as_json=as_json)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise stop("A job's id is a UUID; schediora jobs list shows them.", code=ASKED_WRONGLY) from None


def _plain(value: object) -> object:
    """Return a stored value as JSON can hold it."""
    if value is None or isinstance(value, (str, int, float, list, dict)):
        return str(value) if isinstance(value, str) else value
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)
