"""From a request's bytes to schemas: read strictly, refused early, and never repeated in what is said of them."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import falcon
from pydantic import ValidationError

from schediora.errors import Invalid
from schediora.http.errors import Malformed, UnsupportedMediaType
from schediora.http.validation import faults, pointer, too_many_entries
from schediora.http.wire import Body, Query

_WRONG_TYPE = "The request must be a file of the type {0}, with the header Content-Type: {0}."
NAMED_TWICE = "The request could not be read: it names a field twice."


def require_json(req: falcon.Request) -> None:
    """Raise UnsupportedMediaType unless the body says that it is JSON, and uncompressed (RFC 9110, section 8.4)."""
    require_type(req, falcon.MEDIA_JSON)


def require_type(req: falcon.Request, media_type: str) -> None:
    """Raise UnsupportedMediaType unless the body says that it is of `media_type`, uncompressed and in UTF-8."""
    said, _, parameters = (req.content_type or "").lower().partition(";")
    if said.strip() != media_type:
        raise UnsupportedMediaType(None if media_type == falcon.MEDIA_JSON else _WRONG_TYPE.format(media_type))
    if media_type != falcon.MEDIA_JSON and not _in_utf8(parameters):
        raise UnsupportedMediaType("The file must be in UTF-8.")
    if (req.get_header("Content-Encoding") or "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("The request must be sent without compression.")


def read_text(raw: bytes) -> str:
    """Return the text of a file; raise Malformed for what is no UTF-8, and Invalid for one with a NUL."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("The file could not be read: it is not in UTF-8.") from None
    if "\0" in text:
        raise Invalid([{"pointer": "", "detail": "The file must not contain a NUL character."}])
    return text


def _in_utf8(parameters: str) -> bool:
    charset = re.search(r"charset\s*=\s*\"?([^\s;\"]*)", parameters)
    return charset is None or charset[1] in ("utf-8", "utf8", "us-ascii")


def read_body(raw: bytes, schema: type[Body], *, now: datetime) -> Body:
    """Return the `schema` that `raw` holds; raise Malformed for what is no JSON or names a field twice, and Invalid
    with every fault otherwise. A list with too many entries is refused before they are looked at.
    """
    tree = _tree(raw)
    if limits := _limits(schema):
        too_long = list(_too_long(tree, limits, ()))
        if too_long:
            raise Invalid(too_long)
    try:
        return schema.model_validate_json(raw, context={"now": now})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        failure = Malformed() if first["type"] == "json_invalid" else Invalid(faults(error))
    # Raised outside the handler: chained to pydantic's error it would carry the input into the log.
    raise failure


def read_query(params: Mapping[str, str | list[str]], schema: type[Query]) -> Query:
    """Return the `schema` that a query string's `params` hold; raise Invalid with every fault."""
    repeated = [name for name, value in params.items() if isinstance(value, list)]
    if repeated:
        raise Invalid(
            [{"parameter": name, "detail": f"The parameter {name[:40]} may be given only once."} for name in repeated]
        )
    try:
        return schema.model_validate(params)
    except ValidationError as error:
        failure = Invalid(faults(error, query=True))
    raise failure


def _tree(raw: bytes) -> Any:
    """Return the lists and objects in `raw`. Numbers are not worked out: those of many digits cost the square."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_named_once, parse_int=len, parse_float=len)
    except (ValueError, RecursionError):
        failure = Malformed()
    raise failure


def _named_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    named = dict(members)
    if len(named) < len(members):  # which one counts is a matter of taste (RFC 8259, section 4), so neither does
        raise Malformed(NAMED_TWICE)
    return named


@dataclass(frozen=True, slots=True)
class _Limits:
    """How long a list may be, and what holds inside it or, for an object, inside its members."""

    most: int | None
    entries: "_Limits | None"
    members: dict[str, "_Limits"]


@functools.cache
def _limits(schema: type[Body]) -> _Limits | None:
    """Return the limits of the lists that `schema` describes, as deep as they lie; None where there is no list."""
    described = schema.model_json_schema()
    return _limits_of(described, described.get("$defs", {}))


def _limits_of(described: dict[str, Any], shared: dict[str, Any]) -> _Limits | None:
    if name := described.get("$ref"):
        return _limits_of(shared[name.rpartition("/")[2]], shared)
    for choice in described.get("anyOf", ()):  # a list or null
        if found := _limits_of(choice, shared):
            return found
    members = {
        name: found
        for name, member in described.get("properties", {}).items()
        if (found := _limits_of(member, shared)) is not None
    }
    if described.get("type") == "array":
        return _Limits(described.get("maxItems"), _limits_of(described.get("items", {}), shared), {})
    return _Limits(None, None, members) if members else None


def _too_long(value: Any, limits: _Limits, path: tuple[str | int, ...]) -> Iterator[dict[str, str]]:
    if isinstance(value, list):
        if limits.most is not None and len(value) > limits.most:
            yield {"pointer": pointer(*path), "detail": too_many_entries(path, limits.most)}
        elif limits.entries is not None:
            for number, entry in enumerate(value):
                yield from _too_long(entry, limits.entries, (*path, number))
    elif isinstance(value, dict):
        for name, inside in limits.members.items():
            if name in value:
                yield from _too_long(value[name], inside, (*path, name))
