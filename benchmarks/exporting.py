"""A student of 20,000 sessions takes everything along, and is imported into another database.

    python -m benchmarks.exporting [--sessions 20000] [--engine sqlite|postgres|both]

Tells how long a `schediora serve` takes for the document and what it holds in memory meanwhile, beside a student of 200
sessions, and how long the import takes. To reach: no more than 16 MiB more in memory for the large one.
"""

import argparse
import time
from contextlib import ExitStack
from functools import partial
from typing import Any

from benchmarks.processes import resident_mebibytes
from benchmarks.stage import CHOICES, engines, stage
from schediora.auth.passwords import Hasher
from schediora.clock import utc_now
from schediora.db.base import new_id
from schediora.models.planner import Session
from schediora.models.users import User
from schediora.portability.checking import check
from schediora.portability.importing import import_student
from schediora.portability.reading import read_export
from tests.live import Service, service

SMALL = 200
MOST_MEBIBYTES = 16.0
AT_ONCE = 500
PASSWORD = "a horse for the benchmark"


def fill(email: str, sessions: int) -> None:
    """Give a student who has one session so many."""
    row: Any = Session.select().join(User).where(User.email == email).dicts().get()
    with User.transaction():
        for first in range(1, sessions, AT_ONCE):
            some = range(first, min(first + AT_ONCE, sessions))
            Session.insert_many([{**row, "id": new_id(), "detail": "Close the book. " * 20} for _ in some]).execute()


def taken_along(server: Service, token: str) -> tuple[bytes, float]:
    """Return a student's document, and how many seconds it took."""
    began = time.perf_counter()
    answer = server.call("GET", "/users/me/export", token=token, timeout=120)
    assert answer.status == 200, answer.body
    return answer.body, time.perf_counter() - began


def measure(engine: str, sessions: int) -> bool:
    """Measure on an engine, print the figures and tell whether the memory stays flat."""
    with ExitStack() as open_:
        prepared = open_.enter_context(stage(engine))
        variables = prepared.variables | {"SCHEDIORA_LIMITS__ENABLED": "false"}
        server = open_.enter_context(service(prepared.settings.data_dir, "serve", "--no-worker", **variables))
        tokens = {}
        for count in (SMALL, sessions):
            email = f"student{count}@example.com"
            registered = server.call("POST", "/auth/register", {"email": email, "password": PASSWORD})
            call = partial(server.call, token=registered.json["access_token"])
            assert call("POST", "/plans", {"title": "Cells", "topic": "Biology", "duration_minutes": 45}).status == 201
            tokens[count] = registered.json["access_token"]
            with prepared.database():
                fill(email, count)
        assert server.process is not None
        held = []
        for count in (SMALL, sessions):
            for _ in range(5):
                raw, seconds = taken_along(server, tokens[count])
            held.append(resident_mebibytes(server.process.pid))
            print(
                f"{engine}: {count:,} sessions: {len(raw) / 1024**2:.1f} MiB in {seconds:.2f} s, "
                f"{held[-1]:.0f} MiB held"
            )
        with prepared.database():
            began = time.perf_counter()
            export = read_export(raw)
            check(export, over_quota=True)
            read = time.perf_counter()
            import_student(export, "other@example.com", Hasher().hash_of_none(), now=utc_now())
        print(f"{engine}: read in {read - began:.2f} s, stored in {time.perf_counter() - read:.2f} s")
    more = held[1] - held[0]
    good = more <= MOST_MEBIBYTES
    print(f"{engine}: {more:.1f} MiB more in memory, {MOST_MEBIBYTES:.0f} at most: {'yes' if good else 'NO'}")
    return good


def main() -> int:
    """Measure on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="A large student's export and import.")
    parser.add_argument("--sessions", type=int, default=20_000)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = [measure(engine, options.sessions) for engine in engines(options.engine)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
