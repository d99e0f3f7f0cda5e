"""One call to the model server of the tests, and the means to answer it."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.model_answers import Content, completion, pieces


@dataclass(frozen=True)
class Call:
    """A request as the server received it."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        """Return the conversation."""
        messages: list[dict[str, str]] = self.body["messages"]
        return messages

    @property
    def data(self) -> dict[str, Any]:
        """Return the student's data out of the first user message."""
        data: dict[str, Any] = json.loads(next(m["content"] for m in self.messages if m["role"] == "user"))
        return data

    @property
    def topic(self) -> str:
        """Return the topic that a plan is wanted for."""
        topic: str = self.data["topic"]
        return topic


@dataclass
class Exchange:
    """One call and the means to answer it."""

    call: Call
    handler: BaseHTTPRequestHandler
    stopping: threading.Event

    def send(self, body: bytes, *, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Answer with `body`; names of `headers` are written with underscores."""
        self.handler.send_response(status)
        for name, value in {"content_type": kind, "content_length": str(len(body)), **headers}.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def say(self, content: Content, **message: Any) -> None:
        """Answer with a chat completion of `content`."""
        self.send(json.dumps(completion(content, **message)).encode())

    def stream(self, content: str, *, pause: float = 0.0, end: bool = True, usage: bool = True) -> None:
        """Answer in pieces, `pause` seconds apart; without an `end` the connection breaks after `content`."""
        self.handler.send_response(200)
        self.handler.send_header("content-type", "text/event-stream")
        self.handler.end_headers()
        chunks = pieces(content, usage=usage)
        for chunk in chunks if end else [chunk for chunk in chunks if chunk["choices"]][:-1]:
            self.handler.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.handler.wfile.flush()
            self.wait(pause)
        if end:
            self.handler.wfile.write(b"data: [DONE]\n\n")
        self.handler.close_connection = True

    def wait(self, seconds: float) -> None:
        """Wait, but not beyond the server's end."""
        self.stopping.wait(seconds)
