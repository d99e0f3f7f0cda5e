"""What a server said when it failed, in a form that an operator's log may hold: short, printable, without secrets."""

import json
import re
from collections.abc import Iterable
from typing import Any

SAID_LENGTH = 200
BYTES_READ = 16 << 10
"""No server's own words come later than that in an error's body."""
_DEEPEST = 4
_LEAST_MASKED = 4
"""A shorter word of the student's is in too many others to be taken out, and tells nothing."""

_NAMES = r"(?:api[-_ ]?key|access[-_]?token|token|secret|password|authorization|key)"
_SECRET = re.compile(
    r"(?i:bearer|basic)\s{1,4}[^\s\"',;]{4,}|\b(?:sk|pk|rk|hf|gsk|xai|key|tok|token)[-_][\w-]{6,}|"
    rf"(?i:\b(?:[a-z]{{1,20}}[-_])?{_NAMES})[\"']?\s{{0,4}}[:=]\s{{0,4}}[\"']?(?i:bearer |basic )?[^\s\"',;&]{{4,}}|"
    r"\b[A-Za-z0-9_-]{32,}"
)
_MESSAGES = ("message", "detail", "msg", "error_description", "error", "errors", "title", "reason")
"""Where servers put their words: OpenAI and vLLM, FastAPI, OAuth, Ollama, Cloudflare, RFC 9457."""


def own_words(body: bytes) -> str:
    """Return what a server says in the body of an error: the message in its JSON, else the body as it is."""
    text = body[:BYTES_READ].decode("utf-8", errors="replace")
    try:
        return _message(json.loads(text)) or text
    except (ValueError, RecursionError):
        return text


def masked(text: str, *, private: Iterable[str]) -> str:
    """Return the first 200 characters of `text`, on one line and printable, with secrets and `private` masked."""
    line = " ".join("".join(char if char.isprintable() else " " for char in text[:BYTES_READ]).split())
    for phrase in sorted(_spellings(private), key=len, reverse=True):
        line = re.sub(re.escape(phrase), "***", line, flags=re.IGNORECASE)
    return _SECRET.sub("***", line)[:SAID_LENGTH]


def _spellings(private: Iterable[str]) -> set[str]:
    phrases = {" ".join(phrase.split()) for phrase in private}
    escaped = {json.dumps(phrase)[1:-1] for phrase in phrases}
    return {phrase for phrase in phrases | escaped if len(phrase) >= _LEAST_MASKED}


def _message(value: Any, depth: int = 0) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and depth < _DEEPEST:
        return _message(value[0], depth + 1)
    if isinstance(value, dict) and depth < _DEEPEST:
        found = (_message(value[name], depth + 1) for name in _MESSAGES if name in value)
        return next((message for message in found if message), None)
    return None
