"""Having a calendar expanded by a process of its own, that can be ended."""

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

from schediora.busy.errors import CalendarRefused, ExpandersBusy
from schediora.busy.expansion import Expansion, Refused, check
from schediora.machine import on_any_core

AT_ONCE = 2
"""Of one server: each may take a core and 256 MiB."""
WALL_SECONDS = 10.0
"""Its 5 s of CPU take longer where others are at work, too; who asks gives up after 12 s."""
MUCH_CPU_SECONDS = 1.5
"""What has used so much by then is too much, and not kept from it by others: nearly all calendars take under 1 s."""
FROZEN_ARGUMENT = "--expand-calendar"
"""Makes the executable start as `schediora.busy.child` (build.spec)."""
TOO_COMPLICATED = (
    "The calendar takes too long to work out. Export a shorter time of it, or one with fewer repeating events."
)
_ENVIRONMENT = ("PYTHON", "_PYI", "LD_", "DYLD_", "LANG", "LC_")
_NAMES = frozenset({"PATH", "TMPDIR", "VIRTUAL_ENV"})
_turns = threading.BoundedSemaphore(AT_ONCE)


def expand_apart(text: str, zone: str, first: datetime, last: datetime) -> Expansion:
    """Return what the calendar takes up between two instants, as `expansion.expand` does, within bounds.

    Raises CalendarRefused for what cannot be expanded, ExpandersBusy while others are, or where the machine is too busy
    to give it its time.
    """
    try:
        check(text)
    except Refused as refused:
        raise CalendarRefused(str(refused)) from None
    if not _turns.acquire(blocking=False):
        raise ExpandersBusy()
    try:
        return _expanded(text, zone, first, last)
    finally:
        _turns.release()


def _expanded(text: str, zone: str, first: datetime, last: datetime) -> Expansion:
    wanted = {"zone": zone, "first": int(first.timestamp()), "last": int(last.timestamp())}
    with on_any_core():
        child = subprocess.Popen(
            _command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the server, which lets it finish
        )
    with child:
        try:
            said, _ = child.communicate(json.dumps(wanted).encode() + b"\n" + text.encode(), timeout=WALL_SECONDS)
        except subprocess.TimeoutExpired:
            if _end(child) > MUCH_CPU_SECONDS:
                raise CalendarRefused(TOO_COMPLICATED) from None
            raise ExpandersBusy() from None
    if child.returncode:
        raise CalendarRefused(TOO_COMPLICATED)
    answer = json.loads(said)
    if "refused" in answer:
        raise CalendarRefused(answer["refused"])
    events = [(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end in answer["events"]]
    return Expansion(tuple(events), tuple(answer["notes"]))


def _end(child: "subprocess.Popen[bytes]") -> float:
    """End a process that runs, and return how many seconds of CPU it used."""
    os.kill(child.pid, signal.SIGKILL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT]
    return [sys.executable, "-P", "-m", "schediora.busy.child"]


def _environment() -> dict[str, str]:
    """Return what a Python needs to start, and none of the server's secrets; the zones are tzdata's."""
    kept = {name: value for name, value in os.environ.items() if name in _NAMES or name.startswith(_ENVIRONMENT)}
    return kept | {"PYTHONTZPATH": "", "PYTHONUTF8": "1"}
