"""The types of the wire: strict, closed, and described in JSON Schema just as they validate."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from annotated_types import Ge, GroupedMetadata, Le
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import to_json

from schediora.http.tidy_text import tidied

_RFC3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FURTHEST = timedelta(days=366)
"""How far from now an instant may lie."""


class Body(BaseModel):
    """A request body: no unknown fields, no coercion, no NaN."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


class Query(BaseModel):
    """A query string: no unknown and no repeated parameters; numbers arrive as text."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class View(BaseModel):
    """What an answer shows. Every field is always there, those with a default as well."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


def _tidy(value: object) -> object:
    if not isinstance(value, str):
        return value
    if "\0" in value:
        raise ValueError("must not contain a NUL character")
    return tidied(value)


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """`Annotated[str, Text(1, 180)]`: tidied first, then `least` to `most` characters long, and without NUL."""

    least: int
    most: int

    def __iter__(self) -> Iterator[object]:
        """Give pydantic the parts."""
        yield from StringConstraints(min_length=self.least, max_length=self.most)
        yield BeforeValidator(_tidy)


@dataclass(frozen=True)
class Whole(GroupedMetadata):
    """`Annotated[int, Whole(15, 480)]`: an integer from `least` to `most`; `45.0` is one, `"45"` and `true` are not."""

    least: int
    most: int

    def __iter__(self) -> Iterator[object]:
        """Give pydantic the parts."""
        yield Ge(self.least)
        yield Le(self.most)
        yield BeforeValidator(_whole)


def _whole(value: object) -> object:
    """JSON Schema calls 3.0 an integer; strict pydantic does not."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@dataclass(frozen=True)
class Digits(GroupedMetadata):
    """`Annotated[int, Digits(1, 500)]`: an integer of a query string, from `least` to `most`, in plain digits."""

    least: int
    most: int

    def __iter__(self) -> Iterator[object]:
        """Give pydantic the parts."""
        yield Ge(self.least)
        yield Le(self.most)
        yield BeforeValidator(_digits)


def _digits(value: object) -> object:
    """Pydantic also reads " 5", "+5", "5.0" and "1_0"."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("must be a whole number")
    return value


def _truth(value: object) -> object:
    """Pydantic also reads "yes", "on" and "1"."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("must be true or false")
    return value


Truth = Annotated[bool, BeforeValidator(_truth)]
"""A truth value of a query string: `true` or `false`, in no other words."""


def _rfc3339(value: object) -> object:
    if not isinstance(value, str) or not _RFC3339.fullmatch(value):
        raise ValueError("must be a date and time with an offset, such as 2026-03-02T16:00:00Z")
    return value


def _to_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a date and time near today") from None


def _near(value: datetime, info: ValidationInfo) -> datetime:
    """Hold the instant against the moment of the call, where one is handed in (`context={"now": ...}`)."""
    if info.context and abs(value - info.context["now"]) > FURTHEST:
        raise ValueError(f"must be within {FURTHEST.days} days of now")
    return value


def _day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a date such as 2026-12-18")
    return value


# Not strict inside: behind a validator pydantic sees text, not JSON, and the validator has checked its form already.
Instant = Annotated[datetime, Strict(False), AfterValidator(_to_utc), AfterValidator(_near), BeforeValidator(_rfc3339)]
"""An instant within 366 days of now: RFC 3339 with any offset, never without one; UTC once read."""

Day = Annotated[date, Strict(False), BeforeValidator(_day)]
"""A local date, YYYY-MM-DD."""


def _known(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    try:
        return handler(value)
    except ValidationError:
        return None


KNOWN = WrapValidator(_known)
"""`Annotated[ReasonView | None, KNOWN]`: what a newer release has stored in words of its own is left out."""


Shown = dict[str, Any]
"""What a view shows, field by field, without the view."""


def rendered(shown: Shown | list[Shown]) -> bytes:
    """Return the JSON of what has the form of a view already: dictionaries and lists of values that are written as a
    view's fields are. For the hottest answers, which a view would be built for to be taken apart again.
    """
    return to_json(shown)


class Message(View):
    """A sentence that confirms what was done."""

    message: str = Field(description="What was done.", examples=["logged out"])
