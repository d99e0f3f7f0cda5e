"""Another device of a student's, which asks now and then what has changed."""

import re
from typing import Any

from falcon.testing import Result

from tests.client import Student
from tests.planner.book import ok

_LINK = re.compile(r'<([^>]*)>; rel="(next|since)"')
_FIRST = "/sessions?since="


class OtherDevice:
    """Keeps the sessions that it was told of, and what to ask next."""

    def __init__(self, student: Student) -> None:
        self.student = student
        self.sessions: dict[str, dict[str, Any]] = {}
        self.asks = _FIRST

    def turn(self, limit: int | None = None) -> bool:
        """Take one page, of `limit` entries if that is named, and tell whether there are more."""
        answer = self.ask(limit)
        if answer.status_code == 410:
            self.sessions, self.asks = {}, _FIRST
            return True
        entries = ok(answer)
        for entry in entries:
            if entry.get("deleted"):
                assert set(entry) == {"id", "deleted"}, entry
                self.sessions.pop(entry["id"], None)
            else:
                self.sessions[entry["id"]] = entry
        address, relation = link_of(answer)
        assert limit is None or len(entries) <= limit
        self.asks = address
        return relation == "next"

    def ask(self, limit: int | None = None) -> Result:
        """Ask what comes next."""
        bare = re.sub(r"[?&]limit=\d+", "", self.asks).replace("sessions&", "sessions?")
        return self.student.get(bare if limit is None else f"{bare}&limit={limit}")

    def sync(self, limit: int | None = None, *, most: int = 1000) -> None:
        """Take page after page until there is no more."""
        for _ in range(most):
            if not self.turn(limit):
                return
        raise AssertionError("there is no end of pages")

    @property
    def lasting(self) -> dict[str, dict[str, Any]]:
        """Return the sessions without what changes by the day alone."""
        return lasting(self.sessions.values())


def lasting(sessions: Any) -> dict[str, dict[str, Any]]:
    """Return sessions by id, without what changes by the day alone."""
    return {each["id"]: {name: value for name, value in each.items() if name != "late"} for each in sessions}


def link_of(answer: Result) -> tuple[str, str]:
    """Return the address below the prefix that an answer points to, and what is there."""
    found = _LINK.fullmatch(answer.headers["Link"])
    assert found, answer.headers
    assert found[1].startswith("/api/v1/sessions?"), found[1]
    return found[1].removeprefix("/api/v1"), found[2]


def all_sessions(student: Student) -> dict[str, dict[str, Any]]:
    """Return every session that there is, by the list of all."""
    found: list[dict[str, Any]] = []
    address = "/sessions?week=all&limit=500"
    while address:
        answer = student.get(address)
        found += ok(answer)
        link = answer.headers.get("Link")
        address = re.sub(r"^</api/v1(.*)>.*$", r"\1", link) if link else ""
    return lasting(found)
