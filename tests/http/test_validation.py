"""The sentences for what is wrong with a field, whatever kind of field it is."""

import json
from enum import StrEnum
from typing import Annotated, Any

import pytest
from pydantic import MISSING, Field, ValidationError

from schediora.http.validation import faults, invalid
from schediora.http.wire import Body, Day, Instant, Text, Whole


class Colour(StrEnum):
    """Words of which a field takes one."""

    RED = "red"
    BLUE = "blue"


class Inner(Body):
    """An object in a body."""

    number: Annotated[int, Whole(1, 9)]


class Sample(Body):
    """A body with a field of each kind."""

    flag: bool | MISSING = MISSING
    inner: Inner | MISSING = MISSING
    nothing: None = None
    names: Annotated[list[Annotated[str, Text(1, 3)]], Field(min_length=2, max_length=3)] | MISSING = MISSING
    pairs: list[list[int]] | MISSING = MISSING
    day: Day | MISSING = MISSING
    at: Instant | MISSING | None = MISSING
    colour: Colour | MISSING = MISSING


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"flag": "yes"}, "/flag Flag must be true or false."),
        ({"flag": 1}, "/flag Flag must be true or false."),
        ({"inner": 5}, "/inner Inner must be an object."),
        ({"inner": {}}, "/inner/number Number is missing."),
        ({"inner": {"number": 2.5}}, "/inner/number Number must be a whole number."),
        ({"inner": {"number": 10}}, "/inner/number Number must be at most 9."),
        ({"nothing": 0}, "/nothing Nothing must be null."),
        ({"names": "abc"}, "/names Names must be a list."),
        ({"names": ["a"]}, "/names Names must have at least 2 entries."),
        ({"names": list("abcd")}, "/names Names must have at most 3 entries."),
        ({"names": ["a", "abcd"]}, "/names/1 Names entry 2 must have at most 3 characters."),
        ({"pairs": [[1], ["1"]]}, "/pairs/1/0 Pairs entry 1 must be a whole number."),
        ({"day": "tomorrow"}, "/day Day must be a date such as 2026-12-18."),
        ({"day": "2026-02-30"}, "/day Day must be a date that exists."),
        ({"at": "soon"}, "/at At must be a date and time with an offset, such as 2026-03-02T16:00:00Z."),
        ({"colour": "green"}, "/colour Colour must be red or blue."),
        ({"_": 1}, "/_ A field is not known here."),
        ({"x" * 60: 1}, f"/{'x' * 60} X{'x' * 39} is not known here."),
    ],
)
def test_a_fault_is_named_in_words(body: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate_json(json.dumps(body))
    assert [f"{found['pointer']} {found['detail']}" for found in faults(caught.value)] == [fault]


def test_a_fault_that_only_a_service_finds_looks_the_same() -> None:
    found = invalid("timezone", "Timezone is not known.")
    assert found.extra == {"errors": [{"pointer": "/timezone", "detail": "Timezone is not known."}]}
