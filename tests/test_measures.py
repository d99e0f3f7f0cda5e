"""The product's measures, from a log as production writes it, whatever else is in the file."""

import io
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from schediora import log
from schediora.measures import LogMeasures, Times, read_log

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def line(minutes_ago: float, route: str = "/api/v1/sessions", **changes: Any) -> str:
    said = {
        "event": "request", "level": "info", "timestamp": (NOW - timedelta(minutes=minutes_ago)).isoformat(),
        "method": "GET", "route": route, "status": 200, "duration_ms": 3.5, "user_id": None,
    }  # fmt: skip
    return json.dumps(said | changes)


def sign_in(status: int, code: str | None = None, route: str = "/api/v1/auth/login") -> str:
    return line(1, route, method="POST", status=status, **({"code": code} if code else {}))


def read(*lines: str, hours: float | None = None) -> LogMeasures:
    return read_log(lines, since=NOW - timedelta(hours=hours) if hours else None, until=NOW)


def test_faults_are_what_we_answer_with_500_and_above() -> None:
    found = read(*[line(5)] * 98, line(5, status=503), line(5, status=404), line(5, event="disk_full", level="error"))
    assert (found.requests, found.faults, found.faults_share) == (100, 1, 0.01)
    assert found.errors == {"disk_full": 1}


def test_a_wrong_password_is_no_failed_sign_in_and_a_lost_one_is() -> None:
    found = read(
        sign_in(200),
        sign_in(201, route="/api/v1/auth/register"),
        sign_in(401, "invalid_credentials"),
        sign_in(409, "email_taken", route="/api/v1/auth/register"),
        sign_in(503, "overloaded"),
        sign_in(401, "refresh_token_reused", route="/api/v1/auth/refresh"),
        line(1, "/api/v1/auth/login", status=405),
    )
    assert (found.sign_ins, found.failed_sign_ins, found.students_own) == (4, 2, 2)
    assert found.sign_in_share == 0.5


def test_only_the_window_counts_and_it_is_told_how_much_of_it_was_seen() -> None:
    lines = [line(minutes) for minutes in (-5, 10, 70, 130, 1500)]
    found = read(*lines, hours=24)
    assert (found.lines, found.requests) == (5, 3)
    assert found.seen(NOW - timedelta(hours=24), NOW) == timedelta(hours=2) / timedelta(hours=24)
    assert (read(*lines).requests, read(hours=24).seen(NOW - timedelta(hours=24), NOW)) == (4, 0.0)
    assert (read().faults_share, read().sign_in_share) == (None, None)


def test_a_broken_line_is_counted_and_spoils_no_other() -> None:
    broken = [
        "12:00:01  GET /api/v1/sessions  200  3 ms",
        line(1)[:60],
        "{}",
        "[]",
        "null",
        '{"event": "request"}',
        line(1, status="many"),
        line(1, status=None),
        line(1, duration_ms=float("nan")),
        line(1, timestamp="yesterday"),
        line(1, timestamp=None),
        line(1, event=7),
        "\x00\ufffd",
        '{"event": ' * 3000,
        line(1).replace('"request"', "{}"),
    ]
    kept = [line(1), "", "  \n", f"api-1  | {line(2)}", line(3, timestamp="2026-03-04T11:57:00Z")]
    found = read(*broken, *kept)
    assert (found.broken, found.requests, found.lines) == (len(broken), 3, len(broken) + 3)


def test_percentiles_are_within_two_percent() -> None:
    chance = random.Random(7)
    for count in (1, 2, 20, 999):
        times, values = Times(), sorted(chance.lognormvariate(2, 1.5) for _ in range(count))
        for value in values:
            times.add(value)
        for share in (0.5, 0.95, 0.99):
            exact = values[max(0, -int(-count * share // 1) - 1)]
            assert abs(times.percentile(share) - exact) <= 0.02 * exact + 0.05, (count, share)
    assert Times().percentile(0.95) == 0.0


def test_what_production_writes_is_what_is_read() -> None:
    out = io.StringIO()
    log.configure(production=True, stream=out)
    log.request_done(
        20, request_id="r", address="a", method="GET", route="/api/v1/sessions", status=200, duration_ms=1.5,
        user_id=None, user_agent=None,
    )  # fmt: skip
    log.get_logger("schediora").warning("hint_failed", job_id="7")
    log.configure(production=False)
    lines = out.getvalue().splitlines()
    found = read_log(lines, until=datetime.now(UTC) + timedelta(seconds=1))
    assert (found.lines, found.broken, found.requests) == (2, 0, 1)
