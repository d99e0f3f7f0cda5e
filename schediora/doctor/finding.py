"""What the doctor finds: a sentence each, which says what to do where something is to be done."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How what was looked at is; only what is wrong makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `says` holds no secret, whatever the settings hold."""

    about: str
    state: State
    says: str


def ok(about: str, says: str) -> Finding:
    """Return that it is as it should be."""
    return Finding(about, State.OK, says)


def warning(about: str, says: str) -> Finding:
    """Return that it works but is unwise, or will not work for ever."""
    return Finding(about, State.WARNING, says)


def wrong(about: str, says: str) -> Finding:
    """Return that students cannot be served so, or not safely."""
    return Finding(about, State.WRONG, says)


def reason(problem: BaseException) -> str:
    """Return the first line of what `problem` says, without the full stop that the sentence around it has."""
    said = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
    return str(said).strip().splitlines()[0].rstrip(".")
