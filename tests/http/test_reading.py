"""From bytes to schemas: what is read, what is refused first, and what of the input an error carries on: nothing."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any

import falcon
import pytest
from falcon.testing import create_environ
from pydantic import MISSING, Field

from schediora.errors import Invalid
from schediora.http.errors import Malformed, UnsupportedMediaType
from schediora.http.reading import NAMED_TWICE, read_body, read_query, require_json
from schediora.http.wire import Body, Digits, Instant, Query

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


class Entry(Body):
    """An object that holds a list."""

    tags: Annotated[list[str], Field(max_length=2)]


class Wish(Body):
    """A body with lists at every depth."""

    names: Annotated[list[int], Field(max_length=3)] | MISSING | None = MISSING
    entries: Annotated[list[Entry], Field(max_length=2)] | MISSING = MISSING
    one: Entry | MISSING = MISSING
    free: list[Entry] | MISSING = MISSING
    at: Instant | MISSING = MISSING


class Plain(Body):
    """A body without a list."""

    number: int


class Page(Query):
    """A query string."""

    limit: Annotated[int, Digits(1, 500)] = 50


def refused(body: Any, schema: type[Body] = Wish) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_body(json.dumps(body).encode(), schema, now=NOW)
    assert caught.value.__context__ is None
    return [f"{fault['pointer']} {fault['detail']}" for fault in caught.value.extra["errors"]]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"names": None},
        {"names": [1, 2, 3], "entries": [{"tags": ["a", "b"]}, {"tags": []}], "one": {"tags": []}},
        {"free": [{"tags": []}] * 9, "at": "2026-03-05T09:00:00Z"},
    ],
)
def test_what_keeps_the_rules_is_read(body: dict[str, Any]) -> None:
    assert read_body(json.dumps(body).encode(), Wish, now=NOW) == Wish.model_validate_json(json.dumps(body))
    assert read_body(b'{"number": 5}', Plain, now=NOW) == Plain(number=5)


def test_lists_that_are_too_long_are_named_at_any_depth_before_anything_else_is() -> None:
    long = {"tags": ["a", 2, None]}
    assert refused({"names": [None] * 4, "entries": [{}, long], "one": long, "free": [long], "other": 1}) == [
        "/names Names must have at most 3 entries.",
        "/entries/1/tags Tags must have at most 2 entries.",
        "/one/tags Tags must have at most 2 entries.",
        "/free/0/tags Tags must have at most 2 entries.",
    ]
    assert refused({"entries": [long] * 3}) == ["/entries Entries must have at most 2 entries."]


def test_every_other_fault_is_named_together() -> None:
    assert refused({"names": ["1"], "one": [], "at": "2027-03-06T09:00:00Z", "other": 1}) == [
        "/names/0 Names entry 1 must be a whole number.",
        "/one One must be an object.",
        "/at At must be within 366 days of now.",
        "/other Other is not known here.",
    ]
    assert refused([]) == [" The request must be an object."]
    assert refused({"number": 2.0 + 0.5}, Plain) == ["/number Number must be a whole number."]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff", b"[" * 60_000, b'{"number": 045}', b'{"number": "\\ud800"}', b"\xef\xbb\xbf{}"],
    ids=lambda raw: repr(raw[:16]),
)
@pytest.mark.parametrize("schema", [Wish, Plain])
def test_what_is_no_json_is_malformed(raw: bytes, schema: type[Body]) -> None:
    with pytest.raises(Malformed) as caught:
        read_body(raw, schema, now=NOW)
    assert caught.value.__context__ is None


def test_a_field_that_is_named_twice_is_malformed() -> None:
    with pytest.raises(Malformed, match=NAMED_TWICE):
        read_body(b'{"number": 5, "number": 6}', Plain, now=NOW)


@pytest.mark.parametrize(
    ("params", "faults"),
    [
        ({"limit": "501", "x": ""}, [("limit", "Limit must be at most 500."), ("x", "X is not known here.")]),
        ({"limit": ["1", "1"], "x": ""}, [("limit", "The parameter limit may be given only once.")]),
        ({"x" * 50: ["1", "1"]}, [("x" * 50, f"The parameter {'x' * 40} may be given only once.")]),
    ],
)
def test_a_parameter_counts_once(params: dict[str, str | list[str]], faults: list[tuple[str, str]]) -> None:
    assert read_query({"limit": "500"}, Page) == Page(limit=500)
    with pytest.raises(Invalid) as caught:
        read_query(params, Page)
    assert [(fault["parameter"], fault["detail"]) for fault in caught.value.extra["errors"]] == faults
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, False),
        ({"Content-Type": "text/plain"}, False),
        ({"Content-Type": "application/json"}, True),
        ({"Content-Type": "Application/JSON ; charset=utf-8"}, True),
        ({"Content-Type": "application/json", "Content-Encoding": "Identity"}, True),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, False),
    ],
)
def test_a_body_says_that_it_is_json_and_not_compressed(headers: dict[str, str], taken: bool) -> None:
    request = falcon.Request(create_environ(method="POST", headers=headers))
    if taken:
        require_json(request)
    else:
        with pytest.raises(UnsupportedMediaType):
            require_json(request)
