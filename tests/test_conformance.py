"""The API against its own document: every operation, called with what the schemas allow and forbid."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.client import Api, Student

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLS = {GenerationMode.POSITIVE: PROMISES, GenerationMode.NEGATIVE: [*PROMISES, ignored_auth]}
EXAMPLES = 25


@pytest.mark.parametrize("mode", CALLS, ids=lambda mode: mode.value)
def test_every_answer_is_one_that_the_document_promises(mode: GenerationMode, api: Api, student: Student) -> None:
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", api.client.app)
    headers = {"Authorization": f"Bearer {student.token}"}
    called = 0
    for found in document.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # an operation that cannot be read ends the test here

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def answers_as_promised(case: Case[Any]) -> None:
            case.call_and_validate(headers=headers, checks=CALLS[mode])

        if mode is GenerationMode.POSITIVE or operation.body or operation.query or operation.path_parameters:
            answers_as_promised()
            called += 1
    assert called >= 10
