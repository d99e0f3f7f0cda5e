"""The OpenAPI document, read as the tools that make clients and pages from it read it."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from schediora.errors import Code, SchedioraError
from schediora.routes import PREFIX
from tests.client import Api, Student

VERB = re.compile(r"[a-z]+([A-Z][a-z]+)*")
PLAIN = {"session", "preferences"}
"""What is described where it is referred to."""
OPEN = {"Problem", "Fault"}
BESIDE_ANOTHER = {"SessionDeleted"}
"""Some makers of clients merge it with what else a list has, and must not ask of that what only this one has."""
"""What has members that are not always there."""

BESIDE_OPERATIONS = {"method_not_allowed"}
"""Codes of answers that no operation makes."""


@pytest.fixture
def engine() -> str:
    """The document is the same over any database."""
    return "sqlite"


@pytest.fixture
def document(api: Api) -> dict[str, Any]:
    answer = api.get("/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json)


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation, with its path and its method."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def parts(of: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object inside, with the JSON pointer to it."""
    if isinstance(of, dict):
        yield at, of
        for name, member in of.items():
            yield from parts(member, f"{at}/{name}")
    elif isinstance(of, list):
        for index, member in enumerate(of):
            yield from parts(member, f"{at}/{index}")


def contents(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body and every answer that has a schema, with where it is."""
    return ((at, part) for at, part in parts(document) if re.search(r"/content/application/[^/]+$", at))


def examples(content: dict[str, Any]) -> list[Any]:
    return [content["example"]] if "example" in content else [item["value"] for item in content["examples"].values()]


def answered(document: dict[str, Any]) -> set[str]:
    """The names of the schemas that answers are made of."""
    found: set[str] = set()
    waiting = {ref for at, part in parts(document["paths"]) if "/responses/" in at for ref in [part.get("$ref")] if ref}
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            _, _, kind, key = name.split("/")
            waiting |= {part["$ref"] for _, part in parts(document["components"][kind][key]) if "$ref" in part}
    return {name.rpartition("/")[2] for name in found if "/schemas/" in name}


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    validate(document)


def test_every_operation_has_a_verb_of_its_own_as_its_name(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) >= 22
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not VERB.fullmatch(name)] == []
    assert {"register", "getMe", "setPreferences", "listSessions", "updateSession", "generatePlan"} <= set(names)


def test_paths_lie_below_the_server_and_answer_there(document: dict[str, Any], student: Student) -> None:
    (server,) = document["servers"]
    assert server["url"] == PREFIX
    for path, method, _ in operations(document):
        assert not path.startswith(PREFIX)
        address = re.sub(r"\{\w+\}", student.id, path)
        assert student.api.client.simulate_request(method.upper(), server["url"] + address).status_code != 405


def test_every_heading_is_explained_and_has_calls(document: dict[str, Any]) -> None:
    used = {tag for _, _, operation in operations(document) for tag in operation["tags"]}
    assert {tag["name"] for tag in document["tags"]} == used
    assert [tag["name"] for tag in document["tags"] if not tag["description"].endswith(".")] == []
    for word in ("Authorization", "RFC 3339", "cursor", "problem+json", "HEAD"):
        assert word in document["info"]["description"]


def test_patterns_mean_the_same_in_javascript(document: dict[str, Any]) -> None:
    patterns = {part["pattern"] for _, part in parts(document) if isinstance(part.get("pattern"), str)}
    ecma = jsonschema_rs.validator_for({"format": "regex"}, validate_formats=True)
    assert patterns
    # Letters after a backslash that are no escape there stand for themselves, silently.
    assert [pattern for pattern in patterns if not ecma.is_valid(pattern) or re.search(r"\\[AZzGKQEhR]", pattern)] == []
    assert not ecma.is_valid(r"^24:00\Z")


@pytest.mark.parametrize("field", ["start", "end"])
@pytest.mark.parametrize("time", ["16:00\n", "16:0", "1600", "24:30", "\u0660\u0669:\u0660\u0660", " 16:00"])
def test_a_time_of_day_that_the_pattern_refuses_is_refused(field: str, time: str, student: Student) -> None:
    window = {"weekday": 1, "start": "08:00", "end": "22:00", field: time}
    body = {"goal": "Pass", "daily_hours": 2, "focus_topics": ["Biology"], "availability": [window]}
    answer = student.put("/users/preferences", body)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, f"/availability/0/{field}")


def test_each_enum_is_described_once_and_referred_to(document: dict[str, Any]) -> None:
    enums = {at: part["enum"] for at, part in parts(document) if isinstance(part.get("enum"), list)}
    assert [at for at in enums if not re.fullmatch(r"/components/schemas/\w+", at)] == []
    assert len({tuple(values) for values in enums.values()}) == len(enums)
    for name in ("ReasonCode", "JobFailure", "Code", "Kind", "Range", "SessionStatus"):
        assert f"/components/schemas/{name}" in enums


def test_every_code_field_is_an_enum(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    fields = {name: schema.get("properties", {}) for name, schema in schemas.items()}
    coded = {name: described["code"] for name, described in fields.items() if "code" in described}
    assert {"Problem", "ReasonView", "UnplacedView", "JobError"} <= coded.keys()
    for name, field in coded.items():
        assert "enum" in schemas[field["$ref"].rpartition("/")[2]], name


def test_errors_are_shared_answers(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        failures = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"400", "408", "422", "500", "503"} <= failures.keys(), (method, path)
        assert [answer for answer in failures.values() if answer.keys() != {"$ref"}] == []
    for answer in document["components"]["responses"].values():
        assert answer["content"]["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_every_error_code_is_described_somewhere(document: dict[str, Any]) -> None:
    described = {
        code
        for answer in document["components"]["responses"].values()
        for code in answer["content"]["application/problem+json"]["examples"]
    }
    assert set(Code) - described == BESIDE_OPERATIONS


def test_nothing_is_described_that_nothing_refers_to(document: dict[str, Any]) -> None:
    referred = {part["$ref"] for _, part in parts(document) if isinstance(part.get("$ref"), str)}
    for kind in ("schemas", "responses", "headers"):
        assert [name for name in document["components"][kind] if f"#/components/{kind}/{name}" not in referred] == []


def test_what_answers_always_carry_is_required(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in answered(document) - OPEN - BESIDE_ANOTHER:
        assert set(schemas[name].get("required", ())) == schemas[name].get("properties", {}).keys(), name


def test_what_a_body_may_leave_out_is_optional_for_every_generator(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert "required" not in schemas["ReplanRequest"]
    # openapi-typescript takes a field with a default for one that is always there.
    for name in schemas.keys() - answered(document):
        fields = schemas[name].get("properties", {})
        assert [field for field, said in fields.items() if "default" in said] == [], name


def test_every_field_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert schema["description"], name
        for field, said in schema.get("properties", {}).items():
            assert "description" in said or "$ref" in said or "const" in said or field in PLAIN, (name, field)
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (path, parameter["name"])


def test_every_body_and_every_answer_has_an_example_that_its_schema_allows(document: dict[str, Any]) -> None:
    found = dict(contents(document))
    assert len(found) >= 30
    for at, content in found.items():
        schema = {**content["schema"], "components": document["components"]}
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        assert examples(content), at
        for example in examples(content):
            validator.validate(example)


def test_the_members_of_a_problem_are_described(document: dict[str, Any]) -> None:
    described = document["components"]["schemas"]["Problem"]["properties"]
    kinds: list[type[SchedioraError]] = [SchedioraError]
    for kind in kinds:
        kinds += kind.__subclasses__()
        assert kind.members.keys() <= described.keys()
    assert {"job_id", "checks", "errors"} <= described.keys()


def test_head_answers_what_the_document_says_of_get_and_options_names_every_method(
    document: dict[str, Any], student: Student
) -> None:
    for path, item in document["paths"].items():
        address = re.sub(r"\{\w+\}", student.id, path)
        allowed = student.api.call("OPTIONS", address).headers["Allow"].split(", ")
        offered = {method.upper() for method in item} | ({"HEAD"} if "get" in item else set())
        assert set(allowed) - {"OPTIONS"} == offered, path
        if "get" in item:
            head, get = (student.api.call(method, address, token=student.token) for method in ("HEAD", "GET"))
            assert (head.status_code, head.content) == (get.status_code, b"")
            assert {*head.headers} == {*get.headers}
            assert head.headers["Content-Length"] == str(len(get.content))
