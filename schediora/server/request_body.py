"""The body of a request, as it arrives: of a known length, or in chunks (RFC 9112, sections 6 and 7.1)."""

import re
from io import BytesIO

from schediora.server.refusals import malformed

MAX_LINE_BYTES = 4096
"""Of a chunk's header and of a trailer's line."""
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")
_TEXT = re.compile(rb"[\t \x21-\x7e\x80-\xff]*")


class Body:
    """What a request carries: its size is counted, and no more of it is kept than the application will read."""

    completed = False

    def __init__(self, kept_bytes: int) -> None:
        self.size = 0
        self.kept_bytes = kept_bytes
        self.file = BytesIO()

    @property
    def announced(self) -> int:
        """How large it will be at least, in bytes."""
        raise NotImplementedError

    def received(self, data: bytes) -> int:
        """Take what has arrived; return how many bytes of it belong to the body. Raises Refused."""
        raise NotImplementedError

    def _keep(self, data: bytes) -> None:
        self.size += len(data)
        if (room := self.kept_bytes - self.file.tell()) > 0:
            self.file.write(data[:room])


class MeasuredBody(Body):
    """A body whose length the head has told."""

    def __init__(self, length: int, kept_bytes: int) -> None:
        super().__init__(kept_bytes)
        self._length = length

    @property
    def announced(self) -> int:
        """The length that the head has told."""
        return self._length

    def received(self, data: bytes) -> int:
        """Take what has arrived; the bytes after the body are left."""
        part = data[: self._length - self.size]
        self._keep(part)
        self.completed = self.size == self._length
        return len(part)


class ChunkedBody(Body):
    """A body in chunks. Chunk extensions and trailers are checked and ignored."""

    def __init__(self, kept_bytes: int) -> None:
        super().__init__(kept_bytes)
        self._line = b""
        self._left = 0
        """Of the chunk, in bytes."""
        self._next = self._size_line

    @property
    def announced(self) -> int:
        """What has arrived, with the rest of the chunk that has begun."""
        return self.size + self._left

    def received(self, data: bytes) -> int:
        """Take what has arrived; the bytes after the last trailer are left."""
        at = 0
        while at < len(data) and not self.completed:
            if self._left:
                part = data[at : at + self._left]
                self._keep(part)
                self._left -= len(part)
                at += len(part)
            else:
                at = self._read_line(data, at)
        return at

    def _read_line(self, data: bytes, at: int) -> int:
        """Read on to the end of a line, if it is there, and do as it says; return where to go on."""
        end = data.find(b"\n", at) + 1 or len(data)
        self._line += data[at:end]
        if len(self._line) > MAX_LINE_BYTES:
            raise malformed("a chunk's header or a trailer is too long")
        if self._line.endswith(b"\n"):
            line, self._line = self._line, b""
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                raise malformed("a carriage return or a line feed alone in a chunked body")
            self._next(line[:-2])
        return end

    def _size_line(self, line: bytes) -> None:
        size, _, extensions = line.partition(b";")
        if not _SIZE.fullmatch(size.rstrip(b" \t")) or not _TEXT.fullmatch(extensions):
            raise malformed("no chunk size")
        self._left = int(size, 16)
        self._next = self._end_of_chunk if self._left else self._trailer

    def _end_of_chunk(self, line: bytes) -> None:
        if line:
            raise malformed("a chunk is longer than it says")
        self._next = self._size_line

    def _trailer(self, line: bytes) -> None:
        self.completed = not line
        if line and not _TEXT.fullmatch(line):
            raise malformed("a control character in a trailer")
