"""The process that expands one calendar, started by `schediora.busy.expander`: `python -m schediora.busy.child`.

It reads a line of JSON (`zone`, `first`, `last`: seconds since 1970) and the calendar after it from standard input, and
writes a line of JSON to standard output: `events` and `notes`, or the sentence `refused`. Whatever else happens to it,
its exit code is not 0.
"""

import json
import os
import resource
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

from schediora.busy.expansion import UNREADABLE, Refused, expand
from schediora.localtime import zone

CPU_SECONDS = 5
MEMORY_BYTES = 256 * 1024 * 1024
_LOOKS_SECONDS = 0.5
TOO_MUCH = 3
"""The exit code for want of memory; the system ends it for want of time."""


def main() -> None:
    """Expand the calendar on standard input within the limits."""
    _limit(resource.RLIMIT_CPU, CPU_SECONDS)
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        wanted = json.loads(sys.stdin.buffer.readline())
        first, last = (datetime.fromtimestamp(wanted[name], UTC) for name in ("first", "last"))
        answer = _answer(sys.stdin.buffer.read().decode(), wanted["zone"], first, last)
    except MemoryError:
        sys.exit(TOO_MUCH)
    print(json.dumps(answer))


def _answer(text: str, zone_name: str, first: datetime, last: datetime) -> dict[str, object]:
    try:
        expansion = expand(text, zone(zone_name), first, last)
    except Refused as refused:
        return {"refused": str(refused)}
    except MemoryError:
        raise
    except Exception:  # whatever a strange file makes the libraries raise
        return {"refused": UNREADABLE}
    events = [[int(start.timestamp()), int(end.timestamp())] for start, end in expansion.events]
    return {"events": events, "notes": expansion.notes}


def _end_with(parent: int) -> None:
    """End when the server that waits for the answer is no more, however it ended."""
    while os.getppid() == parent:
        time.sleep(_LOOKS_SECONDS)
    os._exit(TOO_MUCH)


def _limit(what: int, most: int) -> None:
    with suppress(ValueError, OSError):  # macOS knows no limit of the address space
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main()
