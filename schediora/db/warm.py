"""The connections of a pool that are to hand: given back a moment ago, and taken again without the pool's own ado.

Every call takes a connection and gives it back. Peewee's pool does both under its locks, with a heap and the time of
day, which costs a poll a tenth of its time.
"""

from collections import deque
from typing import Any

from playhouse.pool import PooledDatabase


class WarmConnections(PooledDatabase):  # type: ignore[misc]  # playhouse is untyped
    """To be mixed into a pooled database; to the pool itself a connection that is to hand is in use.

    A pool that is full, and one in whose place somebody waits, does all by itself.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._warm: deque[Any] = deque()
        super().__init__(*arguments, **options)

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Give this thread the connection that was given back last, or what the pool gives."""
        state = self._state
        if state.closed:
            while self._warm:
                try:
                    connection = self._warm.pop()
                except IndexError:  # another thread was faster
                    break
                if self._is_good(connection):
                    state.set_connection(connection)
                    return True
                self._close(connection, close_conn=True)
        return bool(super().connect(reuse_if_open))

    def close(self) -> bool:
        """Give this thread's connection back."""
        state = self._state
        connection = state.conn
        # Only a pool that is not full has nobody waiting for a connection of its own.
        if state.closed or state.transactions or self._is_full() or not self._can_be_kept(connection):
            return bool(super().close())
        state.reset()
        self._warm.append(connection)
        return True

    def close_idle(self) -> None:
        """Close the connections that nobody uses."""
        while self._warm:
            self._close(self._warm.pop(), close_conn=True)
        super().close_idle()

    @property
    def connections_in_use(self) -> int:
        """How many connections work is done on right now."""
        return max(0, len(self._in_use) - len(self._warm))

    def _is_full(self) -> bool:
        return bool(len(self._in_use) >= self._max_connections)

    def _can_be_kept(self, _connection: Any) -> bool:
        """Tell whether a connection that is given back needs nothing done to it."""
        return True

    def _is_good(self, _connection: Any) -> bool:
        """Tell whether a connection that was given back can be used again."""
        return True
