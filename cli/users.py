"""`schediora users`: what an operator does with students."""

import sys
from typing import Annotated

import typer

from .console import ASKED_WRONGLY, show, stop, warn, working
from .options import AsJson, ConfigFile, DataDir, Student, read_settings
from .passwords import new_password, registration
from .taking_along import export_student, import_student
from .work import audit_of, on_the_data

users = typer.Typer(
    name="users",
    help="Find, make, move, sign out and delete students.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
users.command(name="export")(export_student)
users.command(name="import")(import_student)


@users.command(name="list")
def list_(
    email: Annotated[str, typer.Option(help="Only addresses that contain this.", metavar="PART")] = "",
    limit: Annotated[int, typer.Option(help="How many at most.", metavar="N", min=1, max=100_000)] = 100,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show students, the newest first."""
    settings = read_settings(config, data_dir).settings

    from schediora.auth.students import enrolled
    from schediora.clock import utc_now

    with on_the_data(settings):
        found = enrolled(address_part=email, limit=limit + 1, now=utc_now())
    rows = [
        {
            "id": str(student.id),
            "email": student.email,
            "timezone": student.timezone or "",
            "created_at": f"{student.created_at:%Y-%m-%d %H:%M}",
            "last_used": f"{student.last_used_at:%Y-%m-%d %H:%M}" if student.last_used_at else "",
            "sign_ins": student.sign_ins,
        }
        for student in found[:limit]
    ]
    show(rows, as_json=as_json)
    if len(found) > limit:
        warn(f"There are more than these {limit}; narrow them with --email, or raise --limit.")


@users.command()
def create(
    email: Annotated[str, typer.Argument(help="The student's address.", metavar="EMAIL")],
    timezone: Annotated[str | None, typer.Option(help="Their time zone, such as Asia/Jakarta.", metavar="ZONE")] = None,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a student.

    The password is asked for, or read from standard input where that is no terminal.
    """
    settings = read_settings(config, data_dir).settings
    wish = registration(email, new_password(), timezone)

    from schediora.audit import Act
    from schediora.auth.passwords import Hasher
    from schediora.auth.students import enrol
    from schediora.clock import utc_now

    with on_the_data(settings), working("Making the student"):
        hashed = Hasher().hash(wish.password)
        user = enrol(wish.email, hashed, timezone, now=utc_now())
        audit_of(settings).done(Act.REGISTRATION, user.id, user.email)
    show([{"id": str(user.id), "email": user.email, "student": "made"}], as_json=as_json)


@users.command(name="set-password")
def set_password(
    student: Student, data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Change a password; signs out everywhere.

    The password is asked for, or read from standard input where that is no terminal.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.audit import Act
    from schediora.auth import students
    from schediora.auth.passwords import Hasher
    from schediora.clock import utc_now

    with on_the_data(settings):
        user = students.student_called(student)
        wish = registration(user.email, new_password())
        hashed = Hasher().hash(wish.password)
        ended = students.set_password(user.id, hashed, now=utc_now())
        audit_of(settings).done(Act.PASSWORD_CHANGE, user.id, user.email)
    show([{"email": user.email, "password": "changed", "signed_out": ended}], as_json=as_json)


@users.command(name="reset-link")
def reset_link(student: Student, data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Make a link by which a student sets a new password.

    It is good once and for 30 minutes: whoever has it has the account.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.audit import Act
    from schediora.auth import students
    from schediora.clock import utc_now

    with on_the_data(settings):
        user = students.student_called(student)
        path = students.reset_path(user.id, now=utc_now())
        audit_of(settings).done(Act.PASSWORD_LINK, user.id, user.email)
    if not settings.server.public_url:
        warn("This is the link without the service's address, as server.public_url is not set.")
    show([{"email": user.email, "link": settings.server.public_url + path}], as_json=as_json)


@users.command(name="sign-out")
def sign_out(student: Student, data_dir: DataDir = None, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Sign a student out on all devices."""
    settings = read_settings(config, data_dir).settings

    from schediora.audit import Act
    from schediora.auth import students
    from schediora.clock import utc_now

    with on_the_data(settings):
        user = students.student_called(student)
        ended = students.sign_out(user.id, now=utc_now())
        audit_of(settings).done(Act.SIGN_OUT_EVERYWHERE, user.id, user.email)
    show([{"email": user.email, "signed_out": ended}], as_json=as_json)


@users.command()
def delete(
    student: Student,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Delete a student and everything that is theirs.

    Nothing brings it back but a backup.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.audit import Act
    from schediora.auth import students

    with on_the_data(settings):
        user = students.student_called(student)
        if not yes:
            if sys.stdin is None or not sys.stdin.isatty():
                raise stop(f"Say --yes to delete {user.email} and everything that is theirs.", code=ASKED_WRONGLY)
            typer.confirm(f"Delete {user.email} and everything that is theirs?", abort=True, err=True)
        students.delete(user.id)
        audit_of(settings).done(Act.DELETION, user.id, user.email)
    show([{"email": user.email, "student": "deleted"}], as_json=as_json)
