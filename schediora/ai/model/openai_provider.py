"""Asks any server that speaks OpenAI's chat completions (OpenAI, Ollama, llama.cpp, vLLM) for an outline.

The client's own timeout is per read, so a server that trickles could hold a job for ever. Each call therefore runs in
an event loop of its own, which is cancelled, and its connection closed, when the time is up.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import aclosing
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from schediora import log
from schediora.ai.content.brief import Brief
from schediora.ai.content.outline import Fault, Outline
from schediora.ai.model.answer import outline_in
from schediora.ai.model.asking import Way
from schediora.ai.model.prompt import messages, repair
from schediora.ai.model.provider import FailureCode, ProviderError
from schediora.ai.model.said import BYTES_READ, masked, own_words, words_of

if TYPE_CHECKING:
    from httpx2 import Response
    from openai import AsyncOpenAI

_log = log.get_logger("schediora.model")

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"
"""Local servers want no key, but the client refuses to be made without one; it is never sent."""
CONNECT_SECONDS = 5.0
ANSWER_BYTES = 1 << 20
TEMPERATURE = 0.7
MAX_TOKENS = 4096
"""Ten steps with all their sentences are about 1,500 tokens, three times that in scripts that tokenizers know less."""
_RETRY_AFTER_LENGTH = 64
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",  # a compressed answer could grow beyond any bound
    "Content-Type": "application/json",
    "User-Agent": "Schediora",
}


class _Refused(Exception):
    """The server answered with something other than success."""

    def __init__(self, response: "Response", body: bytes) -> None:
        super().__init__(response.status_code)
        self.status: int = response.status_code
        self.headers = response.headers
        self.body = body


class OpenAIProvider:
    """The provider behind `[ai] provider = "openai"`. Thread-safe; its key goes to the server at `base_url` alone."""

    def __init__(
        self,
        *,
        model: str,
        base_url: str | None = None,
        api_key: str | None = None,
        temperature: float = TEMPERATURE,
        max_tokens: int = MAX_TOKENS,
    ) -> None:
        self._model = model
        self._base_url = base_url or OPENAI_URL
        self._api_key = api_key
        self._temperature = temperature
        self._max_tokens = max_tokens
        self._way = Way()
        self.name = f"openai:{model}"

    def propose(
        self, brief: Brief, *, seconds: float, faults: Sequence[Fault] = (), previous: Outline | None = None
    ) -> Outline:
        """Return the model's outline, unchecked but for its shape, within `seconds`; raise ProviderError.

        Each failure is one line in the log, with the server's own words but none of the student's.
        """
        conversation = messages(brief)
        if faults:
            conversation += repair([_named(fault) for fault in faults], _dumped(previous) if previous else None)
        status: int | None = None
        try:
            # Made before the clock starts: the first time, importing it takes a while.
            client = self._client(seconds)
            body = _within(seconds, self._answer(client, conversation))
            status = 200
            return outline_in(body, brief.topic)
        except ProviderError as error:
            self._log_failure(error, brief, error.status or status)
            raise
        except Exception as error:
            # An address that cannot be one, or a connection cut in mid-answer, which the client lets through unnamed.
            failure = ProviderError(FailureCode.ERROR, said=f"{type(error).__name__}: {error}")
            self._log_failure(failure, brief, status)
            raise failure from error

    def _log_failure(self, error: ProviderError, brief: Brief, status: int | None) -> None:
        words = masked(error.said, private=self._private(brief))
        _log.warning("model_failed", host=_host(self._base_url), code=error.code, status=status, said=words)

    def _private(self, brief: Brief) -> set[str]:
        return words_of(brief) | ({self._api_key} if self._api_key else set())

    async def _answer(self, client: "AsyncOpenAI", conversation: list[dict[str, str]]) -> bytes:
        """Return the body of the server's answer, asked for in the strictest way that the server takes."""
        import openai

        async with client:
            way: Way | None = self._way
            while way:
                try:
                    body = await self._asked(client, conversation, way)
                except _Refused as refused:
                    weaker = way.after(refused.status, refused.body.decode("utf-8", "replace"))
                    if weaker is None:
                        raise _failure(refused) from None
                    way = weaker
                    continue
                except openai.APITimeoutError:
                    raise ProviderError(FailureCode.TIMEOUT) from None
                except openai.APIConnectionError as error:
                    raise ProviderError(FailureCode.UNREACHABLE, said=str(error.__cause__ or error)) from None
                self._way = way
                return body
        raise ProviderError(FailureCode.ERROR)

    def _client(self, seconds: float) -> "AsyncOpenAI":
        # Importing it costs up to a second, which only those who use a model should pay.
        import openai

        # Certificates are checked whatever the address looks like, and redirects are not followed: they could carry a
        # student's words to a server that nobody chose. No proxy of the environment can reach this machine itself.
        http_client = openai.DefaultAsyncHttpxClient(
            follow_redirects=False,
            verify=True,
            mounts=_no_proxy(self._base_url),
            event_hooks={"response": [_refuse_failures]},
        )

        class Client(openai.AsyncOpenAI):
            """The client without the headers that it finds in the environment, which were meant for OpenAI."""

            @property
            def default_headers(self) -> dict[str, str | openai.Omit]:
                """Return ours instead of `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID` and `OPENAI_CUSTOM_HEADERS`."""
                return {**_HEADERS}

        return Client(
            api_key=self._api_key or NO_KEY,
            base_url=self._base_url,
            max_retries=0,
            timeout=openai.Timeout(seconds, connect=min(seconds, CONNECT_SECONDS)),
            http_client=http_client,
        )

    async def _asked(self, client: "AsyncOpenAI", conversation: list[dict[str, str]], way: Way) -> bytes:
        import openai

        options = way.options(temperature=self._temperature, max_tokens=self._max_tokens)
        if not self._api_key:
            options["extra_headers"] = {"Authorization": openai.omit}
        create: Any = client.chat.completions.with_streaming_response.create
        # The raw body, since the client's own parsing breaks on servers that answer with less than OpenAI's shape.
        async with create(model=self._model, messages=conversation, **options) as response:
            body = await _first(response.iter_bytes(), ANSWER_BYTES + 1)
        if len(body) > ANSWER_BYTES:
            raise ProviderError(FailureCode.BAD_ANSWER, said=f"an answer of more than {ANSWER_BYTES} bytes")
        return body


