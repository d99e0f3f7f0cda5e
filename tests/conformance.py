"""Calls with what the document allows and forbids, by several students, on what is there and on what is not."""

from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any
from urllib.parse import parse_qs, urlsplit

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import APIOperation, Case, GenerationMode, Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from schediora.http.headers import FIXED
from tests.client import PASSWORD, PREFIX, Student, register_student

PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
CALLS = {GenerationMode.POSITIVE: PROMISES, GenerationMode.NEGATIVE: [*PROMISES, ignored_auth]}
Link = Callable[[Student, str], str]
"""Makes the token of a link for a student, by what it is for."""
CASES_IN_A_ROW = 10
MOST_ROUNDS = 400
CARRIERS = {"content-type", "content-length", "vary", *(name.lower() for name, _ in FIXED)}
"""Headers of HTTP itself, and those for browsers that every answer has: no document lists them."""
LISTS = {"listPlans", "listSessions"}
PROVEN = {"password": PASSWORD}
CHANGED = {"old_password": PASSWORD, "new_password": PASSWORD}

AnyOperation = APIOperation[Any, Any, Any, Any]
AnyCase = Case[Any]


class Promises:
    """What the document says that each answer may carry."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document

    def check(self, case: AnyCase, response: Response) -> None:
        """Fail for a header or an error code that is not described."""
        operation = self._document["paths"][case.operation.path][case.operation.method.lower()]
        said = operation["responses"][str(response.status_code)]
        if "$ref" in said:
            said = self._document["components"]["responses"][said["$ref"].rpartition("/")[2]]
        sent = {name.lower() for name in response.headers} - CARRIERS
        assert sent <= {name.lower() for name in said["headers"]}, (case.operation.label, response.status_code, sent)
        if response.status_code >= 400:
            code = response.json()["code"]
            assert code in said["content"]["application/problem+json"]["examples"], (case.operation.label, code)


class World:
    """What is really there: students, and the ids and cursors that they were given.

    The newcomer does nothing but ask for plans: whoever makes one by hand is refused a generated one.
    """

    def __init__(self, students: list[Student], newcomer: Student, jobs: list[str], link: Link) -> None:
        self.students = students
        self._link = link
        self._newcomer = newcomer
        self._ids: dict[str, list[str]] = {"plan_id": [], "session_id": [], "job_id": jobs, "sign_in_id": []}
        self._cursors: list[str] = []
        self._moments: list[str] = []

    def look(self) -> None:
        """Ask what is there now: students leave and are signed out, plans and sessions come and go."""
        for student in (*self.students, self._newcomer):
            _come_back(student)
        signed_in = [student.get("/auth/sessions").json for student in self.students]
        self._ids["sign_in_id"] = [device["id"] for devices in signed_in for device in devices]
        for name, path, query in (("plan_id", "/plans", {}), ("session_id", "/sessions", {"week": "all"})):
            pages = [student.get(path, params={"limit": "3", **query}) for student in self.students]
            self._ids[name] = [item["id"] for page in pages for item in page.json]
            self._cursors = [
                *self._cursors[-9:],
                *(_cursor(page.headers["Link"], "cursor") for page in pages if "Link" in page.headers),
            ]
        changed = [student.get("/sessions?since=&limit=2") for student in self.students]
        self._moments = [*self._moments[-9:], *(_cursor(page.headers["Link"], "since") for page in changed)]

    def caller(self, name: str, turn: int) -> Student:
        """Return who calls the operation `name` this time; those whom all began with stay."""
        if name == "deleteAccount":
            return self.students[-1]
        return self._newcomer if name == "generatePlan" and turn % 2 else self.students[turn % len(self.students)]

    def put_into(self, case: AnyCase, turn: int) -> None:
        """Let a case name what is there, every other time; a student gets the things of others as well."""
        operation = case.operation.definition.raw["operationId"]
        if turn % 2 and isinstance(case.body, dict):
            whose = self.caller(operation, turn)
            known = self._known_to(whose, operation)
            if known is not None:
                case.body = {**known}
        for name in case.path_parameters or {}:
            if turn % 2 and (there := self._ids[name]):
                case.path_parameters[name] = there[turn % len(there)]
        if case.headers and turn % 4:  # else most calls would be refused for a key that another one had
            case.headers.pop("Idempotency-Key", None)
        if turn % 3 == 0 and self._cursors and operation in LISTS:
            cursor = self._cursors[turn % len(self._cursors)]
            case.query = {"cursor": cursor if turn % 2 else cursor[:-2] + cursor[-1:], "limit": 1 + turn % 4}
        elif turn % 3 == 1 and operation == "listSessions":
            moment = self._moments[turn % len(self._moments)]
            case.query = {"since": moment if turn % 2 else moment[:-2] + moment[-1:], "limit": 1 + turn % 4}

    def _known_to(self, student: Student, operation: str) -> dict[str, str] | None:
        """Return what only the student can say when they call an operation, where there is such a thing."""
        match operation:
            case "login" | "changeEmail":
                return {"email": student.email, **PROVEN}
            case "refresh":
                return {"refresh_token": student.refresh_token}
            case "changePassword":
                return CHANGED
            case "forgotPassword":
                return {"email": student.email}
            case "resetPassword":
                return {"token": self._link(student, "reset"), "new_password": PASSWORD}
            case "confirmEmail":
                return {"token": self._link(student, "confirm")}
            case "deleteAccount":
                return PROVEN
        return None


def conform(world: World, *, cases: int) -> Counter[tuple[str, int]]:
    """Call every operation but the document itself, round after round, until there were so many cases.

    Returns how often each gave each status; raises when an answer is not one that the document promises.
    """
    app = world.students[0].api.client.app
    schema = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app)
    promises, met = Promises(schema.raw_schema), Counter[tuple[str, int]]()
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    for number in range(MOST_ROUNDS):
        if met.total() >= cases:
            break
        for operation, mode in product(operations, CALLS):
            # What takes nothing can be called in no way that is wrong.
            if mode is GenerationMode.POSITIVE or operation.body or operation.query or operation.path_parameters:
                world.look()
                _call(operation, mode, world, promises, met, seed(number))
    return met


def _call(
    operation: AnyOperation,
    mode: GenerationMode,
    world: World,
    promises: Promises,
    met: Counter[tuple[str, int]],
    seeded: Callable[[Callable[[], None]], Callable[[], None]],
) -> None:
    name = operation.definition.raw["operationId"]

    @seeded
    @settings(
        max_examples=CASES_IN_A_ROW,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers_as_promised(case: AnyCase) -> None:
        turn = met.total()
        world.put_into(case, turn)
        student = world.caller(name, turn)
        response = case.call_and_validate(headers={"Authorization": f"Bearer {student.token}"}, checks=CALLS[mode])
        promises.check(case, response)
        met[name, response.status_code] += 1

    answers_as_promised()


def _come_back(student: Student) -> None:
    """Sign a student in again who was signed out, and make the account again of one who has left."""
    if student.get("/users/me").status_code == 200:
        return
    pair = student.api.post("/auth/login", {"email": student.email, **PROVEN})
    if pair.status_code != 200:
        made = register_student(student.api)
        student.email, student.id = made.email, made.id
        pair = student.api.post("/auth/login", {"email": student.email, **PROVEN})
    student.token, student.refresh_token = pair.json["access_token"], pair.json["refresh_token"]


def _cursor(link: str, name: str) -> str:
    return parse_qs(urlsplit(link.partition(">")[0][1:]).query)[name][0]
