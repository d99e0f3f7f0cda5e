"""How long a student waits who signs in during a storm of wrong sign-ins, beside how long it takes on a quiet server.

    python -m benchmarks.storm [--guesses 200] [--at-once 40] [--engine sqlite|postgres|both]

A real `schediora serve` on the settings' defaults; the guesses come from the student's own address, as from a school's,
and then from an address each. The ratio compares the slowest real sign-in of a storm with the median on the quiet
server of the same run. Exits with 1 when a real sign-in is refused or takes longer than 3 s.
"""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from benchmarks.figures import quantile
from benchmarks.stage import CHOICES, engines, stage
from tests.live import LIMITED, Service, service

LONGEST_SECONDS = 3.0
QUIET = 10
REAL = 5
ACCOUNT = {"email": "student@example.com", "password": "correct horse"}


def guess(server: Service, number: int, *, everywhere: bool) -> int:
    """Guess at somebody's password and return the status."""
    body = {"email": f"somebody{number}@example.com", "password": "wrong guess"}
    behind = {"X-Forwarded-For": f"203.0.{number // 250}.{number % 250}"} if everywhere else {}
    return server.call("POST", "/auth/login", body, headers=behind).status


def sign_in(server: Service) -> float | None:
    """Return how many seconds the student's own sign-in took, None when it was refused."""
    began = time.perf_counter()
    status = server.call("POST", "/auth/login", ACCOUNT).status
    return time.perf_counter() - began if status == 200 else None


def main() -> int:
    """Let it storm on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Sign in during a storm of wrong sign-ins.")
    parser.add_argument("--guesses", type=int, default=200)
    parser.add_argument("--at-once", type=int, default=40)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = True
    for engine in engines(options.engine):
        with (
            stage(engine) as prepared,
            service(prepared.settings.data_dir, "serve", "--no-worker", **(prepared.variables | LIMITED)) as server,
        ):
            server.call("POST", "/auth/register", ACCOUNT)
            quiet = quantile([seconds for seconds in (sign_in(server) for _ in range(QUIET)) if seconds], 0.5)
            print(f"\n{engine}: a sign-in on a quiet server takes {quiet * 1000:.0f} ms")
            for everywhere in (False, True):
                with ThreadPoolExecutor(options.at_once) as storm:
                    guesses = [
                        storm.submit(guess, server, number, everywhere=everywhere) for number in range(options.guesses)
                    ]
                    real = [sign_in(server) for _ in range(REAL)]
                    statuses = Counter(answer.result() for answer in guesses)
                taken = [seconds for seconds in real if seconds is not None]
                slowest = max(taken, default=float("inf"))
                good &= len(taken) == REAL and slowest <= LONGEST_SECONDS
                where = "an address each" if everywhere else "one address"
                print(f"  {options.guesses} guesses from {where:<16} {dict(sorted(statuses.items()))}")
                print(f"  {len(taken)} of {REAL} real sign-ins, the slowest {slowest:.2f} s, {slowest / quiet:.1f} x")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
