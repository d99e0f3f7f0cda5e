"""Who replans when: a search over a week is a fraction of a second of pure computing, during which nothing else of the
process computes.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from schediora.errors import TooManyRequests, Unavailable

RETRY_SECONDS = 2


class Turns:
    """Lets each student replan once at a time, and the process one student at once.

    A quarter of the `threads` at most wait for their turn; whoever comes then is told to try again, so most threads
    are always free for other calls. All of that guards a process's interpreter, so each process has its own turns;
    what a replanning writes is decided under the student's lock, whichever process does it.
    """

    def __init__(self, *, threads: int) -> None:
        self._students: set[UUID] = set()
        self._change = threading.Lock()
        self._turn = threading.Lock()
        self._places = threading.BoundedSemaphore(1 + max(1, threads // 4))

    @contextmanager
    def of(self, user_id: UUID) -> Iterator[None]:
        """Hold the student's turn; raise TooManyRequests while they have one already, Unavailable when many wait."""
        with self._change:
            if user_id in self._students:
                raise TooManyRequests(
                    "Your sessions are being arranged already. Please wait for that.", retry_after=RETRY_SECONDS
                )
            self._students.add(user_id)
        try:
            if not self._places.acquire(blocking=False):
                raise Unavailable(retry_after=RETRY_SECONDS)
            try:
                with self._turn:
                    yield
            finally:
                self._places.release()
        finally:
            with self._change:
                self._students.discard(user_id)
