"""An answer that is sent from a file, because it may be too large for the memory."""

import os
from dataclasses import dataclass
from typing import IO, Any, Self


@dataclass(frozen=True, slots=True)
class Streamed:
    """The JSON in `file`, from where it stands on: `length` bytes. Whoever sends it closes the file."""

    file: IO[Any]
    length: int

    @classmethod
    def whole(cls, file: IO[Any]) -> Self:
        """Return all that was written to a file."""
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        return cls(file, length)
