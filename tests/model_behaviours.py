"""How a model server may behave: each behaviour answers one call to OpenAI's chat completions, well or badly."""

import json
import random
import socket
import threading
from collections.abc import Callable
from typing import Any

from tests.model_answers import Content, answer, completion
from tests.model_exchange import Exchange

HANG_SECONDS = 60.0


Behaviour = Callable[[Exchange], None]


def good() -> Behaviour:
    """Answer soundly what is asked: words for slots, the units of a topic, or a plan for it."""
    return lambda exchange: exchange.say(json.dumps(answer(exchange.call.data)))


def streamed(
    *, pause: float = 0.0, length: int | None = None, usage: bool = True, then: float = 0.0, before: str = ""
) -> Behaviour:
    """Answer soundly in pieces; with a `length` only so many characters come, then silence of `then` seconds."""

    def behave(exchange: Exchange) -> None:
        content = before + json.dumps(answer(exchange.call.data))
        exchange.stream(content[:length], pause=pause, end=length is None, usage=usage)
        exchange.wait(then)

    return behave


def writes(change: Callable[[list[dict[str, Any]]], object]) -> Behaviour:
    """Answer with sound words for slots that `change` has altered in place."""

    def behave(exchange: Exchange) -> None:
        altered = answer(exchange.call.data)
        change(altered["slots"])
        exchange.say(json.dumps(altered))

    return behave


def delayed(seconds: float, then: Behaviour | None = None) -> Behaviour:
    """Do `then` (by default: answer well) after `seconds`."""

    def behave(exchange: Exchange) -> None:
        exchange.wait(seconds)
        (then or good())(exchange)

    return behave


def says(content: Content, **message: Any) -> Behaviour:
    """Answer with a completion of just this content."""
    return lambda exchange: exchange.say(content, **message)


def status(code: int, body: bytes = b'{"error": {"message": "secret-detail"}}', **headers: str) -> Behaviour:
    """Answer with a status code other than 200."""
    return lambda exchange: exchange.send(body, status=code, **headers)


def unauthorized() -> Behaviour:
    """Answer 401."""
    return status(401)


def rate_limited(retry_after: float | None = None) -> Behaviour:
    """Answer 429, asking to be left alone for `retry_after` seconds."""
    return status(429) if retry_after is None else status(429, retry_after=f"{retry_after:g}")


def server_error() -> Behaviour:
    """Answer 500."""
    return status(500)


def html() -> Behaviour:
    """Answer 200 with a web page, as a captive portal does."""
    page = b"<!doctype html><html><body><h1>Welcome</h1></body></html>"
    return lambda exchange: exchange.send(page, kind="text/html")


def empty() -> Behaviour:
    """Answer 200 with no body."""
    return lambda exchange: exchange.send(b"")


def fenced() -> Behaviour:
    """Answer with a sound plan between Markdown fences and small talk."""

    def behave(exchange: Exchange) -> None:
        indented = json.dumps(answer(exchange.call.data), indent=2)
        exchange.say(f"Sure! Here is your plan:\n```json\n{indented}\n```\nGood luck!")

    return behave


def truncated() -> Behaviour:
    """Answer with JSON that breaks off in the middle."""
    return lambda exchange: exchange.say(json.dumps(answer(exchange.call.data))[:100])


def wrong_shape() -> Behaviour:
    """Answer with JSON that is no plan."""
    return says('{"plan": ["read chapter one", "read chapter two"]}')


def refusal() -> Behaviour:
    """Refuse, as OpenAI's models do."""
    return says(None, refusal="I can't help with that.")


def study_plan() -> Behaviour:
    """Answer with valid JSON and nothing in it: eight steps called "Study Plan"."""
    step = {"title": "Study Plan", "detail": "Study Plan", "minutes": 30, "kind": "learn"}
    return says(json.dumps({"title": "Study Plan", "summary": "Study Plan", "steps": [step] * 8}))


def hang(seconds: float = HANG_SECONDS) -> Behaviour:
    """Take the request and say nothing."""
    return lambda exchange: exchange.wait(seconds)


def drop() -> Behaviour:
    """Close the connection without an answer."""

    def behave(exchange: Exchange) -> None:
        exchange.handler.connection.shutdown(socket.SHUT_RDWR)

    return behave


def trickle(pause: float = 0.05) -> Behaviour:
    """Answer one byte at a time, never idle long enough for a timeout between bytes."""

    def behave(exchange: Exchange) -> None:
        body = json.dumps(completion(json.dumps(answer(exchange.call.data)))).encode()
        exchange.handler.send_response(200)
        exchange.handler.send_header("content-type", "application/json")
        exchange.handler.send_header("content-length", str(len(body)))
        exchange.handler.end_headers()
        for place in range(len(body)):
            exchange.handler.wfile.write(body[place : place + 1])
            exchange.wait(pause)

    return behave


def trickle_headers(pause: float = 0.05) -> Behaviour:
    """Send the head of an answer one byte at a time."""

    def behave(exchange: Exchange) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nx-padding: " + b"a" * 4000:
            exchange.handler.wfile.write(bytes([byte]))
            exchange.wait(pause)

    return behave


def reasoning_model() -> Behaviour:
    """Answer as OpenAI's reasoning models do: neither `max_tokens` nor a temperature is taken."""

    def behave(exchange: Exchange) -> None:
        complaints = {
            "max_tokens": "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
            "temperature": "Unsupported value: 'temperature' does not support 0.7 with this model.",
        }
        wrong = next((complaints[name] for name in complaints if name in exchange.call.body), None)
        refused = status(400, json.dumps({"error": {"message": wrong}}).encode())
        (refused if wrong else good())(exchange)

    return behave


def without_end(code: int = 200) -> Behaviour:
    """Answer with a body that goes on until the caller has had enough."""

    def behave(exchange: Exchange) -> None:
        exchange.handler.send_response(code)
        exchange.handler.send_header("content-type", "application/json")
        exchange.handler.end_headers()
        while not exchange.stopping.is_set():
            exchange.handler.wfile.write(b" " * 65536)

    return behave


def only_formats(*accepted: str, then: Behaviour | None = None, refused: int = 400) -> Behaviour:
    """Answer `refused` unless the wanted `response_format` is one of these (`none` for a request without)."""

    def behave(exchange: Exchange) -> None:
        wanted = (exchange.call.body.get("response_format") or {"type": "none"})["type"]
        (then or good() if wanted in accepted else status(refused))(exchange)

    return behave


FAILURES: dict[str, Callable[[], Behaviour]] = {
    "unauthorized": unauthorized,
    "rate_limited": lambda: rate_limited(1),
    "server_error": server_error,
    "html": html,
    "empty": empty,
    "truncated": truncated,
    "wrong_shape": wrong_shape,
    "refusal": refusal,
    "study_plan": study_plan,
    "hang": hang,
    "drop": drop,
}
"""Every way to fail while listening, by name."""


def mixed(seed: int, *, failing: float = 0.4, delay: float = 0.5) -> Behaviour:
    """Answer well after `delay` seconds, but fail a share `failing` of the calls in a way drawn with `seed`."""
    draw = random.Random(seed)
    lock = threading.Lock()

    def behave(exchange: Exchange) -> None:
        with lock:
            name = draw.choice(sorted(FAILURES)) if draw.random() < failing else None
        (FAILURES[name]() if name else delayed(delay))(exchange)

    return behave
