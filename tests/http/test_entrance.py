"""Whoever finds the server's address learns what is there."""

from importlib.metadata import version

import pytest
from falcon.testing import TestClient

from tests.client import PREFIX, Api


@pytest.mark.parametrize("path", [PREFIX, f"{PREFIX}/"])
def test_the_entrance_names_the_service_and_where_to_go(api: Api, path: str) -> None:
    answer = api.client.simulate_get(path)
    assert answer.status_code == 200
    assert (answer.json["name"], answer.json["version"]) == ("Schediora", version("schediora"))
    assert answer.json["mail"] is False
    assert {follow(api.client, link) for link in answer.json["links"].values()} == {200}


def follow(client: TestClient, path: str) -> int:
    return client.simulate_get(path).status_code


def test_the_entrance_is_in_the_document_and_needs_no_token(api: Api) -> None:
    described = [
        item["get"]
        for item in api.get("/openapi.json").json["paths"].values()
        if item.get("get", {}).get("operationId") == "getApi"
    ]
    assert [entry["security"] for entry in described] == [[]]
