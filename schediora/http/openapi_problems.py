"""Errors in the OpenAPI document: what a problem looks like, and one shared answer for those that share a status."""

from collections.abc import Iterable
from typing import Any

from pydantic import MISSING, ConfigDict, Field

from schediora.errors import Code, Invalid, SchedioraError
from schediora.http.errors import DETAIL_CHARACTERS, PROBLEM_JSON, problem, status_of
from schediora.http.openapi_examples import example
from schediora.http.wire import View

_CALL = "3f7c1c1e-52f4-4c0b-9d0a-6c1f0f6f2b1d"
_FAULT = {"pointer": "/duration_minutes", "detail": "Duration minutes must be at least 15."}
_HEADERS = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "RateLimit", "RateLimit-Policy"),
    503: ("Retry-After",),
}


class Fault(View):
    """What is wrong with one field of the body (`pointer`) or one parameter of the query string (`parameter`)."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    pointer: str | MISSING = Field(
        default=MISSING, description="A JSON pointer (RFC 6901) into the body.", examples=[_FAULT["pointer"]]
    )
    parameter: str | MISSING = Field(default=MISSING, description="The parameter's name.")
    detail: str = Field(description="A sentence for the student.", examples=[_FAULT["detail"]])


class Problem(View):
    """What went wrong (RFC 9457): `code` is for programs, `detail` for the student."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)

    type: str = Field(description="Always `about:blank`: the code says it all.", examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status again.", examples=[404])
    detail: str = Field(
        max_length=DETAIL_CHARACTERS, description="A sentence for the student.", examples=["There is no such plan."]
    )
    code: Code
    request_id: str = Field(description="What X-Request-ID says; name it when you ask for help.", examples=[_CALL])
    errors: list[Fault] | MISSING = Field(
        default=MISSING, description="With `validation_failed`: every fault, the first 50 of them."
    )


def headers_of(status: int) -> tuple[str, ...]:
    """Return the headers that every problem of `status` carries."""
    return ("X-Request-ID", "Cache-Control", *_HEADERS.get(status, ()))


def name_of(kinds: list[type[SchedioraError]]) -> str:
    """Return what the answer for `kinds` is called among the shared ones."""
    return "Or".join(kind.__name__ for kind in kinds)


def described(kinds: list[type[SchedioraError]], schema: dict[str, Any]) -> dict[str, Any]:
    """Return the answer for `kinds`, which share a status, without its headers; each code comes with an example."""
    examples: dict[str, Any] = {}
    for kind in kinds:
        examples.setdefault(kind.code, {"value": problem(_sample(kind), _CALL)})
    return {
        "description": " ".join(f"`{kind.code}`: {kind.sentence()}" for kind in kinds),
        "content": {PROBLEM_JSON: {"schema": schema, "examples": examples}},
    }


def by_status(kinds: Iterable[type[SchedioraError]]) -> dict[int, list[type[SchedioraError]]]:
    """Return `kinds`, each once, under the status that they answer."""
    found: dict[int, list[type[SchedioraError]]] = {}
    for kind in dict.fromkeys(kinds):
        found.setdefault(status_of(kind), []).append(kind)
    return dict(sorted(found.items()))


def _sample(kind: type[SchedioraError]) -> SchedioraError:
    if issubclass(kind, Invalid):
        return kind([_FAULT])
    return kind(**{name: example(schema, {}) for name, schema in kind.members.items()})
