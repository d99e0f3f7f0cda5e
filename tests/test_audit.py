"""The audit: a line for whatever happens to an account, and in it nothing to sign in with."""

import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from schediora import log
from schediora.audit import Act, Audit
from schediora.db.database import Database, connected
from schediora.mail import links
from schediora.models.mail import LinkPurpose
from schediora.models.users import User
from tests.cli.program import run
from tests.client import PASSWORD, Api, FrozenClock, Student

AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"
NEW = "a new horse, correct"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What production writes."""
    stream = io.StringIO()
    log.configure(production=True, stream=stream)
    yield stream
    structlog.reset_defaults()


def audited(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    return [line for line in found if line["event"].startswith("audit_")]


def listed() -> dict[str, set[str]]:
    """Return the outcomes of every event that the operators' page lists."""
    page = (Path(__file__).parents[1] / "docs" / "operating.md").read_text(encoding="utf-8")
    table = page.partition("| event | outcomes | means |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([a-z_, ]+) \| \S", table, re.MULTILINE)
    return {name: set(outcomes.split(", ")) for name, outcomes in rows}


def everything(api: Api, clock: FrozenClock, database: Database) -> Student:
    """Have a student do, well and badly, all that has a line, and return them."""

    def call(method: str, path: str, body: object = None, *, token: str | None = None) -> Any:
        return api.call(method, path, body, token=token, headers={"User-Agent": AGENT}).json

    account = {"email": "Ada@Example.com", "password": PASSWORD}
    first = call("POST", "/auth/register", account)
    call("POST", "/auth/login", {**account, "password": "not this one"})
    call("POST", "/auth/login", {"email": "nobody@example.com", "password": PASSWORD})
    stolen = call("POST", "/auth/login", account)
    call("POST", "/auth/logout", {"refresh_token": call("POST", "/auth/login", account)["refresh_token"]})
    fresh = call("POST", "/auth/refresh", {"refresh_token": stolen["refresh_token"]})
    call("GET", "/users/me", token=fresh["access_token"])
    clock.advance(minutes=1)
    call("POST", "/auth/refresh", {"refresh_token": stolen["refresh_token"]})
    token = first["access_token"]
    call("POST", "/auth/login", account)
    call("POST", "/users/me/calendar", token=token)
    call("DELETE", "/users/me/calendar", token=token)
    call("GET", "/users/me/export", token=token)
    call("PUT", "/users/password", {"old_password": "not this one", "new_password": NEW}, token=token)
    pair = call("PUT", "/users/password", {"old_password": PASSWORD, "new_password": NEW}, token=token)
    token = pair["access_token"]
    call("POST", "/auth/login", {**account, "password": NEW})
    other = next(device for device in call("GET", "/auth/sessions", token=token) if not device["current"])
    call("DELETE", f"/auth/sessions/{other['id']}", token=token)
    call("DELETE", "/auth/sessions", token=token)
    call("PUT", "/users/email", {"password": PASSWORD, "email": "lovelace@example.com"}, token=token)
    call("PUT", "/users/email", {"password": NEW, "email": "lovelace@example.com"}, token=token)
    call("POST", "/auth/password/forgot", {"email": "lovelace@example.com"})
    with connected(database):
        user = User.get()
        link = {purpose: links.make(user.id, purpose, "lovelace@example.com", now=clock.now) for purpose in LinkPurpose}
    for good in ("", "x"):
        call("POST", "/auth/email/confirm", {"token": link[LinkPurpose.CONFIRM] + good})
    pair = call("POST", "/auth/password/reset", {"token": link[LinkPurpose.RESET], "new_password": f"{NEW}!"})
    call("POST", "/auth/password/reset", {"token": link[LinkPurpose.RESET], "new_password": NEW})
    token = pair["access_token"]
    student = Student(api, "lovelace@example.com", token, pair["refresh_token"], str(user.id))
    call("POST", "/users/me/delete", {"password": PASSWORD}, token=token)
    call("POST", "/users/me/delete", {"password": f"{NEW}!"}, token=token)
    return student


