"""`schediora seed`."""

from typing import Annotated

import typer

from .console import show, stop, working
from .launch import close_data_dir, ensure_schema
from .options import AsJson, ConfigFile, DataDir, read_settings


def seed(
    force: Annotated[bool, typer.Option("--force", help="Do it in production, too.")] = False,
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
    close_data_dir(settings)
    if not ensure_schema(settings):
        raise stop("The database has yet to be migrated; run: schediora migrate")

    import peewee

    from schediora.app import connect
    from schediora.auth.passwords import Hasher
    from schediora.clock import utc_now
    from schediora.db.database import connected
    from schediora.users.queries import user_by_email

    from .sample_week import EMAIL, PASSWORD, add_sample_student

    database = connect(settings)
    with connected(database), working("Making the student"):
        sessions = 0
        if user_by_email(EMAIL) is None:
            hashed = Hasher(threads=settings.server.threads).hash(PASSWORD)
            try:
                sessions = add_sample_student(hashed, default_timezone=settings.planner.default_timezone, now=utc_now())
            except peewee.IntegrityError:
                if user_by_email(EMAIL) is None:  # it was no other seed at the same moment
                    raise
    database.close_all()
    outcome = f"made, with {sessions} sessions" if sessions else "already there, nothing changed"
    show([{"email": EMAIL, "password": PASSWORD, "student": outcome}], as_json=as_json)
