"""From pydantic's findings to sentences that a student understands; nothing of the input is repeated."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from schediora.errors import Invalid

_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "none_required": "must be null",
    "string_pattern_mismatch": "does not have the right form",
    "string_unicode": "must be readable text",
}


def faults(problem: ValidationError, *, query: bool = False) -> list[dict[str, str]]:
    """Return every fault as `{"pointer": "/field", "detail": sentence}` (RFC 6901), or with `parameter` for a query
    string.
    """
    found = []
    for error in problem.errors(include_url=False, include_input=False):
        path = [part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-"))]
        where = {"parameter": str(path[0]) if path else ""} if query else {"pointer": pointer(*path)}
        found.append({**where, "detail": f"{_label(path)} {_words(error)}."})
    return found


def invalid(field: str, sentence: str) -> Invalid:
    """Return the error for one body field that only the service could judge; `sentence` is whole."""
    return Invalid([{"pointer": pointer(field), "detail": sentence}])


def pointer(*path: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of `path`."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def too_many_entries(path: Sequence[str | int], most: int) -> str:
    """Return the sentence for a list at `path` that has more than `most` entries."""
    return f"{_label(path)} {_too_many(most)}."


def _label(path: Sequence[Any]) -> str:
    if not path:
        return "The request"
    names = [part for part in path if isinstance(part, str)]
    last = path[-1]
    label = (names[-1] if names else "entry")[:40].replace("_", " ").strip() or "A field"
    label = label[0].upper() + label[1:]
    return f"{label} entry {last + 1}" if isinstance(last, int) else label


def _words(error: Any) -> str:
    kind, context = error["type"], error.get("ctx", {})
    match kind:
        case "value_error":
            return str(context["error"]).rstrip(".")
        case "string_too_short":
            least = context["min_length"]
            return "must not be empty" if least == 1 else f"must have at least {least} characters"
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case "too_short":
            return f"must have at least {_count(context['min_length'])}"
        case "too_long":
            return _too_many(context["max_length"])
        case "greater_than_equal":
            return f"must be at least {context['ge']:g}"
        case "less_than_equal":
            return f"must be at most {context['le']:g}"
        case "multiple_of":
            return f"must be in steps of {context['multiple_of']:g}"
        case "literal_error" | "enum":
            return "must be " + str(context["expected"]).replace("'", "")
    if kind.startswith("date"):
        return "must be a date and time that exists" if kind.startswith("datetime") else "must be a date that exists"
    return _WORDS.get(kind, "is not as it should be")


def _too_many(most: int) -> str:
    return f"must have at most {_count(most)}"


def _count(number: int) -> str:
    return f"{number} entry" if number == 1 else f"{number} entries"
