"""Reading a model server's answer: the completion in the body, what the model said in it, and the outline in that.

Nothing is trusted: every size is bounded before anything is searched, and what cannot be read is a ProviderError.
"""

import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from schediora.ai.content.outline import DETAIL_LENGTH, TITLE_LENGTH, Outline
from schediora.ai.model.provider import FailureCode, ProviderError
from schediora.ai.model.thoughts import spoken
from schediora.planner.scheduler.problem import Kind, Step

SPOKEN_LENGTH = 128 << 10
"""No plan is longer, even with every letter escaped."""
STEPS_READ = 40
BRACES_TRIED = 50
_REFUSAL_LENGTH = 1000
_EXCESS = 20
"""So much of an over-long text is kept that the content check sees its length; the rest is of no use to anybody."""

_REFUSAL = re.compile(r"\b(?:sorry|cannot|can.t|unable|not able)\b", re.IGNORECASE)
_KINDS: dict[str, Kind] = {
    "lea": Kind.LEARN,
    "pra": Kind.PRACTICE,
    "rec": Kind.RECALL,
    "rev": Kind.REVIEW,
    "moc": Kind.MOCK,
    "tes": Kind.MOCK,
}


def outline_in(body: bytes, topic: str) -> Outline:
    """Return the outline of `topic` in a server's answer; raise ProviderError, with what was `said`, for none."""
    content, finish = _content(body)
    try:
        return _outline(content[:SPOKEN_LENGTH], topic)
    except ProviderError as error:
        ending = "" if finish in {None, "stop"} else f"finish_reason {finish}: "
        raise ProviderError(error.code, said=f"{ending}{content[:_REFUSAL_LENGTH]}") from None


class _Part(BaseModel):
    type: str = "text"
    text: str | None = None
    refusal: str | None = None


class _Message(BaseModel):
    content: str | list[_Part | str] | None = None
    refusal: str | None = None

    @property
    def parts(self) -> list[_Part]:
        """Return the content as parts; some servers send one text, some a list."""
        listed = self.content if isinstance(self.content, list) else [self.content or ""]
        return [_Part(text=part) if isinstance(part, str) else part for part in listed]


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


def _content(body: bytes) -> tuple[str, str | None]:
    """Return what the model wrote and why it stopped; raise ProviderError when it refused or nothing can be read."""
    try:
        choice = _Completion.model_validate_json(body).choices[0]
    except ValidationError:
        raise ProviderError(FailureCode.BAD_ANSWER, said=body[:_REFUSAL_LENGTH].decode("utf-8", "replace")) from None
    parts = choice.message.parts
    refusal = choice.message.refusal or next((part.refusal for part in parts if part.refusal), None)
    if refusal or choice.finish_reason == "content_filter":
        raise ProviderError(FailureCode.REFUSED, said=refusal or "finish_reason content_filter")
    text = "".join(part.text or "" for part in parts if part.type in {"text", "output_text"})
    return text, choice.finish_reason


def _outline(content: str, topic: str) -> Outline:
    """Return the outline in what a model wrote: fences, thoughts and talk around the JSON do not matter."""
    text = spoken(content)
    decoder = json.JSONDecoder()
    start = text.find("{")
    for _ in range(BRACES_TRIED):
        if start < 0:
            break
        try:
            value, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            start = text.find("{", start + 1)
            continue
        return _drafted(value, topic)
    refused = "{" not in text and _REFUSAL.search(text[:_REFUSAL_LENGTH])
    raise ProviderError(FailureCode.REFUSED if refused else FailureCode.BAD_ANSWER)


def _known_kind(value: object) -> object:
    return _KINDS.get(value[:40].strip().casefold()[:3], value) if isinstance(value, str) else value


def _line(longest: int) -> BeforeValidator:
    def _on_one_line(value: object) -> object:
        return " ".join(value.split())[: longest + _EXCESS] if isinstance(value, str) else value

    return BeforeValidator(_on_one_line)


def _lines(value: object) -> object:
    """Return a text with its lines and nothing else that white space can do."""
    if not isinstance(value, str):
        return value
    kept = (" ".join(line.split()) for line in value.splitlines())
    return "\n".join(line for line in kept if line)[: DETAIL_LENGTH + _EXCESS]


class _DraftStep(BaseModel):
    title: Annotated[str, _line(TITLE_LENGTH)]
    detail: Annotated[str, BeforeValidator(_lines)]
    minutes: int
    kind: Annotated[Kind, BeforeValidator(_known_kind)]


class _Draft(BaseModel):
    title: Annotated[str, _line(TITLE_LENGTH)]
    summary: Annotated[str, _line(DETAIL_LENGTH)]
    steps: list[_DraftStep] = Field(min_length=1, max_length=STEPS_READ)


def _drafted(value: dict[str, Any], topic: str) -> Outline:
    inner = next(iter(value.values())) if len(value) == 1 else value
    try:
        draft = _Draft.model_validate(inner)
    except ValidationError:
        raise ProviderError(FailureCode.BAD_ANSWER) from None
    return Outline(draft.title, draft.summary, tuple(Step(topic=topic, **step.model_dump()) for step in draft.steps))
