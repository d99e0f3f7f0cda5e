"""The app's side of the API, and a clock that stands still."""

import json as jsonlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from falcon.testing import Result, TestClient

PREFIX = "/api/v1"
PASSWORD = "correct horse"
_numbers = count(1)


class FrozenClock:
    """Answers `now` until it is told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        self.now = now

    def advance(self, by: timedelta | None = None, **units: float) -> None:
        self.now += by or timedelta(**units)


class Api:
    """Calls below the prefix, as JSON."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def call(
        self,
        method: str,
        path: str,
        json: Any = None,
        *,
        token: str | None = None,
        params: Any = None,
        headers: dict[str, str] | None = None,
        body: bytes | str | None = None,
    ) -> Result:
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if json is not None:
            body = jsonlib.dumps(json)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.client.simulate_request(method, PREFIX + path, params=params, headers=sent, body=body)

    def get(self, path: str, **options: Any) -> Result:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Result:
        return self.call("POST", path, json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Result:
        return self.call("PUT", path, json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> Result:
        return self.call("PATCH", path, json, **options)

    def delete(self, path: str, **options: Any) -> Result:
        return self.call("DELETE", path, **options)


@dataclass
class Student:
    """A signed-in student; calls carry the access token."""

    api: Api
    email: str
    token: str
    refresh_token: str
    id: str

    def get(self, path: str, **options: Any) -> Result:
        return self.api.get(path, token=self.token, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Result:
        return self.api.post(path, json, token=self.token, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Result:
        return self.api.put(path, json, token=self.token, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> Result:
        return self.api.patch(path, json, token=self.token, **options)

    def delete(self, path: str, **options: Any) -> Result:
        return self.api.delete(path, token=self.token, **options)


def register_student(api: Api, email: str | None = None, **fields: object) -> Student:
    """Register a student, by default under an address of its own."""
    address = email or f"student{next(_numbers)}@example.com"
    answer = api.post("/auth/register", {"email": address, "password": PASSWORD, **fields})
    assert answer.status_code == 201, answer.text
    pair = answer.json
    me = api.get("/users/me", token=pair["access_token"]).json
    return Student(api, address, pair["access_token"], pair["refresh_token"], me["id"])