async def _refuse_failures(response: "Response") -> None:
    """Raise _Refused for anything but success; the client itself would read such a body however long it is."""
    if not response.is_success:
        raise _Refused(response, await _first(response.aiter_bytes(), BYTES_READ))


async def _first(chunks: AsyncIterator[bytes], most: int) -> bytes:
    """Return the first `most` bytes of a body, or all where it has fewer; nothing beyond is read."""
    body = bytearray()
    async with aclosing(chunks) as reading:  # type: ignore[type-var]  # both clients' iterators are generators
        async for chunk in reading:
            body += chunk
            if len(body) >= most:
                break
    return bytes(body[:most])


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


def _host(url: str) -> str:
    """Return the host and port of `url`, without anything that could be secret."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _no_proxy(url: str) -> dict[str, None]:
    """Return the client's rule that keeps proxies out of the way to this machine; none for another."""
    host = urlsplit(url).hostname or ""
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost" or host.endswith(".localhost")
    if not local:
        return {}
    return {f"all://[{host}]" if ":" in host else f"all://{host}": None}


def _failure(refused: _Refused) -> ProviderError:
    status = refused.status
    code = FailureCode.ERROR
    if status in {401, 403}:
        code = FailureCode.UNAUTHORIZED
    elif status == 429:
        code = FailureCode.RATE_LIMITED
    elif status in {408, 504}:
        code = FailureCode.TIMEOUT
    worth_waiting = code in {FailureCode.RATE_LIMITED, FailureCode.ERROR}
    seconds = _seconds(refused.headers.get("retry-after"), refused.headers.get("date")) if worth_waiting else None
    return ProviderError(code, retry_after=seconds, status=status, said=own_words(refused.body))


def _seconds(retry_after: str | None, date: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for (RFC 9110, 10.2.3); a date counts from the server's own."""
    if retry_after is None or len(retry_after) > _RETRY_AFTER_LENGTH:
        return None
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", retry_after):
        return float(retry_after)
    try:
        sent = parsedate_to_datetime((date or "")[:_RETRY_AFTER_LENGTH])
        return max(0.0, (parsedate_to_datetime(retry_after) - sent).total_seconds())
    except (ValueError, TypeError):
        return None


def _named(fault: Fault) -> str:
    return fault.text if fault.step is None else f"Step {fault.step + 1}: {fault.text}"


def _dumped(outline: Outline) -> str:
    steps = [{"title": s.title, "detail": s.detail, "minutes": s.minutes, "kind": s.kind} for s in outline.steps]
    return json.dumps({"title": outline.title, "summary": outline.summary, "steps": steps})
