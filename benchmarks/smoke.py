"""How fast every call of the API is with 16 phones calling at once, beside `/health/live` in the same run.

    python -m benchmarks.smoke [--seconds 4] [--connections 16] [--engine sqlite|postgres|both]

A real `schediora serve`, consumer included, runs in a process of its own on the settings' defaults; each phone is
another process with one connection kept alive, and calls again as soon as it is answered: the server is never idle, so
a figure is the wait of a student with whom 15 others have come. The calls take turns in slices of a second, each next
to a slice of `/health/live`, which does nothing: the ratio tells what a call costs beyond being a request at all,
whatever the machine. The students have five weeks of plans and sessions.

A password costs 64 MiB and 50 to 200 ms of processor, so only a few are checked at once; whoever comes then gets a 503
and is told to wait. Those answers are counted apart. Plans are asked for last, as the consumer makes them meanwhile.
Exits with 1 when a call other than that is refused or misses the product's target (500 ms in 95 of 100 cases).
"""

import argparse
import sys
from datetime import UTC, datetime
from itertools import cycle

from benchmarks.calls import CALLS, GENERATE, LIVE, PASSWORD, Pocket
from benchmarks.connections import Measured, Phones, phones
from benchmarks.figures import quantile
from benchmarks.population import enrol, let_study, sign_in
from benchmarks.stage import CHOICES, Stage, engines, stage
from schediora.auth.passwords import Hasher
from tests.live import service

TARGET_SECONDS = 0.5
SLICE_SECONDS = 1.0
LIVE_SECONDS = 0.25
WARM_UP_SECONDS = 0.2
READERS = 4
WRITERS = 8
FRESH = 100
SIGN_INS = 600
"""How many students, and sign-ins to end, each phone has; no more are used up in the default time."""


def pockets(stage: Stage, connections: int, *, now: datetime) -> list[Pocket]:
    """Fill the stage's tables and return what each phone calls with."""
    settings = stage.settings
    hashed = Hasher().hash(PASSWORD)
    with stage.database():
        enrolled = enrol(settings, connections * (READERS + WRITERS + 1), now=now, password_hash=hashed)
        studying = let_study(enrolled, now=now)
        fresh = enrol(settings, connections * FRESH, now=now)
        ending = sign_in(settings, [student.id for student in fresh[:connections]] * SIGN_INS, now=now)

    def pocket(number: int) -> Pocket:
        chain, *others = studying[number::connections]
        readers, writers = others[:READERS], others[READERS:]
        return Pocket(
            readers=cycle([studied.student for studied in readers]),
            writers=cycle([studied.student for studied in writers]),
            fresh=iter(fresh[number::connections]),
            sign_ins=iter([refresh for _, refresh in ending[number::connections]]),
            chain=chain.student,
            jobs=cycle([(studied.student.access_token, studied.job) for studied in readers]),
            sessions=cycle([(studied.student.access_token, own) for studied in writers for own in studied.sessions]),
        )

    return [pocket(number) for number in range(connections)]


def measure(together: Phones, seconds: float) -> dict[str, tuple[Measured, Measured]]:
    """Return for each call what it took, and what `/health/live` took beside it."""
    found = {call: (Measured(), Measured()) for call in CALLS}
    for call in CALLS:
        if call != GENERATE:
            together.ask(call, WARM_UP_SECONDS)
    turns = max(1, round(seconds / SLICE_SECONDS))
    order = [call for _ in range(turns) for call in CALLS if call != GENERATE] + [GENERATE] * turns
    for call in order:
        own, live = found[call]
        live.add(together.ask(LIVE, LIVE_SECONDS))
        own.add(together.ask(call, seconds / turns))
    return found


def report(found: dict[str, tuple[Measured, Measured]]) -> bool:
    """Print the table and return whether the target holds."""
    heads = f"{'answers':>8}{'p50 ms':>9}{'p95 ms':>9}{'live p50':>10}{'live p95':>10}{'x live':>8}{'503':>6}"
    print(f"{'call':<34}{heads}  others")
    slow, wrong = [], []
    for call, (own, live) in found.items():
        p50, p95, live_p50, live_p95 = (
            1000 * quantile(of.seconds, share) for of in (own, live) for share in (0.5, 0.95)
        )
        others = " ".join(f"{status}:{times}" for status, times in sorted(own.others.items()))
        print(
            f"{call:<34}{len(own.seconds):>8}{p50:>9.1f}{p95:>9.1f}{live_p50:>10.1f}{live_p95:>10.1f}"
            f"{p50 / live_p50:>8.1f}{own.overloaded:>6}  {others}"
        )
        if call != GENERATE and not p95 <= 1000 * TARGET_SECONDS:
            slow.append(f"{call} ({p95:.0f} ms)")
        if others:
            wrong.append(call)
    target = f"p95 of {1000 * TARGET_SECONDS:.0f} ms for everything that is not AI"
    print(f"The target, {target}, " + (f"is missed by {', '.join(slow)}." if slow else "holds."))
    if wrong:
        print(f"Refused: {', '.join(wrong)}.")
    return not slow and not wrong


def main() -> int:
    """Measure on the chosen engines and return the exit code."""
    parser = argparse.ArgumentParser(description="Time every call of the API beside /health/live.")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each call is made in all")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--engine", choices=CHOICES, default="both")
    options = parser.parse_args()
    good = True
    for engine in engines(options.engine):
        with stage(engine) as prepared:
            filled = pockets(prepared, options.connections, now=datetime.now(UTC))
            with (
                service(prepared.settings.data_dir, "serve", **prepared.variables) as server,
                phones(server.port, filled) as together,
            ):
                found = measure(together, options.seconds)
            print(f"\n{engine}, {options.connections} connections, {options.seconds:g} s a call")
            good &= report(found)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
