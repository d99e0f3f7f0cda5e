"""The OpenAPI document, read as the tools that make clients and pages from it read it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.client import Api

VERB = re.compile(r"[a-z]+([A-Z][a-z]+)*")


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


def test_every_operation_has_a_verb_of_its_own_as_its_name(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) >= 22
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not VERB.fullmatch(name)] == []
    assert {"register", "getMe", "setPreferences", "listSessions", "updateSession", "generatePlan"} <= set(names)
