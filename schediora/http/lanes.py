"""Lanes: which calls have threads of their own, so that no kind of call waits for another. The server is told of them;
it knows none of the calls itself.
"""

from dataclasses import dataclass

PATIENCE_SECONDS = 0.5
"""A call that would have to wait longer than about this for a thread is refused at once: what is accepted is answered
within two seconds also where calls keep coming faster than they are answered. Reading so many calls and sending so many
answers takes the rest."""
LONGEST_WAIT_SECONDS = 8.0
"""So long after it came a call is still begun, and waits for a database that is away: the app gives up after 12 s."""
WAITS_UNTIL = "schediora.waits_until"
"""Where the server says in a request's environment, by the monotonic clock, until when it may wait for a database."""
OVERLOADED = "schediora.overloaded"
"""What the server puts into the environment of a request that is to be answered 503."""


@dataclass(frozen=True, slots=True)
class Lane:
    """So many threads for `calls`, each a method and a path, and for all other calls of `methods`.

    Those of a `patient` lane are not refused for being many; all are for having waited for longer than 8 s. The threads
    of one that works `anywhere` may take any core, as what computes beside the interpreter should. For one that is
    `ahead` all others make way while calls wait in it.
    """

    name: str
    threads: int
    calls: frozenset[tuple[str, str]] = frozenset()
    methods: frozenset[str] = frozenset()
    patient: bool = False
    anywhere: bool = False
    ahead: bool = False
