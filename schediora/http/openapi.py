"""`GET /openapi.json`: OpenAPI 3.1, made from the very records and schemas that validate, so they cannot disagree."""

import functools
import inspect
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

import falcon
from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from schediora.errors import Invalid, NotFound, SchedioraError, TooManyRequests, Unauthenticated, Unavailable
from schediora.http import openapi_problems as problems
from schediora.http.errors import BodyTooLarge, Malformed, RequestTimedOut, UnsupportedMediaType
from schediora.http.idempotency import IdempotencyKeyReused, RequestInProgress
from schediora.http.introduction import INTRODUCTION
from schediora.http.openapi_examples import example
from schediora.http.operation import Operation, Request, operation, operation_of

_METHODS = ("get", "post", "put", "patch", "delete")
_CONVERTED = re.compile(r"\{(\w+):uuid\}")
_REF = "#/components/schemas/{model}"
_HEADERS = {
    "X-Request-ID": ("The call's id: the one that was sent, or one made for it.", {"type": "string"}),
    "Location": ("Where to look next.", {"type": "string"}),
    "Retry-After": ("Seconds to wait before the next try.", {"type": "integer"}),
    "RateLimit": ("Where a rate was the reason: what is left of it, for how many seconds.", {"type": "string"}),
    "RateLimit-Policy": ("Where a rate was the reason: how much is allowed in how many seconds.", {"type": "string"}),
    "Link": (
        'Where the next page is, as a relative `<...>; rel="next"`. The last has none, or `rel="since"` to go on with.',
        {"type": "string"},
    ),
    "WWW-Authenticate": ("Says how to sign in.", {"const": "Bearer"}),
    "Cache-Control": ("The answer is for this call alone.", {"const": "no-store"}),
    "Private-Cache-Control": (
        "The answer is for this student alone, and is asked for again each time.",
        {"const": "private, no-cache"},
    ),
    "Clear-Site-Data": ("Tells a browser to keep no answer that it has of this server.", {"const": '"cache"'}),
    "Content-Disposition": ("The answer is a file to keep.", {"type": "string"}),
    "Public-Cache-Control": ("The answer is asked for again each time.", {"const": "no-cache"}),
    "ETag": (
        "Names this answer: send it as `If-None-Match` and 304 says that nothing has changed.",
        {"type": "string"},
    ),
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of the answer that is there already, or several.",
    "schema": {"type": "string"},
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A new text for each new call: sent again with the same one, the call is done once, and answers the "
    "same for 24 hours.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
}
_SOMETIMES = {"Link", "RateLimit", "RateLimit-Policy"}

AnyDocument = Annotated[
    dict[str, Any],
    Field(
        description="An OpenAPI 3.1 document.",
        examples=[{"openapi": "3.1.0", "info": {"title": "Schediora", "version": "0.1.0"}, "paths": {}}],
    ),
]


@dataclass(frozen=True, slots=True)
class _Call:
    """An operation at its address."""

    path: str
    path_names: list[str]
    method: str
    tag: str
    description: str
    record: Operation


class _Schemas(GenerateJsonSchema):
    """JSON Schema without a title for every field: it would only repeat the name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say no."""
        return False


class Document:
    """Describes the API; itself one of its addresses. Made when it is first asked for: a server starts without it.

    `prefix` is what every path lies below; `tags` are the headings of the paths, each with a sentence.
    """

    def __init__(self, version: str, *, prefix: str, tags: Mapping[str, str]) -> None:
        self._version = version
        self._prefix = prefix
        self._tags = tags
        self._calls: list[_Call] = []
        self._making = threading.Lock()

    @operation("getDocument", "Describe the API", answer=AnyDocument, public=True, database=False)
    def on_get(self, req: Request, resp: falcon.Response) -> dict[str, Any]:
        """Show the document."""
        return self.content

    def describe(self, template: str, resource: object, tag: str) -> None:
        """Add every operation that `resource` offers at the Falcon route `template` below the prefix."""
        path, names = _CONVERTED.sub(r"{\1}", template), _CONVERTED.findall(template)
        for method in _METHODS:
            responder = getattr(resource, f"on_{method}", None)
            if record := operation_of(responder):
                said = inspect.getdoc(responder) or record.summary
                self._calls.append(_Call(path, names, method, tag, said, record))

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """The whole document."""
        with self._making:
            return _Description(self._calls).document(
                title="Schediora", version=self._version, prefix=self._prefix, tags=self._tags
            )


