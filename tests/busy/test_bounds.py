"""What a stranger's calendar may cost: it is ended by the system, and the answer is a sentence."""

import select
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from schediora.busy import expander
from schediora.busy.errors import CalendarRefused, ExpandersBusy
from schediora.busy.expander import AT_ONCE, expand_apart
from tests.busy.calendars import LECTURE, calendar

FIRST = datetime(2026, 3, 2, tzinfo=UTC)
LAST = FIRST + timedelta(days=120)
NEVER = f"{LECTURE}\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
AT_EIGHT = (datetime(2026, 3, 5, 8, tzinfo=UTC), datetime(2026, 3, 5, 10, tzinfo=UTC))
HOSTILE = {
    "a rule that never matches, a thousand times": calendar(*[NEVER] * 1000),
    "every hour, a thousand times": calendar(*[f"{LECTURE}\r\nRRULE:FREQ=HOURLY"] * 1000),
    "years long every day, a thousand times": calendar(
        *["DTSTART:20100301T080000Z\r\nDURATION:P3650D\r\nRRULE:FREQ=DAILY"] * 1000
    ),
}


def test_what_costs_too_much_is_ended_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expander, "WALL_SECONDS", 120)  # so that it is the limit of CPU that ends them
    said = {}
    for name, text in HOSTILE.items():
        with pytest.raises(CalendarRefused) as refused:
            expand_apart(text, "Asia/Jakarta", FIRST, LAST)
        said[name] = refused.value.detail
    assert all("calendar" in sentence and len(sentence) < 200 for sentence in said.values()), said


def test_what_events_are_about_costs_nothing_for_each_repetition() -> None:
    alarms = "\r\n".join(["BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM"] * 4_000)
    event = f"DTSTART:20260305T080000Z\r\nDURATION:PT2H\r\nRRULE:FREQ=HOURLY\r\nX-A:1\r\n{alarms}"
    assert len(expand_apart(calendar(event), "Asia/Jakarta", FIRST, LAST).events) > 2_000


def test_one_rule_that_never_matches_is_read_as_its_start_or_refused() -> None:
    with suppress(CalendarRefused):  # it takes about as long as there is
        assert expand_apart(calendar(NEVER), "Asia/Jakarta", FIRST, LAST).events == (AT_EIGHT,)


def test_a_zone_that_changes_every_hour_since_1601_is_read() -> None:
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Mine\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nRRULE:FREQ=HOURLY\r\n"
        "TZOFFSETFROM:+0500\r\nTZOFFSETTO:+0530\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    text = calendar("DTSTART;TZID=Mine:20260305T133000\r\nDURATION:PT2H", extra=zone)
    assert expand_apart(text, "Asia/Jakarta", FIRST, LAST).events == (AT_EIGHT,)


def test_one_event_that_lasts_for_years_every_year_is_read() -> None:
    event = "DTSTART:20200301T080000Z\r\nDURATION:P3650D\r\nRRULE:FREQ=YEARLY"
    expansion = expand_apart(calendar(event, LECTURE), "Asia/Jakarta", FIRST, LAST)
    assert AT_EIGHT in expansion.events
    assert min(expansion.events)[0].year == 2020


@pytest.mark.parametrize(
    ("program", "answer"), [("while True: pass", CalendarRefused), ("import time; time.sleep(60)", ExpandersBusy)]
)
def test_what_is_not_done_in_time_was_too_much_or_had_no_turn(
    program: str, answer: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expander, "WALL_SECONDS", 0.5)
    monkeypatch.setattr(expander, "MUCH_CPU_SECONDS", 0.1)
    monkeypatch.setattr(expander, "_command", lambda: [sys.executable, "-S", "-c", program])
    with pytest.raises(answer):
        expand_apart(calendar(LECTURE), "UTC", FIRST, LAST)


def test_a_child_ends_with_its_server_however_that_ended() -> None:
    forever = calendar(*[f"{LECTURE}\r\nRRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"] * 50).encode()
    wanted = b'{"zone": "UTC", "first": 0, "last": 9999999}\n'
    child = "from schediora.busy import child; child.CPU_SECONDS = 60; child.main()"
    program = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdin=subprocess.PIPE)\n"
        f"child.stdin.write({wanted!r} + sys.stdin.buffer.read())\n"
        "child.stdin.close()\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(forever)
        server.stdin.close()
        server.stdout.readline()
        time.sleep(1)  # so that it has begun
        server.kill()
        # It holds the other end of the pipe for as long as it lives.
        assert select.select([server.stdout], [], [], 30)[0]
        assert server.stdout.read() == b""


def test_the_child_sees_none_of_the_servers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEDIORA_AUTH__SECRET_KEY", "a secret")
    monkeypatch.setenv("OPENAI_API_KEY", "another")
    assert "secret" not in str(expander._environment())
    assert "OPENAI_API_KEY" not in expander._environment()


def test_two_at_once_are_expanded_and_one_more_is_asked_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Barrier(AT_ONCE + 1), threading.Event()

    def hold() -> list[str]:
        begun.wait(10)
        go_on.wait(10)
        return [sys.executable, "-c", "raise SystemExit(1)"]

    def ask() -> None:
        with pytest.raises(CalendarRefused):
            expand_apart(calendar(LECTURE), "UTC", FIRST, LAST)

    with monkeypatch.context() as held:
        held.setattr(expander, "_command", hold)
        others = [threading.Thread(target=ask) for _ in range(AT_ONCE)]
        for other in others:
            other.start()
        begun.wait(10)
        with pytest.raises(ExpandersBusy):
            expand_apart(calendar(LECTURE), "UTC", FIRST, LAST)
        go_on.set()
        for other in others:
            other.join(10)
    assert len(expand_apart(calendar(LECTURE), "UTC", FIRST, LAST).events) == 1
