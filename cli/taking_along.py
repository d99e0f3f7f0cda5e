"""`schediora users export` and `schediora users import`: a student moves from one server to another."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import ASKED_WRONGLY, progress, say, show, stop, warn, working
from .options import AsJson, ConfigFile, DataDir, Student, read_settings
from .passwords import new_password, registration
from .work import audit_of, on_the_data

if TYPE_CHECKING:
    from schediora.portability.schemas import Export


def export_student(
    student: Student,
    file: Annotated[Path, typer.Argument(help="The file to write, which is not there yet.", metavar="FILE")],
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Write everything of a student's to a file.

    It is what GET /users/me/export answers them, and for its owner alone.
    """
    settings = read_settings(config, data_dir).settings

    from importlib.metadata import version

    from schediora.audit import Act
    from schediora.auth.students import student_called
    from schediora.clock import utc_now
    from schediora.portability.writing import write_export

    zone = settings.planner.default_timezone
    with on_the_data(settings), working("Writing the student's data"):
        user = student_called(student)
        try:
            with file.open("xb") as to:
                try:
                    write_export(user.id, to, default_timezone=zone, release=version("schediora"), now=utc_now())
                except BaseException:
                    file.unlink()
                    raise
        except FileExistsError:
            raise stop(f"{file} is there already; name a new file.") from None
        except OSError as problem:
            raise stop(f"{file} could not be written: {problem.strerror}.") from None
        audit_of(settings).done(Act.EXPORT, user.id, user.email)
    show([{"email": user.email, "file": str(file), "bytes": file.stat().st_size}], as_json=as_json)


def import_student(
    file: Annotated[Path, typer.Argument(help="What the student's export was kept in.", metavar="FILE")],
    email: Annotated[str | None, typer.Option(help="Another address for them.", metavar="EMAIL")] = None,
    set_password: Annotated[bool, typer.Option("--set-password", help="Ask for their password.")] = False,
    over_quota: Annotated[bool, typer.Option("--over-quota", help="Also more than a student can add.")] = False,
    data_dir: DataDir = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a student from their export.

    The whole file is checked first. All of it is stored, or nothing. A password is asked for, or read from standard
    input where that is no terminal; without --set-password they have none yet.
    """
    settings = read_settings(config, data_dir).settings

    from schediora.audit import Act
    from schediora.auth.passwords import Hasher
    from schediora.clock import utc_now
    from schediora.portability import importing

    export = _read(file, over_quota=over_quota)
    address = _address(email) if email else export.account.email
    password = registration(address, new_password()).password if set_password else None
    with on_the_data(settings), progress("Importing rows") as bar:
        hasher = Hasher()
        hashed = hasher.hash_of_none() if password is None else hasher.hash(password)
        bar.began(importing.rows_of(export))
        made = importing.import_student(export, address, hashed, now=utc_now(), advance=bar.advance)
        audit_of(settings).done(Act.IMPORT, made.user.id, made.user.email)
    row = {"id": str(made.user.id), "email": made.user.email, "sessions": len(export.sessions), "student": "imported"}
    show([row], as_json=as_json)
    if made.unfinished_jobs:
        warn("A plan that was just being made is not imported; the student can ask for it again.")
    if password is None:
        say(
            f"They have no password yet; run: schediora users set-password {address}, or give them a link from: "
            f"schediora users reset-link {address}",
            err=True,
        )


def _read(file: Path, *, over_quota: bool) -> "Export":
    """Return the document in a file, whole and checked; exit and say what is wrong with it."""
    from schediora.portability.checking import check
    from schediora.portability.errors import ImportRefused
    from schediora.portability.reading import MOST_BYTES, read_export

    try:
        with file.open("rb") as source, working("Reading the file"):
            export = read_export(source.read(MOST_BYTES + 1))
            check(export, over_quota=over_quota)
    except OSError as problem:
        raise stop(f"{file} could not be read: {problem.strerror}.", code=ASKED_WRONGLY) from None
    except MemoryError:
        raise stop("There is not enough memory to read the file.") from None
    except ImportRefused as problem:
        raise stop(problem.detail) from None
    return export


def _address(text: str) -> str:
    from schediora.auth.schemas import canonical

    try:
        return canonical(text.strip())
    except ValueError as problem:
        raise stop(f"The address after --email {problem}.", code=ASKED_WRONGLY) from None
