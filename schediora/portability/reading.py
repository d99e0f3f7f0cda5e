"""Reading a document that somebody hands in, which may be broken, from another release, or made to do harm."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from schediora.http.validation import faults, pointer
from schediora.portability.errors import ImportRefused
from schediora.portability.schemas import VERSION, Export

MOST_BYTES = 256 * 1024**2
"""Many times what 20,000 sessions take."""
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_LONGEST_POINTER = 60


def read_export(raw: bytes) -> Export:
    """Return the document in `raw`, each part of which has its form; raise ImportRefused with the first fault."""
    if len(raw) > MOST_BYTES:
        raise ImportRefused(f"The file is larger than {MOST_BYTES // 1024**2} MiB, which no export is.")
    if _NUL.search(raw):
        raise ImportRefused("A text in the file holds a NUL character, which no export does.")
    try:
        return Export.model_validate_json(raw)
    except ValidationError as problem:
        raise ImportRefused(_said(problem)) from None
    except RecursionError:
        raise ImportRefused("The file is nested so deeply that it is no export.") from None


def _said(problem: ValidationError) -> str:
    errors = {error["loc"]: error for error in problem.errors(include_url=False)}
    first = next(iter(errors.values()))
    if first["type"] == "json_invalid":
        return "The file is not JSON, or only a part of it; export once more, and copy the whole file."
    if ("format",) in errors or not first["loc"]:
        return "The file is not an export of Schediora's; they begin with their format, schediora-export."
    if version := errors.get(("version",)):
        return _of_version(version)
    where = _where(first["loc"])
    if first["type"] == "extra_forbidden":
        return f"The file has {where}, which this release does not know; import it with the release that wrote it."
    return f"The file is not a whole export: at {where}: {faults(problem)[0]['detail']}"


def _of_version(error: Any) -> str:
    found = error["input"]
    if error["type"] == "missing" or type(found) is not int:
        return "The file does not say which version of the format it has."
    if found > VERSION:
        return f"The file has version {str(found)[:20]} of the format, newer than this release; update it first."
    return f"The file has version {str(found)[:20]} of the format, which no release has written."


def _where(location: Sequence[str | int]) -> str:
    """Return where something is in the document, as a JSON pointer (RFC 6901) of one short line."""
    text = "".join(filter(str.isprintable, pointer(*location)))
    return text if len(text) <= _LONGEST_POINTER else f"{text[:_LONGEST_POINTER]}…"
