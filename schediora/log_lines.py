"""Where lines of the log go: a stream, each line in turn, at once or a moment later and many in one piece."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TextIO

GATHERED_SECONDS = 0.02
"""How long lines wait for others. Each write hands the interpreter to another thread, which costs a request more than
all else that its line takes."""
MOST_GATHERED = 10_000
"""About 3 MB. Where nobody takes lines as fast as they come, those who write them wait."""
PIECE_BYTES = 4096
"""So much a pipe takes in one piece (Linux, pipe(7), PIPE_BUF), however many processes write to it."""
STUCK_SECONDS = 1.0
"""How long the end of a process waits for a log that nobody reads."""


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines while there is somebody to read them: a log that was closed stops nobody."""

    def __init__(self, stream: TextIO | None) -> None:
        super().__init__(stream)
        self._gathered: deque[str] = deque()
        self._behind = False
        self._come = threading.Event()
        self._awake = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record's line, after those that were there before it."""
        if self._gathered:
            self._write_gathered()
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # the library's name
        """Let go of what cannot be written."""

    def write(self, line: str) -> None:
        """Write a finished line in turn with those of records."""
        if not self._behind:
            with self.lock or nullcontext():
                self._put(line)
            return
        # First the line, then the look: whoever empties these looks the other way round, so none is left behind.
        self._gathered.append(line)
        if not self._awake:
            self._awake = True
            self._come.set()
        elif len(self._gathered) > MOST_GATHERED:
            self.write_gathered()

    def write_gathered(self, *, within_seconds: float = -1) -> None:
        """Write what waits for others; give up after so many seconds in which somebody else is stuck at it."""
        if self.lock is None or self.lock.acquire(timeout=within_seconds):
            try:
                self._write_gathered()
            finally:
                if self.lock is not None:
                    self.lock.release()

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Write finished lines from a thread of its own for as long as this lasts; at its end all are written.

        A process that is killed takes the lines of its last 20 ms along.
        """
        if self._behind:
            yield
            return
        self._behind = True
        writer = threading.Thread(target=self._write_behind, name="log", daemon=True)
        writer.start()
        try:
            yield
        finally:
            self._behind = False
            self._come.set()
            writer.join(STUCK_SECONDS)
            self.write_gathered(within_seconds=STUCK_SECONDS)

    def _write_behind(self) -> None:
        while self._behind:
            self._come.wait()
            time.sleep(GATHERED_SECONDS)
            self._come.clear()
            self._awake = False
            self.write_gathered()

    def _write_gathered(self) -> None:
        piece: list[str] = []
        size = 0
        for _ in range(len(self._gathered)):
            line = self._gathered.popleft()
            if piece and size + len(line) >= PIECE_BYTES:
                self._put("\n".join(piece))
                piece, size = [], 0
            piece.append(line)
            size += len(line) + 1
        if piece:
            self._put("\n".join(piece))

    def _put(self, text: str) -> None:
        # A full disk or a reader who left; a stream that is closed; none at all.
        with suppress(OSError, ValueError, AttributeError):
            self.stream.write(text + self.terminator)
            self.stream.flush()
