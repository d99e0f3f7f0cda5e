"""What holds for every call alike, tried on each of them over real HTTP, as the document lists them."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from tests.client import PREFIX
from tests.http.conftest import JSON, Web

AN_ID = str(UUID(int=7))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield method, path below the prefix and description of every call."""
    for template, item in document["paths"].items():
        for method, described in item.items():
            if method in ("get", "post", "put", "patch", "delete"):
                path = template.removeprefix(PREFIX)
                for parameter in described.get("parameters", []):
                    if parameter["in"] == "path":
                        path = path.replace(f"{{{parameter['name']}}}", AN_ID)
                yield method.upper(), path, described


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], bool]]:
    """Yield method, path, schema of the body, and whether one is needed, of every call that takes one in JSON."""
    for method, path, described in operations(document):
        body = described.get("requestBody")
        if body and JSON in body["content"]:
            yield method, path, resolved(body["content"][JSON]["schema"], document), body["required"]


def resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def fields(schema: dict[str, Any], document: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every field at any depth, with its pointer; a list's entries stand at 0."""
    schema = resolved(schema, document)
    for choice in schema.get("anyOf", []):
        yield from fields(choice, document, path)
    yield path, schema
    for name, member in schema.get("properties", {}).items():
        yield from fields(member, document, f"{path}/{name}")
    if "items" in schema:
        yield from fields(schema["items"], document, f"{path}/0")


def holding(pointer: str, value: Any) -> Any:
    """Return the smallest body with `value` at `pointer`."""
    for part in reversed(pointer.split("/")[1:]):
        value = [value] if part == "0" else {part: value}
    return value


def test_every_call_that_takes_a_body_refuses_what_is_none(web: Web) -> None:
    document = web.call("GET", "/openapi.json").json
    found = 0
    for method, path, _, needed in bodies(document):
        found += 1
        assert web.call(method, path, b"{}", kind=None).status == 415, path
        assert web.call(method, path, b"{}", kind="text/plain").status == 415, path
        assert web.call(method, path, b"{").status == 400, path
        assert web.call(method, path, b" " * 70_000).status == 413, path
        assert web.call(method, path, b"[]").status == 422, path
        unknown = web.call(method, path, b'{"no such field": 1}')
        assert "/no such field" in [fault["pointer"] for fault in unknown.json["errors"]]
        if needed:
            assert web.call(method, path, b"").status == 400, path
    assert found >= 9


def test_every_text_of_every_body_refuses_a_nul(web: Web) -> None:
    document = web.call("GET", "/openapi.json").json
    texts = 0
    for method, path, schema, _ in bodies(document):
        for pointer, field in fields(schema, document):
            if field.get("type") == "string":
                texts += 1
                refused = web.call(method, path, json.dumps(holding(pointer, "a\0b")).encode())
                assert refused.status == 422, (path, pointer)
                assert pointer in [fault["pointer"] for fault in refused.json["errors"]], (path, pointer)
    assert texts >= 20


def test_every_list_of_every_body_has_a_length_that_is_looked_at_first(web: Web) -> None:
    document = web.call("GET", "/openapi.json").json
    lists = 0
    for method, path, schema, _ in bodies(document):
        for pointer, field in fields(schema, document):
            if field.get("type") == "array":
                lists += 1
                entries = [None] * (field["maxItems"] + 1)
                refused = web.call(method, path, json.dumps(holding(pointer, entries)).encode())
                assert [fault["pointer"] for fault in refused.json["errors"]] == [pointer]
    assert lists >= 3


def test_null_is_refused_wherever_it_is_not_offered(web: Web) -> None:
    document = web.call("GET", "/openapi.json").json
    for method, path, schema, _ in bodies(document):
        nullable = {pointer for pointer, field in fields(schema, document) if field.get("type") == "null"}
        for pointer, _ in fields(schema, document):
            if pointer and pointer not in nullable:
                refused = web.call(method, path, json.dumps(holding(pointer, None)).encode())
                assert pointer in [fault["pointer"] for fault in refused.json["errors"]], (path, pointer)


def test_every_call_refuses_parameters_that_it_does_not_know(web: Web) -> None:
    document = web.call("GET", "/openapi.json").json
    for method, path, described in operations(document):
        body = b"{}" if "requestBody" in described else None
        refused = web.call(method, f"{path}?no-such=1", body)
        assert refused.status == 422, path
        assert "no-such" in [fault.get("parameter") for fault in refused.json["errors"]], path


def test_every_call_that_is_not_public_asks_for_a_token(web: Web) -> None:
    document = web.call("GET", "/openapi.json").json
    for method, path, described in operations(document):
        if described["security"]:
            refused = web.call(method, path, b"{" if "requestBody" in described else None, token=None)
            assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), path
