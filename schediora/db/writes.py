"""What a thread may have stored, and whether it has the turn to."""

import threading


class OfThread(threading.local):
    """What a database knows of each thread: whether it has the turn to write, and whether it may have stored anything
    since it was last asked to forget that.
    """

    turn = False
    wrote = False


class RemembersWrites:
    """Knows whether a thread may have stored something, so that what failed is run again only where it cannot have."""

    _own: OfThread

    @property
    def may_have_written(self) -> bool:
        """Whether this thread has tried to store anything, with success or without, since `forget_writes`."""
        return self._own.wrote

    def forget_writes(self) -> None:
        """Let what this thread has stored so far not count."""
        self._own.wrote = False
