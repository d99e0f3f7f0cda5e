"""How many guesses at a password are looked at that come from one, ten and two hundred addresses, and whether the
student still gets in from where they are known.

    python -m benchmarks.guessing [--guesses 10000] [--at-once 16] [--engine sqlite|postgres|both]
                                  [--counts database|redis|both]

A real `schediora serve` on the settings' defaults behind a trusted proxy that names the guesser's address, with its
counts in the database or in a real Redis. A guess that is looked at is answered 401, one too many 429. Exits with 1
when more are looked at than the limits allow in the time that it took, or when the student's own sign-in is refused.
"""

import argparse
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count

from benchmarks.figures import quantile
from benchmarks.stage import CHOICES, engines, stage
from schediora.rate_limits.limit import Limit
from schediora.rate_limits.table import (
    ARRIVALS,
    SIGN_INS_FAILED,
    SIGN_INS_FAILED_EVERYWHERE,
    SIGN_INS_FAILED_HERE,
)
from tests import servers
from tests.live import LIMITED, Service, service

ADDRESSES = (1, 10, 200)
COUNTS = ("database", "redis")
PASSWORD = "correct horse"
HOME = "198.51.100.7"
PATIENCE_SECONDS = 60.0
"""More than the app's: a guess whose answer is not waited for could not be counted."""
_accounts = count(1)


def allowed(addresses: int, seconds: float) -> int:
    """Return how many guesses at one account so many addresses may have looked at within `seconds`."""

    def at_most(limit: Limit) -> int:
        return limit.most * math.ceil(seconds / limit.seconds)

    each = min(map(at_most, (SIGN_INS_FAILED, ARRIVALS, SIGN_INS_FAILED_HERE)))
    return min(addresses * each, at_most(SIGN_INS_FAILED_EVERYWHERE))


@contextmanager
def counting_in(counts: str) -> Iterator[dict[str, str]]:
    """Yield the variables of a server that counts there."""
    if counts == "database":
        yield {}
        return
    with servers.valkey() as url:
        yield {"SCHEDIORA_QUEUE__URL": url}


class Attack:
    """One account, its student at home, and somebody who guesses."""

    def __init__(self, server: Service, addresses: int) -> None:
        self._server = server
        self._addresses = addresses
        self._email = f"student{next(_accounts)}@example.com"
        self._over = False
        made = self._call("/auth/register", PASSWORD, HOME)
        assert made == 201, made

    def run(self, guesses: int, at_once: int) -> bool:
        """Let it happen, say what came of it, and return whether it went as promised."""
        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as guesser, ThreadPoolExecutor(1) as home:
            at_home = home.submit(self._sign_in_again_and_again)
            try:
                statuses = Counter(guesser.map(self._guess, range(guesses)))
            finally:
                self._over = True
            signed_in, waits = at_home.result()
        seconds = time.perf_counter() - began
        most = allowed(self._addresses, seconds)
        print(
            f"  from {self._addresses:>3} addresses in {seconds:3.0f} s: {statuses[401]} looked at, {most} allowed; "
            f"{dict(sorted(statuses.items()))}; at home {dict(signed_in)}, the median in {quantile(waits, 0.5):.2f} s, "
            f"the slowest in {max(waits):.2f} s"
        )
        return statuses[401] <= most and statuses[200] == 0 and set(signed_in) == {200}

    def _guess(self, number: int) -> int:
        address = number % self._addresses
        return self._call("/auth/login", f"wrong guess {number}", f"203.0.{113 + address // 250}.{address % 250}")

    def _sign_in_again_and_again(self) -> tuple[Counter[int], list[float]]:
        statuses, waits = Counter[int](), list[float]()
        while not self._over or len(waits) < len(ADDRESSES):
            began = time.perf_counter()
            statuses[self._call("/auth/login", PASSWORD, HOME)] += 1
            waits.append(time.perf_counter() - began)
        return statuses, waits

    def _call(self, path: str, password: str, address: str) -> int:
        body = {"email": self._email, "password": password}
        behind = {"X-Forwarded-For": address}
        return self._server.call("POST", path, body, headers=behind, timeout=PATIENCE_SECONDS).status


def main() -> int:
    """Guess on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Guess at a student's password from many addresses.")
    parser.add_argument("--guesses", type=int, default=10_000)
    parser.add_argument("--at-once", type=int, default=16)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    parser.add_argument("--counts", choices=(*COUNTS, "both"), default="both")
    options = parser.parse_args()
    good = True
    for engine in engines(options.engine):
        for counts in COUNTS if options.counts == "both" else (options.counts,):
            with (
                stage(engine) as prepared,
                counting_in(counts) as variables,
                service(
                    prepared.settings.data_dir, "serve", "--no-worker", **(prepared.variables | variables | LIMITED)
                ) as server,
            ):
                print(f"\n{engine}, counts in the {counts}")
                for addresses in ADDRESSES:
                    good &= Attack(server, addresses).run(options.guesses, options.at_once)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
