"""Asks any server that speaks OpenAI's chat completions (OpenAI, Ollama, llama.cpp, vLLM) for an outline.

The client's own timeout is per read, so a server that trickles could hold a job for ever. Each call therefore runs in
an event loop of its own, which is cancelled, and its connection closed, when the time is up.
"""

import asyncio
import json
import re
from collections.abc import Coroutine, Sequence
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import Fault, Outline
from schediora.ai.model.prompt import SCHEMA, messages, repair
from schediora.ai.model.provider import FailureCode, ProviderError
from schediora.planner.scheduler.problem import Kind, Step

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"
"""Local servers want no key, but the client refuses to be made without one."""
CONNECT_SECONDS = 5.0
ANSWER_BYTES = 1 << 20
STEPS_READ = 40
BRACES_TRIED = 50

_FORMATS: tuple[dict[str, object] | None, ...] = (
    {"type": "json_schema", "json_schema": {"name": "outline", "strict": True, "schema": SCHEMA}},
    {"type": "json_object"},
    None,
)
"""Ways to ask for JSON, from the strictest to the one that every server understands."""
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_REFUSAL = re.compile(r"\b(?:sorry|cannot|can.t|unable|not able)\b", re.IGNORECASE)
_KINDS: dict[str, Kind] = {
    "lea": Kind.LEARN,
    "pra": Kind.PRACTICE,
    "rec": Kind.RECALL,
    "rev": Kind.REVIEW,
    "moc": Kind.MOCK,
    "tes": Kind.MOCK,
}


def _known_kind(value: object) -> object:
    return _KINDS.get(value.strip().casefold()[:3], value) if isinstance(value, str) else value


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


class _DraftStep(BaseModel):
    title: Annotated[str, BeforeValidator(_one_line)]
    detail: Annotated[str, BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)]
    minutes: int
    kind: Annotated[Kind, BeforeValidator(_known_kind)]


class _Draft(BaseModel):
    title: Annotated[str, BeforeValidator(_one_line)]
    summary: Annotated[str, BeforeValidator(_one_line)]
    steps: list[_DraftStep] = Field(min_length=1, max_length=STEPS_READ)


class OpenAIProvider:
    """The provider behind `[ai] provider = "openai"`. Thread-safe; its key goes to the server at `base_url` alone."""

    def __init__(self, *, model: str, base_url: str | None = None, api_key: str | None = None) -> None:
        self._model = model
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key or NO_KEY
        self._format = 0
        self.name = f"openai:{model}"

    def propose(
        self, brief: Brief, *, seconds: float, faults: Sequence[Fault] = (), previous: Outline | None = None
    ) -> Outline:
        """Return the model's outline, unchecked but for its shape, within `seconds`; raise ProviderError."""
        conversation = messages(brief)
        if faults:
            conversation += repair([_named(fault) for fault in faults], _dumped(previous) if previous else None)
        try:
            body = _within(seconds, self._answer(conversation, seconds))
        except ProviderError:
            raise
        except Exception as error:
            # An address that cannot be one, or a connection cut in mid-answer, which the client lets through unnamed.
            raise ProviderError(FailureCode.ERROR) from error
        return _outline(_content(body), brief.topic)

    async def _answer(self, conversation: list[dict[str, str]], seconds: float) -> bytes:
        """Return the body of the server's answer, asked for in the strictest format that the server takes."""
        # Importing it costs up to a second, which only those who use a model should pay.
        import openai

        async with self._client(seconds) as client:
            for level in range(self._format, len(_FORMATS)):
                try:
                    body = await self._asked(client, conversation, level)
                except (openai.BadRequestError, openai.UnprocessableEntityError):
                    continue
                except openai.APIStatusError as error:
                    raise _failure(error) from None
                except openai.APITimeoutError:
                    raise ProviderError(FailureCode.TIMEOUT) from None
                except openai.APIConnectionError:
                    raise ProviderError(FailureCode.UNREACHABLE) from None
                self._format = level
                return body
        raise ProviderError(FailureCode.ERROR)

    def _client(self, seconds: float) -> "AsyncOpenAI":
        import openai

        # Redirects are not followed: they could carry a student's words to a server that nobody chose.
        http_client = openai.DefaultAsyncHttpxClient(
            follow_redirects=False, trust_env=not _is_local(self._base_url), verify=self._base_url.startswith("https")
        )
        return openai.AsyncOpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            max_retries=0,
            timeout=openai.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            http_client=http_client,
        )

    async def _asked(self, client: "AsyncOpenAI", conversation: list[dict[str, str]], level: int) -> bytes:
        form = _FORMATS[level]
        options: dict[str, Any] = {"model": self._model, "messages": conversation}
        if form is not None:
            options["response_format"] = form
        body = bytearray()
        # The raw body, since the client's own parsing breaks on servers that answer with less than OpenAI's shape.
        async with client.chat.completions.with_streaming_response.create(**options) as response:
            async for chunk in response.iter_bytes():
                body += chunk
                if len(body) > ANSWER_BYTES:
                    raise ProviderError(FailureCode.BAD_ANSWER)
        return bytes(body)