def test_all_that_happens_to_an_account_has_a_line_as_the_operators_page_says(
    api: Api, clock: FrozenClock, database: Database, lines: io.StringIO
) -> None:
    student = everything(api, clock, database)
    found = audited(lines.getvalue())

    met: dict[str, set[str]] = defaultdict(set)
    for line in found:
        met[line["event"]].add(line["outcome"])
    page = listed()
    assert set(page) == {str(act) for act in Act}
    elsewhere = {str(Act.SIGN_OUT_EVERYWHERE), str(Act.IMPORT), str(Act.LIMIT)}
    assert met == {name: outcomes for name, outcomes in page.items() if name not in elsewhere}
    hers = [line for line in found if line["user_id"]]
    assert {line["user_id"] for line in hers} == {student.id}
    addresses = {line["email_hash"] for line in hers}
    assert len(addresses - {None}) == len(addresses) == 2
    unknown = {line["event"]: line["email_hash"] for line in found if not line["user_id"]}
    assert unknown.pop(str(Act.SIGN_IN)) not in {None, *addresses}
    assert unknown == {
        str(Act.PASSWORD_LINK): hers[-1]["email_hash"],
        str(Act.PASSWORD_RESET): None,
        str(Act.EMAIL_CONFIRMATION): None,
    }
    for line in found:
        assert (line["client"], line["address"], line["via"]) == (AGENT, "127.0.0.1", "call")
        assert line["level"] == ("info" if line["outcome"] == "done" else "warning")
        assert line["request_id"]
    text = lines.getvalue()
    for hidden in (PASSWORD, NEW, "not this one", student.token, student.refresh_token, "example.com", ".ics"):
        assert hidden not in text


def test_what_is_rolled_back_has_no_line(student: Student, lines: io.StringIO) -> None:
    audit = Audit([b"k" * 32])

    class Failed(Exception):
        pass

    def fail() -> None:
        with User.transaction():
            audit.done(Act.DELETION, User.get().id)
            raise Failed

    with pytest.raises(Failed):
        fail()
    assert audited(lines.getvalue()) == []
    with User.transaction():
        audit.done(Act.DELETION, User.get().id)
        assert audited(lines.getvalue()) == []
    assert len(audited(lines.getvalue())) == 1


def test_a_call_that_is_sent_again_under_its_key_has_one_line(student: Student, lines: io.StringIO) -> None:
    for _ in range(2):
        made = student.post("/users/me/calendar", headers={"Idempotency-Key": "one"})
        assert made.status_code == 201
    assert [line["event"] for line in audited(lines.getvalue())] == ["audit_feed"]


def test_a_limit_that_is_reached_is_said_once_in_its_window(
    student: Student, lines: io.StringIO, clock: FrozenClock
) -> None:
    wrong = {"email": student.email, "password": "not this one"}
    statuses = [student.api.post("/auth/login", wrong).status_code for _ in range(15)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    (line,) = [line for line in audited(lines.getvalue()) if line["event"] == str(Act.LIMIT)]
    assert (line["limit"], line["outcome"]) == ("sign-in-account", "too_many_requests")
    failed = [line for line in audited(lines.getvalue()) if line["event"] == str(Act.SIGN_IN)]
    assert {line["email_hash"] for line in failed} == {line["email_hash"]}
    clock.advance(minutes=11)
    for _ in range(15):
        student.api.post("/auth/login", wrong)
    said = [line for line in audited(lines.getvalue()) if line["event"] == str(Act.LIMIT)]
    assert len(said) == 2


def test_what_an_operator_does_has_its_line(tmp_path: Path) -> None:
    key = {
        "SCHEDIORA_AUTH__SECRET_KEY": "a key of forty characters, for one test 1",
        "SCHEDIORA_ENVIRONMENT": "production",
    }
    done = [
        run("users", *words, folder=tmp_path, given=given, **key)
        for words, given in (
            (["create", "ada@example.com"], f"{NEW}\n"),
            (["set-password", "ada@example.com"], f"{NEW}2\n"),
            (["sign-out", "ada@example.com"], ""),
            (["delete", "ada@example.com", "--yes"], ""),
        )
    ]
    found = [line for one in done for line in audited(one.stderr)]
    events = ["registration", "password_change", "sign_out_everywhere", "deletion"]
    assert [line["event"] for line in found] == [f"audit_{name}" for name in events], [one.stderr for one in done]
    assert {(line["outcome"], line["via"]) for line in found} == {("done", "command")}
    assert len({line["email_hash"] for line in found} - {None}) == 1
