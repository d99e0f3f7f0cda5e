"""A chat completion as it arrives, in pieces or in one: what has come so far can be read at any moment.

Nothing is trusted: every size is bounded, and what cannot be read is passed over.
"""

import json
from typing import Any

from pydantic import BaseModel, ValidationError

SPOKEN_LENGTH = 128 << 10
"""No plan is longer, even with every letter escaped."""
BODY_BYTES = 1 << 20
"""The longest answer in one piece."""
STREAM_BYTES = 16 << 20
"""The longest answer in pieces: each piece of a few letters comes in an envelope of some 300 bytes."""
LINE_BYTES = 256 << 10
SAID_BYTES = 16 << 10
_DATA = b"data:"
_DONE = b"[DONE]"


class TooLong(Exception):
    """An answer goes beyond every bound."""


class _Part(BaseModel):
    type: str = "text"
    text: str | None = None
    refusal: str | None = None


class _Message(BaseModel):
    content: str | list[_Part | str] | None = None
    reasoning_content: Any = None
    reasoning: Any = None
    refusal: str | None = None

    @property
    def parts(self) -> list[_Part]:
        """Return the content as parts; some servers send one text, some a list."""
        listed = self.content if isinstance(self.content, list) else [self.content or ""]
        return [_Part(text=part) if isinstance(part, str) else part for part in listed]


class _Choice(BaseModel):
    delta: _Message | None = None
    message: _Message | None = None
    finish_reason: str | None = None


class _Piece(BaseModel):
    choices: list[_Choice] = []
    usage: Any = None
    error: Any = None


class Reply:
    """What a server has answered so far: `content` as far as the model has spoken, and how it ended."""

    def __init__(self) -> None:
        self.done = False
        """Nothing more will come."""
        self.finish: str | None = None
        self.refusal = ""
        self.tokens: tuple[int, int] | None = None
        """Prompt and completion tokens, once the server has told."""
        self.thought_bytes = 0
        """How much the model has thought where nobody sees it; it is paid for all the same."""
        self.failed: Any = None
        """An error that came instead of the rest."""
        self.head = b""
        """The first bytes, for the operator's log."""
        self._spoken: list[str] = []
        self._length = 0
        self._bytes = 0
        self._rest = bytearray()
        self._streamed: bool | None = None

    @property
    def content(self) -> str:
        """Return what the model has said."""
        return "".join(self._spoken)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body; raise TooLong."""
        if len(self.head) < SAID_BYTES:
            self.head += data[: SAID_BYTES - len(self.head)]
        self._bytes += len(data)
        self._rest += data
        if self._streamed is None and (start := bytes(self._rest[:64]).lstrip()):
            self._streamed = not start.startswith((b"{", b"[", b"<"))
        if self._bytes > (STREAM_BYTES if self._streamed else BODY_BYTES):
            raise TooLong
        if self._streamed:
            self._read_lines()

    def close(self) -> None:
        """Read what is left: the last line, or the whole of an answer in one piece."""
        rest, self._rest = bytes(self._rest), bytearray()
        if self._streamed:
            self._read_line(rest)
        elif rest:
            self._take(rest)
        self.done = True

    def _read_lines(self) -> None:
        *lines, rest = self._rest.split(b"\n")
        if len(rest) > LINE_BYTES:
            raise TooLong
        self._rest = bytearray(rest)
        for line in lines:
            self._read_line(bytes(line))

    def _read_line(self, line: bytes) -> None:
        if not line.startswith(_DATA):
            return
        data = line[len(_DATA) :].strip()
        if data == _DONE:
            self.done = True
        elif data:
            self._take(data)

    def _take(self, data: bytes) -> None:
        try:
            piece = _Piece.model_validate_json(data)
        except ValidationError:
            return
        self.failed = self.failed or piece.error
        self.tokens = _counted(piece.usage) or self.tokens
        for choice in piece.choices[:1]:
            self.finish = choice.finish_reason or self.finish
            for message in filter(None, (choice.delta, choice.message)):
                self._hear(message)

    def _hear(self, message: _Message) -> None:
        for thought in (message.reasoning_content, message.reasoning):
            self.thought_bytes += len(thought.encode()) if isinstance(thought, str) else 0
        self.refusal += message.refusal or ""
        for part in message.parts:
            self.refusal += part.refusal or ""
            if part.text and part.type in {"text", "output_text"} and self._length < SPOKEN_LENGTH:
                self._spoken.append(part.text[: SPOKEN_LENGTH - self._length])
                self._length += len(part.text)


def error_text(error: Any) -> bytes:
    """Return an error that came in a stream as the body of a failed call would have it."""
    return json.dumps({"error": error}).encode()


def _counted(usage: Any) -> tuple[int, int] | None:
    if not isinstance(usage, dict):
        return None
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int) or min(prompt, completion) < 0:
        return None
    return prompt, completion