def _within(seconds: float, work: Coroutine[Any, Any, bytes]) -> bytes:
    """Return what `work` returns; raise ProviderError after `seconds` on the wall clock, whatever it is waiting for."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(work, seconds))
    except TimeoutError:
        raise ProviderError(FailureCode.TIMEOUT) from None
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _is_local(url: str) -> bool:
    """Return whether `url` names this machine, which no proxy of the environment can reach."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _failure(error: "APIStatusError") -> ProviderError:
    status = error.status_code
    if status in {401, 403}:
        return ProviderError(FailureCode.UNAUTHORIZED)
    retry_after = _seconds(error.response.headers.get("retry-after"), error.response.headers.get("date"))
    if status == 429:
        return ProviderError(FailureCode.RATE_LIMITED, retry_after=retry_after)
    if status in {408, 504}:
        return ProviderError(FailureCode.TIMEOUT)
    return ProviderError(FailureCode.ERROR, retry_after=retry_after)


def _seconds(retry_after: str | None, date: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3); a date counts from the server's own."""
    if retry_after is None:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d+)?", retry_after):
        return float(retry_after)
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - parsedate_to_datetime(date or "")).total_seconds())
    except (ValueError, TypeError):
        return None


def _content(body: bytes) -> str:
    """Return what the model wrote; raise ProviderError when it refused, or the body is no chat completion."""
    try:
        choice = _Completion.model_validate_json(body).choices[0]
    except ValidationError:
        raise ProviderError(FailureCode.BAD_ANSWER) from None
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise ProviderError(FailureCode.REFUSED)
    return choice.message.content or ""


def _outline(content: str, topic: str) -> Outline:
    """Return the outline in what a model wrote: fences, thoughts and talk around the JSON do not matter."""
    text = _THOUGHTS.sub("", content)
    decoder = json.JSONDecoder()
    for start in islice((match.start() for match in re.finditer(r"\{", text)), BRACES_TRIED):
        try:
            value, _ = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        return _drafted(value, topic)
    raise ProviderError(FailureCode.REFUSED if _REFUSAL.search(text) and "{" not in text else FailureCode.BAD_ANSWER)


def _drafted(value: dict[str, Any], topic: str) -> Outline:
    inner = next(iter(value.values())) if len(value) == 1 else value
    try:
        draft = _Draft.model_validate(inner)
    except ValidationError:
        raise ProviderError(FailureCode.BAD_ANSWER) from None
    return Outline(draft.title, draft.summary, tuple(Step(topic=topic, **step.model_dump()) for step in draft.steps))


def _named(fault: Fault) -> str:
    return fault.text if fault.step is None else f"Step {fault.step + 1}: {fault.text}"


def _dumped(outline: Outline) -> str:
    steps = [{"title": s.title, "detail": s.detail, "minutes": s.minutes, "kind": s.kind} for s in outline.steps]
    return json.dumps({"title": outline.title, "summary": outline.summary, "steps": steps})
