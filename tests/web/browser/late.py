"""`schediora` by a clock that a test moves: ahead by as many seconds as a file says, read anew each time.

A program, as the clock has to be another one before anything else asks for it: `python late.py FILE serve ...`.
"""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schediora import clock

_ahead = Path(sys.argv.pop(1))


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=int(_ahead.read_text(encoding="ascii")))


if __name__ == "__main__":
    clock.utc_now = _later

    from schediora_cli.main import run

    run()
