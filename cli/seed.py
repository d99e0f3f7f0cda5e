"""`schediora seed`."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from .console import progress, show, stop, working
from .options import AsJson, ConfigFile, DataDir, read_settings
from .work import on_the_data

if TYPE_CHECKING:
    from schediora.db.database import Database
    from schediora.settings.values import Settings

MOST_STUDENTS = 999_999


def seed(
    force: Annotated[bool, typer.Option("--force", help="Do it in production, too.")] = False,
    users: Annotated[
        int | None,
        typer.Option(
            help="Make so many students like the sample student instead, for trying how it is with many.",
            metavar="N",
            min=1,
            max=MOST_STUDENTS,
        ),
    ] = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a sample student with five weeks of study.

    One who is there already stays as they are.
    """
    settings = read_settings(config, data_dir).settings
    if settings.production and not force:
        raise stop("Everybody knows the sample student's password, so production needs --force.")
    with on_the_data(settings) as database:
        row = _sample_student(settings) if users is None else _many(settings, database, users)
    show([row], as_json=as_json)


def _sample_student(settings: "Settings") -> dict[str, str]:
    import peewee

    from schediora.clock import utc_now
    from schediora.users.queries import user_by_email

    from .sample_week import EMAIL, PASSWORD, add_sample_student

    with working("Making the student"):
        sessions = 0
        if user_by_email(EMAIL) is None:
            hashed = _hashed(settings, PASSWORD)
            try:
                sessions = add_sample_student(hashed, default_timezone=settings.planner.default_timezone, now=utc_now())
            except peewee.IntegrityError:
                if user_by_email(EMAIL) is None:  # it was no other seed at the same moment
                    raise
    outcome = f"made, with {sessions} sessions" if sessions else "already there, nothing changed"
    return {"email": EMAIL, "password": PASSWORD, "student": outcome}


def _many(settings: "Settings", database: "Database", count: int) -> dict[str, object]:
    from schediora.clock import utc_now

    from .many_students import add_students, address_of, missing_of
    from .sample_week import PASSWORD

    students = rows = 0
    hashed = _hashed(settings, PASSWORD)
    started = time.monotonic()
    with progress("Making students") as bar:
        missing, zone = missing_of(count), settings.planner.default_timezone
        bar.began(len(missing))
        for more, stored in add_students(database, missing, hashed, default_timezone=zone, now=utc_now()):
            students, rows = students + more, rows + stored
            bar.advance(more)
    return {
        "emails": f"{address_of(1)} to {address_of(count)}",
        "password": PASSWORD,
        "made": students,
        "rows": rows,
        "rows_a_second": round(rows / max(time.monotonic() - started, 0.001)),
    }


def _hashed(settings: "Settings", password: str) -> str:
    from schediora.auth.passwords import Hasher

    return Hasher().hash(password)
