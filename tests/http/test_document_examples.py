"""The examples of the OpenAPI document, sent to the API as they stand."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from schediora.ai.author import build_author
from schediora.ai.jobs import Runner
from schediora.db.database import Database, connected
from schediora.mail import links
from schediora.models.mail import LinkPurpose
from schediora.models.users import User
from tests.client import Api, FrozenClock

AT_FIRST = [
    "getApi", "getDocument", "checkLive", "checkReady", "register", "login", "refresh", "getMe", "setPreferences",
    "getSyllabus", "setSyllabus",
    "getWeeklyStatus", "generatePlan", "getJob", "listPlans", "listSessions", "createPlan", "appendSession",
    "updateSession", "getSessionMaterial", "getDashboard", "getHabits",
]  # fmt: skip
"""What a student does first, in an order in which each call has what it needs."""
OF_THE_CALENDAR = ["createCalendarLink", "deleteCalendarLink", "setBusyTimes", "listBusyTimes", "deleteBusyTimes"]
OF_THE_ACCOUNT = [
    "listDevices", "signOutDevice", "signOutElsewhere", "exportAccount", "changePassword", "changeEmail",
    "forgotPassword", "confirmEmail", "resetPassword", "deleteAccount", "logout",
]  # fmt: skip
BY_LINK = {"confirmEmail": LinkPurpose.CONFIRM, "resetPassword": LinkPurpose.RESET}
"""What is called with the token of a link, which comes by mail."""
WHEN_A_SESSION_WAS_MISSED = [
    "replan",
    "undoReplan",
    "deleteSession",
    "deletePlan",
    "createCalendarLink",
    "deleteCalendarLink",
]


class Reader:
    """Somebody who sends what the document shows, and puts in what they were given: tokens and ids."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.operations = {
            said["operationId"]: (path, method, said)
            for path, item in api.get("/openapi.json").json["paths"].items()
            for method, said in item.items()
        }
        self._given: dict[str, str] = {}

    def call(self, name: str, **changed: Any) -> Any:
        """Send the example of an operation, with what was given and what is `changed`; return the answer. Fails when
        that is not the documented success.
        """
        path, method, said = self.operations[name]
        body, file, headers = None, None, {}
        for kind, content in said.get("requestBody", {}).get("content", {}).items():
            body, file, headers = content["example"], None, {"Content-Type": kind}
            if isinstance(body, str):
                body, file = None, body
            else:
                body = {**body, **{field: self._given[field] for field in body.keys() & self._given.keys()}, **changed}
        token = self._given["access_token"] if said["security"] else None
        asked = [each for each in said.get("parameters", ()) if each["in"] == "query" and each.get("required")]
        query = {each["name"]: each["schema"]["examples"][0] for each in asked}
        path = path.format(**self._given)
        answer = self._api.call(method.upper(), path, body, token=token, params=query, headers=headers, body=file)
        (wanted,) = (status for status in said["responses"] if status < "300")
        assert answer.status_code == int(wanted), (name, answer.text)
        told = answer.json if answer.content else None
        self._keep(name, told)
        return told

    def give_link(self, purpose: LinkPurpose, now: datetime) -> None:
        """Put a link's token into what is sent from now on."""
        user = User.get()
        self._given["token"] = links.make(user.id, purpose, user.email, now=now)

    def _keep(self, name: str, answer: Any) -> None:
        match name:
            case "register" | "login" | "refresh" | "changePassword" | "resetPassword":
                self._given |= {field: answer[field] for field in ("access_token", "refresh_token")}
            case "generatePlan":
                self._given["job_id"] = answer["job_id"]
            case "createPlan":
                self._given["plan_id"] = answer["id"]
            case "listDevices":
                self._given["sign_in_id"] = next(device["id"] for device in answer if not device["current"])
            case "appendSession":
                self._given["session_id"] = answer["id"]


@pytest.fixture
def runner(database: Database, clock: FrozenClock) -> Runner:
    author = build_author(provider="rules", base_url=None, api_key="", model="")
    return Runner(database, author, default_timezone="UTC", clock=clock)


def test_every_example_works_when_it_is_sent(api: Api, runner: Runner, database: Database, clock: FrozenClock) -> None:
    reader = Reader(api)
    for name in AT_FIRST:
        answer = reader.call(name)
        if name == "generatePlan":
            runner.run(UUID(answer["job_id"]))
    clock.advance(hours=8)
    for name in (*OF_THE_CALENDAR, *WHEN_A_SESSION_WAS_MISSED, *OF_THE_ACCOUNT):
        if name in BY_LINK:
            with connected(database):
                reader.give_link(BY_LINK[name], clock())
        answer = reader.call(name)
        if name == "replan":
            assert reader.call(name, apply=True, revision=answer["revision"])["moved"]
    assert {*AT_FIRST, *OF_THE_CALENDAR, *WHEN_A_SESSION_WAS_MISSED, *OF_THE_ACCOUNT} == reader.operations.keys()
