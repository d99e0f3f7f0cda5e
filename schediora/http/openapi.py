"""`GET /openapi.json`: OpenAPI 3.1, made from the very records and schemas that validate, so they cannot disagree."""

import functools
import inspect
import re
import threading
from http import HTTPStatus
from typing import Any

import falcon
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from schediora.errors import Code, Invalid, NotFound, SchedioraError, Unauthenticated, Unavailable
from schediora.http.errors import (
    PROBLEM_JSON,
    BodyTooLarge,
    Malformed,
    UnsupportedMediaType,
    status_of,
)
from schediora.http.operation import Operation, Request, operation, operation_of

_METHODS = ("get", "post", "put", "patch", "delete")
_CONVERTED = re.compile(r"\{(\w+):uuid\}")
_REF = "#/components/schemas/{model}"
_REQUEST_ID = {"X-Request-ID": {"description": "The call's id.", "schema": {"type": "string"}}}
_HEADERS = {
    "Location": "Where to look next.",
    "Retry-After": "Seconds to wait before the next try.",
    "Link": 'The next page, relative: <...>; rel="next".',
    "WWW-Authenticate": "Always `Bearer`.",
    "Cache-Control": "Always `no-store`.",
}


class Document:
    """Describes the API; itself one of its addresses. Made when it is first asked for: a server starts without it."""

    def __init__(self, version: str) -> None:
        self._version = version
        self._addresses: list[tuple[str, object, str]] = []
        self._schemas: dict[str, Any] = {"Problem": _problem_schema()}
        self._making = threading.Lock()

    @operation("getDocument", "Describe the API", answer=dict[str, Any], public=True, database=False)
    def on_get(self, req: Request, resp: falcon.Response) -> dict[str, Any]:
        """Show the document."""
        return self.content

    def describe(self, template: str, resource: object, tag: str) -> None:
        """Add every operation that `resource` offers at the Falcon route `template`."""
        self._addresses.append((template, resource, tag))

    @functools.cached_property
    def content(self) -> dict[str, Any]:
        """The whole document."""
        with self._making:
            return self._made()

    def _made(self) -> dict[str, Any]:
        paths = {_CONVERTED.sub(r"{\1}", address[0]): self._path(*address) for address in self._addresses}
        return {
            "openapi": "3.1.0",
            "info": {"title": "Schediora", "version": self._version, "description": "The backend of a study planner."},
            "paths": paths,
            "components": {
                "schemas": dict(sorted(self._schemas.items())),
                "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            },
        }

    def _path(self, template: str, resource: object, tag: str) -> dict[str, Any]:
        names = _CONVERTED.findall(template)
        item = {}
        for method in _METHODS:
            responder = getattr(resource, f"on_{method}", None)
            if record := operation_of(responder):
                described = self._operation(record, names)
                item[method] = {"tags": [tag], "description": inspect.getdoc(responder) or record.summary, **described}
        return item

    def _operation(self, record: Operation, path_names: list[str]) -> dict[str, Any]:
        described: dict[str, Any] = {
            "operationId": record.name,
            "summary": record.summary,
            "security": [] if record.public else [{"bearer": []}],
            "responses": {str(record.status): self._success(record), **self._failures(record, bool(path_names))},
        }
        parameters = [_path_parameter(name) for name in path_names] + self._query_parameters(record)
        if parameters:
            described["parameters"] = parameters
        if record.body:
            content = {falcon.MEDIA_JSON: {"schema": self._schema(record.body, "validation")}}
            described["requestBody"] = {"required": not record.body_optional, "content": content}
        return described

    def _success(self, record: Operation) -> dict[str, Any]:
        answer: dict[str, Any] = {"description": HTTPStatus(record.status).phrase, "headers": _headers(record.headers)}
        if record.answer is not None:
            answer["content"] = {falcon.MEDIA_JSON: {"schema": self._schema(record.answer, "serialization")}}
        return answer

    def _failures(self, record: Operation, has_path: bool) -> dict[str, Any]:
        by_status: dict[int, list[type[SchedioraError]]] = {}
        for kind in _errors(record, has_path):
            by_status.setdefault(status_of(kind), []).append(kind)
        return {str(status): _failure(status, kinds) for status, kinds in sorted(by_status.items())}

    def _query_parameters(self, record: Operation) -> list[dict[str, Any]]:
        if record.query is None:
            return []
        schema = TypeAdapter(record.query).json_schema(ref_template=_REF)
        self._schemas.update(schema.pop("$defs", {}))
        required = schema.get("required", [])
        return [
            {"name": name, "in": "query", "required": name in required, "schema": described}
            for name, described in schema["properties"].items()
        ]

    def _schema(self, of: Any, mode: JsonSchemaMode) -> dict[str, Any]:
        schema = TypeAdapter(of).json_schema(ref_template=_REF, mode=mode)
        self._schemas.update(schema.pop("$defs", {}))
        if inspect.isclass(of) and "title" in schema and schema.get("type") == "object" and "properties" in schema:
            self._schemas[of.__name__] = schema
            return {"$ref": _REF.format(model=of.__name__)}
        return schema


def _errors(record: Operation, has_path: bool) -> list[type[SchedioraError]]:
    """Return what the operation can raise: what it says, and what its shape implies."""
    kinds: list[type[SchedioraError]] = [*record.errors, Invalid, SchedioraError, Unavailable, Malformed]
    if not record.public:
        kinds.append(Unauthenticated)
    if record.body:
        kinds += [BodyTooLarge, UnsupportedMediaType]
    if has_path and not any(issubclass(kind, NotFound) for kind in kinds):
        kinds.append(NotFound)
    return list(dict.fromkeys(kinds))


def _failure(status: int, kinds: list[type[SchedioraError]]) -> dict[str, Any]:
    codes = sorted({str(kind.code) for kind in kinds})
    names = {401: ("WWW-Authenticate",), 429: ("Retry-After",), 503: ("Retry-After",)}.get(status, ())
    schema = {"allOf": [{"$ref": _REF.format(model="Problem")}, {"properties": {"code": {"enum": codes}}}]}
    return {
        "description": " ".join(
            f"`{kind.code}`: {kind().detail}" if kind is not Invalid else "`validation_failed`" for kind in kinds
        ),
        "headers": _headers(names),
        "content": {PROBLEM_JSON: {"schema": schema}},
    }


def _headers(names: tuple[str, ...]) -> dict[str, Any]:
    return {**_REQUEST_ID, **{name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names}}


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _problem_schema() -> dict[str, Any]:
    fault = {
        "type": "object",
        "properties": {name: {"type": "string"} for name in ("pointer", "parameter", "detail")},
        "required": ["detail"],
    }
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "What went wrong (RFC 9457); `detail` is a sentence for the student, `code` is for programs.",
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": {"type": "string", "maxLength": 200},
            "code": {"type": "string", "enum": [str(code) for code in Code]},
            "request_id": text,
            "errors": {"type": "array", "items": fault},
        },
        "required": ["type", "title", "status", "detail", "code", "request_id"],
    }
