"""Examples for the OpenAPI document, put together from those that the fields carry (`Field(examples=[...])`)."""

from collections.abc import Mapping
from typing import Any

_OF_FORMAT = {"uuid": "01a3c5d7-9b10-7c42-8f6e-2d4b6a8c0e13", "date": "2026-03-04", "date-time": "2026-03-04T16:00:00Z"}


def example(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    """Return an example of `schema`; `schemas` are the document's components.

    An object's has the members that are always there and the optional ones that carry an example. Raises LookupError
    for a text or a number that carries none, as nothing can be said about it that would be worth reading.
    """
    match schema:
        case {"examples": [first, *_]} | {"const": first} | {"enum": [first, *_]}:
            return first
        case {"$ref": str(ref)}:
            return example(schemas[ref.rpartition("/")[2]], schemas)
        case {"anyOf": [first, *_]}:
            return example(first, schemas)
        case {"type": "array", "items": items}:
            return [example(items, schemas)]
        case {"type": "object"}:
            required = schema.get("required", ())
            return {
                name: example(member, schemas)
                for name, member in schema.get("properties", {}).items()
                if name in required or "examples" in member
            }
        case {"format": str(form)} if form in _OF_FORMAT:
            return _OF_FORMAT[form]
    raise LookupError(f"give this field an example, as Field(examples=[...]): {dict(schema)}")
