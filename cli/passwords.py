"""Taking a new password: asked for on a terminal, else read from standard input; never from the command line, which
everybody on the machine can read.
"""

import sys
from typing import TYPE_CHECKING

import typer

from .console import ASKED_WRONGLY, stop

if TYPE_CHECKING:
    from schediora.auth.schemas import Registration


def new_password() -> str:
    """Return what was typed, twice on a terminal, or the first line of what came."""
    if sys.stdin is not None and sys.stdin.isatty():
        return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True, err=True))
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise stop("Write the password to standard input, in one line.", code=ASKED_WRONGLY)
    return line.removesuffix("\n").removesuffix("\r")


def registration(email: str, password: str, timezone: str | None = None) -> "Registration":
    """Return address and password as the API takes them; exit and say what is wrong when it would not."""
    from pydantic import ValidationError

    from schediora.auth.password_rules import refuse_obvious
    from schediora.auth.schemas import Registration
    from schediora.errors import Invalid
    from schediora.http.validation import faults

    given = {"email": email, "password": password} | ({"timezone": timezone} if timezone else {})
    try:
        wish = Registration.model_validate(given)
        refuse_obvious(wish.password, wish.email)
    except ValidationError as problem:
        sentences = [fault["detail"] for fault in faults(problem)]
    except Invalid as problem:
        sentences = [problem.detail]
    else:
        return wish
    raise stop("\n".join(sentences), code=ASKED_WRONGLY)
