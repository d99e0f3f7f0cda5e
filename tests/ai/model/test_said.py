"""What the log says when a model fails: enough for an operator to mend it, and nothing that is not theirs to know."""

from dataclasses import replace
from typing import Any

import openai
import pytest
from structlog.testing import capture_logs

from schediora.ai.curriculum.frame import Frame
from schediora.ai.model.failures import ProviderError
from schediora.ai.model.openai_writer import OpenAIWriter
from schediora.ai.model.said import masked, own_words
from tests.ai.authors import author_of, ordinary
from tests.ai.slots import request, week
from tests.model_behaviours import Behaviour, drop, good, hang, html, refusal, says, status
from tests.model_server import ModelServer, refused_url

assert openai.__version__  # imported here, so that no test's deadline pays for it
KEY = "chosen by hand, not by a machine"


def failures(*behaviours: Behaviour, seconds: float = 5.0, **changes: Any) -> tuple[list[Any], str]:
    """Return the log's lines of one failed call, and the server's host."""
    with ModelServer(*behaviours) as server, capture_logs() as lines:
        with pytest.raises(ProviderError) as caught:
            OpenAIWriter(model="tiny", base_url=server.base_url, api_key=KEY).write_slots(
                replace(request(**changes), goal="Private goal"), seconds=seconds
            )
        assert KEY not in str(caught.value)
    return lines, server.base_url.split("/")[2]


@pytest.mark.parametrize(
    ("behaviour", "status", "said"),
    [
        (status(401, b'{"error": {"message": "Incorrect API key", "type": "auth"}}'), 401, "Incorrect API key"),
        (status(404, b'{"error": "model \\"tiny\\" not found"}'), 404, 'model "tiny" not found'),
        (status(404, b'{"detail": "Not Found"}'), 404, "Not Found"),
        (status(422, b'{"detail": [{"loc": ["body"], "msg": "Field required"}]}'), 422, "Field required"),
        (status(400, b'[{"error": {"code": 400, "message": "No such model"}}]'), 400, "No such model"),
        (status(503, b"<html>\r\n<h1>Bad   gateway</h1>\x00\x1b[31m"), 503, "<html> <h1>Bad gateway</h1> [31m"),
        (status(500, b""), 500, ""),
        (status(500, b"\xff\xfe"), 500, "\ufffd\ufffd"),
        (status(307, b"", location="https://elsewhere.example"), 307, ""),
        (html(), 200, "<!doctype html><html><body><h1>Welcome</h1></body></html>"),
        (refusal(), 200, "I can't help with that."),
        (says("I would rather write a poem."), 200, "I would rather write a poem."),
        (says("I am sorry."), 200, "I am sorry."),
    ],
)
def test_each_failure_is_one_line_with_host_status_and_the_servers_own_words(
    behaviour: Behaviour, status: int | None, said: str
) -> None:
    lines, host = failures(behaviour)
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("model_failed", "warning")
    assert (line["host"], line["status"], line["said"]) == (host, status, said)


def test_the_first_two_hundred_characters_are_enough() -> None:
    (line,), _ = failures(status(500, b"word " * 10_000))
    assert line["said"] == ("word " * 40)[:200]


@pytest.mark.parametrize("behaviour", [drop(), hang()])
def test_a_server_that_says_nothing_is_named_too(behaviour: Behaviour) -> None:
    (line,), host = failures(behaviour, seconds=0.4)
    assert (line["event"], line["host"], line["status"]) == ("model_failed", host, None)


def test_a_success_and_a_format_that_was_refused_on_the_way_are_no_failures() -> None:
    with ModelServer(status(400), good()) as server, capture_logs() as lines:
        OpenAIWriter(model="tiny", base_url=server.base_url).write_slots(request(), seconds=5)
    assert lines == []


@pytest.mark.parametrize(
    "text",
    [
        f"Incorrect API key provided: {KEY}.",
        "Incorrect API key provided: sk-proj-abcdef123456.",
        "authorization: Bearer abcdef123456",
        "GET /v1?api_key=abcdef123456&x=1 failed",
        '{"token": "abcdef123456"}',
        "x-api-key: abcdef123456",
        "password=abcdef123456",
        "cut off here " * 14 + "sk-abcdef123456",
        "id abcdef123456ABCDEF123456abcdef123456",
    ],
)
def test_secrets_are_masked(text: str) -> None:
    shown = masked(text, private={KEY})
    assert "abcdef" not in shown
    assert KEY not in shown
    assert "***" in shown or len(shown) == 200


@pytest.mark.parametrize("text", ["The model gpt-4o-mini does not exist.", "Maximum context length is 4096 tokens."])
def test_ordinary_words_are_not_masked(text: str) -> None:
    assert masked(text, private={"a", "the", ""}) == text


def test_no_words_of_the_student_are_logged() -> None:
    unit = replace(week().slots[0].units[0], title="Private unit")
    frame = Frame((replace(week().slots[0], topic="Früh"), replace(week().slots[1], units=(unit,))))
    (line,), _ = failures(status(500, b'{"error": "bad input Fr\\u00fch, PRIVATE UNIT, private goal"}'), frame=frame)
    assert line["said"] == "bad input ***, ***, ***"


def test_a_provider_that_cannot_be_reached_is_logged_once_a_try_and_never_shown() -> None:
    url = refused_url()
    with capture_logs() as lines:
        authored = ordinary(author_of(url))
    assert [line["event"] for line in lines] == ["model_failed"] * 2
    assert all(line["host"] in url and line["said"] for line in lines)
    assert url.split("/")[2] not in str(authored.degraded)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b'{"error": {"message": 1}}', b"[]", b"null"])
def test_whatever_the_body_is_words_come_out(body: bytes) -> None:
    assert isinstance(own_words(body), str)
