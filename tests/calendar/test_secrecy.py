"""The secret address is in nothing that an operator or a stranger reads."""

import http.client
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import structlog

from schediora import log
from schediora.calendar import service
from tests.calendar.reading import fetch, link
from tests.client import Student
from tests.prepared import prepared_service as live


@pytest.fixture(params=[True, False], ids=["production", "terminal"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    log.configure(production=request.param, level="debug", stream=stream)
    yield stream
    structlog.reset_defaults()


def test_no_line_and_no_answer_repeats_the_address(
    student: Student, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = link(student)
    token = url.removeprefix("/calendar/").removesuffix(".ics")
    student.delete("/users/me/calendar")
    other = link(student)
    second = other.removeprefix("/calendar/").removesuffix(".ics")
    answers = [
        fetch(student, url),
        fetch(student, f"{other}?{token}=1"),
        fetch(student, other, "PUT"),
        fetch(student, other, "BREW"),
        fetch(student, other.removesuffix(".ics")),
        fetch(student, other + "/"),
        fetch(student, other, "HEAD"),
    ]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("found me")

    monkeypatch.setattr(service, "calendar_text", fail)
    answers.append(fetch(student, other))
    assert [answer.status_code for answer in answers] == [404, 422, 405, 405, 404, 404, 200, 500]
    written = lines.getvalue()
    assert "found me" in written
    assert "/calendar/..." in written
    said = written + "".join(f"{answer.headers}{answer.text}" for answer in answers)
    assert second not in said
    assert token not in said.replace(answers[1].text, "")
    assert {answer.headers["referrer-policy"] for answer in answers} == {"no-referrer"}


def test_a_real_server_writes_no_address_either(tmp_path: Path) -> None:
    with live(tmp_path / "data", "serve", "--no-worker") as server:
        pair = server.call("POST", "/auth/register", {"email": "a@example.com", "password": "correct horse"}).json
        url = server.call("POST", "/users/me/calendar", token=pair["access_token"]).json["url"]
        token = url.removeprefix("/calendar/").removesuffix(".ics")
        for method, path in (("GET", url), ("GET", f"{url}x"), ("GET", f"{url}?{token}"), ("TRACE", url)):
            connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=12)
            connection.request(method, path)
            connection.getresponse().read()
            connection.close()
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port, timeout=12)
        connection.request("GET", url, headers={"X-Unreadable": "\x01"})
        assert connection.getresponse().status == 400
        connection.close()
        written = server.logged()
    assert token not in written
    assert "/calendar/..." in written
