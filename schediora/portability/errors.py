"""What can go wrong with a document that is to be imported."""

from schediora.errors import SchedioraError

_MOST_CHARACTERS = 200


class ImportRefused(SchedioraError):
    """The file is not an export of Schediora's, or not a whole one. Nothing was imported."""

    def __init__(self, detail: str | None = None) -> None:
        """Carry what is wrong; a sentence that quotes a file is cut where it becomes too long."""
        super().__init__(detail if detail is None or len(detail) <= _MOST_CHARACTERS else f"{detail[:199]}…")