class _Description:
    """A document in the making: operations refer to schemas and shared answers, which are collected on the way."""

    def __init__(self, calls: list[_Call]) -> None:
        self._calls = calls
        self._found, self._schemas = _schemas_of(calls)
        self._responses: dict[str, Any] = {}

    def document(self, *, title: str, version: str, prefix: str, tags: Mapping[str, str]) -> dict[str, Any]:
        paths: dict[str, Any] = {}
        for call in self._calls:
            paths.setdefault(call.path, {})[call.method] = self._operation(call)
        return {
            "openapi": "3.1.0",
            "info": {"title": title, "version": version, "description": INTRODUCTION},
            "servers": [{"url": prefix, "description": "The server that this document comes from."}],
            "tags": [{"name": name, "description": sentence} for name, sentence in tags.items()],
            "paths": paths,
            "components": {
                "schemas": dict(sorted(self._schemas.items())),
                "responses": dict(sorted(self._responses.items())),
                "headers": {name: _header(name) for name in _HEADERS},
                "securitySchemes": {
                    "bearer": {
                        "type": "http",
                        "scheme": "bearer",
                        "bearerFormat": "JWT",
                        "description": "The access token of a token pair.",
                    }
                },
            },
        }

    def _operation(self, call: _Call) -> dict[str, Any]:
        record = call.record
        described: dict[str, Any] = {
            "tags": [call.tag],
            "operationId": record.name,
            "summary": record.summary,
            "description": call.description,
            "security": [] if record.public else [{"bearer": []}],
            "responses": {str(record.status): self._success(record), **self._failures(call)},
        }
        parameters = [_path_parameter(name) for name in call.path_names] + self._query_parameters(record)
        if record.kept:
            described["responses"]["304"] = {"description": "Nothing has changed.", "headers": _success_headers(record)}
            parameters.append(_IF_NONE_MATCH)
        if _may_repeat(call):
            parameters.append(_IDEMPOTENCY_KEY)
        if parameters:
            described["parameters"] = parameters
        if record.body:
            content = {falcon.MEDIA_JSON: self._content(record.name, "validation")}
            described["requestBody"] = {"required": not record.body_optional, "content": content}
        if upload := record.upload:
            said = f"UTF-8, at most {upload.most_bytes // 1024**2} MiB."
            file = {"schema": {"type": "string", "description": said}, "example": upload.example}
            described["requestBody"] = {"required": True, "content": {upload.media_type: file}}
        return described

    def _success(self, record: Operation) -> dict[str, Any]:
        headers = _success_headers(record)
        answer: dict[str, Any] = {"description": HTTPStatus(record.status).phrase, "headers": headers}
        if record.answer is not None:
            answer["content"] = {falcon.MEDIA_JSON: self._content(record.name, "serialization")}
        return answer

    def _content(self, name: str, mode: JsonSchemaMode) -> dict[str, Any]:
        schema = self._found[name, mode]
        return {"schema": schema, "example": example(schema, self._schemas)}

    def _failures(self, call: _Call) -> dict[str, Any]:
        return {str(status): self._shared(status, kinds) for status, kinds in problems.by_status(_errors(call)).items()}

    def _shared(self, status: int, kinds: list[type[SchedioraError]]) -> dict[str, Any]:
        name = problems.name_of(kinds)
        if name not in self._responses:
            for kind in kinds:
                self._schemas["Problem"]["properties"] |= kind.members
            headers = _headers(problems.headers_of(status))
            described = problems.described(kinds, {"$ref": _REF.format(model="Problem")})
            self._responses[name] = {**described, "headers": headers}
        return {"$ref": f"#/components/responses/{name}"}

    def _query_parameters(self, record: Operation) -> list[dict[str, Any]]:
        if record.query is None:
            return []
        schema = self._found[_query(record), "validation"]
        required = schema.get("required", [])
        return [_query_parameter(name, said, name in required) for name, said in schema["properties"].items()]


def _schemas_of(calls: list[_Call]) -> tuple[dict[tuple[str, str], Any], dict[str, Any]]:
    """Return the schema of each body, answer and query by its operation's name, and the components they refer to."""
    records = [call.record for call in calls]
    wanted: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        *((record.name, "validation", TypeAdapter[Any](record.body)) for record in records if record.body),
        *((record.name, "serialization", TypeAdapter[Any](record.answer)) for record in records if record.answer),
        *((_query(record), "validation", TypeAdapter[Any](record.query)) for record in records if record.query),
        ("problem", "serialization", TypeAdapter(problems.Problem)),
    ]
    found, whole = TypeAdapter.json_schemas(wanted, ref_template=_REF, schema_generator=_Schemas)
    by_name: dict[tuple[str, str], Any] = dict(found.items())
    schemas: dict[str, Any] = whole["$defs"]
    # A query's fields become parameters; as a component it would be an orphan.
    for record in records:
        if record.query:
            by_name[_query(record), "validation"] = schemas.pop(record.query.__name__)
    return by_name, schemas


def _query(record: Operation) -> str:
    return f"{record.name}?"


def _errors(call: _Call) -> Iterator[type[SchedioraError]]:
    """Return what the operation can raise: what it says, and what its shape implies."""
    record = call.record
    yield from record.errors
    yield from (Malformed, RequestTimedOut, Invalid, Unavailable, SchedioraError)
    if not record.public:
        yield Unauthenticated
    if not record.uncounted:
        yield TooManyRequests
    if _may_repeat(call):
        yield from (IdempotencyKeyReused, RequestInProgress)
    if record.body or record.upload:
        yield from (BodyTooLarge, UnsupportedMediaType)
    if call.path_names and not any(issubclass(kind, NotFound) for kind in record.errors):
        yield NotFound


def _may_repeat(call: _Call) -> bool:
    return call.method == "post" and not call.record.public


def _headers(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _success_headers(record: Operation) -> dict[str, Any]:
    keeping = "Public-Cache-Control" if record.public else "Private-Cache-Control"
    said = {"Cache-Control": _headers((keeping,))[keeping]}
    if record.kept:
        said |= _headers(("ETag",))
    return said | _headers(("X-Request-ID", *record.headers))


def _header(name: str) -> dict[str, Any]:
    description, schema = _HEADERS[name]
    return {"description": description, "required": name not in _SOMETIMES, "schema": schema}


def _path_parameter(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"The {name.removesuffix('_id')}'s `id`. Anything that is no UUID is not found.",
        "schema": {"type": "string", "format": "uuid"},
    }


def _query_parameter(name: str, said: dict[str, Any], required: bool) -> dict[str, Any]:
    description = said.get("description", "")
    schema = {key: value for key, value in said.items() if key != "description"}
    return {"name": name, "in": "query", "required": required, "description": description, "schema": schema}
