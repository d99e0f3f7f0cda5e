"""The product's own measures, read from the log that the service itself writes.

The goals: fewer than 1 % of answers are our fault (5xx), 99 % of sign-ins work, 95 % of the plans asked for are made.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

FAULTS_GOAL = 0.01
"""Of all answers, at most this share is 5xx."""
SIGN_IN_GOAL = 0.99
JOBS_GOAL = 0.95

_SIGN_INS = frozenset({"/api/v1/auth/login", "/api/v1/auth/register", "/api/v1/auth/refresh"})
_STUDENTS_OWN = frozenset(
    {
        "invalid_credentials", "email_taken", "validation_failed", "malformed_request", "unsupported_media_type",
        "body_too_large", "method_not_allowed", "request_timeout",
    }
)  # fmt: skip
"""With these a sign-in did what it should: a password was wrong, an address was taken, something was no request."""
_STEP = math.log(1.02)
"""Times are kept in classes that are 2 % apart, so that any number of requests takes little memory."""


class Times:
    """How long requests took, in milliseconds, exact to 2 %."""

    def __init__(self) -> None:
        self.count = 0
        self._classes: Counter[int] = Counter()

    def add(self, milliseconds: float) -> None:
        """Count one in."""
        self.count += 1
        self._classes[round(math.log(max(milliseconds, 0.01)) / _STEP)] += 1

    def percentile(self, share: float) -> float:
        """Return the time within which `share` of them were answered; 0 when there are none."""
        left = math.ceil(self.count * share)
        for step, count in sorted(self._classes.items()):
            left -= count
            if left <= 0:
                return round(math.exp(step * _STEP), 1)
        return 0.0


@dataclass(slots=True)
class LogMeasures:
    """What a log says of a window of time; `first` and `last` are the instants of the lines in it, None without any.

    `broken` lines could not be read and are part of nothing else.
    """

    lines: int = 0
    broken: int = 0
    first: datetime | None = None
    last: datetime | None = None
    requests: int = 0
    faults: int = 0
    sign_ins: int = 0
    failed_sign_ins: int = 0
    students_own: int = 0
    routes: dict[str, Times] = field(default_factory=dict)
    codes: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    @property
    def faults_share(self) -> float | None:
        """Return the share of answers that were our fault, None without any answer."""
        return self.faults / self.requests if self.requests else None

    @property
    def sign_in_share(self) -> float | None:
        """Return the share of sign-ins that worked, without those that could not, None without any."""
        return 1 - self.failed_sign_ins / self.sign_ins if self.sign_ins else None

    def seen(self, since: datetime, until: datetime) -> float:
        """Return the share of the window from `since` to `until` that lies between the first line and the last."""
        if self.first is None or self.last is None or until <= since:
            return 0.0
        return min(1.0, (self.last - self.first) / (until - since))


def read_log(lines: Iterable[str], *, since: datetime | None = None, until: datetime) -> LogMeasures:
    """Return what the lines of a JSON log say of the time from `since` (None: the beginning) to `until`.

    What a collector wrote before the JSON of a line is passed over. A line that cannot be read is counted, no more.
    """
    found = LogMeasures()
    for line in lines:
        if not line.strip():
            continue
        found.lines += 1
        try:
            said = _said(line)
            at = datetime.fromisoformat(said["timestamp"])
            at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
            if (since is not None and at < since) or at > until:
                continue
            _count(found, said)
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            found.broken += 1
            continue
        found.first = min(found.first or at, at)
        found.last = max(found.last or at, at)
    return found


def _said(line: str) -> Mapping[str, Any]:
    said = json.loads(line[line.index("{") :])
    if not isinstance(said["event"], str):
        raise TypeError
    return said  # type: ignore[no-any-return]  # JSON


def _count(found: LogMeasures, said: Mapping[str, Any]) -> None:
    if said["event"] != "request":
        if said.get("level") == "error":
            found.errors[said["event"]] += 1
        return
    route, status, spent = f"{said['method']} {said['route']}", int(said["status"]), float(said["duration_ms"])
    if not math.isfinite(spent):
        raise ValueError
    code = said.get("code")
    found.requests += 1
    found.faults += status >= 500
    found.routes.setdefault(route, Times()).add(spent)
    if code:
        found.codes[str(code)] += 1
    if said["route"] in _SIGN_INS and said["method"] == "POST":
        if code in _STUDENTS_OWN:
            found.students_own += 1
        else:
            found.sign_ins += 1
            found.failed_sign_ins += status >= 400
